import { expect, test } from 'vitest';
import { countdown, dayBounds, dayName, digits, digitsLeft, fullTime, relative, shortClock } from './time.ts';

const now = Date.parse('2026-11-20T15:30:00Z');

test('days are named as people name them', () => {
  expect(dayName(Date.parse('2026-11-20T00:00:00Z'), now)).toBe('Today');
  expect(dayName(Date.parse('2026-11-19T23:59:59Z'), now)).toBe('Yesterday');
  expect(dayName(Date.parse('2026-11-16T12:00:00Z'), now)).toBe('Monday');
  expect(dayName(Date.parse('2026-11-13T12:00:00Z'), now)).toBe('Friday 13 November');
  expect(dayName(Date.parse('2025-11-20T12:00:00Z'), now)).toBe('20 November 2025');
});

test('a message of tomorrow, from a clock that runs ahead, is not called today', () => {
  expect(dayName(Date.parse('2026-11-21T00:10:00Z'), now)).toBe('Saturday 21 November');
});

test('a day reaches from midnight to midnight', () => {
  const { from, to } = dayBounds(now);
  expect(new Date(from).toISOString()).toBe('2026-11-20T00:00:00.000Z');
  expect(to - from).toBe(24 * 3600 * 1000);
});

test('nothing is left to guess in the full time', () => {
  expect(fullTime(now)).toMatch(/20 November 2026, .*3[:.]30/);
});

test('the short time fits beside a message', () => {
  expect(shortClock(now)).toMatch(/^\d{2}[:.]\d{2}$/);
});

test('relative times', () => {
  expect(relative(now - 20_000, now)).toBe('now');
  expect(relative(now - 5 * 60_000, now)).toBe('5 minutes ago');
  expect(relative(now - 26 * 3_600_000, now)).toBe('yesterday');
  expect(relative(now + 3 * 86_400_000, now)).toBe('in 3 days');
});

test('countdowns round up: nobody waits longer than they were told', () => {
  expect(countdown(8_100)).toBe('9 s');
  expect(countdown(65_000)).toBe('1 min 05 s');
  expect(countdown(-5)).toBe('0 s');
});

test('clocks with digits', () => {
  expect(digits(9_999)).toBe('0:09');
  expect(digits(750_000)).toBe('12:30');
  expect(digits(3_723_000)).toBe('1:02:03');
  expect(digitsLeft(9_001)).toBe('0:10');
  expect(digitsLeft(60_000)).toBe('1:00');
  expect(digitsLeft(-3)).toBe('0:00');
});
