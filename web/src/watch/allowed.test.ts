import { expect, test } from 'vitest';
import type { Role, Watch, WatchControl } from '../shapes.ts';
import { allowed, votesToSkip, type Allowed } from './allowed.ts';

const everyone: WatchControl = { playback: 'everyone', choice: 'everyone', queue: 'everyone', patience: 'together' };
const host: WatchControl = { ...everyone, playback: 'host', choice: 'host', queue: 'host' };
const vote: WatchControl = { ...everyone, choice: 'vote', queue: 'vote' };

/** The rows of the table in `crates/core/src/watch/control.rs`: a plain member (m), the host (h), a moderator (o). */
const ROWS: readonly (readonly [keyof Allowed, string, string, string])[] = [
  ['playback', 'mho', 'ho', 'mho'],
  ['choice', 'mho', 'ho', 'o'],
  ['skipVote', 'mho', 'ho', 'mho'],
  ['add', 'mho', 'ho', 'mho'],
  ['arrange', 'mho', 'ho', 'o'],
  ['handOver', 'ho', 'ho', 'ho'],
  ['control', 'o', 'o', 'o'],
];
const PEOPLE: readonly (readonly [number, Role, string])[] = [[1, 'guest', 'm'], [2, 'member', 'h'], [3, 'moderator', 'o']];

test.each(ROWS)('who may %s', (what, ...expected) => {
  const found = [everyone, host, vote].map((control) => PEOPLE.filter(([id, role]) => allowed({ control, host: 2 } as Watch, role, id)[what]).map(([, , letter]) => letter).join(''));
  expect(found).toEqual(expected);
});

test('without a host everyone may what the host may', () => {
  expect(allowed({ control: host, host: null } as Watch, 'guest', 1)).toMatchObject({ playback: true, choice: true, add: true });
});

test('half of the viewers skip', () => {
  expect([0, 1, 2, 3, 4, 5].map(votesToSkip)).toEqual([1, 1, 1, 2, 2, 3]);
});
