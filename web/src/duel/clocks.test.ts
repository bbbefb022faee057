import { expect, test } from 'vitest';
import { clockDigits, deadlineOf, DuelClock, intoRound, spokenBetween } from './clocks.ts';
import { aDuel, iso, START } from './testing/a-duel.ts';

test('the quickest document tells the time best', () => {
  const clock = new DuelClock();
  expect(clock.now(0)).toBeNull();
  clock.note(iso(1_000), 5_400); // 400 ms on its way
  clock.note(iso(2_000), 6_020); // 20 ms
  clock.note(iso(3_000), 7_900); // 900 ms
  expect(clock.now(8_000)).toBe(START + 3_980);
});

test('an old measurement is forgotten: a machine that slept has another clock', () => {
  const clock = new DuelClock();
  clock.note(iso(9_000), 1_000);
  for (let n = 0; n < 8; n++) clock.note(iso(10_000 + n * 1_000), 10_000 + n * 1_000);
  expect(clock.now(20_000)).toBe(START + 20_000);
});

test('what is no time is not taken in', () => {
  const clock = new DuelClock();
  clock.note('soon', 5);
  expect(clock.now(5)).toBeNull();
});

test('which deadline counts', () => {
  const round = { ...aDuel().round!, next_at: iso(700_000) };
  expect(deadlineOf(aDuel({ phase: 'countdown' }))).toEqual({ what: 'begins', at: START });
  expect(deadlineOf(aDuel())).toEqual({ what: 'ends', at: START + 600_000 });
  expect(deadlineOf(aDuel({ phase: 'pause', round }))).toEqual({ what: 'next', at: START + 700_000 });
  for (const phase of ['open', 'judging', 'over'] as const) expect(deadlineOf(aDuel({ phase }))).toBeNull();
  expect(deadlineOf(aDuel({ round: null }))).toBeNull();
});

test.each([[600_000, '10:00'], [599_001, '10:00'], [61_000, '1:01'], [10_000, '0:10'], [9_990, '10.0'], [9_400, '9.4'], [40, '0.1'], [0, '0.0'], [-500, '0.0']])('%i ms are %s', (ms, words) => {
  expect(clockDigits(ms)).toBe(words);
});

test('each mark is said once, and of two that were slept through the later one', () => {
  expect(spokenBetween(61_000, 60_500)).toBeNull();
  expect(spokenBetween(60_100, 59_900)).toBe('One minute is left.');
  expect(spokenBetween(59_900, 59_700)).toBeNull();
  expect(spokenBetween(400_000, 9_000)).toBe('Ten seconds are left.');
});

test('when something was received', () => {
  expect(intoRound(61_234)).toBe('1:01.2');
  expect(intoRound(5_000)).toBe('0:05.0');
});
