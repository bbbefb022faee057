// The rules of meeting, one story a test: told events, answers and the clock go in, what is shown and done comes out.
import { describe, expect, test } from 'vitest';
import { AUTO_NEXT_MS, DECIDE_MS, dueAt, everMet, GRACE_MS, MOST_ITEMS, OUTSIDE, step, TYPING_MS, type Deed, type Happening, type LobbyState, type Room } from './lobby.ts';
import type { Departure, LobbyTold, Occupant, WireRoom } from '../shapes.ts';
import { dice } from '../testing/dice.ts';

const T = Date.parse('2026-11-20T10:00:00Z');
const at = (ms: number) => new Date(T + ms).toISOString();
const ME = occupant('1', 'Ada');
const BOB = occupant('2', 'Bob');
const CLEO = occupant('3', 'Cleo');

function occupant(key: string, name: string, id: number | null = Number(key)): Occupant {
  return { key, id, name, keeps: false };
}

function wireRoom(change: Partial<WireRoom> = {}): WireRoom {
  return { room: 10, group: 7, me: ME, partners: [BOB], began_at: at(0), round_ends_at: null, reported_lines: 50, ...change };
}

/** One who lives through things, in order; `now` is in milliseconds after T. */
class Somebody {
  state: LobbyState = OUTSIDE;
  deeds: Deed[] = [];
  autoNext = false;

  does(happening: Happening): this {
    const { state, deeds } = step(this.state, happening);
    this.state = state;
    this.deeds = [...deeds];
    return this;
  }

  enters(back = false, started: number | null = null): this {
    return this.does({ type: 'enter', group: 7, back, started });
  }

  waits(ms = 0, asked: number | null = null): this {
    return this.does({ type: 'standing', standing: { group: 7, waiting_since: at(ms), room: null }, asked, now: T + ms });
  }

  hears(told: LobbyTold, ms = 0): this {
    return this.does({ type: 'told', told, now: T + ms });
  }

  meets(change: Partial<WireRoom> = {}, ms = 0): this {
    return this.hears({ type: 'room', body: wireRoom(change) }, ms);
  }

  ended(reason: Departure, ms = 0, change: { waiting?: boolean; group?: number | null; room?: number } = {}): this {
    return this.hears({ type: 'room_ended', body: { room: 10, reason, group: null, waiting: false, ...change } }, ms);
  }

  isReady(key: string): this {
    return this.hears({ type: 'room_signal', body: { room: 10, by: key, type: 'ready' } });
  }

  says(by: Occupant, text: string, ms = 0): this {
    return this.hears({ type: 'room_message', body: { room: 10, by: { key: by.key, id: by.id, name: by.name }, at: at(ms), text } }, ms);
  }

  passes(ms: number): this {
    return this.does({ type: 'time', now: T + ms, autoNext: this.autoNext });
  }

  get room(): Room {
    if (this.state.at !== 'room') throw new Error(`not in a room but ${this.state.at}`);
    return this.state.room;
  }

  get lines(): string[] {
    return this.room.items.map((item) => (item.kind === 'line' ? `${item.by.name}: ${item.text} (${item.state})` : item.what));
  }
}

const waiting = () => new Somebody().enters().waits();
const met = () => waiting().meets();
const talking = () => met().does({ type: 'start' }).isReady('2');

