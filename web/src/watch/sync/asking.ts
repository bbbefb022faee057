// When to ask the server for its time: often at first and after an interruption, seldom afterwards.
import { MOST_ROUND_TRIP_MS, type ServerClock } from './clock.ts';

export interface AskingPorts {
  /** The local clock that is never set, in milliseconds. */
  now(): number;
  /** Asks; the answer says when, by the server's clock, the question came and the answer left. It may never come. */
  ask(answer: (times: { received: number; answered: number }) => void): void;
  later(ms: number, run: () => void): () => void;
}

/** Twelve in a second: the eighth makes the clock fine, the others make it fine in spite of two or three slow ones. */
const BURST = 12;
const BURST_EVERY_MS = 80;
/** Thirty in the clock's window: under a jitter of 100 ms the error is then 4 ms at the 95th percentile. */
const EVERY_MS = 2_000;
/** Questions without an answer so far; a link that is down must not pile them up. */
const MOST_OPEN = BURST;

export class Asking {
  readonly #clock: ServerClock;
  readonly #ports: AskingPorts;
  #left = 0;
  #open = 0;
  #cancel: (() => void) | null = null;
  /** Answers to questions of an older connection are not counted. */
  #connection = 0;

  constructor(clock: ServerClock, ports: AskingPorts) {
    this.#clock = clock;
    this.#ports = ports;
  }

  /** Connected, or back from the background: asks quickly for a second, then goes on. */
  begin(): void {
    this.stop();
    this.#left = BURST;
    this.#next();
  }

  /** Disconnected. What is known of the clock stays. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#connection++;
    this.#open = 0;
  }

  #next(): void {
    if (this.#open < MOST_OPEN) this.#askOnce();
    this.#left = Math.max(0, this.#left - 1);
    this.#cancel = this.#ports.later(this.#left > 0 ? BURST_EVERY_MS : EVERY_MS, () => this.#next());
  }

  #askOnce(): void {
    const connection = this.#connection;
    const sent = this.#ports.now();
    let waiting = true;
    const over = () => {
      waiting = false;
      if (connection === this.#connection) this.#open--;
    };
    this.#open++;
    const giveUp = this.#ports.later(MOST_ROUND_TRIP_MS, over);
    this.#ports.ask((times) => {
      if (!waiting || connection !== this.#connection) return;
      giveUp();
      over();
      if (this.#clock.add({ sent, back: this.#ports.now(), ...times }) === 'jumped') this.begin();
    });
  }
}
