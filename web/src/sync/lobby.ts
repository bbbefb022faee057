// The conductor of the lobby: joins the socket and the clock to the rules of `model/lobby.ts`, does what they ask for,
// and offers what screens may do. Loaded by those who go there.
import { api } from '../api.ts';
import { serverNow } from '../clock.ts';
import { asFailure, inWords, type Failure } from '../failure.ts';
import { dueAt, namesOf, step, type Deed, type Happening, type LobbyState, type Parting } from '../model/lobby.ts';
import { spoken } from '../model/lobby-words.ts';
import { listOf } from '../model/sentences.ts';
import { askToNotify, notify } from '../notify.ts';
import type { LobbyTold, Standing } from '../shapes.ts';
import { announce, announceMessage } from '../store/announcer.ts';
import { leaveLobbyMark, setCrowd, useLobby, type LobbyMark } from '../store/lobby.ts';
import { usePreferences } from '../store/preferences.ts';
import { useSignals } from '../store/signals.ts';
import { toast } from '../store/toasts.ts';
import { connection, enterGroup, hearLobby } from './chat.ts';

const TYPING_EVERY_MS = 3_000;
/** Leaving is tried again: whoever is thought to be there keeps others waiting. */
const LEAVE_AGAIN_MS = [1_000, 3_000, 8_000];
/** The server tells changes of a lobby a few times a second; those outside ask no more often than this. */
const ASK_EVERY_MS = 1_000;

/** Whether the server counts this socket as one that is in the lobby: a new socket is not, until it has entered. */
let attending = false;
let timer: ReturnType<typeof setTimeout> | undefined;

function now(): LobbyState {
  return useLobby.getState().state;
}

// ── life ────────────────────────────────────────────────────────────────────────────────────────────────────────────

hearLobby({ told: hear, opened, lost: () => (attending = false) });
window.addEventListener('pagehide', leaveLobbyMark);
window.addEventListener('focus', () => useLobby.setState({ unseen: 0 }));
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState !== 'visible') return;
  // Another window of the same account may have gone on meanwhile.
  compare();
});
usePreferences.subscribe((preferences, before) => preferences.autoNext !== before.autoNext && schedule());

function hear(told: LobbyTold): void {
  if (told.type === 'lobby_state') {
    setCrowd(told.body);
    return;
  }
  dispatch({ type: 'told', told, now: serverNow() });
  if (told.type === 'room_message') noteLine(told.body.by.key, told.body.by.name, told.body.text);
}

function opened(): void {
  if (!isOver(now())) compare();
  if (watched !== null) askCrowd(watched);
}

/** Asks where this account is, and comes back to its place if there is one. Not from a room that is over: there is none. */
function compare(): void {
  const state = now();
  if (state.at !== 'outside' && !isOver(state) && useLobby.getState().busy === null) void callEnter(state.group);
}

function isOver(state: LobbyState): boolean {
  return state.at === 'room' && state.room.phase === 'over';
}

function dispatch(happening: Happening): void {
  const before = now();
  const { state, deeds } = step(before, happening);
  if (state !== before) {
    useLobby.setState({ state });
    schedule();
    const words = spoken(before, state);
    if (words) announce(words);
    tellIfMet(before, state);
  }
  deeds.forEach(perform);
}

function perform(deed: Deed): void {
  switch (deed.do) {
    case 'leave':
      return void leaveSurely(deed.room, 0);
    case 'next':
      return void callNext(deed.room);
    case 'ready':
      return void connection().call('room_signal', { room: deed.room, type: 'ready', on: true }).catch(() => compare());
    case 'open':
      // It is in no list yet: whoever shows it finds it.
      return void api.group(deed.group).then(({ group }) => enterGroup(group, 'owner'), () => {});
  }
}

function schedule(): void {
  clearTimeout(timer);
  const { autoNext } = usePreferences.getState();
  const at = dueAt(now(), autoNext);
  if (at === null) return;
  timer = setTimeout(() => {
    dispatch({ type: 'time', now: serverNow(), autoNext: usePreferences.getState().autoNext });
    schedule();
  }, Math.max(20, at - serverNow()));
}

