import { expect, test } from 'vitest';
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

test('numbers', () => {
  expect(newMessages(1)).toBe('1 new message');
  expect(newMessages(3)).toBe('3 new messages');
});
