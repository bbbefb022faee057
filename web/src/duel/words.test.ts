import { expect, test } from 'vitest';
import { ending, progressInWords, roundEnding, signatureInWords, signed, spokenOfOthers, termsInWords } from './words.ts';
import { ADA, aDuel, BOB, player, PROBLEM, progress } from './testing/a-duel.ts';

test('terms', () => {
  expect(termsInWords({ rounds: 3, minutes: 10, language: null })).toBe('Best of 3 · 10 min each · any language');
  expect(termsInWords({ rounds: 1, minutes: 5, language: 'python' })).toBe('One round of 5 min · Python');
});

test('a signature', () => {
  expect(signatureInWords(PROBLEM.signature)).toBe('last_one(xs: int[]) → int');
});

test('how far somebody is', () => {
  expect(progressInWords(player(ADA))).toBe('Ada thinks.');
  expect(progressInWords(player(ADA, { progress: progress(3, { activity: 'typing', passed: 4, submits: 1, verdict: 'WA' }) }))).toBe('Ada is typing, 4 of 12 tests, last: wrong answer.');
  expect(progressInWords(player(ADA, { progress: progress(3, { activity: 'judged', passed: 4, submits: 2, verdict: 'WA' }) }))).toBe('Ada is being judged, 4 of 12 tests.');
  expect(progressInWords(player(ADA, { presence: 'away', away_until: '2026-11-20T10:01:00Z' }))).toBe('Ada is away.');
  expect(progressInWords(player(ADA, { presence: 'forfeited' }))).toBe('Ada has given up.');
});

test('what others do is said once, what the reader does is not', () => {
  const judged = (verdict: 'WA' | null, submits = 1) => aDuel({ players: [player(ADA), player(BOB, { progress: progress(BOB.id, { verdict, submits, passed: 7 }) })] });
  expect(spokenOfOthers(judged(null), judged('WA'), ADA.id)).toBe('Bob thinks, 7 of 12 tests, last: wrong answer.');
  expect(spokenOfOthers(judged('WA'), judged('WA'), ADA.id)).toBeNull();
  expect(spokenOfOthers(judged('WA'), judged('WA', 2), ADA.id)).not.toBeNull();
  expect(spokenOfOthers(judged(null), judged('WA'), BOB.id)).toBeNull();
  const away = aDuel({ players: [player(ADA), player(BOB, { presence: 'away' })] });
  expect(spokenOfOthers(aDuel(), away, ADA.id)).toBe('Bob is away.');
  expect(spokenOfOthers(away, aDuel(), ADA.id)).toBe('Bob thinks.');
});

test('how rounds and duels end', () => {
  expect(roundEnding('solved', 'Ada', 'fastest')).toBe('Ada was the first to solve it.');
  expect(roundEnding('solved', 'Ada', 'shortest')).toBe('Ada has the shortest program.');
  expect(roundEnding('time_up', null, 'fastest')).toContain('a draw');
  expect(roundEnding('void', null, 'fastest')).toContain('does not count');
  expect(ending('won', 'Ada')).toBe('Ada has won the duel');
  expect(ending('forfeit', 'Ada')).toContain('gave up');
});

test('changes have a sign', () => {
  expect([12.5, -12.5, -3.2, 0.2, -0.2].map(signed)).toEqual(['+13', '−13', '−3', '±0', '±0']);
});
