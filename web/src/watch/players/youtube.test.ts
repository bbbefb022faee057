// YouTube's player against a stand-in that speaks its messages.
import { beforeEach, describe, expect, test } from 'vitest';
import { VirtualTime } from '../sync/testing/virtual-time.ts';
import { YouTubePlayer } from './youtube.ts';
import type { Frame } from './youtube-frame.ts';

const VIDEO = 'dQw4w9WgXcQ';

class StandIn implements Frame {
  readonly element = {} as HTMLElement;
  readonly calls: (readonly [string, ...unknown[]])[] = [];
  knocks = 0;
  removed = false;
  #listener: (message: unknown) => void = () => {};

  post(message: string): void {
    const said = JSON.parse(message) as { event: string; func: string; args: unknown[] };
    if (said.event === 'listening') this.knocks++;
    else if (said.func !== 'addEventListener' && said.func !== 'setVolume') this.calls.push([said.func, ...said.args]);
  }

  onMessage(listener: (message: unknown) => void): () => void {
    this.#listener = listener;
    return () => (this.#listener = () => {});
  }

  remove(): void {
    this.removed = true;
  }

  says(event: string, info: unknown): void {
    this.#listener(JSON.stringify({ event, info, id: 1, channel: 'widget' }));
  }

  raw(message: unknown): void {
    this.#listener(message);
  }

  take(): (readonly [string, ...unknown[]])[] {
    return this.calls.splice(0);
  }
}

let time: VirtualTime;
let frame: StandIn;
let player: YouTubePlayer;
let changes: number;

beforeEach(() => {
  time = new VirtualTime();
  frame = new StandIn();
  player = new YouTubePlayer(frame, VIDEO, 30_000, { now: () => time.now, later: (ms, run) => time.after(ms, run) });
  changes = 0;
  player.onChange(() => changes++);
});

function ready(): void {
  frame.says('initialDelivery', { playerState: -1, currentTime: 0, duration: 120, videoData: { video_id: VIDEO } });
  frame.take();
}

function playing(at: number): void {
  ready();
  player.play();
  frame.says('onStateChange', 3);
  frame.says('infoDelivery', { playerState: 1, currentTime: at });
  frame.take();
}

test('it knocks until it is answered, and says nothing before', () => {
  player.play();
  time.run(1_000);
  expect(frame.knocks).toBe(5);
  expect(frame.calls).toEqual([]);
  expect(player.read().activity).toBe('loading');
  ready();
  time.run(3_000);
  expect(frame.knocks).toBe(5);
});

test('before it has played it stands where it was told to begin, and is told again rather than sought', () => {
  ready();
  expect(player.read()).toMatchObject({ activity: 'paused', positionMs: 30_000, lengthMs: 120_000 });
  player.seek(45_000);
  expect(frame.take()).toEqual([['cueVideoById', { videoId: VIDEO, startSeconds: 45 }]]);
  expect(player.read()).toMatchObject({ activity: 'paused', positionMs: 45_000 });
});

test('the place is reckoned from the middle of the last samples', () => {
  playing(30);
  for (const late of [0, 40, 5, 90, 10]) {
    time.run(time.now + 265);
    // What the frame says is of `late` milliseconds ago.
    frame.says('infoDelivery', { playerState: 1, currentTime: 30 + (time.now - late) / 1_000 });
  }
  time.run(time.now + 100);
  expect(player.read().positionMs).toBeCloseTo(30_000 + time.now - 10, 0);
  expect(player.read().activity).toBe('playing');
});

test('calls wait for each other, and of each kind only the last is made', () => {
  playing(30);
  player.seek(50_000);
  expect(frame.take()).toEqual([['seekTo', 50, true]]);
  player.seek(60_000);
  player.seek(70_000);
  player.pause();
  expect(frame.take()).toEqual([]);
  expect(player.read().activity).toBe('seeking');
  frame.says('infoDelivery', { playerState: 1, currentTime: 50 });
  expect(frame.take()).toEqual([['seekTo', 70, true]]);
  // One that had no effect is not waited for without end.
  time.run(time.now + 1_600);
  expect(frame.take()).toEqual([['pauseVideo']]);
});

test('a speed that it took counts, not the one that it was asked for', () => {
  playing(30);
  player.setRate(1.05);
  expect(frame.take()).toEqual([['setPlaybackRate', 1.05]]);
  const from = player.read().positionMs;
  time.run(time.now + 1_000);
  expect(player.read().positionMs - from).toBeCloseTo(1_000, 0);
  frame.says('infoDelivery', { playbackRate: 1.05 });
  const then = player.read().positionMs;
  time.run(time.now + 1_000);
  expect(player.read().positionMs - then).toBeCloseTo(1_050, 0);
});

describe('something else is shown', () => {
  test('where it tells another video', () => {
    playing(30);
    frame.says('infoDelivery', { videoData: { video_id: 'advertisemn' } });
    expect(player.read()).toMatchObject({ activity: 'interrupted', lengthMs: null });
  });

  test('where it says that it plays and stands', () => {
    playing(30);
    for (let n = 0; n < 8; n++) {
      time.run(time.now + 265);
      frame.says('infoDelivery', { playerState: 1, currentTime: 30 });
    }
    expect(player.read().activity).toBe('interrupted');
  });
});

test('what the browser forbids is tried without sound, then waits for a touch', () => {
  ready();
  player.play();
  frame.says('onStateChange', 3);
  frame.says('onStateChange', -1);
  expect(frame.take()).toContainEqual(['mute']);
  expect([player.silenced, player.read().activity === 'blocked']).toEqual([true, false]);
  frame.says('onAutoplayBlocked', null);
  expect(player.read().activity).toBe('blocked');
  time.run(time.now + 2_000);
  frame.take();
  player.allowSound();
  expect(frame.take()).toEqual([['unMute'], ['playVideo']]);
});

test.each([[2, /no video by this name/], [100, /removed/], [101, /owner does not allow/], [150, /owner does not allow/], [153, /which site/], [7, /cannot play this video/]])('error %i is told in words', (code, words) => {
  ready();
  frame.says('onError', code);
  expect(player.read().activity).toBe('failed');
  expect(player.problem).toMatch(words);
});

test('nonsense changes nothing', () => {
  playing(30);
  const before = player.read();
  for (const message of [null, 7, {}, '', '{', '[]', '"x"', 'x'.repeat(70_000), JSON.stringify({ event: 7 }), JSON.stringify({ event: 'infoDelivery', info: { currentTime: 'x', duration: -1, playerState: '1', playbackRate: 0 } })]) frame.raw(message);
  expect(player.read()).toEqual(before);
});

test('afterwards it is silent', () => {
  playing(30);
  player.dispose();
  const told = changes;
  frame.says('infoDelivery', { playerState: 2 });
  time.run(time.now + 10_000);
  expect([changes, frame.removed]).toEqual([told, true]);
});
