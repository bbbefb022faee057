// A media element's player against a stand-in for the element.
import { beforeEach, expect, test } from 'vitest';
import type { Activity } from '../sync/player.ts';
import { loadFile, MediaElementPlayer } from './media-element.ts';

class Element extends EventTarget {
  preload = '';
  src = '';
  currentTime = 0;
  duration = NaN;
  readyState = 0;
  paused = true;
  seeking = false;
  ended = false;
  muted = false;
  volume = 1;
  playbackRate = 1;
  preservesPitch = true;
  error: { code: number } | null = null;
  ranges: readonly (readonly [number, number])[] = [];
  forbids: 'nothing' | 'sound' | 'everything' = 'nothing';
  plays = 0;

  get buffered() {
    return { length: this.ranges.length, start: (n: number) => this.ranges[n]![0], end: (n: number) => this.ranges[n]![1] };
  }

  play(): Promise<void> {
    this.plays++;
    if (this.forbids === 'everything' || (this.forbids === 'sound' && !this.muted)) return Promise.reject(new DOMException('', 'NotAllowedError'));
    this.paused = false;
    return Promise.resolve();
  }

  pause(): void {
    this.paused = true;
  }

  load(): void {}

  removeAttribute(): void {
    this.src = '';
  }

  says(name: string, change: Partial<Element> = {}): void {
    Object.assign(this, change);
    this.dispatchEvent(new Event(name));
  }
}

let element: Element;
let player: MediaElementPlayer;
let changes: number;

beforeEach(() => {
  element = new Element();
  player = new MediaElementPlayer(element as unknown as HTMLMediaElement);
  player.show(loadFile('/film.webm'));
  changes = 0;
  player.onChange(() => changes++);
});

const activity = (): Activity => player.read().activity;

test('what it does is what the element does', async () => {
  expect([element.src, element.preload, activity()]).toEqual(['/film.webm', 'auto', 'loading']);
  element.says('loadedmetadata', { readyState: 1, duration: 20 });
  expect(activity()).toBe('loading');
  element.says('canplay', { readyState: 4 });
  expect(activity()).toBe('paused');
  player.play();
  expect(activity()).toBe('buffering');
  await Promise.resolve();
  element.says('playing');
  expect(activity()).toBe('playing');
  element.says('waiting', { readyState: 2 });
  expect(activity()).toBe('buffering');
  element.says('playing', { readyState: 4 });
  element.says('seeking', { seeking: true });
  expect(activity()).toBe('seeking');
  // Some browsers say no more than this.
  element.says('seeked', { seeking: false });
  expect(activity()).toBe('playing');
  element.says('ended', { ended: true, paused: true });
  expect(activity()).toBe('ended');
  expect(changes).toBe(8);
});

test('place, length and what is loaded', () => {
  Object.assign(element, { readyState: 4, duration: 20, currentTime: 3, ranges: [[0, 1], [2, 7.5]] });
  expect(player.read()).toMatchObject({ positionMs: 3_000, lengthMs: 20_000, bufferedMs: 4_500 });
  expect(player.loaded()).toEqual([{ fromMs: 0, toMs: 1_000 }, { fromMs: 2_000, toMs: 7_500 }]);
  for (const duration of [NaN, Infinity, 0]) {
    element.duration = duration;
    expect(player.read().lengthMs).toBeNull();
  }
});

test('it is never sent before the beginning nor past the end', () => {
  element.duration = 20;
  for (const [asked, got] of [[-5, 0], [5_000, 5], [25_000, 20]] as const) {
    player.seek(asked);
    expect(element.currentTime).toBe(got);
  }
});

test('it is as fast as it is told, and its pitch is left alone', () => {
  for (const rate of [1.005, 0.95, 1.5]) {
    player.setRate(rate);
    expect([element.playbackRate, element.preservesPitch]).toEqual([rate, true]);
  }
});

/** Until what was promised has been dealt with. */
const settled = () => new Promise((done) => setTimeout(done));

test('where sound is forbidden it plays without, until it is touched', async () => {
  element.says('canplay', { readyState: 4, duration: 20, forbids: 'sound' });
  player.setVolume(0.5, false);
  player.play();
  await settled();
  element.says('playing');
  expect([player.silenced, element.muted, activity()]).toEqual([true, true, 'playing']);
  // What one sets meanwhile is kept for later.
  player.setVolume(0.8, false);
  expect(element.muted).toBe(true);
  player.allowSound();
  expect([player.silenced, element.muted, element.volume]).toEqual([false, false, 0.8]);
});

test('where everything is forbidden it waits for the touch', async () => {
  element.says('canplay', { readyState: 4, duration: 20, forbids: 'everything' });
  player.play();
  await settled();
  expect([activity(), player.silenced, element.plays]).toEqual(['blocked', true, 2]);
  element.forbids = 'nothing';
  player.allowSound();
  await settled();
  element.says('playing');
  expect([activity(), element.muted]).toEqual(['playing', false]);
});

test('a failure is told in words, and the next file begins anew', () => {
  element.says('error', { error: { code: 4 } });
  expect(activity()).toBe('failed');
  expect(player.problem).toMatch(/cannot play what is at this address/);
  player.show((shown, failed) => {
    (shown as unknown as Element).error = null;
    failed('The stream did not come.');
    return () => {};
  });
  expect(player.problem).toBe('The stream did not come.');
  player.show(loadFile('/other.webm'));
  expect([activity(), player.problem, element.src]).toEqual(['loading', null, '/other.webm']);
});

test('afterwards it is silent and loads nothing', () => {
  player.dispose();
  element.says('playing');
  expect([changes, element.src, element.paused]).toEqual([0, '', true]);
});
