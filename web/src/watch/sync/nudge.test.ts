import { expect, test } from 'vitest';
import { Nudge } from './nudge.ts';
import { MUSIC, VIDEO, type Steering } from './player.ts';

/** What it does about these errors, one each 100 ms, of a player that does what it is told. */
function factors(steering: Steering, errors: readonly number[], tickMs = 100): number[] {
  const nudge = new Nudge(steering);
  let position = 0;
  return errors.map((error, n) => {
    position += tickMs * nudge.factor;
    nudge.look(n * tickMs, error, position, 1);
    return nudge.factor;
  });
}

test('it begins at ten milliseconds and ends at four', () => {
  expect(factors(VIDEO, [9, 0, 11, 11, 5, 5, 3, 9]).map((factor) => factor !== 1)).toEqual([false, false, true, true, true, true, false, false]);
});

test('it is in proportion, up to five per cent either way', () => {
  for (const [error, factor] of [[20, 1.025], [-20, 0.975], [40, 1.05], [400, 1.05], [-400, 0.95]] as const) {
    expect(factors(VIDEO, [error])[0]).toBeCloseTo(factor);
  }
});

test('in music up to two, and half of one where nobody could hear the difference', () => {
  for (const [error, factor] of [[24, 1.005], [-24, 0.995], [26, 1.02], [-400, 0.98]] as const) {
    expect(factors(MUSIC, [error])[0]).toBeCloseTo(factor);
  }
});

test('it is not changed for nothing, and not more often than each 200 ms, but ends at once', () => {
  expect(factors(VIDEO, [20, 30, 30]).map((factor) => factor.toFixed(4))).toEqual(['1.0250', '1.0250', '1.0375']);
  expect(factors(VIDEO, [20, 20, 21, 21, 21]).map((factor) => factor.toFixed(4))).toEqual(Array(5).fill('1.0250'));
  expect(factors(VIDEO, [20, 2])).toEqual([1.025, 1]);
});

test('one that is looked at seldom is moved gently', () => {
  expect(factors(VIDEO, Array(20).fill(40), 1_000).at(-1)).toBeCloseTo(1.01, 2);
});

test('a player that does not follow is found out, one that does is not', () => {
  for (const [follows, takes] of [[0, false], [0.2, false], [1, true], [2, false]] as const) {
    const nudge = new Nudge(VIDEO);
    let position = 0;
    for (let now = 0; now < 10_000; now += 100) {
      position += 100 * (1 + (nudge.factor - 1) * follows);
      nudge.look(now, 60, position, 1);
    }
    expect(nudge.takes, `${follows}`).toBe(takes);
    expect(nudge.factor === 1).toBe(!takes);
  }
});
