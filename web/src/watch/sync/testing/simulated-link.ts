// A network between one viewer and the server: each direction delays every message by chance and keeps their order, as
// TCP does, so a slow message holds up those behind it.
import type { Dice } from '../../../testing/dice.ts';
import { between } from './chance.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface Delays {
  leastMs: number;
  mostMs: number;
}

/** 100 ± 50 ms. */
export const FAR: Delays = { leastMs: 50, mostMs: 150 };

export class SimulatedLink {
  readonly #time: VirtualTime;
  readonly #dice: Dice;
  readonly #delays: Delays;
  #upUntil = 0;
  #downUntil = 0;
  #connected = true;

  constructor(time: VirtualTime, dice: Dice, delays: Delays) {
    this.#time = time;
    this.#dice = dice;
    this.#delays = delays;
  }

  /** What is under way when it is cut is lost. */
  set connected(connected: boolean) {
    this.#connected = connected;
  }

  get connected(): boolean {
    return this.#connected;
  }

  up(deliver: () => void): void {
    this.#upUntil = this.#send(this.#upUntil, deliver);
  }

  down(deliver: () => void): void {
    this.#downUntil = this.#send(this.#downUntil, deliver);
  }

  #send(behind: number, deliver: () => void): number {
    const due = Math.max(behind, this.#time.now + between(this.#dice, this.#delays.leastMs, this.#delays.mostMs));
    if (this.#connected) this.#time.at(due, () => this.#connected && deliver());
    return due;
  }
}