describe('coming in and waiting', () => {
  test('one waits since the server says so', () => {
    expect(waiting().state).toEqual({ at: 'waiting', group: 7, since: T, news: null });
  });

  test('the event that tells of a room may overtake the answer that one waits', () => {
    const ada = new Somebody().enters().meets().waits(0, null);
    expect(ada.room.id).toBe(10);
  });

  test('the answer itself may hold the room', () => {
    const ada = new Somebody().enters().does({ type: 'standing', standing: { group: 7, waiting_since: null, room: wireRoom() }, asked: null, now: T });
    expect(ada.room.phase).toBe('deciding');
  });

  test('what was refused is said where one stands', () => {
    const ada = new Somebody().enters().does({ type: 'refused', problem: 'You are in a room elsewhere.' });
    expect(ada.state).toEqual({ at: 'outside', group: 7, parting: { what: 'refused', problem: 'You are in a room elsewhere.' } });
  });

  test('outside, nothing that is told draws one in', () => {
    expect(new Somebody().meets().state).toEqual(OUTSIDE);
    expect(new Somebody().waits().state).toEqual(OUTSIDE);
  });

  test('leaving in another window, or losing the group, is told', () => {
    expect(waiting().hears({ type: 'lobby_left', body: { group: 7, reason: 'left' } }).state).toMatchObject({ at: 'outside', parting: { what: 'elsewhere' } });
    expect(talking().hears({ type: 'lobby_left', body: { group: 7, reason: 'group_left' } }).state).toMatchObject({ at: 'outside', parting: { what: 'group_left' } });
    expect(waiting().hears({ type: 'lobby_left', body: { group: 8, reason: 'left' } }).state.at).toBe('waiting');
  });
});

describe('meeting', () => {
  test('both say that they are there, in either order', () => {
    const first = met().does({ type: 'start' });
    expect(first.deeds).toEqual([{ do: 'ready', room: 10 }]);
    expect(first.room.phase).toBe('deciding');
    expect(first.isReady('2').room.phase).toBe('talking');
    const second = met().isReady('2');
    expect(second.room.phase).toBe('deciding');
    expect(second.does({ type: 'start' }).room.phase).toBe('talking');
    expect(second.deeds).toEqual([{ do: 'ready', room: 10 }]);
  });

  test('another window of the same account starts for this one, too', () => {
    expect(met().isReady('1').isReady('2').room.phase).toBe('talking');
  });

  test('one without an account counts as ready', () => {
    const ada = waiting().meets({ partners: [occupant('9', 'Anonymous', null)] });
    expect(ada.does({ type: 'start' }).room.phase).toBe('talking');
  });

  test('who says something is there', () => {
    const ada = met().does({ type: 'start' }).says(BOB, 'hello', 1_000);
    expect(ada.room.phase).toBe('talking');
    expect(ada.lines).toEqual(['Bob: hello (sent)']);
  });

  test('who does not press in time is out, and is asked', () => {
    const ada = met();
    expect(dueAt(ada.state, false)).toBe(T + DECIDE_MS);
    expect(ada.passes(DECIDE_MS - 1).state.at).toBe('room');
    expect(ada.passes(DECIDE_MS).state).toEqual({ at: 'outside', group: 7, parting: { what: 'unconfirmed' } });
    expect(ada.deeds).toEqual([{ do: 'leave', room: 10 }]);
  });

  test('the other goes on by themselves', () => {
    const ada = met().does({ type: 'start' }).passes(DECIDE_MS);
    expect(ada.room.phase).toBe('deciding');
    expect(dueAt(ada.state, false)).toBe(T + DECIDE_MS + GRACE_MS);
    ada.ended('left', DECIDE_MS + 200);
    expect(ada.state).toEqual({ at: 'waiting', group: 7, since: T + DECIDE_MS + 200, news: { what: 'did_not_start', reason: 'left', names: ['Bob'] } });
    expect(ada.deeds).toEqual([{ do: 'next', room: 10 }]);
    // The answer, and then somebody else.
    ada.waits(DECIDE_MS + 300, 10).meets({ room: 11, partners: [CLEO], began_at: at(30_000) }, 30_000);
    expect(ada.room.partners).toEqual([CLEO]);
    expect(ada.room.phase).toBe('deciding');
  });

  test('one whose client knows no Start is met all the same, a moment later', () => {
    const ada = met().does({ type: 'start' }).passes(DECIDE_MS + GRACE_MS);
    expect(ada.room.phase).toBe('talking');
    expect(ada.lines).toEqual(['silent']);
    // Gone without a word: one goes on. After a word it is a room that is over.
    expect(step(ada.state, { type: 'told', told: { type: 'room_ended', body: { room: 10, reason: 'left', group: null, waiting: false } }, now: T }).deeds).toEqual([{ do: 'next', room: 10 }]);
    expect(ada.says(BOB, 'sorry', 25_000).ended('left', 26_000).room.phase).toBe('over');
  });

  test('who leaves before the start frees the other at once', () => {
    const ada = met().ended('next', 3_000);
    expect(ada.state.at).toBe('waiting');
    expect(ada.deeds).toEqual([{ do: 'next', room: 10 }]);
  });

  test('a room that is older than 20 seconds when it is shown is confirmed', () => {
    const ada = new Somebody().enters(true).meets({}, DECIDE_MS);
    expect(ada.room.phase).toBe('talking');
    expect(ada.lines).toEqual(['back']);
    // It ends like one that was talked in.
    expect(ada.ended('left', 60_000).room.phase).toBe('over');
  });

  test('after a reload a room that was confirmed is not asked for again', () => {
    expect(new Somebody().enters(true, 10).meets({}, 5_000).room.phase).toBe('talking');
    expect(new Somebody().enters(true, 9).meets({}, 5_000).room.phase).toBe('deciding');
  });

  test('the third of three is told so, and need not press', () => {
    const cleo = waiting().meets({ me: CLEO, partners: [ME, BOB] }, 25_000);
    expect(cleo.room.phase).toBe('talking');
    expect(cleo.lines).toEqual(['joined_two']);
  });
});

