import { describe, expect, test } from 'vitest';
import { EMBEDDED, MUSIC, VIDEO } from './player.ts';
import { Rig } from './testing/rig.ts';

describe('standing', () => {
  test('goes to its place and says once that it is ready', () => {
    const rig = new Rig();
    rig.says({ phase: 'preparing', pos_ms: 90_000 });
    rig.run(2_000);
    expect(rig.ready).toEqual([2]);
    expect(rig.media.position).toBe(90_000);
    expect(rig.media.seeks).toBe(1);
    rig.says({ phase: 'preparing', rate: 1.5 });
    rig.run(1_000);
    expect(rig.ready).toEqual([2, 3]);
  });

  test('a pause stands exactly where all stand', () => {
    const rig = new Rig().watching(10_000);
    rig.says({ phase: 'paused', pos_ms: 20_123 });
    rig.run(1_000);
    expect(rig.media.position).toBe(20_123);
    expect(rig.media.isMoving).toBe(false);
  });

  test('a player that does not go where it is sent is sent there once a second, not ten times', () => {
    const rig = new Rig();
    let sent = 0;
    rig.media.seek = () => sent++;
    rig.run(1_000);
    rig.says({ phase: 'preparing', pos_ms: 60_000 });
    rig.run(10_000);
    expect(sent).toBeLessThanOrEqual(11);
    expect(rig.ready).toEqual([]);
  });

  test('is not ready without data', () => {
    const rig = new Rig();
    rig.run(1_000);
    rig.media.stall(3_000);
    rig.says({ phase: 'preparing', pos_ms: 5_000 });
    rig.run(2_500);
    expect(rig.ready).toEqual([]);
    rig.run(1_000);
    expect(rig.ready).toEqual([2]);
  });
});

describe('starting', () => {
  test('learns how early to call', () => {
    const rig = new Rig({ traits: { playLatencyMs: 85 } });
    const late: number[] = [];
    for (let n = 1; n <= 6; n++) {
      rig.says({ phase: 'preparing', pos_ms: n * 60_000 });
      rig.run(1_000);
      rig.says({ phase: 'playing', at_ms: rig.time.now + 250 });
      rig.run(450);
      late.push(Math.abs(rig.behind));
      rig.run(5_000);
    }
    expect(late[0]).toBeGreaterThan(35);
    expect(Math.max(...late.slice(1))).toBeLessThan(15);
  });

  test('a state that comes late is caught up with', () => {
    const rig = new Rig();
    rig.run(1_000);
    rig.says({ phase: 'playing', pos_ms: 0, at_ms: -500_000 });
    rig.run(2_000);
    expect(Math.abs(rig.behind)).toBeLessThan(30);
    expect(rig.controller.jumps).toBe(0);
  });

  test('a slow seek is tried again from further ahead', () => {
    const rig = new Rig({ traits: { seekLatencyMs: [1_200, 1_300] } });
    rig.run(1_000);
    rig.says({ phase: 'playing', pos_ms: 0, at_ms: -500_000 });
    rig.run(8_000);
    expect(Math.abs(rig.behind)).toBeLessThan(30);
    expect(rig.media.seeks).toBeLessThanOrEqual(3);
  });

  test('what the browser forbids is left alone until it is touched', () => {
    const rig = new Rig({ traits: { mayBegin: false } });
    rig.run(1_000);
    rig.says({ phase: 'playing', at_ms: rig.time.now + 250 });
    rig.run(5_000);
    const { seeks } = rig.media;
    rig.run(20_000);
    expect(rig.media.seeks).toBe(seeks);
    rig.media.touch();
    rig.run(3_000);
    expect(Math.abs(rig.behind)).toBeLessThan(40);
  });

  test('who is stopped by something else is let go again, seldom', () => {
    const rig = new Rig().watching(0);
    rig.media.pause();
    rig.run(5_000);
    expect(rig.media.isMoving).toBe(true);
    expect(Math.abs(rig.behind)).toBeLessThan(40);
    let seeks = rig.media.seeks;
    for (let n = 0; n < 100; n++) {
      rig.media.pause();
      rig.run(100);
    }
    seeks = rig.media.seeks - seeks;
    expect(seeks).toBeLessThanOrEqual(6);
  });
});

