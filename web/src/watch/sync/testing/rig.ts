// One simulated player under one controller with a clock that is exact: to see what the controller does with a player.
import { dice } from '../../../testing/dice.ts';
import { ServerClock } from '../clock.ts';
import { Controller, TICK_MS } from '../controller.ts';
import { VIDEO, type Steering } from '../player.ts';
import { positionAt, type PlayState } from '../state.ts';
import { SimulatedMedia, type MediaTraits } from './simulated-media.ts';
import { VirtualTime } from './virtual-time.ts';

const LENGTH_MS = 3_600_000;

export class Rig {
  readonly time = new VirtualTime();
  readonly media: SimulatedMedia;
  readonly controller: Controller;
  readonly ready: number[] = [];
  state: PlayState = { epoch: 1, rev: 1, item: 1, phase: 'paused', pos_ms: 0, at_ms: 0, rate: 1 };

  constructor(options: { seed?: number; traits?: Partial<MediaTraits>; steering?: Steering; tickMs?: number } = {}) {
    this.media = new SimulatedMedia(this.time, dice(options.seed ?? 1), {
      lengthMs: LENGTH_MS, playLatencyMs: 60, playJitterMs: 5, seekLatencyMs: [80, 160], readNoiseMs: 6, skew: 50e-6,
      fineRates: true, mayBegin: true, ...options.traits,
    });
    const clock = new ServerClock();
    for (let n = 0; n < 8; n++) clock.add({ sent: 0, received: 0, answered: 0, back: 0 });
    const ports = {
      now: () => this.time.now,
      at: (local: number, run: () => void) => this.time.at(local, run),
      ready: (rev: number) => this.ready.push(rev),
    };
    this.controller = new Controller(this.media, clock, ports, options.steering ?? VIDEO);
    const tickMs = options.tickMs ?? TICK_MS;
    this.time.every(tickMs, () => this.controller.tick());
  }

  /** The server says something new, and it is here at once. */
  says(change: Partial<PlayState>): void {
    this.state = { ...this.state, at_ms: this.time.now, ...change, rev: this.state.rev + 1 };
    this.controller.follow(this.state, LENGTH_MS);
  }

  /** Plays from there since now, and has for a while. */
  watching(pos_ms: number, rate = 1): this {
    this.run(1_000);
    this.says({ phase: 'preparing', pos_ms, rate });
    this.run(1_000);
    this.says({ phase: 'playing', at_ms: this.time.now + 250 });
    return this.run(10_000);
  }

  run(ms: number): this {
    this.time.run(this.time.now + ms);
    return this;
  }

  /** How far behind what it shows really is. */
  get behind(): number {
    return positionAt(this.state, this.time.now, LENGTH_MS) - this.media.position;
  }
}
