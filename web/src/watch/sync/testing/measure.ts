// What a simulated evening was like: how far apart viewers were, how soon they met again, what it cost.
import type { SimulatedViewer } from './viewers.ts';
import type { VirtualTime } from './virtual-time.ts';

const GRID_MS = 50;

export interface Sample {
  at: number;
  /** From the first to the last, in milliseconds; `null` while not all move. */
  spread: number | null;
}

/** Samples the true positions twenty times a second. */
export function record(time: VirtualTime, viewers: () => readonly SimulatedViewer[]): Sample[] {
  const samples: Sample[] = [];
  time.every(GRID_MS, () => {
    const all = viewers();
    const positions = all.map((viewer) => viewer.media.position);
    const spread = all.every((viewer) => viewer.media.isMoving) ? Math.max(...positions) - Math.min(...positions) : null;
    samples.push({ at: time.now, spread });
  });
  return samples;
}

export function spreads(samples: readonly Sample[], from: number, until = Infinity): number[] {
  return samples.flatMap(({ at, spread }) => (at >= from && at < until && spread !== null ? [spread] : []));
}

/** When all moved within `limit` of each other and stayed so for half a second, after `from`; `null` for never. */
export function metAfter(samples: readonly Sample[], from: number, limit: number, until = Infinity): number | null {
  const after = samples.filter(({ at }) => at > from && at < until);
  const needed = 500 / GRID_MS;
  for (let index = 0; index + needed <= after.length; index++) {
    const together = after.slice(index, index + needed).every(({ spread }) => spread !== null && spread < limit);
    if (together) return after[index]!.at - from;
  }
  return null;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
