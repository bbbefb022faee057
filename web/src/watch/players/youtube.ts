// YouTube's player in a frame of its own origin, by the messages that its own script would exchange with it: so no
// script of theirs runs on our page.
//
// Three things make it awkward. It tells its time about four times a second, late by what a message takes, so the place
// is reckoned from the middle of the last few. It loses calls that come while one is under way, so the next waits until
// the last has had its effect. And it shows advertisements without saying so: then it tells another video, or the time
// stands while it says that it plays.
import type { Activity, Reading } from '../sync/player.ts';
import type { ShownPlayer } from './shown-player.ts';
import type { Frame } from './youtube-frame.ts';

export interface YouTubePorts {
  now(): number;
  later(ms: number, run: () => void): () => void;
}

const UNSTARTED = -1;
const ENDED = 0;
const PLAYING = 1;
const PAUSED = 2;
const BUFFERING = 3;
const CUED = 5;

const LISTEN_EVERY_MS = 250;
/** A call that had no effect by then is taken for lost. */
const CALL_LASTS_MS = 1_500;
const SAMPLES = 5;
/** A sample that is further off than this from what was reckoned is a jump, not noise. */
const JUMP_MS = 1_000;
/** Said to play and not moving for so long: an advertisement, or a picture that hangs. */
const FROZEN_MS = 1_500;
const NEAR_MS = 1_500;
const LONGEST_MESSAGE = 64 * 1024;
const EVENTS = ['onStateChange', 'onError', 'onPlaybackRateChange', 'onAutoplayBlocked'];

interface Call {
  readonly kind: 'play' | 'pause' | 'seek';
  readonly positionMs?: number;
}

/** Where it was when; the place now is reckoned from it. */
interface Sample {
  readonly positionMs: number;
  readonly at: number;
}

export class YouTubePlayer implements ShownPlayer {
  readonly #frame: Frame;
  readonly #ports: YouTubePorts;
  readonly #video: string;
  readonly #listeners = new Set<() => void>();
  readonly #unlisten: () => void;
  #stopKnocking: () => void = () => {};
  #connected = false;
  #state = UNSTARTED;
  #shownVideo: string | null = null;
  #lengthMs: number | null = null;
  #loadedShare = 0;
  #rate = 1;
  #samples: Sample[] = [];
  #movedAt = 0;
  #lastTime = -1;
  /** Before it first plays it can only be told where to begin. */
  #beginMs: number;
  #wantsToPlay = false;
  #blocked = false;
  #silenced = false;
  #problem: string | null = null;
  #queue: Call[] = [];
  #underWay: { call: Call; giveUp: () => void } | null = null;
  #volume = { volume: 1, muted: false };

  constructor(frame: Frame, video: string, beginMs: number, ports: YouTubePorts) {
    this.#frame = frame;
    this.#video = video;
    this.#beginMs = beginMs;
    this.#ports = ports;
    this.#unlisten = frame.onMessage((message) => this.#hear(message));
    this.#knock();
  }

  get element(): HTMLElement {
    return this.#frame.element;
  }

  get problem(): string | null {
    return this.#problem;
  }

  get silenced(): boolean {
    return this.#silenced || this.#blocked;
  }

  read(): Reading {
    const positionMs = this.#position();
    const activity = this.#activity();
    const bufferedMs = this.#lengthMs === null ? 0 : Math.max(0, this.#loadedShare * this.#lengthMs - positionMs);
    return { positionMs, lengthMs: activity === 'interrupted' ? null : this.#lengthMs, activity, bufferedMs };
  }

  play(): void {
    this.#wantsToPlay = true;
    this.#ask({ kind: 'play' });
  }

  pause(): void {
    this.#wantsToPlay = false;
    this.#blocked = false;
    this.#ask({ kind: 'pause' });
  }

  seek(positionMs: number): void {
    this.#ask({ kind: 'seek', positionMs });
  }

  setRate(rate: number): void {
    this.#command('setPlaybackRate', [rate]);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  allowSound(): void {
    const waits = this.#blocked;
    this.#silenced = false;
    this.#blocked = false;
    this.#applyVolume();
    if (waits) this.play();
    this.#tell();
  }

  setVolume(volume: number, muted: boolean): void {
    this.#volume = { volume, muted };
    this.#applyVolume();
  }

  loaded(): readonly { fromMs: number; toMs: number }[] {
    return this.#lengthMs === null ? [] : [{ fromMs: this.#position(), toMs: this.#loadedShare * this.#lengthMs }];
  }

  dispose(): void {
    this.#listeners.clear();
    this.#unlisten();
    this.#stopKnocking();
    this.#underWay?.giveUp();
    this.#frame.remove();
  }

  // ── what it is told ───────────────────────────────────────────────────────────────────────────────────────────────

  /** It may not listen yet when we begin: said again until it answers. */
  #knock(): void {
    this.#frame.post(JSON.stringify({ event: 'listening', id: 1, channel: 'widget' }));
    this.#stopKnocking = this.#ports.later(LISTEN_EVERY_MS, () => this.#knock());
  }