describe('talking', () => {
  test('an own line is there at once, and once', () => {
    const ada = talking().does({ type: 'said', key: 'own1', text: 'hi', now: T });
    expect(ada.lines).toEqual(['Ada: hi (sending)']);
    ada.does({ type: 'passed_on', key: 'own1', at: T + 40 }).says(ME, 'hi', 40);
    expect(ada.lines).toEqual(['Ada: hi (sent)']);
    // The same words again, echo before answer.
    ada.does({ type: 'said', key: 'own2', text: 'hi', now: T + 1_000 }).says(ME, 'hi', 1_040).does({ type: 'passed_on', key: 'own2', at: T + 1_040 });
    expect(ada.lines).toEqual(['Ada: hi (sent)', 'Ada: hi (sent)']);
    // From another window.
    expect(ada.says(ME, 'from the phone', 2_000).lines).toEqual(['Ada: hi (sent)', 'Ada: hi (sent)', 'Ada: from the phone (sent)']);
  });

  test('what was not passed on says so; it can be sent again or dropped', () => {
    const ada = talking().does({ type: 'said', key: 'own1', text: 'hi', now: T }).does({ type: 'not_passed_on', key: 'own1', problem: 'Gone.' });
    expect(ada.room.items[0]).toMatchObject({ state: 'failed', problem: 'Gone.' });
    expect(ada.does({ type: 'sent_again', key: 'own1' }).lines).toEqual(['Ada: hi (sending)']);
    expect(ada.does({ type: 'dropped', key: 'own1' }).lines).toEqual([]);
    // It was heard after all: the echo wins, also when the failure comes after it.
    ada.does({ type: 'said', key: 'own2', text: 'yes', now: T }).says(ME, 'yes', 10).does({ type: 'not_passed_on', key: 'own2', problem: 'Late.' });
    expect(ada.lines).toEqual(['Ada: yes (sent)']);
  });

  test('typing ends with the line, or by itself', () => {
    const types = (somebody: Somebody, on: boolean, ms: number) => somebody.hears({ type: 'room_signal', body: { room: 10, by: '2', type: 'typing', on } }, ms);
    const ada = types(talking(), true, 1_000);
    expect(ada.room.typing).toEqual([{ key: '2', until: T + 1_000 + TYPING_MS }]);
    expect(dueAt(ada.state, false)).toBe(T + 1_000 + TYPING_MS);
    expect(types(ada, false, 2_000).room.typing).toEqual([]);
    expect(types(ada, true, 3_000).says(BOB, 'there', 3_500).room.typing).toEqual([]);
    expect(types(ada, true, 4_000).passes(4_000 + TYPING_MS).room.typing).toEqual([]);
  });

  test('a tab keeps so many lines and no more', () => {
    const ada = talking();
    for (let n = 0; n < MOST_ITEMS + 20; n++) ada.says(BOB, `line ${n}`, n);
    expect(ada.room.items).toHaveLength(MOST_ITEMS);
    expect(new Set(ada.room.items.map((item) => item.key)).size).toBe(MOST_ITEMS);
  });

  test('a third joins, one leaves: both are said, and whoever left can still be reported', () => {
    const ada = talking().meets({ partners: [BOB, CLEO] }, 30_000);
    expect(ada.room.items.at(-1)).toMatchObject({ what: 'joined', names: ['Cleo'] });
    ada.hears({ type: 'room_left', body: { room: 10, who: { key: '2', id: 2, name: 'Bob' }, reason: 'next' } });
    expect(ada.room.items.at(-1)).toMatchObject({ what: 'left', names: ['Bob'], reason: 'next' });
    expect(ada.room.partners).toEqual([CLEO]);
    expect(everMet(ada.room).map((who) => who.name)).toEqual(['Cleo', 'Bob']);
    // Cleo was never asked to start: when she leaves, the room is over like any other.
    expect(ada.ended('left', 40_000).room.over).toEqual({ reason: 'left', at: T + 40_000 });
  });

  test('after a reconnect the same room comes back, and the lines stay', () => {
    const ada = talking().says(BOB, 'still here?', 1_000).meets({}, 9_000);
    expect(ada.lines).toEqual(['Bob: still here? (sent)']);
    expect(ada.room.phase).toBe('talking');
    // Away for too long: the answer says that one waits.
    expect(ada.waits(30_000, 10).state.at).toBe('waiting');
  });

  test('news of another room changes nothing', () => {
    const ada = talking();
    const before = ada.state;
    ada.ended('left', 0, { room: 9 }).hears({ type: 'room_message', body: { room: 9, by: BOB, at: at(0), text: 'ghost' } });
    expect(ada.state).toBe(before);
  });
});

