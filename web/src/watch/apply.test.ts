import { describe, expect, test } from 'vitest';
import type { Event, PlayerChange, PlayState, Watch, WatchItem } from '../shapes.ts';
import { applyChange, applyEvent, inOrder } from './apply.ts';

const play = (rev: number, change: Partial<PlayState> = {}): PlayState => ({ epoch: 1, rev, item: null, phase: 'paused', pos_ms: 0, at_ms: 0, rate: 1, ...change });
const item = (id: number): WatchItem => ({ id, source: `https://a.example/${id}.webm`, title: `${id}`, kind: 'video', length_ms: null, added_by: 1 });

function watch(change: Partial<Watch> = {}): Watch {
  return {
    group: 7, epoch: 1, head: 10, now_ms: 0, play: play(1), item: null, item_since: 0, queue: [1, 2, 3, 4].map((id) => ({ item: item(id), votes: [] })),
    control: { playback: 'everyone', choice: 'everyone', queue: 'everyone', patience: 'together' }, host: null, skip_votes: [], ...change,
  };
}

function event(seq: number, data: PlayerChange): Event {
  return { group: 7, epoch: 1, seq, at: '2026-11-20T10:00:00.000Z', by: { id: 1, name: 'Ada' }, type: 'player', data };
}

const ids = (state: Watch) => inOrder(state).map((entry) => entry.item.id);

test('something put on takes the place of what was on, with its votes', () => {
  const after = applyChange(watch({ skip_votes: [1, 2] }), { change: 'loaded', item: item(9), play: play(5, { item: 9 }) });
  expect(after).toMatchObject({ item: { id: 9 }, item_since: 5, skip_votes: [], play: { rev: 5 } });
  expect(ids(after)).toEqual([1, 2, 3, 4]);
});

test('what advances leaves the queue', () => {
  const after = applyChange(watch(), { change: 'advanced', play: play(5, { item: 2 }), reason: 'next' });
  expect(after).toMatchObject({ item: { id: 2 }, item_since: 5 });
  expect(ids(after)).toEqual([1, 3, 4]);
});

test.each([['seek', [1]], ['pause', [1]], ['skip', []], ['end', []], ['next', []]] as const)('votes to skip after %s', (reason, votes) => {
  expect(applyChange(watch({ skip_votes: [1] }), { change: 'played', play: play(2), reason }).skip_votes).toEqual(votes);
});

/** The same rows as in `crates/core/src/watch/queue.rs`. */
test.each([
  [1, 3, [2, 1, 3, 4]], [4, 1, [4, 1, 2, 3]], [1, null, [2, 3, 4, 1]], [1, 1, [1, 2, 3, 4]], [1, 2, [1, 2, 3, 4]], [4, null, [1, 2, 3, 4]], [9, null, [1, 2, 3, 4]], [1, 9, [1, 2, 3, 4]],
] as const)('%i moved before %s', (id, before, order) => {
  expect(ids(applyChange(watch(), { change: 'moved', item: id, before }))).toEqual(order);
});

test('a vote counts once, can be taken back, and decides the order where votes do', () => {
  let state = watch();
  const vote = (id: number, by: number, on: boolean) => (state = applyChange(state, { change: 'voted', item: id, by, on }));
  vote(3, 1, true);
  vote(3, 1, true);
  vote(4, 2, true);
  vote(4, 1, true);
  expect(state.queue.map(({ votes }) => votes)).toEqual([[], [], [1], [1, 2]]);
  expect(ids(state)).toEqual([1, 2, 3, 4]);
  state = applyChange(state, { change: 'control_set', control: { ...state.control, queue: 'vote' }, host: 2 });
  expect(ids(state)).toEqual([4, 3, 1, 2]);
  vote(4, 2, false);
  expect(ids(state)).toEqual([3, 4, 1, 2]);
  expect(state.host).toBe(2);
});

describe('events', () => {
  const added = (seq: number) => event(seq, { change: 'added', item: item(seq) });

  test('are applied once, in their order, and only those of this log', () => {
    let state = watch({ queue: [] });
    for (const next of [added(10), added(11), added(11), { ...added(12), group: 8 }, { ...added(12), epoch: 2 }, added(12)]) state = applyEvent(state, next);
    expect(ids(state)).toEqual([11, 12]);
    expect(state.head).toBe(12);
  });

  test('that are no changes of the player move the head alone', () => {
    const message: Event = { ...added(11), type: 'message', data: { text: 'a', client_id: 'b', reply_to: null } } as Event;
    expect(applyEvent(watch(), message)).toEqual({ ...watch(), head: 11 });
  });
});

test('a length that players agree on belongs to what is on', () => {
  expect(applyChange(watch({ item: item(9) }), { change: 'measured', length_ms: 5_000 }).item?.length_ms).toBe(5_000);
  expect(applyChange(watch(), { change: 'measured', length_ms: 5_000 }).item).toBeNull();
});
