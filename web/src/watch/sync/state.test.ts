import { expect, test } from 'vitest';
import { isNewer, positionAt, timeOf, type PlayState } from './state.ts';

const playing: PlayState = { epoch: 1, rev: 4, item: 9, phase: 'playing', pos_ms: 5_000, at_ms: 1_000, rate: 1.5 };

test('the position is reckoned from the state and the clock of the server', () => {
  expect([0, 1_000, 3_000].map((server) => positionAt(playing, server, null))).toEqual([5_000, 5_000, 8_000]);
  expect(positionAt(playing, 3_000, 6_000)).toBe(6_000);
  for (const phase of ['paused', 'preparing', 'ended', 'idle'] as const) {
    expect(positionAt({ ...playing, phase }, 99_000, null)).toBe(5_000);
  }
});

test('and back', () => {
  expect(timeOf(playing, 8_000)).toBe(3_000);
  expect(positionAt(playing, timeOf(playing, 7_777), null)).toBeCloseTo(7_777);
});

test('what is older is not followed, another life of the server is', () => {
  expect(isNewer(playing, null)).toBe(true);
  expect(isNewer(playing, playing)).toBe(false);
  expect(isNewer({ ...playing, rev: 3 }, playing)).toBe(false);
  expect(isNewer({ ...playing, rev: 5 }, playing)).toBe(true);
  expect(isNewer({ ...playing, epoch: 2, rev: 1 }, playing)).toBe(true);
});
