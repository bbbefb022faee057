// Steers one player to the common state, ten times a second. Knows no DOM and no network: time, clock and player come in.
//
// A player that stands is brought to its place and says when it is ready. When all move it is let go at the right moment
// (`start`), then nudged (`nudge`), or it jumps where a nudge would take too long (`jumps`). What a player does by itself
// never becomes a command: it is brought back, or left alone where force would do harm.
import type { ServerClock } from './clock.ts';
import { Jumps, seekLatency } from './jumps.ts';
import { Nudge } from './nudge.ts';
import { VIDEO, type Player, type Reading, type Steering } from './player.ts';
import { Start, type Course } from './start.ts';
import { isNewer, positionAt, timeOf, type PlayState } from './state.ts';

export interface ControllerPorts {
  /** The local clock that is never set, in milliseconds; the one that the server clock was fed with. */
  now(): number;
  /** Runs at that local time as exactly as can be, at once when it is past; gives back how to call it off. */
  at(local: number, run: () => void): () => void;
  /** This player stands where it should and has data. */
  ready(rev: number): void;
}

export const TICK_MS = 100;
/** A standing player nearer than this to its place stays: half a picture at 30 a second. */
const IN_PLACE_MS = 15;
/** A player that did not go where it was sent is sent again only so often. */
const SEND_AGAIN_MS = 1_000;
/** After a start or a jump positions are not to be trusted for this long. */
const SETTLING_MS = 300;
/** The middle of so many errors is taken, so that one bad reading moves nothing. */
const ERRORS = 3;

export class Controller {
  /** How much later this viewer's picture and sound come out than its player says: headphones, a slow screen. */
  userOffsetMs = 0;
  readonly #player: Player;
  readonly #clock: ServerClock;
  readonly #ports: ControllerPorts;
  readonly #steering: Steering;
  readonly #nudge: Nudge;
  readonly #jumps = new Jumps();
  readonly #seekLatency = seekLatency();
  readonly #start: Start;
  readonly #unlisten: () => void;
  #state: PlayState | null = null;
  #lengthMs: number | null = null;
  #readyFor: number | null = null;
  #sent: { positionMs: number; at: number } | null = null;
  /** Whether it was let go; a player that then stands was stopped by something else. */
  #moving = false;
  #settledFrom: number | null = null;
  #learns: 'start' | 'jump' | null = null;
  #errors: number[] = [];

  constructor(player: Player, clock: ServerClock, ports: ControllerPorts, steering: Steering = VIDEO) {
    this.#player = player;
    this.#clock = clock;
    this.#ports = ports;
    this.#steering = steering;
    this.#nudge = new Nudge(steering);
    this.#start = new Start(player, ports, this.#seekLatency);
    this.#unlisten = player.onChange(() => this.tick());
  }

  /** How much later it shows what all show, in milliseconds of the clock; below zero it is ahead. `null`: not known. */
  get driftMs(): number | null {
    return this.#errors.length < ERRORS ? null : median(this.#errors);
  }

  /** How often it jumped by itself. */
  get jumps(): number {
    return this.#jumps.count;
  }

  /** `false` once this player was found not to follow small changes of speed. */
  get nudges(): boolean {
    return this.#nudge.takes;
  }

