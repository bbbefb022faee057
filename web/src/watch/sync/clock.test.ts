import { describe, expect, test } from 'vitest';
import { dice, type Dice } from '../../testing/dice.ts';
import { ServerClock, type Exchange } from './clock.ts';
import { between } from './testing/chance.ts';
import { LeastRoundTripClock } from './testing/least-round-trip-clock.ts';
import { percentile } from './testing/measure.ts';

const OFFSET = 1_700_000_000_000;

/** An exchange at a local time, each way 100 ± 50 ms, with a server whose clock is `skew` faster. */
function exchange(d: Dice, local: number, skew = 0, least = 50, most = 150): Exchange {
  const [there, back] = [between(d, least, most), between(d, least, most)];
  const server = (moment: number) => moment * (1 + skew) + OFFSET;
  return { sent: local, received: server(local + there), answered: server(local + there), back: local + there + back };
}

function errors(make: () => ServerClock, exchanges: number): number[] {
  const found: number[] = [];
  for (let seed = 1; seed <= 400; seed++) {
    const d = dice(seed);
    const clock = make();
    for (let n = 0; n < exchanges; n++) clock.add(exchange(d, n * 500));
    const local = exchanges * 500;
    found.push(Math.abs(clock.now(local)! - local - OFFSET));
  }
  return found;
}

describe('the offset', () => {
  test.each([[8, 6, 18], [16, 3, 10], [32, 2, 6]])('after %i exchanges is good to %i ms, %i ms at worst but 5 %%', (exchanges, p50, p95) => {
    const ours = errors(() => new ServerClock(), exchanges);
    expect(percentile(ours, 0.5)).toBeLessThan(p50);
    expect(percentile(ours, 0.95)).toBeLessThan(p95);
    const others = errors(() => new LeastRoundTripClock(), exchanges);
    expect(percentile(others, 0.95)).toBeGreaterThan(1.5 * percentile(ours, 0.95));
  });

  test('is never off by more than it says', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const d = dice(seed);
      const clock = new ServerClock();
      const exchanges = 3 + d.below(30);
      for (let n = 0; n < exchanges; n++) clock.add(exchange(d, n * 1_000));
      const local = exchanges * 1_000;
      expect(Math.abs(clock.now(local)! - local - OFFSET), `seed ${seed}`).toBeLessThanOrEqual(clock.mostError);
    }
  });

  test('says nothing before the third exchange, and is fine from the eighth', () => {
    const d = dice(1);
    const clock = new ServerClock();
    const seen = [];
    for (let n = 0; n < 9; n++) {
      seen.push(clock.quality);
      clock.add(exchange(d, n * 80));
    }
    expect(seen.slice(0, 4)).toEqual(['none', 'none', 'none', 'coarse']);
    expect(seen[8]).toBe('fine');
    expect(new ServerClock().now(0)).toBeNull();
  });

  test('holds through an hour with clocks that go apart', () => {
    for (const skew of [-200e-6, -30e-6, 0, 100e-6, 200e-6]) {
      const d = dice(7);
      const clock = new ServerClock();
      const found: number[] = [];
      for (let local = 0; local < 3_600_000; local += 2_000) {
        clock.add(exchange(d, local, skew));
        const now = local + 1_000;
        // Until it knows how fast they go apart, the window is all that helps; at 200 ppm that is good to 11 ms.
        if (local > 360_000) found.push(Math.abs(clock.now(now)! - (now * (1 + skew) + OFFSET)));
      }
      expect(percentile(found, 0.95), `skew ${skew}`).toBeLessThan(7);
      expect(Math.max(...found), `skew ${skew}`).toBeLessThan(16);
    }
  });

  test('does not go backwards nor jump while it becomes better', () => {
    const d = dice(3);
    const clock = new ServerClock();
    for (let n = 0; n < 8; n++) clock.add(exchange(d, n * 80));
    let before = clock.now(1_000)!;
    for (let local = 1_100; local < 120_000; local += 100) {
      if (local % 2_000 === 0) clock.add(exchange(d, local - 300));
      const now = clock.now(local)!;
      expect(now - before).toBeGreaterThan(97.9);
      expect(now - before).toBeLessThan(102.1);
      before = now;
    }
  });
});

describe('what cannot be', () => {
  test('is left out', () => {
    const clock = new ServerClock();
    const fine: Exchange = { sent: 0, received: OFFSET, answered: OFFSET, back: 200 };
    for (const wrong of [
      { ...fine, back: -1 },
      { ...fine, back: 2_001 },
      { ...fine, answered: OFFSET - 1 },
      { ...fine, received: NaN },
      { ...fine, answered: Infinity },
      { ...fine, answered: OFFSET + 201 },
    ]) {
      expect(clock.add(wrong)).toBe('useless');
    }
    expect(clock.quality).toBe('none');
  });

  test('after a sleep all before is forgotten', () => {
    const d = dice(5);
    const clock = new ServerClock();
    for (let n = 0; n < 20; n++) clock.add(exchange(d, n * 500));
    const slept = (e: Exchange): Exchange => ({ ...e, received: e.received + 60_000, answered: e.answered + 60_000 });
    expect(clock.add(slept(exchange(d, 10_000)))).toBe('jumped');
    expect(clock.quality).toBe('none');
    for (let n = 1; n < 8; n++) expect(clock.add(slept(exchange(d, 10_000 + n * 80)))).toBe('added');
    expect(Math.abs(clock.now(11_000)! - 11_000 - OFFSET - 60_000)).toBeLessThan(30);
  });
});
