import { expect, test } from 'vitest';
import { Failure, inWords } from './failure.ts';

test('every code has words of its own, which are sentences', () => {
  for (const code of ['offline', 'no_answer', 'unauthorized', 'forbidden', 'not_found', 'conflict', 'client_id_reused', 'too_large', 'invalid', 'rate_limited', 'unavailable', 'internal'] as const) {
    expect(inWords(new Failure(code, ''))).toMatch(/^[A-Z].*\.$/);
  }
});

test('the server’s own sentence is used where it says more, as a sentence', () => {
  expect(inWords(new Failure('conflict', 'the owner must hand the group over first'))).toBe('The owner must hand the group over first.');
  expect(inWords(new Failure('rate_limited', '', undefined, 12))).toContain('12 s');
});

test('an answer that is not a problem still has a code', () => {
  expect(Failure.fromProblem({}, 502).code).toBe('unavailable');
  expect(Failure.fromProblem({}, 401).code).toBe('unauthorized');
});
