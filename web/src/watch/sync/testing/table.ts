// The table that stands beside the numbers: the same evenings with our controller, with parts of it taken away, and with
// the rules of others. Printed by `npm run watch-table`.
import { Evening, type Plan } from './evening.ts';
import { LeastRoundTripClock } from './least-round-trip-clock.ts';
import { metAfter, percentile, spreads } from './measure.ts';
import { JellyfinViewer, OpenTogetherTubeViewer } from './other-viewers.ts';
import { OurViewer, UncorrectedViewer } from './viewers.ts';

export interface Row {
  name: string;
  p50: number;
  p95: number;
  max: number;
  /** Milliseconds from the server's acceptance of a seek until all are within 40 ms, and stay: the 95th percentile. */
  metP95: number;
  /** The share of seeks after which that took at most a second. */
  metInTime: number;
  /** Late joiner: within 100 ms of the others after so many milliseconds, the 95th percentile. */
  lateP95: number;
  leastRate: number;
  mostRate: number;
  seeksPerHour: number;
}

type Rule = Pick<Plan, 'manner' | 'make'>;

export const RULES: Record<string, Rule> = {
  Parlor: {},
  'Parlor, clock of the least round trip of 8': {
    make: (world, traits) => new OurViewer(world, traits, { clock: new LeastRoundTripClock() }),
  },
  'Parlor, controller off after the start': { make: (world, traits) => new UncorrectedViewer(world, traits) },
  'Jellyfin, correction on': { manner: 'whenReady', make: (world, traits) => new JellyfinViewer(world, traits, true) },
  'Jellyfin, as delivered': { manner: 'whenReady', make: (world, traits) => new JellyfinViewer(world, traits, false) },
  OpenTogetherTube: { manner: 'atOnce', make: (world, traits) => new OpenTogetherTubeViewer(world, traits) },
};

/** The film runs from 3 s on; what is before 9 s is not measured, as in the goal. */
const STARTED_MS = 9_000;
const LASTS_MS = 69_000;
const SEEK_EVERY_MS = 12_000;

export function row(name: string, rule: Rule, viewers: number, seeds: number): Row {
  const all: number[] = [];
  const met: number[] = [];
  const late: number[] = [];
  let [leastRate, mostRate, jumps, hours] = [1, 1, 0, 0];
  for (let seed = 1; seed <= seeds; seed++) {
    const evening = new Evening({ seed, viewers, ...rule });
    evening.seekEvery(SEEK_EVERY_MS, 20_000, LASTS_MS - 10_000);
    evening.run(LASTS_MS);
    all.push(...spreads(evening.samples, STARTED_MS));
    for (const at of evening.server.seeks) met.push(metAfter(evening.samples, at, 40, at + SEEK_EVERY_MS) ?? Infinity);
    for (const { media, automaticSeeks } of evening.viewers) {
      leastRate = Math.min(leastRate, media.leastRate);
      mostRate = Math.max(mostRate, media.mostRate);
      jumps += automaticSeeks;
      hours += LASTS_MS / 3_600_000;
    }
    evening.join();
    evening.run(LASTS_MS + 10_000);
    late.push(metAfter(evening.samples, LASTS_MS, 100) ?? Infinity);
  }
  return {
    name, p50: percentile(all, 0.5), p95: percentile(all, 0.95), max: percentile(all, 1), metP95: percentile(met, 0.95),
    metInTime: met.filter((ms) => ms <= 1_000).length / met.length, lateP95: percentile(late, 0.95),
    leastRate, mostRate, seeksPerHour: jumps / hours,
  };
}

/** As Markdown. */
export function table(viewers: number, seeds: number): string {
  const head = ['rule', 'spread p50 / p95 / max ms', '< 40 ms after a seek, p95 ms', 'within 1 s', 'late joiner < 100 ms, p95 ms', 'rate', 'own seeks per viewer-hour'];
  const rows = Object.entries(RULES).map(([name, rule]) => cells(row(name, rule, viewers, seeds)));
  return [head, head.map(() => '---'), ...rows].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function cells(row: Row): string[] {
  const ms = (value: number) => (Number.isFinite(value) ? value.toFixed(0) : 'never');
  return [
    row.name, `${ms(row.p50)} / ${ms(row.p95)} / ${ms(row.max)}`, ms(row.metP95), `${(100 * row.metInTime).toFixed(0)} %`,
    ms(row.lateP95), `${row.leastRate.toFixed(3)}–${row.mostRate.toFixed(3)}`, row.seeksPerHour.toFixed(1),
  ];
}
