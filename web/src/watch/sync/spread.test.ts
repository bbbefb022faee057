// The numbers of the goal, in simulated evenings; the same ones without our controller must miss them.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { MUSIC } from './player.ts';
import { Evening, type Plan } from './testing/evening.ts';
import { metAfter, percentile, spreads, type Sample } from './testing/measure.ts';
import { OurViewer } from './testing/viewers.ts';
import { row, RULES } from './testing/table.ts';

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

function evening(plan: Partial<Plan>): Evening {
  return new Evening({ seed: 1, viewers: 3, ...plan });
}

describe.each([3, 4, 5])('%i viewers at 100 ± 50 ms', (viewers) => {
  const ours = row('Parlor', RULES.Parlor!, viewers, SEEDS.length);

  test('stay within 20 ms half of the time and within 40 ms nearly always', () => {
    expect(ours.p50).toBeLessThan(20);
    expect(ours.p95).toBeLessThan(40);
    expect(ours.max).toBeLessThan(80);
  });

  test('are within 40 ms of each other a second after a seek was accepted', () => {
    expect(ours.metP95).toBeLessThanOrEqual(1_000);
  });

  test('get a late joiner within 100 ms in two seconds', () => {
    expect(ours.lateP95).toBeLessThanOrEqual(2_000);
  });

  test('change speed by five per cent at most and never seek by themselves', () => {
    expect(ours.leastRate).toBeGreaterThanOrEqual(0.95);
    expect(ours.mostRate).toBeLessThanOrEqual(1.05);
    expect(ours.seeksPerHour).toBeLessThanOrEqual(2);
  });
});

test.each(Object.keys(RULES).slice(1))('%s misses them', (name) => {
  const other = row(name, RULES[name]!, 5, SEEDS.length);
  expect(other.p95).toBeGreaterThan(40);
});

test('in hours of film, with short gaps in the data, nobody seeks more than twice an hour', () => {
  const long = evening({ viewers: 4 });
  for (let at = 60_000, n = 0; at < 2 * 3_600_000; at += 240_000, n++) {
    long.time.at(at, () => long.viewers[n % 4]!.media.stall(100 + 10 * (n % 10)));
  }
  long.run(2 * 3_600_000);
  const all = spreads(long.samples, 9_000);
  expect(percentile(all, 0.95)).toBeLessThan(40);
  expect(percentile(all, 0.5)).toBeLessThan(20);
  for (const { automaticSeeks } of long.viewers) expect(automaticSeeks).toBeLessThanOrEqual(4);
});

test('music, too, with two per cent', () => {
  const make: Plan['make'] = (world, traits) => new OurViewer(world, traits, { steering: MUSIC });
  const all = SEEDS.flatMap((seed) => spreads(evening({ seed, make }).run(69_000).samples, 12_000));
  expect(percentile(all, 0.95)).toBeLessThan(40);
  expect(percentile(all, 0.5)).toBeLessThan(20);
});

test('at another common speed, set while all watch', () => {
  for (const rate of [0.5, 2]) {
    const all = SEEDS.flatMap((seed) => {
      const e = evening({ seed });
      e.time.at(8_000, () => e.server.setRate(rate));
      return spreads(e.run(60_000).samples, 14_000);
    });
    expect(percentile(all, 0.95), `${rate}`).toBeLessThan(40);
  }
});

test('one who had no data for three seconds is with the others again within ten', () => {
  for (const seed of SEEDS) {
    const e = evening({ seed });
    e.time.at(20_000, () => e.viewers[0]!.media.stall(3_000));
    e.run(40_000);
    expect(metAfter(e.samples, 23_000, 40)!, `seed ${seed}`).toBeLessThan(10_000);
    expect(e.viewers.map((viewer) => viewer.automaticSeeks)).toEqual([1, 0, 0]);
  }
});

test('a late joiner is within 40 ms in five seconds', () => {
  for (const seed of SEEDS) {
    const e = evening({ seed });
    e.run(30_000);
    e.join();
    e.run(45_000);
    expect(metAfter(e.samples, 30_000, 40)!, `seed ${seed}`).toBeLessThan(5_000);
  }
});

test('one whose connection was away for ten seconds in which all went elsewhere is back within three', () => {
  for (const seed of SEEDS) {
    const e = evening({ seed });
    const away = e.viewers[0] as OurViewer;
    e.time.at(20_000, () => away.cut());
    e.time.at(25_000, () => e.server.seek(1_000_000));
    e.time.at(30_000, () => away.reconnect());
    e.run(40_000);
    expect(metAfter(e.samples, 30_000, 40)!, `seed ${seed}`).toBeLessThan(3_000);
  }
});

test('one whose machine slept for a minute is back soon after it asks again', () => {
  for (const seed of SEEDS) {
    const e = evening({ seed });
    const sleeper = e.viewers[0] as OurViewer;
    e.run(30_000);
    sleeper.sleep(60_000);
    e.run(60_000);
    expect(metAfter(e.samples, 30_000, 40)!, `seed ${seed}`).toBeLessThan(12_000);
  }
});

describe('the time of day', () => {
  afterEach(() => vi.useRealTimers());

  test('may be moved by an hour: nothing at all changes', () => {
    const watch = (meanwhile: () => void): Sample[] => {
      const e = evening({ viewers: 4 });
      e.seekEvery(20_000, 25_000, 60_000);
      e.time.at(15_000, meanwhile);
      return e.run(69_000).samples;
    };
    const undisturbed = watch(() => {});
    vi.useFakeTimers({ toFake: ['Date'] });
    for (const hours of [1, -1]) {
      const moved = watch(() => vi.setSystemTime(Date.now() + hours * 3_600_000));
      expect(moved).toEqual(undisturbed);
    }
  });
});
