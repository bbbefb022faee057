import { expect, test } from 'vitest';
import type { PlayerChange } from '../shapes.ts';
import { newMessages, noticeSentence, reactionSentence, typingSentence } from './sentences.ts';

test('who is typing', () => {
  expect(typingSentence([])).toBe('');
  expect(typingSentence(['Ada'])).toBe('Ada is typing…');
  expect(typingSentence(['Ada', 'Bob'])).toBe('Ada and Bob are typing…');
  expect(typingSentence(['Ada', 'Bob', 'Cleo'])).toBe('Ada, Bob and 1 other are typing…');
  expect(typingSentence(['Ada', 'Bob', 'Cleo', 'Dan'])).toBe('Ada, Bob and 2 others are typing…');
});

test('who reacted, with the names that are known', () => {
  const reaction = (count: number, me: boolean, names: string[]) => reactionSentence({ emoji: '👍', count, me, names });
  expect(reaction(1, true, [])).toBe('You reacted with 👍');
  expect(reaction(2, true, ['Ada'])).toBe('You and Ada reacted with 👍');
  expect(reaction(5, true, ['Ada'])).toBe('You, Ada and 3 others reacted with 👍');
  expect(reaction(1, false, [])).toBe('1 person reacted with 👍');
  expect(reaction(3, false, [])).toBe('3 people reacted with 👍');
});

test('notices', () => {
  const base = { kind: 'notice', key: 'k', seq: 1, at: 0, by: { id: 2, name: 'Ada' } } as const;
  expect(noticeSentence({ ...base, notice: { what: 'joined', who: 'Bob', role: 'member' } })).toBe('Bob joined');
  expect(noticeSentence({ ...base, notice: { what: 'left', who: 'Bob', reason: 'kicked' } })).toBe('Ada removed Bob');
  expect(noticeSentence({ ...base, notice: { what: 'role', who: 'Bob', role: 'owner' } })).toBe('Bob owns the group now');
  expect(noticeSentence({ ...base, notice: { what: 'updated', fields: ['name'], name: 'New' } })).toBe('Ada renamed the group to New');
  expect(noticeSentence({ ...base, notice: { what: 'updated', fields: ['rules'] } })).toBe('Ada changed the rules');
});

test('notices of the player', () => {
  const play = { epoch: 1, rev: 2, item: 3, phase: 'paused', pos_ms: 83_000, at_ms: 0, rate: 1.5 } as const;
  const item = { id: 3, source: 'https://a.example/x', title: 'The film', kind: 'video', length_ms: null, added_by: 2 } as const;
  const says = (change: PlayerChange) => noticeSentence({ kind: 'notice', key: 'k', seq: 1, at: 0, by: { id: 2, name: 'Ada' }, notice: { what: 'player', change } });
  expect(says({ change: 'loaded', item, play })).toBe('Ada put on The film');
  expect(says({ change: 'added', item })).toBe('Ada added The film to the queue');
  expect(says({ change: 'advanced', play, reason: 'skip' })).toBe('Skipped by vote');
  expect((['play', 'pause', 'seek', 'rate', 'next'] as const).map((reason) => says({ change: 'played', play, reason }))).toEqual([
    'Ada pressed play at 1:23', 'Ada paused at 1:23', 'Ada went to 1:23', 'Ada set the speed to 1.5×', 'Ada stopped the player',
  ]);
});

test('numbers', () => {
  expect(newMessages(1)).toBe('1 new message');
  expect(newMessages(3)).toBe('3 new messages');
});
