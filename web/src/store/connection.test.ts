import { expect, test } from 'vitest';
import { noticeAt } from './connection.ts';

test('a short break is not worth a word, a long one is worth a bar', () => {
  const lost = { phase: 'waiting', lostAt: 1000, retryAt: 14_000 } as const;
  expect(noticeAt(lost, 2500)).toEqual({ level: 'none' });
  expect(noticeAt(lost, 4000)).toEqual({ level: 'word' });
  expect(noticeAt(lost, 12_000)).toEqual({ level: 'bar', retryInMs: 2000 });
  expect(noticeAt({ phase: 'connecting', lostAt: 1000 }, 12_000)).toEqual({ level: 'bar', retryInMs: null });
  expect(noticeAt({ phase: 'open' }, 12_000)).toEqual({ level: 'none' });
});
