// Lets a standing player go at the right moment: from where all begin, or, when they have begun already, from a little
// ahead of them. Calling early by what the player needs to get moving makes the moment exact without any correction.
import type { ControllerPorts } from './controller.ts';
import { playLatency, type Latency } from './jumps.ts';
import type { Player, Reading } from './player.ts';

/** What a late start adds to the time that this player needs to go somewhere. */
const AHEAD_MS = 150;
/** A call that is later than this is not made; it is tried again from further ahead. */
const MOST_LATE_MS = 250;
/** A start that missed by more was held up by something else, such as data that did not come. */
const MOST_MISSED_MS = 500;
/** Where it stands may be so far ahead of the others: then it waits for them instead of going back. */
const MOST_EARLY_MS = 2_000;
/** A player that did not move after a call, or that something else stopped, is called only so often. */
const CALL_AGAIN_MS = 2_000;

/** What all do, reckoned for one player; `localAt` is the local time at which they are at a position. */
export interface Course {
  rate: number;
  target: number;
  localAt(positionMs: number): number | null;
}

export class Start {
  readonly #player: Player;
  readonly #ports: ControllerPorts;
  readonly #seekLatency: Latency;
  readonly #playLatency = playLatency();
  #goal: number | null = null;
  #planned: (() => void) | null = null;
  #calledAt = -Infinity;
  #calledLateBy = 0;
  #awaitsOutcome = false;

  constructor(player: Player, ports: ControllerPorts, seekLatency: Latency) {
    this.#player = player;
    this.#ports = ports;
    this.#seekLatency = seekLatency;
  }

  /** One look at a player that stands while the others move, or will. */
  look(course: Course, reading: Reading): void {
    const now = this.#ports.now();
    if (this.#planned || now - this.#calledAt < CALL_AGAIN_MS) return;
    if (this.#goal === null && !this.#standsWell(course, reading)) {
      const needed = this.#seekLatency.ms + this.#playLatency.ms + AHEAD_MS;
      this.#goal = course.target + needed * course.rate;
      this.#player.seek(this.#goal);
      return;
    }
    if (reading.activity === 'paused') this.#plan(course, reading.positionMs, now);
  }

  /** It is not wanted any more, or moves by now. */
  callOff(): void {
    this.#planned?.();
    this.#planned = null;
    this.#goal = null;
  }

  /** The others began anew: whatever was called before was called for something else. */
  forget(): void {
    this.callOff();
    this.#calledAt = -Infinity;
  }

  /** How far behind it was when that could first be measured. Only of a call of ours, and only of one that went well. */
  cameOut(behindMs: number): void {
    const missed = behindMs - this.#calledLateBy;
    if (this.#awaitsOutcome && Math.abs(missed) < MOST_MISSED_MS) this.#playLatency.missedBy(missed);
    this.#awaitsOutcome = false;
  }

  #standsWell({ target, rate }: Course, { activity, positionMs }: Reading): boolean {
    const behind = (target - positionMs) / rate;
    return activity === 'paused' && behind < MOST_LATE_MS && behind > -MOST_EARLY_MS;
  }

  #plan(course: Course, positionMs: number, now: number): void {
    const due = course.localAt(positionMs);
    if (due === null) return;
    const lateBy = now - (due - this.#playLatency.ms);
    if (lateBy > MOST_LATE_MS) {
      this.#seekLatency.missedBy(lateBy);
      this.#goal = null;
      return;
    }
    this.#planned = this.#ports.at(due - this.#playLatency.ms, () => {
      this.callOff();
      this.#calledAt = this.#ports.now();
      this.#awaitsOutcome = true;
      this.#calledLateBy = Math.max(0, lateBy);
      this.#player.setRate(course.rate);
      this.#player.play();
    });
  }
}
