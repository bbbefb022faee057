// Where one is in a lobby and what a room shows: a pure reducer from what the server tells, what it answered and what
// time it is, to the next state and what has to be done now. No network, no clock of its own, no React.
//
// Two things it is strict about:
// - An answer may arrive after an event that is younger than it: an answer "you wait" counts only where nobody has been
//   met since the call.
// - Those who meet have 20 seconds to say that they are there. Who does not is taken out; the other goes on.
import type { Departure, LobbyTold, Occupant, RoomEnded, RoomLeft, RoomMessage, RoomSignal, Somebody, Standing, WireRoom } from '../shapes.ts';

export type LobbyState =
  | { readonly at: 'outside'; readonly group: number | null; readonly parting: Parting | null }
  /** Asked to be let in. `back`: after a reload; `started`: the room that was confirmed before it. */
  | { readonly at: 'entering'; readonly group: number; readonly back: boolean; readonly started: number | null }
  | { readonly at: 'waiting'; readonly group: number; readonly since: number; readonly news: News | null }
  | { readonly at: 'room'; readonly group: number; readonly room: Room };

/** Why one is in no lobby any more, where that is worth saying. */
export type Parting =
  | { readonly what: 'unconfirmed' | 'elsewhere' | 'group_left' | 'expired' | 'vanished' }
  | { readonly what: 'kept'; readonly group: number; readonly names: readonly string[] }
  | { readonly what: 'reported' | 'blocked'; readonly name: string }
  | { readonly what: 'refused'; readonly problem: string };

/** Why one waits again. */
export interface News {
  readonly what: 'did_not_start' | 'ended';
  readonly reason: Departure;
  readonly names: readonly string[];
}

export interface Room {
  readonly id: number;
  readonly me: Occupant;
  /** Also those of a room that is over, so that its last lines have names. */
  readonly partners: readonly Occupant[];
  /** Those of three who left: they can still be reported. */
  readonly gone: readonly Somebody[];
  readonly beganAt: number;
  readonly roundEndsAt: number | null;
  readonly reportedLines: number;
  readonly phase: 'deciding' | 'talking' | 'over';
  /** By `key`: who has said that they are there, in one way or another. */
  readonly ready: readonly string[];
  readonly items: readonly RoomItem[];
  readonly typing: readonly { readonly key: string; readonly until: number }[];
  readonly over: { readonly reason: Departure; readonly at: number } | null;
}

export type RoomItem = RoomLine | RoomNotice;

export interface RoomLine {
  readonly kind: 'line';
  readonly key: string;
  readonly by: Somebody;
  readonly at: number;
  readonly text: string;
  readonly state: 'sent' | 'sending' | 'failed';
  /** In the reader's words; only when failed. */
  readonly problem?: string;
  /** Written here, and not heard back yet. */
  readonly echoDue: boolean;
}

export interface RoomNotice {
  readonly kind: 'notice';
  readonly key: string;
  readonly what: 'joined' | 'left' | 'back' | 'joined_two' | 'rounds_over' | 'silent';
  readonly names: readonly string[];
  readonly reason: Departure | null;
}

export type Happening =
  | { type: 'enter'; group: number; back: boolean; started: number | null }
  /** `asked`: the room that one was in when the call was made. */
  | { type: 'standing'; standing: Standing; asked: number | null; now: number }
  | { type: 'refused'; problem: string }
  | { type: 'left'; parting: Parting | null }
  | { type: 'start' }
  | { type: 'said'; key: string; text: string; now: number }
  | { type: 'passed_on'; key: string; at: number }
  | { type: 'not_passed_on'; key: string; problem: string }
  | { type: 'sent_again'; key: string }
  | { type: 'dropped'; key: string }
  | { type: 'told'; told: LobbyTold; now: number }
  | { type: 'time'; now: number; autoNext: boolean };

/** What the rules want done: `leave` and `next` are calls about a room, `open` shows a group that one has become. */
export type Deed =
  | { readonly do: 'leave'; readonly room: number }
  | { readonly do: 'next'; readonly room: number }
  | { readonly do: 'ready'; readonly room: number }
  | { readonly do: 'open'; readonly group: number };

export interface Step {
  readonly state: LobbyState;
  readonly deeds: readonly Deed[];
}