// ── coming, going on, leaving ───────────────────────────────────────────────────────────────────────────────────────

export async function enterLobby(group: number): Promise<void> {
  dispatch({ type: 'enter', group, back: false, started: null });
  useLobby.setState({ busy: 'enter' });
  await callEnter(group);
  useLobby.setState({ busy: null });
}

/** After a reload: the place is kept for 20 seconds. */
export function comeBack({ group, started }: LobbyMark): void {
  if (now().at !== 'outside') return;
  dispatch({ type: 'enter', group, back: true, started });
  compare();
}

async function callEnter(group: number): Promise<void> {
  const asked = roomNow();
  try {
    const standing = await connection().call('lobby_enter', { group });
    attending = true;
    stand(standing, asked);
  } catch (error) {
    const failure = asFailure(error);
    // Without a connection there is nothing to refuse: it is asked again as soon as there is one. And one who is in
    // stays in where the server only asks for patience.
    if (!isLost(failure) && (now().at === 'entering' || failure.retryAfter === undefined)) dispatch({ type: 'refused', problem: inWords(failure) });
  }
}

export function startTalking(): void {
  dispatch({ type: 'start' });
}

/** Out of this room, to somebody else. */
export async function goOn(): Promise<void> {
  const state = now();
  if (state.at !== 'room' || useLobby.getState().busy !== null) return;
  useLobby.setState({ busy: 'next' });
  await callNext(state.room.id);
  useLobby.setState({ busy: null });
}

async function callNext(room: number): Promise<void> {
  const state = now();
  if (state.at === 'outside') return;
  // To a socket that has not entered since it was opened, a room that is over is no room any more.
  if (!attending) return callEnter(state.group);
  try {
    stand(await connection().call('room_next', { room }), room);
  } catch (error) {
    const failure = asFailure(error);
    if (failure.code === 'not_found') await callEnter(state.group);
    else if (now().at === 'waiting' && !isLost(failure)) dispatch({ type: 'refused', problem: inWords(failure) });
    else if (!isLost(failure)) toast(inWords(failure), { tone: 'error' });
  }
}

export async function leaveLobby(parting: Parting | null = null): Promise<void> {
  if (useLobby.getState().busy === 'leave') return;
  useLobby.setState({ busy: 'leave' });
  try {
    await connection().call('lobby_leave', {});
    dispatch({ type: 'left', parting });
  } catch (error) {
    const failure = asFailure(error);
    // The place of one who is not connected is given up by itself.
    if (isLost(failure)) dispatch({ type: 'left', parting });
    else toast(`You are still in the lobby. ${inWords(failure)}`, { tone: 'error' });
  }
  useLobby.setState({ busy: null });
}

/** Of this room only: another window may have gone on to somebody else, and stays there. */
async function leaveSurely(room: number, tries: number): Promise<void> {
  try {
    await connection().call('room_leave', { room });
  } catch (error) {
    const failure = asFailure(error);
    const wait = LEAVE_AGAIN_MS[tries];
    if (wait !== undefined && !isLost(failure) && failure.code !== 'not_found') setTimeout(() => now().at === 'outside' && void leaveSurely(room, tries + 1), wait);
  }
}

function stand(standing: Standing, asked: number | null): void {
  dispatch({ type: 'standing', standing, asked, now: serverNow() });
}

function roomNow(): number | null {
  const state = now();
  return state.at === 'room' ? state.room.id : null;
}

function isLost(failure: Failure): boolean {
  return failure.code === 'offline' || failure.code === 'no_answer';
}

// ── in a room ───────────────────────────────────────────────────────────────────────────────────────────────────────

let lines = 0;

/** Shown at once; it says itself when it could not be passed on. */
export function say(text: string): void {
  const room = roomNow();
  if (room === null) return;
  const key = `own${++lines}`;
  typingSentAt = null;
  dispatch({ type: 'said', key, text, now: serverNow() });
  void send(room, key, text);
}

export function sayAgain(key: string, text: string): void {
  const room = roomNow();
  if (room === null) return;
  dispatch({ type: 'sent_again', key });
  void send(room, key, text);
}

export function dropLine(key: string): void {
  dispatch({ type: 'dropped', key });
}

