import { expect, test } from 'vitest';
import { Failure } from '../failure.ts';
import { quotaInWords, searchProblem } from './search-words.ts';

test('what is left of a day', () => {
  const quota = { limit: 100, resets_at: '' };
  expect([quotaInWords({ ...quota, used: 2 }), quotaInWords({ ...quota, used: 100 }), quotaInWords({ used: 0, limit: 1, resets_at: '' })]).toEqual(['98 of 100 searches left today', 'No searches left today', '1 of 1 search left today']);
});

test.each([
  [new Failure('unavailable', 'this server may not search any more today; paste an address instead', undefined, 20_000), 'This server may not search any more today; paste an address instead. Search again in 6 hours.'],
  [new Failure('rate_limited', 'too many searches', undefined, 360), 'Too many searches. Search again in 6 min.'],
  [new Failure('unavailable', 'YouTube does not answer this server; paste an address instead', undefined, 60), 'YouTube does not answer this server; paste an address instead. Search again in 60 s.'],
  [new Failure('unavailable', 'this server cannot search; paste an address instead'), 'This server cannot search; paste an address instead.'],
  [new Failure('offline', ''), 'You are offline. Nothing is lost; try again when you are back.'],
])('%s', (failure, words) => {
  expect(searchProblem(failure)).toBe(words);
});