export const OUTSIDE: LobbyState = { at: 'outside', group: null, parting: null };
/** To say that one is there, after having met. */
export const DECIDE_MS = 20_000;
/** So much longer who is there waits for the other to be taken out, before the room is shown all the same. */
export const GRACE_MS = 2_000;
/** Before the next one is looked for by itself: long enough to read why this one ended, and to stop it. */
export const AUTO_NEXT_MS = 4_000;
/** A typist who fell silent without saying so (`RoomSignalWhat::Typing`). */
export const TYPING_MS = 6_000;
/** Lines and notices that a tab keeps of one room. */
export const MOST_ITEMS = 500;

const NOTHING: readonly Deed[] = [];

export function step(state: LobbyState, happening: Happening): Step {
  switch (happening.type) {
    case 'enter':
      return to({ at: 'entering', group: happening.group, back: happening.back, started: happening.started });
    case 'standing':
      return stand(state, happening.standing, happening.asked, happening.now);
    case 'refused':
      return to({ at: 'outside', group: state.group, parting: { what: 'refused', problem: happening.problem } });
    case 'left':
      return to({ at: 'outside', group: state.group, parting: happening.parting });
    case 'time':
      return pass(state, happening.now, happening.autoNext);
    case 'told':
      return hear(state, happening.told, happening.now);
    default:
      if (state.at !== 'room') return to(state);
      return happening.type === 'start' ? start(state.group, state.room) : to(inRoom(state.group, write(state.room, happening)));
  }
}

/** When the clock has something to say; null is never. */
export function dueAt(state: LobbyState, autoNext: boolean): number | null {
  if (state.at !== 'room') return null;
  const { room } = state;
  const dues = room.typing.map((typist) => typist.until);
  if (room.phase === 'deciding') dues.push(decidedAt(room));
  if (room.over && autoNext) dues.push(room.over.at + AUTO_NEXT_MS);
  return dues.length > 0 ? Math.min(...dues) : null;
}

export function decideUntil(room: Room): number {
  return room.beganAt + DECIDE_MS;
}

function decidedAt(room: Room): number {
  return decideUntil(room) + (isReady(room, room.me) ? GRACE_MS : 0);
}

export function isReady(room: Room, who: Occupant): boolean {
  // One without an account comes over a dialect that knows no such word.
  return who.id === null || room.ready.includes(who.key);
}

export function namesOf(people: readonly { readonly name: string }[]): readonly string[] {
  return people.map((somebody) => somebody.name);
}

/** Those who can be reported and blocked: who is there, and who was. */
export function everMet(room: Room): readonly Somebody[] {
  return [...room.partners, ...room.gone.filter((left) => !room.partners.some((partner) => partner.key === left.key))];
}

// ── where one stands ────────────────────────────────────────────────────────────────────────────────────────────────

function stand(state: LobbyState, standing: Standing, asked: number | null, now: number): Step {
  if (state.at === 'outside') return to(state);
  if (standing.room) return see(state, standing.room, now);
  if (state.at === 'room' && state.room.id !== asked) return to(state);
  const since = standing.waiting_since === null ? now : Date.parse(standing.waiting_since);
  const news = state.at === 'waiting' ? state.news : null;
  return to({ at: 'waiting', group: standing.group, since, news });
}

function hear(state: LobbyState, told: LobbyTold, now: number): Step {
  switch (told.type) {
    case 'room':
      return state.at === 'outside' ? to(state) : see(state, told.body, now);
    case 'lobby_left':
      return state.at === 'outside' || state.group !== told.body.group ? to(state) : to({ at: 'outside', group: state.group, parting: partingFor(told.body.reason) });
    case 'lobby_state':
      return to(state);
    default:
      if (state.at !== 'room' || state.room.id !== told.body.room) return to(state);
      break;
  }
  const { group, room } = state;
  switch (told.type) {
    case 'room_message':
      return begun(group, listen(room, told.body));
    case 'room_signal':
      return begun(group, sense(room, told.body, now));
    case 'room_left':
      return to(inRoom(group, partFrom(room, told.body)));
    case 'room_ended':
      return end(group, room, told.body, now);
  }
}

function partingFor(reason: Departure): Parting {
  return { what: reason === 'group_left' || reason === 'expired' || reason === 'vanished' ? reason : 'elsewhere' };
}

function see(state: LobbyState, wire: WireRoom, now: number): Step {
  if (state.at === 'room' && state.room.id === wire.room) return begun(wire.group, meetAgain(state.room, wire));
  return to(inRoom(wire.group, meet(state, wire, now)));
}

