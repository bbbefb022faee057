import { describe, expect, test } from 'vitest';
import { Jumps, Latency } from './jumps.ts';

const PLENTY = 20_000;

/** Jumps that each went well. */
function jumped(...times: number[]): Jumps {
  const jumps = new Jumps();
  for (const at of times) {
    jumps.jumped(at, 5_000);
    jumps.cameOut(10);
  }
  return jumps;
}

describe('a jump is due', () => {
  test.each([
    ['far behind', 1_001, 0, true],
    ['far ahead', -1_001, 0, true],
    ['a little behind: a nudge cures it', 250, PLENTY, false],
    ['behind by more than a nudge cures in five seconds, with data', 300, PLENTY, true],
    ['the same without data there', 300, 1_200, false],
    ['as far ahead: the nudge takes its time', -900, PLENTY, false],
  ])('%s', (_what, error, buffered, due) => {
    expect(new Jumps().isDue(0, error, buffered, 0.05)).toBe(due);
  });

  test('of the small ones, one in ten seconds', () => {
    const jumps = jumped(0);
    expect(jumps.isDue(9_999, 300, PLENTY, 0.05)).toBe(false);
    expect(jumps.isDue(10_000, 300, PLENTY, 0.05)).toBe(true);
  });

  test('only from farther off after several close to each other, and as before after some quiet', () => {
    const far = (jumps: Jumps, now: number) => [1_500, 2_500, 4_500].map((error) => jumps.isDue(now, error, 0, 0.05));
    expect(far(jumped(0), 1_000)).toEqual([true, true, true]);
    expect(far(jumped(0, 3_000), 6_000)).toEqual([false, true, true]);
    expect(far(jumped(0, 3_000, 6_000), 9_000)).toEqual([false, false, true]);
    expect(far(jumped(0, 3_000, 6_000, 9_000, 12_000), 15_000)).toEqual([false, false, true]);
    expect(far(jumped(0, 3_000, 6_000), 36_000)).toEqual([false, true, true]);
    expect(far(jumped(0, 3_000, 6_000), 66_000)).toEqual([true, true, true]);
  });

  test('after one that did not help, later and later', () => {
    const jumps = new Jumps();
    const waits: number[] = [];
    let now = 0;
    for (let n = 0; n < 12; n++) {
      jumps.jumped(now, 9_000);
      jumps.cameOut(9_000);
      const from = now;
      while (!jumps.isDue(now, 9_000, 0, 0.05)) now += 1_000;
      waits.push((now - from) / 1_000);
    }
    expect(waits).toEqual([4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600, 600]);
    jumps.jumped(now, 9_000);
    jumps.cameOut(20);
    expect(jumps.isDue(now + 5_000, 9_000, 0, 0.05)).toBe(true);
  });
});

test('what a player needs is averaged at first, then follows slowly, within bounds', () => {
  const latency = new Latency(100, 500);
  const needs = (ms: number) => latency.missedBy(ms - latency.ms);
  needs(200);
  expect(latency.ms).toBe(200);
  needs(300);
  expect(latency.ms).toBe(250);
  for (let n = 0; n < 50; n++) needs(40);
  expect(latency.ms).toBeCloseTo(40);
  needs(90);
  expect(latency.ms).toBeCloseTo(55);
  needs(9_999);
  expect(latency.ms).toBe(500);
  needs(-9_999);
  expect(latency.ms).toBe(0);
});
