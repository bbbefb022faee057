// The clocks of a match: what time it is for the server, and which deadline counts now. Pure.
import type { Duel } from '../shapes.ts';

/** Below it a clock is shown as urgent, and below the second with tenths. */
export const LATE_MS = 60_000;
export const LAST_MS = 10_000;

const KEPT = 8;

/**
 * The server's time by the `now` of its documents. Each was written a little before it arrived, so the one that makes the
 * server's clock latest was the quickest. Only the last few count: a machine that slept has a clock of another age.
 */
export class DuelClock {
  #ahead: number[] = [];

  /** `at`: this machine's clock when it arrived, of any beginning, but never set back. */
  note(now: string, at: number): void {
    const ahead = Date.parse(now) - at;
    if (Number.isFinite(ahead)) this.#ahead = [...this.#ahead, ahead].slice(-KEPT);
  }

  /** Milliseconds since 1970 by the server; null before the first document. */
  now(at: number): number | null {
    return this.#ahead.length === 0 ? null : at + Math.max(...this.#ahead);
  }
}

export interface Deadline {
  readonly what: 'begins' | 'ends' | 'next';
  readonly at: number;
}

/** What the clock at the top counts down to; null where nothing is awaited. */
export function deadlineOf({ phase, round }: Duel): Deadline | null {
  if (!round) return null;
  if (phase === 'countdown') return { what: 'begins', at: Date.parse(round.starts_at) };
  if (phase === 'running') return { what: 'ends', at: Date.parse(round.ends_at) };
  if (phase === 'pause' && round.next_at) return { what: 'next', at: Date.parse(round.next_at) };
  return null;
}

/** "9:59", and "9.4" in the last ten seconds. Rounded up, so that nothing is left only when nothing is left. */
export function clockDigits(leftMs: number): string {
  const left = Math.max(0, leftMs);
  if (left < LAST_MS) return (Math.ceil(left / 100) / 10).toFixed(1);
  const seconds = Math.ceil(left / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** For the ear: said once each when it is passed. */
const SPOKEN: readonly (readonly [number, string])[] = [
  [5 * 60_000, 'Five minutes are left.'],
  [LATE_MS, 'One minute is left.'],
  [LAST_MS, 'Ten seconds are left.'],
];

/** What has to be said when the time left fell from one to the other. */
export function spokenBetween(before: number, after: number): string | null {
  return SPOKEN.findLast(([mark]) => before > mark && after <= mark)?.[1] ?? null;
}

/** "1:01.2" into a round: when something was received. */
export function intoRound(ms: number): string {
  const tenths = Math.floor(ms / 100);
  return `${Math.floor(tenths / 600)}:${String(Math.floor(tenths / 10) % 60).padStart(2, '0')}.${tenths % 10}`;
}
