// How fast to play in order to meet the others: a little faster or slower than they do, as long as that has an effect.
import type { Steering } from './player.ts';

/** A tenth of a second off is cured within about this time, in milliseconds: quick, and far from swinging at 10 Hz. */
const CURE_MS = 800;
/** A slower tick sees its own effect later, so it must correct less at once. */
const TICKS_PER_CURE = 4;
const LEAST_CHANGE = 0.002;
const LEAST_PAUSE_MS = 200;
/** Whether rates take is judged over at least this time and this much expected movement. */
const JUDGED_AFTER_MS = 1_500;
const JUDGED_FROM_MS = 40;
const MOST_TRIAL_MS = 6_000;
const FAILED_TRIES = 2;

export class Nudge {
  readonly #steering: Steering;
  #factor = 1;
  #setAt = -Infinity;
  #correcting = false;
  #trial: { at: number; positionMs: number; expected: number } | null = null;
  #lastTick: number | null = null;
  #tickMs = 100;
  #failed = 0;
  #takes = true;

  constructor(steering: Steering) {
    this.#steering = steering;
  }

  /** `false` once two trials showed that this player does not follow: then only seeking helps. */
  get takes(): boolean {
    return this.#takes;
  }

  /** The factor on the common speed now. */
  get factor(): number {
    return this.#factor;
  }

  /** The common speed again, at once: after a jump, a pause or a start nothing of before is true. */
  rest(): void {
    this.#factor = 1;
    this.#setAt = -Infinity;
    this.#correcting = false;
    this.#trial = null;
    this.#lastTick = null;
  }

  /** One look: `errorMs` is how far behind it is, `rate` the common speed. Says whether the factor changed. */
  look(now: number, errorMs: number, positionMs: number, rate: number): boolean {
    const since = this.#lastTick === null ? 100 : now - this.#lastTick;
    this.#lastTick = now;
    this.#tickMs = 0.7 * this.#tickMs + 0.3 * since;
    this.#judge(now, positionMs, rate, since);
    const wanted = this.#takes ? this.#wanted(errorMs) : 1;
    const ends = wanted === 1 && this.#factor !== 1;
    const moved = Math.abs(wanted - this.#factor) > LEAST_CHANGE && now - this.#setAt >= LEAST_PAUSE_MS;
    if (!ends && !moved) return false;
    this.#factor = wanted;
    this.#setAt = now;
    return true;
  }

  #wanted(errorMs: number): number {
    const { mostNudge, gentleNudge, gentleBelowMs, enterMs, leaveMs } = this.#steering;
    const size = Math.abs(errorMs);
    this.#correcting = size >= (this.#correcting ? leaveMs : enterMs);
    if (!this.#correcting) return 1;
    const most = size < gentleBelowMs ? gentleNudge : mostNudge;
    const cure = Math.max(CURE_MS, TICKS_PER_CURE * this.#tickMs);
    return 1 + Math.min(most, Math.max(-most, errorMs / cure));
  }

  /** Compares how much more or less than the common speed it moved with what it was told to. */
  #judge(now: number, positionMs: number, rate: number, since: number): void {
    if (!this.#takes) return;
    const trial = this.#trial;
    if (!trial || (this.#factor === 1 && trial.expected === 0)) {
      this.#trial = { at: now, positionMs, expected: 0 };
      return;
    }
    trial.expected += (this.#factor - 1) * rate * since;
    const lasted = now - trial.at;
    if (lasted < JUDGED_AFTER_MS) return;
    if (Math.abs(trial.expected) >= JUDGED_FROM_MS) {
      const share = (positionMs - trial.positionMs - rate * lasted) / trial.expected;
      this.#failed = share < 0.5 || share > 1.5 ? this.#failed + 1 : 0;
      this.#takes = this.#failed < FAILED_TRIES;
    } else if (this.#factor !== 1 && lasted < MOST_TRIAL_MS) {
      return;
    }
    this.#trial = { at: now, positionMs, expected: 0 };
  }
}
