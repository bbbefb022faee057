import { describe, expect, test } from 'vitest';
import { AServer, EPOCH, type Person } from '../testing/a-server.ts';
import { dice, type Dice } from '../testing/dice.ts';
import { isCovered, reachesStart, reduce, startLog, type Action, type LogState } from './log.ts';

const me: Person = { id: 1, name: 'Mia' };
const ada: Person = { id: 2, name: 'Ada' };
const bob: Person = { id: 3, name: 'Bob' };

function run(state: LogState, ...actions: Action[]): LogState {
  return actions.reduce(reduce, state);
}

function texts(state: LogState): string[] {
  return state.items.flatMap((item) => (item.kind === 'message' ? [item.text] : []));
}

function queued(clientId: string, text: string): Action {
  return { type: 'queued', outgoing: { clientId, text, replyTo: null, files: [], at: 0, state: 'queued' } };
}

describe('live events', () => {
  test('messages come in order, edits and deletions are folded in', () => {
    const server = new AServer();
    server.send(ada, 'a1', 'helo');
    server.append(ada, { type: 'edit', data: { seq: 1, text: 'hello' } });
    server.send(bob, 'b1', 'hi');
    server.append(bob, { type: 'delete', data: { seq: 3 } });
    const state = run(startLog(me, EPOCH, 0), ...server.log.map((event): Action => ({ type: 'event', event })));
    expect(state.position).toBe(4);
    expect(state.items).toMatchObject([{ text: 'hello', editedAt: expect.any(Number) }, { text: '', deleted: true }]);
  });

  test('a repeat and an event of another epoch change nothing; a gap is refused', () => {
    const server = new AServer();
    server.send(ada, 'a1', 'one');
    server.send(ada, 'a2', 'two');
    server.send(ada, 'a3', 'three');
    const [one, , three] = server.log;
    const state = run(startLog(me, EPOCH, 0), { type: 'event', event: one! });
    expect(run(state, { type: 'event', event: one! })).toBe(state);
    expect(run(state, { type: 'event', event: three! })).toBe(state);
    expect(run(state, { type: 'event', event: { ...server.log[1]!, epoch: 2 } })).toBe(state);
  });

  test('an unknown kind of event still counts its position', () => {
    const server = new AServer();
    server.append(ada, { type: 'player_command' as never, data: {} });
    server.send(ada, 'a', 'after');
    const state = run(startLog(me, EPOCH, 0), ...server.log.map((event): Action => ({ type: 'event', event })));
    expect(state.position).toBe(2);
    expect(texts(state)).toEqual(['after']);
  });

  test('comings and goings are notices', () => {
    const server = new AServer();
    const account = { id: 3, username: null, display_name: 'Bob', guest: true };
    server.append(bob, { type: 'member_joined', data: { account, role: 'guest' } });
    server.append(ada, { type: 'member_left', data: { account, reason: 'kicked' } });
    const state = run(startLog(me, EPOCH, 0), ...server.log.map((event): Action => ({ type: 'event', event })));
    expect(state.items.map((item) => item.kind)).toEqual(['notice', 'notice']);
  });
});

describe('own messages', () => {
  test('stand at the end at once and are replaced in place by the acknowledged one', () => {
    const server = new AServer();
    let state = run(startLog(me, EPOCH, 0), queued('m1', 'mine'), { type: 'sending', clientId: 'm1' });
    expect(state.outgoing).toMatchObject([{ text: 'mine', state: 'sending' }]);
    const { event } = server.send(me, 'm1', 'mine');
    state = run(state, { type: 'acknowledged', event });
    expect(state.outgoing).toEqual([]);
    expect(state.items).toMatchObject([{ key: 'c:m1', text: 'mine', seq: 1 }]);
    state = run(state, { type: 'event', event });
    expect(state.items).toHaveLength(1);
    expect(state.position).toBe(1);
  });

  test('the event may come before the answer', () => {
    const server = new AServer();
    const { event } = server.send(me, 'm1', 'mine');
    const state = run(startLog(me, EPOCH, 0), queued('m1', 'mine'), { type: 'event', event }, { type: 'acknowledged', event });
    expect(state.outgoing).toEqual([]);
    expect(state.items).toHaveLength(1);
  });

  test('a failed one can be tried again; if it had arrived after all, the row goes', () => {
    const server = new AServer();
    const { event } = server.send(me, 'm1', 'mine');
    let state = run(startLog(me, EPOCH, 0), queued('m1', 'mine'), { type: 'failed', clientId: 'm1', problem: 'No answer.' });
    expect(state.outgoing).toMatchObject([{ state: 'failed', problem: 'No answer.' }]);
    expect(run(state, { type: 'requeued', clientId: 'm1' }).outgoing).toMatchObject([{ state: 'queued', problem: undefined }]);
    state = run(state, { type: 'event', event });
    expect(state.outgoing).toEqual([]);
  });

  test('the same client_id of somebody else is not ours', () => {
    const server = new AServer();
    const { event } = server.send(ada, 'm1', 'hers');
    const state = run(startLog(me, EPOCH, 0), queued('m1', 'mine'), { type: 'event', event });
    expect(state.outgoing).toHaveLength(1);
  });

  test('the repeat of a message from long ago is not put among those loaded', () => {
    const server = new AServer();
    const { event } = server.send(me, 'old', 'old');
    for (let n = 0; n < 9; n++) server.send(ada, `a${n}`, `a${n}`);
    const state = run(startLog(me, EPOCH, 10), queued('old', 'old'), { type: 'acknowledged', event });
    expect(state.items).toEqual([]);
    expect(state.outgoing).toEqual([]);
  });
});

