// Simulated viewers: what all have, and ours.
import type { Dice } from '../../../testing/dice.ts';
import { Asking } from '../asking.ts';
import { ServerClock } from '../clock.ts';
import { Controller, TICK_MS } from '../controller.ts';
import { VIDEO, type Steering } from '../player.ts';
import type { PlayState } from '../state.ts';
import { between } from './chance.ts';
import { SimulatedLink, type Delays } from './simulated-link.ts';
import { SimulatedMedia, type MediaTraits } from './simulated-media.ts';
import type { ServedViewer, SimulatedServer } from './simulated-server.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface World {
  time: VirtualTime;
  server: SimulatedServer;
  dice: Dice;
  delays: Delays;
}

/** What all viewers have: a media element, a link, a local clock that is a little fast or slow and began anywhere. */
export abstract class SimulatedViewer implements ServedViewer {
  readonly media: SimulatedMedia;
  readonly link: SimulatedLink;
  protected readonly time: VirtualTime;
  protected readonly server: SimulatedServer;
  readonly #clockSkew: number;
  #clockStart: number;

  constructor(world: World, traits: MediaTraits) {
    this.time = world.time;
    this.server = world.server;
    this.media = new SimulatedMedia(world.time, world.dice, traits);
    this.link = new SimulatedLink(world.time, world.dice, world.delays);
    this.#clockSkew = between(world.dice, -100e-6, 100e-6);
    this.#clockStart = between(world.dice, 0, 1e7);
  }

  abstract delayMs(): number;
  abstract receive(state: PlayState): void;

  /** How often it went elsewhere by itself. */
  abstract get automaticSeeks(): number;

  send(state: PlayState): void {
    this.link.down(() => this.receive(state));
  }

  /** The machine sleeps: its clock stands still while time passes. */
  sleep(ms: number): void {
    this.#clockStart -= ms;
  }

  protected local(): number {
    return this.#clockStart + this.time.now * (1 + this.#clockSkew);
  }

  protected atLocal(local: number, run: () => void): () => void {
    return this.time.after((local - this.local()) / (1 + this.#clockSkew), run);
  }

  /** A question to the server and its answer, with both times of the server. */
  protected exchange(answered: (received: number, answered: number) => void): void {
    this.link.up(() => {
      const received = this.server.now;
      this.link.down(() => answered(received, received));
    });
  }
}

export class OurViewer extends SimulatedViewer {
  readonly clock: ServerClock;
  readonly controller: Controller;
  readonly #asking: Asking;

  constructor(world: World, traits: MediaTraits, options: { steering?: Steering; clock?: ServerClock; everyMs?: number } = {}) {
    super(world, traits);
    this.clock = options.clock ?? new ServerClock();
    const ports = {
      now: () => this.local(),
      at: (local: number, run: () => void) => this.atLocal(local, run),
      ready: (rev: number) => this.link.up(() => this.server.ready(this, rev)),
    };
    this.controller = new Controller(this.media, this.clock, ports, options.steering ?? VIDEO);
    this.#asking = new Asking(this.clock, {
      now: () => this.local(),
      ask: (answer) => this.exchange((received, answered) => answer({ received, answered })),
      later: (ms, run) => this.time.after(ms, run),
    });
    this.#asking.begin();
    this.time.every(TICK_MS, () => this.controller.tick(), between(world.dice, 0, TICK_MS));
  }

  get automaticSeeks(): number {
    return this.controller.jumps;
  }

  delayMs(): number {
    return this.clock.delay;
  }

  receive(state: PlayState): void {
    this.controller.follow(state, this.media.traits.lengthMs);
  }

  cut(): void {
    this.link.connected = false;
    this.#asking.stop();
  }

  reconnect(): void {
    this.link.connected = true;
    this.#asking.begin();
    this.send(this.server.state);
  }
}

/** Our clock and our start, and then nothing: what the controller is worth. */
export class UncorrectedViewer extends OurViewer {
  constructor(world: World, traits: MediaTraits) {
    const never = { mostNudge: 1e-9, gentleNudge: 1e-9, enterMs: Infinity };
    super(world, traits, { steering: { ...VIDEO, ...never } });
  }
}