describe('moving', () => {
  test('stays within ten milliseconds or so, with the common speed most of the time', () => {
    const rig = new Rig().watching(0);
    const far: number[] = [];
    for (let n = 0; n < 600; n++) far.push(Math.abs(rig.run(1_000).behind));
    expect(Math.max(...far)).toBeLessThan(20);
    expect(rig.media.seeks).toBeLessThanOrEqual(1);
  });

  test.each([
    ['a film', VIDEO, 0.05],
    ['music', MUSIC, 0.02],
  ])('%s changes its speed by its share only, at any common speed', (_what, steering, most) => {
    for (const rate of [0.5, 1, 1.75]) {
      const rig = new Rig({ steering }).watching(0, rate);
      rig.media.leastRate = rig.media.mostRate = rate;
      rig.media.stall(150);
      rig.run(10_000);
      rig.controller.userOffsetMs = -200;
      rig.run(30_000);
      expect(rig.media.mostRate).toBeCloseTo(rate * (1 + most), 5);
      expect(rig.media.leastRate).toBeCloseTo(rate * (1 - most), 5);
      expect(rig.controller.jumps).toBe(0);
    }
  });

  test('who was without data for long jumps once', () => {
    const rig = new Rig().watching(0);
    rig.media.stall(3_000);
    rig.run(3_000);
    expect(rig.behind).toBeGreaterThan(2_900);
    rig.run(2_500);
    expect(Math.abs(rig.behind)).toBeLessThan(40);
    expect(rig.controller.jumps).toBe(1);
  });

  test('a player that lies about where it went is not sent again and again', () => {
    const rig = new Rig().watching(0);
    // Whatever it is asked for, it ends up three seconds behind.
    const seek = rig.media.seek.bind(rig.media);
    rig.media.seek = (positionMs) => seek(positionMs - 3_000);
    rig.media.stall(3_000);
    rig.run(600_000);
    expect(rig.controller.jumps).toBeLessThan(45);
  });

  test('another common speed is taken at once', () => {
    const rig = new Rig().watching(0);
    rig.says({ phase: 'playing', pos_ms: rig.media.position + rig.behind, rate: 1.5 });
    rig.run(3_000);
    expect(Math.abs(rig.behind)).toBeLessThan(20);
    expect(rig.controller.jumps).toBe(0);
  });

  test('at the end nothing is done any more', () => {
    const rig = new Rig().watching(3_590_000);
    const { seeks } = rig.media;
    rig.run(20_000);
    rig.says({ phase: 'ended', pos_ms: 3_600_000 });
    rig.run(5_000);
    expect(rig.media.position).toBe(3_600_000);
    expect(rig.media.seeks).toBe(seeks);
  });

  test('what is nearly over is left to end', () => {
    const rig = new Rig().watching(3_585_000);
    const { seeks } = rig.media;
    rig.media.stall(4_600);
    rig.run(20_000);
    expect(rig.media.seeks).toBe(seeks);
    expect(rig.controller.jumps).toBe(0);
  });

  test('numbers that are none move nothing', () => {
    const rig = new Rig().watching(0);
    const { seeks } = rig.media;
    const read = rig.media.read.bind(rig.media);
    rig.media.read = () => ({ ...read(), positionMs: NaN });
    rig.run(10_000);
    expect(rig.media.seeks).toBe(seeks);
    rig.media.read = read;
    rig.run(5_000);
    expect(Math.abs(rig.behind)).toBeLessThan(20);
  });

  test('an offset of the viewer moves it for them alone', () => {
    const rig = new Rig().watching(0);
    rig.controller.userOffsetMs = 180;
    rig.run(10_000);
    expect(rig.behind).toBeGreaterThan(-195);
    expect(rig.behind).toBeLessThan(-165);
  });

  test('a page out of sight, looked at once a second, does not swing', () => {
    const rig = new Rig({ tickMs: 1_000 }).watching(0);
    rig.media.stall(200);
    rig.run(30_000);
    const far: number[] = [];
    for (let n = 0; n < 100; n++) far.push(Math.abs(rig.run(1_000).behind));
    expect(Math.max(...far)).toBeLessThan(25);
  });

  test('"catch up" goes there at once', () => {
    const rig = new Rig().watching(0);
    rig.media.stall(600);
    rig.run(700);
    rig.controller.catchUp();
    rig.run(1_000);
    expect(Math.abs(rig.behind)).toBeLessThan(60);
    expect(rig.controller.jumps).toBe(0);
  });

  test('the drift that it tells is the true one', () => {
    const rig = new Rig({ traits: { fineRates: false } }).watching(0);
    rig.media.stall(200);
    rig.run(5_000);
    expect(Math.abs(rig.controller.driftMs! - rig.behind)).toBeLessThan(10);
  });
});

describe('a player that takes no fine rates', () => {
  test('is found out and brought back by few jumps', () => {
    const rig = new Rig({ traits: { fineRates: false, skew: 100e-6 } }).watching(0);
    rig.media.stall(230);
    rig.run(10_000);
    expect(rig.controller.nudges).toBe(false);
    rig.media.stall(400);
    rig.run(15_000);
    expect(Math.abs(rig.behind)).toBeLessThan(250);
    const { jumps } = rig.controller;
    rig.run(3_600_000 - rig.time.now - 60_000);
    expect(rig.controller.jumps - jumps).toBeLessThanOrEqual(2);
  });

  test('one that takes them is never taken for one that does not', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const rig = new Rig({ seed }).watching(0);
      for (let n = 0; n < 30; n++) {
        rig.media.stall(100 + 10 * n);
        rig.run(6_000);
      }
      expect(rig.controller.nudges, `seed ${seed}`).toBe(true);
    }
  });

  test('one in a frame, told of by rough times, stays within its bound', () => {
    const rig = new Rig({ steering: EMBEDDED, traits: { readNoiseMs: 30, playLatencyMs: 200, seekLatencyMs: [100, 400] } });
    rig.watching(0);
    const far: number[] = [];
    for (let n = 0; n < 300; n++) far.push(Math.abs(rig.run(1_000).behind));
    expect(Math.max(...far)).toBeLessThan(100);
    expect(rig.controller.jumps).toBe(0);
  });
});