async function send(room: number, key: string, text: string): Promise<void> {
  try {
    const { at } = await connection().call('room_send', { room, text });
    dispatch({ type: 'passed_on', key, at: Date.parse(at) });
  } catch (error) {
    const failure = asFailure(error);
    dispatch({ type: 'not_passed_on', key, problem: isLost(failure) ? 'The connection was gone.' : inWords(failure) });
    // One is not in this room any more, perhaps through another window.
    if (failure.code === 'not_found') compare();
  }
}

let typingSentAt: number | null = null;

export function tellTypingInRoom(on: boolean): void {
  const room = roomNow();
  const at = Date.now();
  if (room === null || (on ? typingSentAt !== null && at - typingSentAt < TYPING_EVERY_MS : typingSentAt === null)) return;
  typingSentAt = on ? at : null;
  connection().call('room_signal', { room, type: 'typing', on }).catch(() => {});
}

export async function keepRoom(on: boolean): Promise<void> {
  const room = roomNow();
  if (room === null) return;
  useLobby.setState({ busy: 'keep' });
  try {
    // What came of it is told to all in the room, us too.
    await connection().call('room_keep', { room, on });
  } catch (error) {
    toast(`That was not noted. ${inWords(error)}`, { tone: 'error' });
  }
  useLobby.setState({ busy: null });
}

/** Reports somebody, blocks them if so wished, and leaves. */
export async function report(about: string, name: string, reason: string, block: boolean): Promise<void> {
  const room = roomNow();
  if (room === null) return;
  // Blocking twice does no harm, reporting twice would be two reports.
  if (block) await connection().call('room_block', { room, about });
  await connection().call('room_report', { room, about, ...(reason ? { reason } : {}) });
  await leaveLobby({ what: 'reported', name });
}

/** At a table of speed chat nobody can go on before the round is over; then one leaves. */
export async function block(about: string, name: string, andThen: 'next' | 'leave'): Promise<void> {
  const room = roomNow();
  if (room === null) return;
  await connection().call('room_block', { room, about });
  if (andThen === 'leave') return leaveLobby({ what: 'blocked', name });
  toast(`You never meet ${name} again.`);
  await goOn();
}

// ── the lobby from outside ──────────────────────────────────────────────────────────────────────────────────────────

/** The group whose lobby is on the screen. */
let watched: number | null = null;
let asking: ReturnType<typeof setTimeout> | undefined;

/** Keeps `crowds[group]` right until the answer is called. */
export function watchLobby(group: number): () => void {
  watched = group;
  askCrowd(group);
  const forget = useSignals.subscribe((signals, before) => {
    // Those inside are told without asking.
    if (signals.waiting !== before.waiting && (now().at === 'outside' || now().group !== group)) askSoon(group);
  });
  return () => {
    watched = null;
    clearTimeout(asking);
    asking = undefined;
    forget();
  };
}

function askSoon(group: number): void {
  asking ??= setTimeout(() => {
    asking = undefined;
    askCrowd(group);
  }, ASK_EVERY_MS);
}

export function askCrowd(group: number): void {
  connection().call('lobby_state', { group }).then(setCrowd, () => {});
}

// ── notices ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** From a click only; answers whether a notification will come. */
export async function askForNotice(): Promise<boolean> {
  const allowed = await askToNotify();
  useLobby.setState({ notify: allowed });
  return allowed;
}

function tellIfMet(before: LobbyState, after: LobbyState): void {
  if (after.at !== 'room' || (before.at === 'room' && before.room.id === after.room.id)) return;
  useLobby.setState({ unseen: 0 });
  if (!useLobby.getState().notify) return;
  const body = after.room.phase === 'deciding' ? 'Press Start within 20 seconds.' : 'You can write.';
  notify(`You have met ${listOf(namesOf(after.room.partners))}`, body);
}

function noteLine(key: string, name: string, text: string): void {
  const state = now();
  if (state.at !== 'room' || state.room.me.key === key) return;
  announceMessage(name, text);
  if (document.visibilityState !== 'visible' || !document.hasFocus()) useLobby.setState(({ unseen }) => ({ unseen: unseen + 1 }));
}