function meet(state: LobbyState, wire: WireRoom, now: number): Room {
  const beganAt = Date.parse(wire.began_at);
  const cameBack = state.at === 'entering' && state.back;
  const started = (state.at === 'entering' && state.started === wire.room) || now - beganAt >= DECIDE_MS;
  const isTable = wire.round_ends_at !== null;
  const talking = isTable || started;
  const room: Room = {
    id: wire.room, me: wire.me, partners: wire.partners, gone: [], beganAt,
    roundEndsAt: wire.round_ends_at === null ? null : Date.parse(wire.round_ends_at),
    reportedLines: wire.reported_lines,
    phase: talking ? 'talking' : 'deciding',
    ready: talking ? [wire.me, ...wire.partners].map((who) => who.key) : [],
    items: [], typing: [], over: null,
  };
  if (talking && cameBack) return add(room, notice(room, 'back', []));
  // Two who are talking already are joined by the one who was left over.
  if (started && !isTable && wire.partners.length > 1) return add(room, notice(room, 'joined_two', namesOf(wire.partners)));
  return room;
}

/** The same room again: a third came, or one was away for a moment, or the rounds are over. */
function meetAgain(room: Room, wire: WireRoom): Room {
  const newcomers = wire.partners.filter((partner) => !room.partners.some((known) => known.key === partner.key));
  const leavers = room.partners.filter((known) => !wire.partners.some((partner) => partner.key === known.key));
  const roundEndsAt = wire.round_ends_at === null ? null : Date.parse(wire.round_ends_at);
  let now: Room = {
    ...room, me: wire.me, partners: wire.partners, roundEndsAt, over: null,
    phase: room.phase === 'over' ? 'talking' : room.phase,
    gone: [...room.gone, ...leavers],
    // Who joins two that talk has come to talk.
    ready: room.phase === 'deciding' ? room.ready : [...room.ready, ...newcomers.map((who) => who.key)],
  };
  for (const left of leavers) now = add(now, notice(now, 'left', [left.name], 'left'));
  for (const newcomer of newcomers) now = add(now, notice(now, 'joined', [newcomer.name]));
  if (room.roundEndsAt !== null && roundEndsAt === null) now = add(now, notice(now, 'rounds_over', []));
  return now;
}

function end(group: number, room: Room, ended: RoomEnded, now: number): Step {
  const names = namesOf(room.partners);
  if (ended.reason === 'kept' && ended.group !== null) {
    return { state: { at: 'outside', group, parting: { what: 'kept', group: ended.group, names } }, deeds: [{ do: 'open', group: ended.group }] };
  }
  if (ended.waiting) return to({ at: 'waiting', group, since: now, news: { what: 'ended', reason: ended.reason, names } });
  if (room.phase === 'over') return to(inRoom(group, room));
  const met = room.phase === 'talking' && room.partners.some((partner) => isReady(room, partner));
  if (!met) return goOn(group, room, now, { what: 'did_not_start', reason: ended.reason, names });
  return to(inRoom(group, { ...room, phase: 'over', typing: [], over: { reason: ended.reason, at: now } }));
}

function goOn(group: number, room: Room, now: number, news: News): Step {
  return { state: { at: 'waiting', group, since: now, news }, deeds: [{ do: 'next', room: room.id }] };
}

// ── within a room ───────────────────────────────────────────────────────────────────────────────────────────────────

function start(group: number, room: Room): Step {
  if (room.phase !== 'deciding' || isReady(room, room.me)) return to(inRoom(group, room));
  return { ...begun(group, withReady(room, room.me.key)), deeds: [{ do: 'ready', room: room.id }] };
}

/** All who can say that they are there have said so. */
function begun(group: number, room: Room): Step {
  const all = [room.me, ...room.partners].every((who) => isReady(room, who));
  return to(inRoom(group, room.phase === 'deciding' && all ? { ...room, phase: 'talking' } : room));
}

function withReady(room: Room, key: string): Room {
  return room.ready.includes(key) ? room : { ...room, ready: [...room.ready, key] };
}

function listen(room: Room, said: RoomMessage): Room {
  const silent = { ...room, typing: room.typing.filter((typist) => typist.key !== said.by.key) };
  const at = Date.parse(said.at);
  if (said.by.key === room.me.key) {
    const index = room.items.findIndex((item) => item.kind === 'line' && item.echoDue && item.text === said.text);
    const own = room.items[index];
    if (own?.kind === 'line') return { ...silent, items: room.items.with(index, { ...own, at, state: 'sent', echoDue: false, problem: undefined }) };
    return add(silent, { kind: 'line', key: nextKey(room), by: said.by, at, text: said.text, state: 'sent', echoDue: false });
  }
  // Whoever says something is there.
  return add(withReady(silent, said.by.key), { kind: 'line', key: nextKey(room), by: said.by, at, text: said.text, state: 'sent', echoDue: false });
}

