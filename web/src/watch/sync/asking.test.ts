import { expect, test } from 'vitest';
import { Asking } from './asking.ts';
import { ServerClock } from './clock.ts';
import { VirtualTime } from './testing/virtual-time.ts';

/** A server that answers after `roundTripMs`, or not at all. */
class World {
  readonly time = new VirtualTime();
  readonly clock = new ServerClock();
  readonly asked: number[] = [];
  roundTripMs = 100;
  ahead = 5_000;
  readonly asking = new Asking(this.clock, {
    now: () => this.time.now,
    ask: (answer) => {
      this.asked.push(this.time.now);
      const server = this.time.now + this.roundTripMs / 2 + this.ahead;
      if (Number.isFinite(this.roundTripMs)) this.time.after(this.roundTripMs, () => answer({ received: server, answered: server }));
    },
    later: (ms, run) => this.time.after(ms, run),
  });

  askedIn(from: number, until: number): number {
    return this.asked.filter((at) => at >= from && at < until).length;
  }
}

test('asks twelve times in the first second, then every two seconds', () => {
  const world = new World();
  world.asking.begin();
  world.time.run(60_900);
  expect(world.askedIn(0, 1_000)).toBe(12);
  expect(world.askedIn(1_000, 61_000)).toBe(30);
  expect(world.clock.now(60_900)).toBe(65_900);
});

test('a link that is down does not pile questions up, and is asked again', () => {
  const world = new World();
  world.roundTripMs = Infinity;
  world.asking.begin();
  world.time.run(120_000);
  expect(world.asked.length).toBeLessThan(80);
  expect(world.clock.quality).toBe('none');
  world.roundTripMs = 100;
  world.time.run(140_000);
  expect(world.clock.quality).toBe('fine');
});

test('answers of an older connection are not counted, and none after the end', () => {
  const world = new World();
  world.roundTripMs = 1_000;
  world.asking.begin();
  world.time.run(500);
  world.asking.stop();
  world.time.run(10_000);
  expect(world.clock.quality).toBe('none');
  expect(world.askedIn(500, 10_000)).toBe(0);
});

test('an answer that contradicts all before makes it ask quickly again', () => {
  const world = new World();
  world.asking.begin();
  world.time.run(30_000);
  world.ahead += 3_600_000;
  world.time.run(34_000);
  expect(world.clock.quality).toBe('fine');
  expect(world.clock.now(34_000)).toBe(34_000 + 3_605_000);
});
