// From what the browsers wrote down to numbers: how far apart they were, how soon they met. Pure.
import type { Recording } from './page.ts';

const GRID_MS = 50;
/** Between two samples further apart than this nothing is reckoned. */
const LONGEST_GAP_MS = 200;
const STAYS_MS = 500;

/** Milliseconds from the first to the last viewer at each moment at which all moved. */
export type Spread = readonly { readonly at: number; readonly ms: number | null }[];

type Point = readonly [at: number, positionMs: number, moves: boolean];

/** By the word of the players. */
export function spreadByTime(recordings: readonly Recording[], from: number, until: number): Spread {
  return spread(recordings.map(({ samples }) => samples.map(([at, position, , moves]) => [at, position * 1_000, moves] as const)), from, until);
}

/** By the numbers in the pictures: each came to the screen at the place that is its number. */
export function spreadByPicture(recordings: readonly Recording[], fps: number, from: number, until: number): Spread {
  const points = recordings.map(({ pictures }) =>
    pictures.map(([at, number], index): Point => {
      const before = pictures[index - 1];
      return [at, (number * 1_000) / fps, before !== undefined && number > before[1] && number - before[1] < fps / 2];
    }),
  );
  return spread(points, from, until);
}

function spread(viewers: readonly (readonly Point[])[], from: number, until: number): Spread {
  const cursors = viewers.map(() => 0);
  const found: { at: number; ms: number | null }[] = [];
  for (let at = from; at < until; at += GRID_MS) {
    const places = viewers.map((points, viewer) => {
      while (cursors[viewer]! + 1 < points.length && points[cursors[viewer]! + 1]![0] <= at) cursors[viewer]!++;
      return between(points[cursors[viewer]!], points[cursors[viewer]! + 1], at);
    });
    const all = places.filter((place) => place !== null);
    found.push({ at, ms: all.length === viewers.length ? Math.max(...all) - Math.min(...all) : null });
  }
  return found;
}

function between(before: Point | undefined, after: Point | undefined, at: number): number | null {
  if (!before || !after || !before[2] || !after[2] || before[0] > at || after[0] - before[0] > LONGEST_GAP_MS) return null;
  return before[1] + ((after[1] - before[1]) * (at - before[0])) / (after[0] - before[0]);
}

/** Milliseconds after `from` until all moved within `limitMs` and did so for half a second; `null` for never. */
export function metAfter(found: Spread, from: number, limitMs: number): number | null {
  const needed = STAYS_MS / GRID_MS;
  const after = found.filter(({ at }) => at >= from);
  for (let index = 0; index + needed <= after.length; index++) {
    if (after.slice(index, index + needed).every(({ ms }) => ms !== null && ms < limitMs)) return after[index]!.at - from;
  }
  return null;
}

export function values(found: Spread): readonly number[] {
  return found.flatMap(({ ms }) => (ms === null ? [] : [ms]));
}

export function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
