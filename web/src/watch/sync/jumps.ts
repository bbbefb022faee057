// When to go to the right place instead of hurrying there, and how far ahead to aim.

/** Farther off than this, in milliseconds, no nudge is worth waiting for. */
const FAR_MS = 1_000;
const FARTHEST_MS = 4_000;
/** Behind by more than this, a nudge of five per cent would take more than five seconds. */
const SLOW_MS = 250;
const SLOW_CURE_MS = 5_000;
const SLOW_EVERY_MS = 10_000;
/** To jump within what is loaded already. */
const SPARE_BUFFER_MS = 1_000;
/** Jumps nearer to each other than this do not help: the bound is doubled … */
const THRASH_MS = 4_000;
/** … and halved again after as long without any. */
const CLEAN_MS = 30_000;
/** A jump that came out no nearer: the next one waits for this long, twice as long after each further one. */
const FUTILE_WAIT_MS = 4_000;
const MOST_FUTILE_WAIT_MS = 600_000;
const LEARNING = 0.3;
const MOST_SEEK_LATENCY_MS = 1_500;
const FIRST_SEEK_LATENCY_MS = 150;
const MOST_PLAY_LATENCY_MS = 500;
const FIRST_PLAY_LATENCY_MS = 40;

/** What a player needs to do what it is told, learned from what it did. */
export class Latency {
  #ms: number;
  #times = 0;
  readonly #most: number;

  constructor(first: number, most: number) {
    this.#ms = first;
    this.#most = most;
  }

  get ms(): number {
    return this.#ms;
  }

  /** It came out by so much later than was reckoned with. The first times are averaged: the guess before counts nothing. */
  missedBy(ms: number): void {
    this.#times++;
    const share = Math.max(LEARNING, 1 / this.#times);
    this.#ms = Math.min(this.#most, Math.max(0, this.#ms + share * ms));
  }
}

export function seekLatency(): Latency {
  return new Latency(FIRST_SEEK_LATENCY_MS, MOST_SEEK_LATENCY_MS);
}

export function playLatency(): Latency {
  return new Latency(FIRST_PLAY_LATENCY_MS, MOST_PLAY_LATENCY_MS);
}

export class Jumps {
  #lastAt = -Infinity;
  #farMs = FAR_MS;
  #cleanFrom = -Infinity;
  #count = 0;
  #errorBefore = 0;
  #waitMs = 0;

  /** How often it has jumped by itself. */
  get count(): number {
    return this.#count;
  }

  /** Whether a player that nudges should jump. `mostNudge` is what it can do otherwise. */
  isDue(now: number, errorMs: number, bufferedMs: number, mostNudge: number): boolean {
    if (now - this.#lastAt < this.#waitMs) return false;
    if (Math.abs(errorMs) > this.#far(now)) return true;
    const slow = errorMs > SLOW_MS && errorMs / mostNudge > SLOW_CURE_MS;
    return slow && bufferedMs > errorMs + SPARE_BUFFER_MS && now - this.#lastAt >= SLOW_EVERY_MS;
  }

  /** The same for one that does not. */
  isDueWithoutNudges(now: number, errorMs: number, fromMs: number, everyMs: number): boolean {
    return Math.abs(errorMs) > fromMs && now - this.#lastAt >= Math.max(everyMs, this.#waitMs);
  }

  jumped(now: number, errorMs: number): void {
    this.#errorBefore = errorMs;
    if (now - this.#lastAt < THRASH_MS) this.#farMs = Math.min(FARTHEST_MS, this.#farMs * 2);
    this.#lastAt = now;
    this.#cleanFrom = now;
    this.#count++;
  }

  /** How far behind it was afterwards. Who says they went and did not, or is without data there, is not sent on and on. */
  cameOut(errorMs: number): void {
    const futile = Math.abs(errorMs) > Math.abs(this.#errorBefore) / 2;
    this.#waitMs = futile ? Math.min(MOST_FUTILE_WAIT_MS, Math.max(FUTILE_WAIT_MS, 2 * this.#waitMs)) : 0;
  }

  #far(now: number): number {
    while (this.#farMs > FAR_MS && now - this.#cleanFrom >= CLEAN_MS) {
      this.#farMs /= 2;
      this.#cleanFrom += CLEAN_MS;
    }
    return this.#farMs;
  }
}
