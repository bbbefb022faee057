// Viewers by the rules of others, to compare ours with. The rules are those that their sources had in 2026, told simply:
// OpenTogetherTube `client/src/views/Room.vue`, Jellyfin `src/plugins/syncPlay/core` of its web client.
import { positionAt, type PlayState } from '../state.ts';
import { LeastRoundTripClock } from './least-round-trip-clock.ts';
import type { MediaTraits } from './simulated-media.ts';
import { SimulatedViewer, type World } from './viewers.ts';

/** No clock: the position counts from when the message arrived. Looks every 250 ms, goes there when off by a second. */
export class OpenTogetherTubeViewer extends SimulatedViewer {
  #state: PlayState | null = null;
  #arrived = 0;
  #seeks = 0;

  constructor(world: World, traits: MediaTraits) {
    super(world, traits);
    this.time.every(250, () => this.#look());
  }

  get automaticSeeks(): number {
    return this.#seeks;
  }

  delayMs(): number {
    return 0;
  }

  override send(state: PlayState): void {
    const position = this.server.position;
    this.link.down(() => this.receive({ ...state, pos_ms: position }));
  }

  receive(state: PlayState): void {
    const moved = this.#state !== null && Math.abs(state.pos_ms - this.#position()) > 1_000;
    this.#state = state;
    this.#arrived = this.local();
    if (moved) this.media.seek(state.pos_ms);
    if (state.phase === 'playing') this.media.play();
    else this.media.pause();
  }

  #position(): number {
    const state = this.#state!;
    return state.phase === 'playing' ? state.pos_ms + (this.local() - this.#arrived) * state.rate : state.pos_ms;
  }

  #look(): void {
    if (!this.#state || this.media.read().activity === 'seeking') return;
    if (Math.abs(this.media.read().positionMs - this.#position()) <= 1_000) return;
    this.#seeks++;
    this.media.seek(this.#position());
  }
}

/** The clock of the least round trip, commands at a set time, and if wanted its two corrections. */
export class JellyfinViewer extends SimulatedViewer {
  readonly #clock = new LeastRoundTripClock();
  #state: PlayState | null = null;
  #planned: () => void = () => {};
  #hurriesUntil = 0;
  #seeks = 0;

  constructor(world: World, traits: MediaTraits, corrects: boolean) {
    super(world, traits);
    // Three at once, a second apart, then one a minute.
    for (const first of [0, 1_000, 2_000]) this.time.after(first, () => this.#ask());
    this.time.every(60_000, () => this.#ask(), 62_000);
    if (corrects) this.time.every(1_500, () => this.#correct());
  }

  get automaticSeeks(): number {
    return this.#seeks;
  }

  delayMs(): number {
    return this.#clock.delay;
  }

  receive(state: PlayState): void {
    this.#state = state;
    this.#planned();
    if (state.phase === 'preparing') {
      this.media.pause();
      this.media.seek(state.pos_ms);
      this.#whenArrived(() => this.link.up(() => this.server.ready(this, state.rev)));
    } else if (state.phase === 'paused') {
      this.media.pause();
    } else if (state.phase === 'playing') {
      const local = this.#clock.localAt(state.at_ms, this.local());
      const late = local === null ? 0 : this.local() - local;
      if (late > 0) this.media.seek(state.pos_ms + late);
      this.#planned = this.atLocal(local ?? this.local(), () => this.media.play());
    }
  }

  #whenArrived(then: () => void): void {
    if (this.media.read().activity === 'paused') then();
    else this.time.after(20, () => this.#whenArrived(then));
  }

  #ask(): void {
    const sent = this.local();
    this.exchange((received, answered) => this.#clock.add({ sent, received, answered, back: this.local() }));
  }

  #correct(): void {
    const state = this.#state;
    const server = this.#clock.now(this.local());
    if (!state || server === null || state.phase !== 'playing' || !this.media.isMoving || this.time.now < this.#hurriesUntil) return;
    const behind = positionAt(state, server, null) - this.media.read().positionMs;
    if (Math.abs(behind) > 60 && Math.abs(behind) < 3_000) {
      this.#hurriesUntil = this.time.now + 1_000;
      this.media.setRate(Math.max(0.2, 1 + behind / 1_000));
      this.time.after(1_000, () => this.media.setRate(1));
    } else if (Math.abs(behind) >= 400) {
      this.#seeks++;
      this.media.seek(state.pos_ms + (server - state.at_ms));
    }
  }
}