describe('the end', () => {
  test('it is over, with the reason, and the lines stay', () => {
    const ada = talking().says(BOB, 'bye', 1_000).ended('vanished', 2_000);
    expect(ada.room).toMatchObject({ phase: 'over', over: { reason: 'vanished', at: T + 2_000 } });
    expect(ada.lines).toEqual(['Bob: bye (sent)']);
    expect(ada.deeds).toEqual([]);
  });

  test('the next one comes by itself only for those who wish it', () => {
    const ada = talking().ended('left', 1_000);
    expect(dueAt(ada.state, false)).toBeNull();
    expect(ada.passes(60_000).room.phase).toBe('over');
    ada.autoNext = true;
    expect(dueAt(ada.state, true)).toBe(T + 1_000 + AUTO_NEXT_MS);
    ada.passes(1_000 + AUTO_NEXT_MS);
    expect(ada.state).toMatchObject({ at: 'waiting', news: { what: 'ended', reason: 'left' } });
    expect(ada.deeds).toEqual([{ do: 'next', room: 10 }]);
  });

  test('a room that all keep is a group', () => {
    const keep = (by: string, on: boolean): LobbyTold => ({ type: 'room_signal', body: { room: 10, by, type: 'keep', on } });
    const ada = talking().hears(keep('2', true));
    expect(ada.room.partners[0]!.keeps).toBe(true);
    expect(ada.hears(keep('1', true)).room.me.keeps).toBe(true);
    expect(ada.hears(keep('1', false)).room.me.keeps).toBe(false);
    ada.ended('kept', 5_000, { group: 99 });
    expect(ada.state).toEqual({ at: 'outside', group: 7, parting: { what: 'kept', group: 99, names: ['Bob'] } });
    expect(ada.deeds).toEqual([{ do: 'open', group: 99 }]);
  });
});

