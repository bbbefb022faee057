import { expect, test } from 'vitest';
import { OUTSIDE, type LobbyState, type Room } from './lobby.ts';
import { departureSentence, newsSentence, othersSentence, partingSentence, spoken, waitingSentence } from './lobby-words.ts';

const bob = { key: '2', id: 2, name: 'Bob', keeps: false };
const room: Room = {
  id: 10, me: { key: '1', id: 1, name: 'Ada', keeps: false }, partners: [bob], gone: [], beganAt: 0, roundEndsAt: null, reportedLines: 50,
  phase: 'deciding', ready: [], items: [], typing: [], over: null,
};
const inRoom = (change: Partial<Room>): LobbyState => ({ at: 'room', group: 7, room: { ...room, ...change } });

test('why a room ended', () => {
  expect(departureSentence('left', ['Bob'])).toBe('Bob left.');
  expect(departureSentence('next', ['Bob'])).toBe('Bob went on to somebody else.');
  expect(departureSentence('vanished', ['Bob'])).toBe('Bob’s connection was lost.');
  expect(departureSentence('group_left', ['Bob', 'Cleo'])).toBe('Bob and Cleo are no longer in the group.');
  expect(newsSentence({ what: 'did_not_start', reason: 'left', names: ['Bob'] })).toBe('Bob did not start, so we look for somebody else.');
  expect(newsSentence({ what: 'ended', reason: 'round_over', names: ['Bob'] })).toBe('The round with Bob is over.');
});

test('how many wait', () => {
  expect([0, 1, 2].map(othersSentence)).toEqual(['You are first; we keep looking.', '1 other waits, too.', '2 others wait, too.']);
  expect([0, 1, 2].map(waitingSentence)).toEqual(['Nobody waits right now. You would be the first.', '1 person waits right now.', '2 people wait right now.']);
});

test('what is read out: each turn once', () => {
  const waiting: LobbyState = { at: 'waiting', group: 7, since: 0, news: null };
  expect(spoken(OUTSIDE, waiting)).toBe('You are waiting for somebody.');
  expect(spoken(waiting, { ...waiting, since: 1 })).toBe('');
  expect(spoken(waiting, inRoom({}))).toBe('You have met Bob. Press Start within 20 seconds.');
  expect(spoken(inRoom({}), inRoom({ ready: ['2'] }))).toBe('Bob is ready.');
  expect(spoken(inRoom({}), inRoom({ ready: ['1'] }))).toBe('');
  expect(spoken(inRoom({}), inRoom({ phase: 'talking' }))).toBe('You are with Bob. You can write.');
  expect(spoken(inRoom({ phase: 'talking' }), inRoom({ phase: 'talking', partners: [{ ...bob, keeps: true }] }))).toBe('Bob would like to keep this.');
  expect(spoken(inRoom({ phase: 'talking' }), inRoom({ phase: 'over', over: { reason: 'left', at: 1 } }))).toBe('Bob left.');
  const unconfirmed: LobbyState = { at: 'outside', group: 7, parting: { what: 'unconfirmed' } };
  expect(spoken(inRoom({}), unconfirmed)).toBe(partingSentence({ what: 'unconfirmed' }));
  expect(spoken(unconfirmed, { ...unconfirmed })).toBe('');
});
