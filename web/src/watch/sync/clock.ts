// What time it is at the server, from exchanges of messages: the offset between its clock and a local one.
//
// Each exchange bounds the offset from above (the way there took no less than nothing) and from below (the way back).
// Over a window the tightest bound of each direction is taken by itself, and the middle between them is the offset. That
// needs no exchange that was quick both ways, as choosing the one with the least round trip would. What remains is half
// the difference of the two shortest ways, which nobody can measure from here.
//
// Local time must come from a clock that is never set (`performance.now()`); the time of day is not looked at. A machine
// that slept is found by exchanges that contradict those before.

/** One question and its answer, in milliseconds: `sent` and `back` by the local clock, the others by the server's. */
export interface Exchange {
  sent: number;
  received: number;
  answered: number;
  back: number;
}

interface Bounds {
  local: number;
  /** The offset is at most this: `received − sent`. */
  upper: number;
  /** The offset is at least this: `answered − back`. */
  lower: number;
}

const WINDOW_MS = 60_000;
const MOST_KEPT = 64;
/** From so many exchanges on one may act, and from so many on without correcting by more than a frame. */
const COARSE = 3;
const FINE = 8;
/** An answer that took longer says nothing that is worth its place. */
export const MOST_ROUND_TRIP_MS = 2_000;
/** Two crystals differ by less. */
const MOST_SKEW = 200e-6;
/** A fitted skew is used when it is known this well: over the window an error of it stays below a millisecond. */
const SKEW_KNOWN_TO = 20e-6;
const BUCKET_MS = 10_000;
const MOST_BUCKETS = 60;
const LEAST_BUCKETS = 6;
/** Bounds that miss each other by more than the skew can explain are of two different clocks. */
const CONTRADICTION_MS = 20;
/** Corrections are spread out so that no player has to jump: 2 ms in 100 ms; larger ones are made at once. */
const SLEW = 0.02;
const STEP_MS = 50;

export class ServerClock {
  #window: Bounds[] = [];
  /** The tightest bounds of every ten seconds: the long memory from which the skew is fitted. */
  #buckets: Bounds[] = [];
  #skew = 0;
  /** Offset = `#offset` + `#skew` · (local − `#from`). */
  #offset = 0;
  #from = 0;
  #shown: { offset: number; local: number } | null = null;
  #halfWidth = Infinity;

  /** Takes an exchange in. `jumped`: the local clock stood still meanwhile (sleep), all before is forgotten: ask anew. */
  add(exchange: Exchange): 'added' | 'useless' | 'jumped' {
    const { sent, received, answered, back } = exchange;
    const roundTrip = back - sent;
    if (![sent, received, answered, back].every(Number.isFinite)) return 'useless';
    if (roundTrip < 0 || answered < received || roundTrip > MOST_ROUND_TRIP_MS) return 'useless';
    const bounds = { local: (sent + back) / 2, upper: received - sent, lower: answered - back };
    if (bounds.lower > bounds.upper) return 'useless';
    const jumped = this.#contradicts(bounds);
    if (jumped) this.clear();
    this.#window.push(bounds);
    const oldest = back - WINDOW_MS;
    this.#window = this.#window.filter((kept) => kept.local > oldest).slice(-MOST_KEPT);
    this.#remember(bounds);
    this.#estimate(back);
    return jumped ? 'jumped' : 'added';
  }

  /** The server's time at a moment of the local clock; `null` before the third exchange. */
  now(local: number): number | null {
    if (this.quality === 'none') return null;
    const wanted = this.#offset + this.#skew * (local - this.#from);
    const before = this.#shown;
    let offset = wanted;
    if (before && this.quality === 'fine' && Math.abs(wanted - before.offset) < STEP_MS) {
      const most = SLEW * Math.max(0, local - before.local);
      offset = before.offset + clamp(wanted - before.offset, -most, most);
    }
    this.#shown = { offset, local };
    return local + offset;
  }

  /** The local time at which the server's clock will say `server`; only near now. */
  localAt(server: number, local: number): number | null {
    const now = this.now(local);
    return now === null ? null : local + (server - now);
  }

  get quality(): 'none' | 'coarse' | 'fine' {
    if (this.#window.length < COARSE) return 'none';
    return this.#window.length < FINE ? 'coarse' : 'fine';
  }

  /** Half the distance between the bounds, in milliseconds: the error is never larger, and usually far smaller. */
  get mostError(): number {
    return this.#halfWidth;
  }

  /** What a message needs one way, in milliseconds, as far as can be known: half of the middle round trip. */
  get delay(): number {
    const widths = this.#window.map((bounds) => bounds.upper - bounds.lower).sort((a, b) => a - b);
    return (widths[widths.length >> 1] ?? 0) / 2;
  }

  /** Forgets everything: the server's clock is another one. */
  clear(): void {
    this.#window = [];
    this.#buckets = [];
    this.#skew = 0;
    this.#shown = null;
    this.#halfWidth = Infinity;
  }

  #contradicts(bounds: Bounds): boolean {
    return this.#window.some((kept) => kept.lower > bounds.upper + CONTRADICTION_MS || bounds.lower > kept.upper + CONTRADICTION_MS);
  }

  #remember(bounds: Bounds): void {
    const last = this.#buckets.at(-1);
    if (!last || Math.floor(bounds.local / BUCKET_MS) !== Math.floor(last.local / BUCKET_MS)) {
      this.#buckets.push({ ...bounds });
      if (this.#buckets.length > MOST_BUCKETS) this.#buckets.shift();
      return;
    }
    last.upper = Math.min(last.upper, bounds.upper);
    last.lower = Math.max(last.lower, bounds.lower);
  }

  #estimate(local: number): void {
    // The newest bucket is not full yet: with fewer exchanges its bounds are wider.
    this.#skew = fitSkew(this.#buckets.slice(0, -1));
    let upper = Infinity;
    let lower = -Infinity;
    for (const bounds of this.#window) {
      const moved = this.#skew * (local - bounds.local);
      upper = Math.min(upper, bounds.upper + moved);
      lower = Math.max(lower, bounds.lower + moved);
    }
    this.#offset = (upper + lower) / 2;
    this.#from = local;
    this.#halfWidth = Math.max(0, (upper - lower) / 2);
  }
}

/** How much faster the server's clock goes, by least squares; 0 while the fit is too uncertain to be of use. */
function fitSkew(buckets: readonly Bounds[]): number {
  if (buckets.length < LEAST_BUCKETS) return 0;
  const points = buckets.map(({ local, upper, lower }) => ({ x: local, y: (upper + lower) / 2 }));
  const meanX = points.reduce((sum, point) => sum + point.x, 0) / points.length;
  const meanY = points.reduce((sum, point) => sum + point.y, 0) / points.length;
  let squares = 0;
  let products = 0;
  for (const { x, y } of points) {
    squares += (x - meanX) ** 2;
    products += (x - meanX) * (y - meanY);
  }
  const slope = products / squares;
  const residual = points.reduce((sum, { x, y }) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  const standardError = Math.sqrt(residual / (points.length - 2) / squares);
  return standardError < SKEW_KNOWN_TO ? clamp(slope, -MOST_SKEW, MOST_SKEW) : 0;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
