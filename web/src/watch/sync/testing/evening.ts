// One simulated evening: some viewers with their links and players, a film, seeks, and what came of it.
import { dice } from '../../../testing/dice.ts';
import { between } from './chance.ts';
import { record, type Sample } from './measure.ts';
import { FAR, type Delays } from './simulated-link.ts';
import type { MediaTraits } from './simulated-media.ts';
import { SimulatedServer, type Manner } from './simulated-server.ts';
import { OurViewer, type SimulatedViewer, type World } from './viewers.ts';
import { VirtualTime } from './virtual-time.ts';

export interface Plan {
  seed: number;
  viewers: number;
  manner?: Manner;
  delays?: Delays;
  make?: (world: World, traits: MediaTraits) => SimulatedViewer;
  traits?: Partial<MediaTraits>;
}

export const FILM_MS = 4 * 3_600_000;

export class Evening {
  readonly time = new VirtualTime();
  readonly server: SimulatedServer;
  readonly viewers: SimulatedViewer[] = [];
  readonly samples: Sample[];
  readonly #world: World;
  readonly #plan: Plan;

  /** All come, and after a second somebody presses play. */
  constructor(plan: Plan) {
    this.#plan = plan;
    this.server = new SimulatedServer(this.time, plan.manner ?? 'together');
    this.#world = { time: this.time, server: this.server, dice: dice(plan.seed), delays: plan.delays ?? FAR };
    for (let n = 0; n < plan.viewers; n++) this.join();
    this.samples = record(this.time, () => this.viewers);
    // After the third exchange of the slowest rule: none of them begins without a clock.
    this.time.at(3_000, () => this.server.play());
  }

  join(): SimulatedViewer {
    const { dice } = this.#world;
    const traits: MediaTraits = {
      lengthMs: FILM_MS,
      playLatencyMs: between(dice, 15, 90),
      playJitterMs: 8,
      seekLatencyMs: [60, 200],
      readNoiseMs: 6,
      skew: between(dice, -100e-6, 100e-6),
      fineRates: true,
      mayBegin: true,
      ...this.#plan.traits,
    };
    const make = this.#plan.make ?? ((world: World, media: MediaTraits) => new OurViewer(world, media));
    const viewer = make(this.#world, traits);
    this.viewers.push(viewer);
    this.server.join(viewer);
    return viewer;
  }

  /** Somebody goes elsewhere, every so often. */
  seekEvery(ms: number, first: number, until: number): void {
    for (let at = first; at < until; at += ms) {
      this.time.at(at, () => this.server.seek(between(this.#world.dice, 0, FILM_MS / 2)));
    }
  }

  run(until: number): this {
    this.time.run(until);
    return this;
  }
}