function sense(room: Room, signal: RoomSignal, now: number): Room {
  switch (signal.type) {
    case 'typing': {
      const others = room.typing.filter((typist) => typist.key !== signal.by);
      const typing = signal.on ? [...others, { key: signal.by, until: now + TYPING_MS }] : others;
      return { ...(signal.on ? withReady(room, signal.by) : room), typing };
    }
    case 'ready':
      return withReady(room, signal.by);
    case 'keep': {
      const keeps = <T extends Occupant>(who: T): T => (who.key === signal.by ? { ...who, keeps: signal.on } : who);
      return { ...room, me: keeps(room.me), partners: room.partners.map(keeps) };
    }
    default:
      return room;
  }
}

function partFrom(room: Room, { who, reason }: RoomLeft): Room {
  const without = {
    ...room,
    partners: room.partners.filter((partner) => partner.key !== who.key),
    typing: room.typing.filter((typist) => typist.key !== who.key),
    gone: [...room.gone, who],
  };
  return add(without, notice(room, 'left', [who.name], reason));
}

function write(room: Room, happening: Happening): Room {
  switch (happening.type) {
    case 'said':
      return add(room, { kind: 'line', key: happening.key, by: room.me, at: happening.now, text: happening.text, state: 'sending', echoDue: true });
    case 'passed_on':
      return change(room, happening.key, (line) => ({ ...line, at: happening.at, state: 'sent', problem: undefined }));
    case 'not_passed_on':
      // It was heard after all; only the answer was lost.
      return change(room, happening.key, (line) => (line.echoDue ? { ...line, state: 'failed', problem: happening.problem } : line));
    case 'sent_again':
      return change(room, happening.key, (line) => ({ ...line, state: 'sending', problem: undefined }));
    case 'dropped':
      return { ...room, items: room.items.filter((item) => item.key !== happening.key) };
    default:
      return room;
  }
}

function change(room: Room, key: string, how: (line: RoomLine) => RoomLine): Room {
  return { ...room, items: room.items.map((item) => (item.kind === 'line' && item.key === key ? how(item) : item)) };
}

function add(room: Room, item: RoomItem): Room {
  return { ...room, items: [...room.items, item].slice(-MOST_ITEMS) };
}

function notice(room: Room, what: RoomNotice['what'], names: readonly string[], reason: Departure | null = null): RoomNotice {
  return { kind: 'notice', key: nextKey(room), what, names, reason };
}

/** Unlike every key in the room; own lines bring theirs along. */
function nextKey(room: Room): string {
  const last = room.items.findLast((item) => item.key.startsWith('n'));
  return `n${Number(last?.key.slice(1) ?? 0) + 1}`;
}

// ── the clock ───────────────────────────────────────────────────────────────────────────────────────────────────────

function pass(state: LobbyState, now: number, autoNext: boolean): Step {
  if (state.at !== 'room') return to(state);
  const { group } = state;
  const typing = state.room.typing.filter((typist) => typist.until > now);
  const room = typing.length === state.room.typing.length ? state.room : { ...state.room, typing };
  if (room.phase === 'deciding' && now >= decidedAt(room)) {
    // Whoever is silent takes themselves out, and the room ends with it; a client that knows no Start may stay.
    if (isReady(room, room.me)) {
      const silent = room.partners.filter((partner) => !isReady(room, partner));
      return to(inRoom(group, add({ ...room, phase: 'talking' }, notice(room, 'silent', namesOf(silent)))));
    }
    return { state: { at: 'outside', group, parting: { what: 'unconfirmed' } }, deeds: [{ do: 'leave', room: room.id }] };
  }
  if (room.over && autoNext && now >= room.over.at + AUTO_NEXT_MS) {
    return goOn(group, room, now, { what: 'ended', reason: room.over.reason, names: namesOf(room.partners) });
  }
  return to(room === state.room ? state : inRoom(group, room));
}

function inRoom(group: number, room: Room): LobbyState {
  return { at: 'room', group, room };
}

function to(state: LobbyState): Step {
  return { state, deeds: NOTHING };
}