describe('what one did oneself', () => {
  test('shows at once and gives way to the confirmed event', () => {
    const server = new AServer();
    server.send(me, 'm1', 'helo');
    let state = run(startLog(me, EPOCH, 0), { type: 'event', event: server.log[0]! }, { type: 'overlaid', seq: 1, overlay: { text: 'hello' } });
    expect(state.overlays.get(1)?.text).toBe('hello');
    state = run(state, { type: 'event', event: server.append(me, { type: 'edit', data: { seq: 1, text: 'hello' } }) });
    expect(state.overlays.size).toBe(0);
    expect(texts(state)).toEqual(['hello']);
  });

  test('each reaction has its own overlay', () => {
    let state = run(
      startLog(me, EPOCH, 0),
      { type: 'overlaid', seq: 1, overlay: { reactions: { '👍': true } } },
      { type: 'overlaid', seq: 1, overlay: { reactions: { '🎉': true } } },
    );
    state = run(state, { type: 'overlay_dropped', seq: 1, what: { emoji: '👍' } });
    expect(state.overlays.get(1)?.reactions).toEqual({ '🎉': true });
    expect(run(state, { type: 'overlay_dropped', seq: 1, what: { emoji: '🎉' } }).overlays.size).toBe(0);
  });
});

describe('pages', () => {
  test('a page that already contains a reaction does not count it twice', () => {
    const server = new AServer();
    server.send(ada, 'a1', 'one');
    let state = run(startLog(me, EPOCH, 1), { type: 'page_requested' });
    server.react(bob, 1, '👍', true);
    const { messages } = server.page(me.id, null, 50);
    state = run(state, { type: 'page', page: { messages, before: null, reachesStart: true, asOf: 2 } }, { type: 'event', event: server.log[1]! });
    expect(state.items).toMatchObject([{ reactions: [{ emoji: '👍', count: 1 }] }]);
  });

  test('a reaction that came while an older page was on its way is not lost', () => {
    const server = new AServer();
    server.send(ada, 'a1', 'one');
    const { messages } = server.page(me.id, null, 50);
    let state = run(startLog(me, EPOCH, 1), { type: 'page_requested' });
    server.react(bob, 1, '👍', true);
    state = run(state, { type: 'event', event: server.log[1]! }, { type: 'page', page: { messages, before: null, reachesStart: true, asOf: 1 } });
    expect(state.items).toMatchObject([{ reactions: [{ emoji: '👍', count: 1 }] }]);
    expect(state.recent).toEqual([]);
  });

  test('coverage knows its gaps', () => {
    const server = new AServer();
    for (let n = 1; n <= 100; n++) server.send(ada, `a${n}`, `${n}`);
    const page = (before: number | null, limit: number): Action => ({ type: 'page', page: { ...server.page(me.id, before, limit), before, asOf: 100 } });
    let state = run(startLog(me, EPOCH, 100), page(null, 10), page(31, 10));
    expect(state.coverage).toEqual([{ from: 21, to: 30 }, { from: 91, to: 100 }]);
    expect(isCovered(state, 25)).toBe(true);
    expect(isCovered(state, 50)).toBe(false);
    state = run(state, page(91, 60));
    expect(state.coverage).toEqual([{ from: 21, to: 100 }]);
    expect(reachesStart(state)).toBe(false);
    expect(reachesStart(run(state, page(21, 50)))).toBe(true);
  });
});

/**
 * A server lives through a random history; a client sees its events in order but with repeats, asks for pages that are
 * answered at random later moments, sends messages whose answers come before or after their events, or never. In the end
 * both must agree to the last reaction.
 */
