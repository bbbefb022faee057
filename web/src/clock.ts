// What time it is for the server, to within a second: every answer carries its `Date`. Deadlines of a lobby are the
// server's, and clocks of machines are often minutes off.

/** How far the server's clock is ahead of this machine's, in milliseconds. */
let ahead = 0;

/** `askedAt` and `answeredAt` by this machine's clock; the header has no fraction of a second, so half of one is added. */
export function noteServerDate(date: string | null, askedAt: number, answeredAt: number): void {
  const at = Date.parse(date ?? '');
  if (Number.isFinite(at)) ahead = at + 500 - (askedAt + answeredAt) / 2;
}

export function serverNow(): number {
  return Date.now() + ahead;
}
