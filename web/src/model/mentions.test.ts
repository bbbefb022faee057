import { expect, test } from 'vitest';
import { matchMembers, mentionNames, mentionOf, mentionQuery, mentionsMe } from './mentions.ts';

const account = (id: number, display_name: string, username: string | null = null) => ({ id, display_name, username });
const member = (id: number, display_name: string, username: string | null = null) => ({ account: account(id, display_name, username) });

test('the word behind the last @ before the caret', () => {
  expect(mentionQuery('hello @ad', 9)).toEqual({ from: 6, query: 'ad' });
  expect(mentionQuery('@', 1)).toEqual({ from: 0, query: '' });
  expect(mentionQuery('hello @ad now', 9)).toEqual({ from: 6, query: 'ad' });
  expect(mentionQuery('mail a@ad', 9)).toBeUndefined();
  expect(mentionQuery('@ada said', 9)).toBeUndefined();
});

test('beginnings of names first, then of later words', () => {
  const members = [member(1, 'Beth Ada'), member(2, 'Ada'), member(3, 'Zoe', 'adam'), member(4, 'Bob')];
  expect(matchMembers(members, 'ad', 6).map((m) => m.account.id)).toEqual([2, 3, 1]);
  expect(matchMembers(members, '', 2)).toHaveLength(2);
});

test('a mention is written as the server knows it; guests only have their display name', () => {
  expect(mentionOf(account(1, 'Ada', 'ada'))).toBe('@ada');
  expect(mentionOf(account(2, 'Guest Bob'))).toBe('@Guest Bob');
});

test('whether the reader is named', () => {
  const names = mentionNames([account(1, 'Mia', 'mia'), account(2, 'Ada', 'ada')], 1);
  expect(mentionsMe('hey @MIA!', names)).toBe(true);
  expect(mentionsMe('hey @ada, mia@example.org', names)).toBe(false);
});
