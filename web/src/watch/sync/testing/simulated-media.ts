// A media element as a controller meets it: it takes a while to begin and to go somewhere, tells its position with some
// noise, runs a little fast or slow, and runs out of data when told to.
import type { Dice } from '../../../testing/dice.ts';
import type { Activity, Player, Reading } from '../player.ts';
import { between } from './chance.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface MediaTraits {
  lengthMs: number;
  /** From `play` to the first movement, for this element; each call differs by up to `playJitterMs`. */
  playLatencyMs: number;
  playJitterMs: number;
  seekLatencyMs: [least: number, most: number];
  readNoiseMs: number;
  /** How much faster its clock is than it should be: 100e-6 for 100 ppm. */
  skew: number;
  /** Whether it follows rates other than the steps of 0.25 that some players have. */
  fineRates: boolean;
  /** Whether the browser lets it begin by itself. */
  mayBegin: boolean;
}

export class SimulatedMedia implements Player {
  readonly traits: MediaTraits;
  readonly #time: VirtualTime;
  readonly #dice: Dice;
  readonly #listeners = new Set<() => void>();
  #activity: Activity = 'loading';
  #wantsToPlay = false;
  #hasData = false;
  #position = 0;
  #at = 0;
  #rate = 1;
  #playCall = 0;
  #seekCall = 0;
  seeks = 0;
  leastRate = 1;
  mostRate = 1;

  constructor(time: VirtualTime, dice: Dice, traits: MediaTraits) {
    this.traits = traits;
    this.#time = time;
    this.#dice = dice;
    time.after(between(dice, 100, 400), () => this.#dataCame());
  }

  /** Where it is: what its viewer sees, without the noise of reading. */
  get position(): number {
    const moved = this.#activity === 'playing' ? (this.#time.now - this.#at) * this.#rate * (1 + this.traits.skew) : 0;
    return Math.min(this.#position + moved, this.traits.lengthMs);
  }

  get isMoving(): boolean {
    return this.#activity === 'playing';
  }

  read(): Reading {
    const noise = this.isMoving ? between(this.#dice, -this.traits.readNoiseMs, this.traits.readNoiseMs) : 0;
    return {
      positionMs: this.position + noise,
      lengthMs: this.traits.lengthMs,
      activity: this.isMoving && this.position >= this.traits.lengthMs ? 'ended' : this.#activity,
      bufferedMs: this.#hasData ? 20_000 : 0,
    };
  }

  play(): void {
    if (this.#wantsToPlay) return;
    if (!this.traits.mayBegin) {
      this.#become('blocked');
      return;
    }
    this.#wantsToPlay = true;
    if (this.#activity === 'paused' || this.#activity === 'blocked') this.#beginSoon();
  }

  /** The user touches the page: it may begin, and does. */
  touch(): void {
    this.traits.mayBegin = true;
    this.play();
  }

  pause(): void {
    this.#wantsToPlay = false;
    this.#playCall++;
    if (this.#activity === 'playing' || this.#activity === 'buffering') this.#become('paused');
  }

  seek(positionMs: number): void {
    this.seeks++;
    const call = ++this.#seekCall;
    this.#become('seeking');
    this.#position = Math.min(Math.max(0, positionMs), this.traits.lengthMs);
    const [least, most] = this.traits.seekLatencyMs;
    this.#time.after(between(this.#dice, least, most), () => {
      if (call === this.#seekCall) this.#goOn();
    });
  }

  setRate(rate: number): void {
    const taken = this.traits.fineRates ? rate : Math.round(rate * 4) / 4;
    this.leastRate = Math.min(this.leastRate, rate);
    this.mostRate = Math.max(this.mostRate, rate);
    this.#time.after(between(this.#dice, 0, 30), () => {
      this.#settle();
      this.#rate = taken;
    });
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** No data for so long. */
  stall(ms: number): void {
    this.#hasData = false;
    if (this.#activity === 'playing') this.#become('buffering');
    this.#time.after(ms, () => this.#dataCame());
  }

  #dataCame(): void {
    this.#hasData = true;
    if (this.#activity === 'loading' || this.#activity === 'buffering') this.#goOn();
  }

  /** It is at its place: it moves on, or stands, with or without data. */
  #goOn(): void {
    if (this.#wantsToPlay) this.#become(this.#hasData ? 'playing' : 'buffering');
    else this.#become(this.#hasData ? 'paused' : 'loading');
  }

  #beginSoon(): void {
    const call = ++this.#playCall;
    this.#become('buffering');
    const { playLatencyMs, playJitterMs } = this.traits;
    this.#time.after(playLatencyMs + between(this.#dice, -playJitterMs, playJitterMs), () => {
      if (call === this.#playCall && this.#activity === 'buffering') this.#goOn();
    });
  }

  #become(activity: Activity): void {
    if (activity === this.#activity) return;
    this.#settle();
    this.#activity = activity;
    for (const listener of this.#listeners) this.#time.after(0, listener);
  }

  #settle(): void {
    this.#position = this.position;
    this.#at = this.#time.now;
  }
}
