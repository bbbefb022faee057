import { expect, test } from 'vitest';
import { graphOf } from './rating-graph.ts';

const points = (...ratings: readonly number[]) => ratings.map((rating, index) => ({ at: new Date(index).toISOString(), rating, deviation: 60, xp: 0 }));

test('a higher rating lies higher, a later one further right', () => {
  const { spots, marks } = graphOf(points(1500, 1560, 1530), 400, 200);
  expect(spots.map(({ x }) => x)).toEqual([0, 200, 400]);
  expect(spots[1]!.y).toBeLessThan(spots[2]!.y);
  expect(spots[2]!.y).toBeLessThan(spots[0]!.y);
  for (const { y } of [...spots, ...marks]) {
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(200);
  }
  expect(marks.length).toBeGreaterThan(1);
  expect(marks.length).toBeLessThanOrEqual(6);
});

test('one point and none are no accident', () => {
  expect(graphOf(points(1500), 400, 200)).toMatchObject({ spots: [{ x: 200, y: 100 }], band: '' });
  expect(graphOf([], 400, 200)).toEqual({ spots: [], line: '', band: '', marks: [] });
});