  #command(func: string, args: readonly unknown[]): void {
    if (this.#connected) this.#frame.post(JSON.stringify({ event: 'command', func, args, id: 1, channel: 'widget' }));
  }

  /** One call at a time. Of each kind only the last one counts, and playing and pausing are one kind. */
  #ask(call: Call): void {
    const same = (other: Call) => (other.kind === 'seek') === (call.kind === 'seek');
    this.#queue = [...this.#queue.filter((other) => !same(other)), call];
    this.#next();
  }

  #next(): void {
    if (!this.#connected || this.#underWay) return;
    const call = this.#queue.shift();
    if (!call) return;
    this.#send(call);
    if (this.#isDone(call)) {
      this.#next();
      return;
    }
    const giveUp = this.#ports.later(CALL_LASTS_MS, () => {
      this.#underWay = null;
      this.#next();
      this.#tell();
    });
    this.#underWay = { call, giveUp };
  }

  #send({ kind, positionMs = 0 }: Call): void {
    switch (kind) {
      case 'play':
        return this.#command('playVideo', []);
      case 'pause':
        return this.#command('pauseVideo', []);
      case 'seek':
        if (!this.#hasBegun()) {
          // To seek would make it play: it is told where to begin instead.
          this.#beginMs = positionMs;
          return this.#command('cueVideoById', [{ videoId: this.#video, startSeconds: positionMs / 1_000 }]);
        }
        this.#samples = [];
        return this.#command('seekTo', [positionMs / 1_000, true]);
    }
  }

  #isDone({ kind, positionMs = 0 }: Call): boolean {
    switch (kind) {
      case 'play':
        return this.#state === PLAYING || this.#blocked;
      case 'pause':
        return this.#state !== PLAYING && this.#state !== BUFFERING;
      case 'seek':
        if (!this.#hasBegun()) return true;
        return this.#samples.length > 0 && Math.abs(this.#position() - positionMs) < NEAR_MS && this.#state !== BUFFERING;
    }
  }

  // ── what it tells ─────────────────────────────────────────────────────────────────────────────────────────────────

  #hear(message: unknown): void {
    const told = parse(message);
    if (!told) return;
    if (!this.#connected) this.#begin();
    if (told.event === 'onError') this.#problem = problemOf(told.info);
    else if (told.event === 'onAutoplayBlocked') this.#onBlocked();
    else if (told.event === 'onStateChange') this.#setState(told.info);
    else if (told.event === 'infoDelivery' || told.event === 'initialDelivery') this.#take(told.info);
    if (this.#underWay && this.#isDone(this.#underWay.call)) {
      this.#underWay.giveUp();
      this.#underWay = null;
    }
    this.#next();
    this.#tell();
  }

  #begin(): void {
    this.#connected = true;
    this.#stopKnocking();
    for (const name of EVENTS) this.#command('addEventListener', [name]);
    this.#applyVolume();
  }

  #take(info: unknown): void {
    if (!isRecord(info)) return;
    const { playerState, currentTime, duration, playbackRate, videoLoadedFraction, videoData } = info;
    if (isRecord(videoData) && typeof videoData.video_id === 'string') this.#shownVideo = videoData.video_id;
    if (isNumber(playbackRate) && playbackRate > 0 && playbackRate !== this.#rate) {
      const positionMs = this.#position();
      this.#rate = playbackRate;
      this.#samples = this.#samples.length > 0 ? [{ positionMs, at: this.#ports.now() }] : [];
    }
    if (isNumber(duration) && duration > 0) this.#lengthMs = duration * 1_000;
    if (isNumber(videoLoadedFraction)) this.#loadedShare = Math.min(1, Math.max(0, videoLoadedFraction));
    if (playerState !== undefined) this.#setState(playerState);
    if (isNumber(currentTime) && currentTime >= 0) this.#sample(currentTime * 1_000);
  }

  #sample(positionMs: number): void {
    const now = this.#ports.now();
    if (positionMs !== this.#lastTime) this.#movedAt = now;
    this.#lastTime = positionMs;
    if (!this.#hasBegun()) return;
    if (this.#samples.length > 0 && Math.abs(positionMs - this.#position()) > JUMP_MS) this.#samples = [];
    this.#samples = [...this.#samples, { positionMs, at: now }].slice(-SAMPLES);
  }

  #setState(state: unknown): void {
    if (!isNumber(state) || state === this.#state) return;
    const positionMs = this.#position();
    const before = this.#state;
    this.#state = state;
    this.#movedAt = this.#ports.now();
    // A browser that forbids sound lets it try and puts it back.
    if (before === BUFFERING && state === UNSTARTED && this.#wantsToPlay) this.#onBlocked();
    if (state === PLAYING) this.#blocked = false;
    // What was reckoned while it moved is where it stands now, until it says so itself.
    if (this.#samples.length > 0) this.#samples = [{ positionMs, at: this.#ports.now() }];
  }

  #onBlocked(): void {
    if (this.#silenced) {
      this.#blocked = true;
      return;
    }
    this.#silenced = true;
    this.#applyVolume();
    this.#ask({ kind: 'play' });
  }

  // ── what is made of it ────────────────────────────────────────────────────────────────────────────────────────────

  #hasBegun(): boolean {
    return this.#state !== UNSTARTED && this.#state !== CUED;
  }

  /** The middle of what the last samples say about now. */
  #position(): number {
    if (!this.#hasBegun() || this.#samples.length === 0) return this.#hasBegun() && this.#lastTime >= 0 ? this.#lastTime : this.#beginMs;
    const now = this.#ports.now();
    const rate = this.#state === PLAYING ? this.#rate : 0;
    const reckoned = this.#samples.map(({ positionMs, at }) => positionMs + (now - at) * rate).sort((a, b) => a - b);
    return Math.min(reckoned[reckoned.length >> 1]!, this.#lengthMs ?? Infinity);
  }

  #activity(): Activity {
    if (this.#problem) return 'failed';
    if (!this.#connected) return 'loading';
    if (this.#blocked) return 'blocked';
    if (this.#shownVideo !== null && this.#shownVideo !== this.#video) return 'interrupted';
    if (this.#underWay?.call.kind === 'seek' || this.#queue.some(({ kind }) => kind === 'seek')) return 'seeking';
    switch (this.#state) {
      case PLAYING:
        return this.#ports.now() - this.#movedAt > FROZEN_MS ? 'interrupted' : 'playing';
      case BUFFERING:
        return 'buffering';
      case ENDED:
        return 'ended';
      case PAUSED:
      case CUED:
      case UNSTARTED:
        return this.#underWay?.call.kind === 'play' ? 'buffering' : 'paused';
      default:
        return 'loading';
    }
  }

  #applyVolume(): void {
    this.#command('setVolume', [Math.round(this.#volume.volume * 100)]);
    this.#command(this.#volume.muted || this.#silenced ? 'mute' : 'unMute', []);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function parse(message: unknown): { event: string; info: unknown } | null {
  if (typeof message !== 'string' || message.length > LONGEST_MESSAGE) return null;
  try {
    const told: unknown = JSON.parse(message);
    return isRecord(told) && typeof told.event === 'string' ? { event: told.event, info: told.info } : null;
  } catch {
    return null;
  }
}

function problemOf(code: unknown): string {
  switch (code) {
    case 2:
      return 'YouTube knows no video by this name.';
    case 5:
      return 'YouTube cannot play this video in this browser.';
    case 100:
      return 'This video was removed from YouTube, or is private.';
    case 101:
    case 150:
      return 'Its owner does not allow this video to be shown outside of YouTube.';
    case 153:
      return 'YouTube plays only for those who say which site they come from, and this browser, or something in it, hides that.';
    default:
      return 'YouTube cannot play this video.';
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