describe('speed chat', () => {
  const table = { round_ends_at: at(60_000) };

  test('nobody is asked at a table: the clock has brought them', () => {
    const ada = waiting().meets(table);
    expect(ada.room.phase).toBe('talking');
    expect(ada.room.roundEndsAt).toBe(T + 60_000);
  });

  test('the round is over, and the next table comes', () => {
    const ada = waiting().meets(table).ended('round_over', 60_000, { waiting: true });
    expect(ada.state).toMatchObject({ at: 'waiting', news: { what: 'ended', reason: 'round_over', names: ['Bob'] } });
    ada.meets({ room: 11, partners: [CLEO], began_at: at(60_000), round_ends_at: at(120_000) }, 60_000);
    expect(ada.room.partners).toEqual([CLEO]);
  });

  test('who loses the partner of a table waits for the next round', () => {
    const ada = waiting().meets(table).ended('left', 10_000).ended('left', 10_000, { waiting: true });
    expect(ada.state).toMatchObject({ at: 'waiting', news: { reason: 'left' } });
    expect(ada.deeds).toEqual([]);
  });

  test('after the last round one may go on talking', () => {
    const ada = waiting().meets(table).says(BOB, 'stay?', 1_000).meets({}, 60_000);
    expect(ada.room.roundEndsAt).toBeNull();
    expect(ada.lines).toEqual(['Bob: stay? (sent)', 'rounds_over']);
  });
});

test('whatever comes in whatever order, one is somewhere, and keys are never used twice', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const throwing = dice(seed);
    const somebody = new Somebody();
    let ms = 0;
    for (let n = 0; n < 80; n++) {
      ms += throwing.below(4_000);
      const room = 10 + throwing.below(2);
      const partners = throwing.pick([[BOB], [CLEO], [BOB, CLEO]]);
      const key = throwing.pick(['1', '2', '3']);
      throwing.pick<() => void>([
        () => somebody.enters(throwing.chance(0.3)),
        () => somebody.waits(ms, throwing.pick([null, 10, 11])),
        () => somebody.meets({ room, partners, began_at: at(ms - throwing.below(30_000)), round_ends_at: throwing.pick([null, at(ms + 9_000)]) }, ms),
        () => somebody.hears({ type: 'room_signal', body: { room, by: key, type: 'ready' } }, ms),
        () => somebody.hears({ type: 'room_signal', body: { room, by: key, type: 'typing', on: throwing.chance(0.5) } }, ms),
        () => somebody.hears({ type: 'room_message', body: { room, by: occupant(key, 'X'), at: at(ms), text: throwing.pick(['a', 'b']) } }, ms),
        () => somebody.hears({ type: 'room_left', body: { room, who: BOB, reason: 'left' } }, ms),
        () => somebody.ended(throwing.pick<Departure>(['left', 'round_over', 'kept', 'vanished']), ms, { room, waiting: throwing.chance(0.3), group: throwing.pick([null, 5]) }),
        () => somebody.does({ type: 'start' }),
        () => somebody.does({ type: 'said', key: `own${seed}-${n}`, text: throwing.pick(['a', 'b']), now: T + ms }),
        () => somebody.does({ type: 'passed_on', key: `own${seed}-${n - 1}`, at: T + ms }),
        () => somebody.passes(ms),
      ])();
      const { state } = somebody;
      if (state.at !== 'room') continue;
      const keys = state.room.items.map((item) => item.key);
      expect(new Set(keys).size, `seed ${seed}`).toBe(keys.length);
      expect(state.room.phase === 'over', `seed ${seed}`).toBe(state.room.over !== null);
      // The clock never stands still on something that is due.
      const due = dueAt(state, true);
      if (due !== null) expect(dueAt(step(state, { type: 'time', now: due, autoNext: true }).state, true), `seed ${seed}`).not.toBe(due);
    }
  }
});
