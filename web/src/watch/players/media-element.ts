// A media element as a player that can be steered: uploads, files by their address, HLS.
//
// What the element does by itself is told as what it is, never as somebody's wish: nothing here becomes a command.
import type { Activity, Reading } from '../sync/player.ts';
import type { ShownPlayer } from './shown-player.ts';

/** Everything after which `read` may say something else. */
const EVENTS = [
  'loadedmetadata', 'durationchange', 'canplay', 'canplaythrough', 'playing', 'waiting', 'pause', 'seeking', 'seeked', 'ended', 'error', 'emptied',
] as const;
const HAVE_METADATA = 1;
const HAVE_FUTURE_DATA = 3;
const AT_END_MS = 50;

/** Gives the element its source; what it gives back ends that. */
export type Load = (element: HTMLMediaElement, failed: (why: string) => void) => () => void;

export class MediaElementPlayer implements ShownPlayer {
  readonly element: HTMLMediaElement;
  readonly #listeners = new Set<() => void>();
  #stopLoading: () => void = () => {};
  #volume = { volume: 1, muted: false };
  /** Told to play and seen to move, with no want of data since. */
  #moves = false;
  #blocked = false;
  #silenced = false;
  #problem: string | null = null;

  constructor(element: HTMLMediaElement) {
    this.element = element;
    element.preload = 'auto';
    for (const name of EVENTS) element.addEventListener(name, this.#onEvent);
  }

  /** Plays something else from now on: a browser that has let this element play with sound will do so again. */
  show(load: Load): void {
    this.#stopLoading();
    this.#problem = null;
    this.#moves = false;
    this.#stopLoading = load(this.element, (why) => {
      this.#problem = why;
      this.#tell();
    });
  }

  get problem(): string | null {
    return this.#problem ?? problemOf(this.element.error);
  }

  get silenced(): boolean {
    return this.#silenced || this.#blocked;
  }

  read(): Reading {
    const { currentTime, duration, buffered } = this.element;
    let bufferedMs = 0;
    for (let index = 0; index < buffered.length; index++) {
      if (buffered.start(index) <= currentTime && currentTime <= buffered.end(index)) bufferedMs = (buffered.end(index) - currentTime) * 1_000;
    }
    return { positionMs: currentTime * 1_000, lengthMs: lengthOf(duration), activity: this.#activity(), bufferedMs };
  }

  play(): void {
    this.#moves = false;
    this.element.play().then(
      () => (this.#blocked = false),
      (error: unknown) => {
        // Another call came between: what it asks for counts.
        if (!(error instanceof Error) || error.name !== 'NotAllowedError') return;
        if (this.element.muted) this.#blocked = true;
        else this.#playSilently();
        this.#tell();
      },
    );
  }

  pause(): void {
    this.#blocked = false;
    this.element.pause();
  }

  seek(positionMs: number): void {
    const end = lengthOf(this.element.duration);
    this.element.currentTime = Math.max(0, Math.min(positionMs, end ?? Infinity)) / 1_000;
  }

  setRate(rate: number): void {
    // The pitch is kept at every speed. To let it go near the normal one, where nobody would hear it, costs 15 ms of the
    // place at each change to and fro (measured, Chromium 156): more than such a speed is there to mend.
    this.element.playbackRate = rate;
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
    const { buffered } = this.element;
    return Array.from({ length: buffered.length }, (_, index) => ({ fromMs: buffered.start(index) * 1_000, toMs: buffered.end(index) * 1_000 }));
  }

  dispose(): void {
    this.#listeners.clear();
    for (const name of EVENTS) this.element.removeEventListener(name, this.#onEvent);
    this.#stopLoading();
    this.element.pause();
    // Without this a browser may go on loading what nobody sees.
    this.element.removeAttribute('src');
    this.element.load();
  }

  readonly #onEvent = (event: Event): void => {
    const { paused, readyState } = this.element;
    if (event.type === 'playing') this.#moves = true;
    if (event.type === 'waiting' || event.type === 'pause' || event.type === 'emptied') this.#moves = false;
    // Where data is there already, some browsers end a jump without saying `playing` again.
    if ((event.type === 'seeked' || event.type === 'canplay') && !paused && readyState >= HAVE_FUTURE_DATA) this.#moves = true;
    this.#tell();
  };

  #activity(): Activity {
    const { readyState, seeking, ended, paused, currentTime, duration, error } = this.element;
    if (error || this.#problem) return 'failed';
    if (this.#blocked) return 'blocked';
    if (readyState < HAVE_METADATA) return 'loading';
    if (seeking) return 'seeking';
    if (ended) return 'ended';
    const atEnd = (duration - currentTime) * 1_000 < AT_END_MS;
    if (paused) return readyState >= HAVE_FUTURE_DATA || atEnd ? 'paused' : 'loading';
    return this.#moves && readyState >= HAVE_FUTURE_DATA ? 'playing' : 'buffering';
  }

  #playSilently(): void {
    this.#silenced = true;
    this.#applyVolume();
    this.play();
  }

  #applyVolume(): void {
    this.element.volume = this.#volume.volume;
    this.element.muted = this.#volume.muted || this.#silenced;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** A file by its address. */
export function loadFile(url: string): Load {
  return (element) => {
    element.src = url;
    return () => {};
  };
}

function lengthOf(duration: number): number | null {
  return Number.isFinite(duration) && duration > 0 ? duration * 1_000 : null;
}

function problemOf(error: MediaError | null): string | null {
  switch (error?.code) {
    case undefined:
      return null;
    case 2:
      return 'The file stopped coming. The place it lies at may be down, or your connection is.';
    case 3:
      return 'The file is damaged, or made in a way that this browser cannot read.';
    default:
      return 'This browser cannot play what is at this address: it is not there, not shared with other sites, or of a kind that it does not know.';
  }
}