function story(seed: number): void {
  const d = dice(seed);
  const server = new AServer();
  const people = [me, ada, bob];
  const emojis = ['👍', '🎉'];
  let sent = 0;
  const happen = () => {
    const living = server.messages(me.id).filter((m) => !m.deleted);
    const roll = d.below(10);
    const by = d.pick(people);
    if (roll < 4 || living.length === 0) server.send(by, `s${sent++}`, `text ${sent}`, living.length > 0 && d.chance(0.3) ? d.pick(living).seq : null);
    else if (roll < 8) server.react(by, d.pick(living).seq, d.pick(emojis), d.chance(0.6));
    else {
      const target = d.pick(living);
      if (roll === 8) server.append(target.by, { type: 'edit', data: { seq: target.seq, text: `edited ${d.below(100)}` } });
      else server.append(target.by, { type: 'delete', data: { seq: target.seq } });
    }
  };
  for (let n = d.below(30); n > 0; n--) happen();

  let state = startLog(me, EPOCH, server.head);
  const pending: (() => void)[] = [];
  const ask = (before: number | null) => {
    state = reduce(state, { type: 'page_requested' });
    const limit = 1 + d.below(8);
    let answer: Action;
    // Made at one moment, arriving at a later one.
    pending.push(() => {
      answer ??= { type: 'page', page: { ...server.page(me.id, before, limit), before, asOf: server.head } };
      if (d.chance(0.5)) state = reduce(state, answer);
      else pending.push(() => (state = reduce(state, answer)));
    });
  };
  ask(null);
  for (let step = 0; step < 120; step++) {
    const roll = d.below(10);
    if (roll < 3) happen();
    else if (roll < 6) deliver(d);
    else if (roll === 6) ask(d.chance(0.5) ? null : 1 + d.below(state.position + 1));
    else if (roll === 7 && pending.length > 0) pending.splice(d.below(pending.length), 1)[0]!();
    else if (roll === 8) write(d);
    else if (state.items.length > 0 && state.position > 0) state = reduce(state, { type: 'event', event: server.log[d.below(state.position)]! });
  }
  while (pending.length > 0) pending.shift()!();
  while (state.position < server.head) deliver(d);
  while (!reachesStart(state) || state.coverage.length > 1) {
    const gap = state.coverage.length > 1 ? state.coverage.at(-1)!.from : state.coverage[0]!.from;
    state = reduce(reduce(state, { type: 'page_requested' }), { type: 'page', page: { ...server.page(me.id, gap, 5), before: gap, asOf: server.head } });
  }

  const shown = state.items.filter((item) => item.kind === 'message').map((m) => ({
    seq: m.seq, text: m.text, deleted: m.deleted, edited: m.editedAt !== null, client: m.clientId,
    reactions: m.reactions.map(({ emoji, count, me: mine }) => ({ emoji, count, me: mine })).sort((a, b) => a.emoji.localeCompare(b.emoji)),
  }));
  const truth = server.messages(me.id).map((m) => ({
    seq: m.seq, text: m.text, deleted: m.deleted, edited: m.edited_at !== null, client: m.client_id,
    reactions: m.reactions.map((r) => ({ ...r })).sort((a, b) => a.emoji.localeCompare(b.emoji)),
  }));
  expect(shown, `seed ${seed}`).toEqual(truth);
  expect(state.outgoing, `seed ${seed}`).toEqual([]);
  expect(new Set(state.items.map((item) => item.key)).size, `seed ${seed}: keys`).toBe(state.items.length);
  expect(state.recent).toEqual([]);

  function deliver(of: Dice): void {
    const event = server.log[state.position];
    if (!event) return;
    state = reduce(state, { type: 'event', event });
    if (of.chance(0.2)) state = reduce(state, { type: 'event', event });
  }

  function write(of: Dice): void {
    const clientId = `mine${sent++}`;
    state = reduce(state, queued(clientId, 'mine'));
    state = reduce(state, { type: 'sending', clientId });
    const first = server.send(me, clientId, 'mine');
    if (of.chance(0.3)) {
      // The answer was lost and the letter sent again.
      const again = server.send(me, clientId, 'mine');
      expect(again.duplicate).toBe(true);
      if (of.chance(0.5)) state = reduce(state, { type: 'failed', clientId, problem: '' });
    }
    if (of.chance(0.7)) pending.push(() => (state = reduce(state, { type: 'acknowledged', event: first.event })));
  }
}

test('after any interleaving the client shows what the server holds', () => {
  for (let seed = 1; seed <= 600; seed++) story(seed);
});