  /**
   * The state to follow from now on; an older one is dropped. Which item the player shows is for its owner to see to: while
   * it is the same kind of player, one controller goes on with what it has learned of it.
   */
  follow(state: PlayState, lengthMs: number | null): void {
    this.#lengthMs = lengthMs;
    if (!isNewer(state, this.#state)) return;
    const goesOn = this.#moving && state.phase === 'playing';
    this.#state = state;
    this.#readyFor = null;
    this.#start.forget();
    this.#unsettle();
    if (goesOn) this.#player.setRate(state.rate);
    else this.#moving = false;
    this.tick();
  }

  /** To be called every `TICK_MS`; one that is late or left out does no harm. */
  tick(): void {
    const state = this.#state;
    if (!state || state.phase === 'idle') return;
    const reading = this.#player.read();
    this.#lengthMs ??= reading.lengthMs;
    if (state.phase === 'playing') this.#move(state, reading);
    else this.#stand(state, reading);
  }

  /** The viewer asks to be brought to the others at once, however near they are. */
  catchUp(): void {
    const now = this.#ports.now();
    const target = this.#state?.phase === 'playing' ? this.#target(this.#state, now) : null;
    if (this.#state && target !== null && this.#moving) this.#jump(this.#state, now, target);
  }

  /** Lets go of the player, as it is. */
  dispose(): void {
    this.#start.callOff();
    this.#unlisten();
    this.#state = null;
  }

  #stand(state: PlayState, reading: Reading): void {
    if (reading.activity === 'playing' || reading.activity === 'buffering') this.#player.pause();
    if (!this.#isInPlace(reading, state.pos_ms)) return;
    if (state.phase === 'preparing' && this.#readyFor !== state.rev) {
      this.#readyFor = state.rev;
      this.#ports.ready(state.rev);
    }
  }

  /** Whether it stands at its place with data; sends it there otherwise. */
  #isInPlace({ activity, positionMs }: Reading, place: number): boolean {
    if (activity === 'seeking' || activity === 'interrupted' || activity === 'failed') return false;
    if (Math.abs(positionMs - place) <= IN_PLACE_MS) return activity === 'paused' || activity === 'ended';
    const now = this.#ports.now();
    if (this.#sent?.positionMs !== place || now - this.#sent.at >= SEND_AGAIN_MS) {
      this.#sent = { positionMs: place, at: now };
      this.#player.seek(place);
    }
    return false;
  }

  #move(state: PlayState, reading: Reading): void {
    const now = this.#ports.now();
    const target = this.#target(state, now);
    if (target === null) return;
    this.#sent = null;
    switch (reading.activity) {
      case 'playing':
        if (!this.#moving) this.#learns = 'start';
        this.#moving = true;
        this.#start.callOff();
        this.#steer(state, reading, now, target);
        break;
      case 'paused':
      case 'loading':
        this.#moving = false;
        this.#unsettle();
        this.#start.look(this.#course(state, now, target), reading);
        break;
      case 'seeking':
        if (this.#moving) this.#unsettle();
        else this.#start.look(this.#course(state, now, target), reading);
        break;
      default:
        // Data will come, an advertisement will end, a touch will allow it; then the error says what to do.
        this.#unsettle();
    }
  }

  #steer(state: PlayState, reading: Reading, now: number, target: number): void {
    this.#settledFrom ??= now + SETTLING_MS;
    if (now < this.#settledFrom) return;
    this.#errors.push((target - reading.positionMs) / state.rate);
    if (this.#errors.length > ERRORS) this.#errors.shift();
    if (this.#errors.length < ERRORS) return;
    const error = median(this.#errors);
    this.#learn(error);
    const { mostNudge, seekOnlyMs, seekOnlyEveryMs } = this.#steering;
    const jumps = this.#nudge.takes
      ? this.#jumps.isDue(now, error, reading.bufferedMs, mostNudge)
      : this.#jumps.isDueWithoutNudges(now, error, seekOnlyMs, seekOnlyEveryMs);
    if (jumps && this.#jump(state, now, target)) {
      this.#jumps.jumped(now, error);
    } else if (this.#nudge.look(now, error, reading.positionMs, state.rate)) {
      this.#player.setRate(state.rate * this.#nudge.factor);
    }
  }

  #jump(state: PlayState, now: number, target: number): boolean {
    const place = target + this.#seekLatency.ms * state.rate;
    // What is nearly over is left to end.
    if (this.#lengthMs !== null && place >= this.#lengthMs) return false;
    this.#unsettle();
    this.#settledFrom = now + SETTLING_MS;
    this.#learns = 'jump';
    this.#player.setRate(state.rate);
    this.#player.seek(place);
    return true;
  }

  /** The first error after a start or a jump says how long that took. */
  #learn(behindMs: number): void {
    if (this.#learns === 'start') this.#start.cameOut(behindMs);
    if (this.#learns === 'jump') {
      this.#jumps.cameOut(behindMs);
      this.#seekLatency.missedBy(behindMs);
    }
    this.#learns = null;
  }

  /** Nothing that was measured holds any more. */
  #unsettle(): void {
    const nudged = this.#nudge.factor !== 1;
    this.#settledFrom = null;
    this.#errors = [];
    this.#nudge.rest();
    if (nudged && this.#state) this.#player.setRate(this.#state.rate);
  }

  #target(state: PlayState, now: number): number | null {
    const server = this.#clock.now(now);
    return server === null ? null : positionAt(state, server, this.#lengthMs) + this.userOffsetMs * state.rate;
  }

  #course(state: PlayState, now: number, target: number): Course {
    return {
      rate: state.rate,
      target,
      localAt: (positionMs) => this.#clock.localAt(timeOf(state, positionMs - this.userOffsetMs * state.rate), now),
    };
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
