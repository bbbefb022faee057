// The conductor: joins socket, follower and sender to the stores, and offers what screens may do to groups and messages.
// Every action shows at once and is confirmed later; what is refused is put back, with a sentence.
import { api } from '../api.ts';
import { Failure, inWords } from '../failure.ts';
import { Live, type LiveListener } from '../live.ts';
import { findMessage, isCovered, startLog, type LogState, type Outgoing } from '../model/log.ts';
import { newClientId, Outbox, type Letter } from '../model/outbox.ts';
import { NO_NAMES } from '../model/mentions.ts';
import type { Account, Attachment, Author, DuelTold, Event, Group, LobbyTold, Me, Member, Role, Signal, Viewers } from '../shapes.ts';
import { announceMessage } from '../store/announcer.ts';
import { useConnection } from '../store/connection.ts';
import { noteFound, resetDuels } from '../store/duels.ts';
import { countEvent, dropGroup, putGroup, refreshGroup, setGroups, setRead, useGroups } from '../store/groups.ts';
import { resetLobby } from '../store/lobby.ts';
import { dispatch, dropLog, logOf, putLog, setLoading, useLogs } from '../store/logs.ts';
import { applyToPeople, peopleOf, putMember, setPeople, usePeople } from '../store/people.ts';
import { applySignal, forgetSignals, setTyping, setWaiting } from '../store/signals.ts';
import { dismissToast, toast } from '../store/toasts.ts';
import { Follower } from './follow.ts';
import { Sender } from './sender.ts';

const PAGE = 60;
const MOST_MEMBERS = 1_000;
const UNDO_MS = 6_000;
const TYPING_EVERY_MS = 3_000;
const later = (ms: number, then: () => void) => void setTimeout(then, ms);

interface Chat {
  readonly me: Author;
  readonly live: Live;
  readonly follower: Follower;
  readonly sender: Sender;
  readonly outbox: Outbox;
}

let chat: Chat | null = null;
/** The group on the screen, for the live region. */
let shownGroup: number | null = null;
let onSessionDoubt: () => void = () => {};

/** `sync/lobby.ts`, which is loaded only for those who go there. */
export interface LobbyEar {
  told(told: LobbyTold): void;
  opened(): void;
  lost(): void;
}
let lobbyEar: LobbyEar | null = null;

export function hearLobby(ear: LobbyEar): void {
  lobbyEar = ear;
}

/** `watch/watching.ts`, while somebody is on a watch screen. */
export interface WatchEar {
  event(event: Event): void;
  opened(): void;
  lost(): void;
  viewers(told: Viewers): void;
  cheer(signal: Signal): void;
}
let watchEar: WatchEar | null = null;

export function hearWatch(ear: WatchEar | null): void {
  watchEar = ear;
}

/** `duel/seeking.ts` and `duel/playing.ts`, which are loaded only for those who go there. */
export interface DuelEar {
  told(told: DuelTold): void;
  opened(): void;
  lost(): void;
}
const duelEars = new Set<DuelEar>();

/** Until what it gives back is called. */
export function hearDuels(ear: DuelEar): () => void {
  duelEars.add(ear);
  return () => void duelEars.delete(ear);
}

/** The socket, for those who call things of their own over it. */
export function connection(): Live {
  return running().live;
}

function running(): Chat {
  if (!chat) throw new Failure('unauthorized', '');
  return chat;
}

// ── life ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export function startChat(me: Me, sessionDoubt: () => void): void {
  onSessionDoubt = sessionDoubt;
  setGroups(me.groups);
  if (chat) {
    // The same person signed in again: places, drafts and unsent messages are where they were.
    for (const { group, head } of me.groups) chat.follower.add(group.id, { epoch: group.epoch, seq: head });
    chat.live.start();
    return;
  }
  const outbox = new Outbox(localStorage, me.account.id);
  const live = new Live(listener);
  const follower = new Follower({
    open: (groups) => live.call('open', { groups }),
    page: (group, after) => api.events(group, after, 200),
    apply,
    restart,
    gone: (group) => lostGroup(group, 'You are no longer in this group.'),
    later,
  });
  const sender = new Sender(
    {
      isOpen: () => live.isOpen,
      send: ({ group, clientId, text, replyTo, files }) =>
        live.call('send', {
          group, client_id: clientId, text, ...(replyTo === null ? {} : { reply_to: replyTo }),
          ...(files.length === 0 ? {} : { files: files.map(({ id }) => id) }),
        }),
      dispatch,
      later,
    },
    outbox,
  );
  chat = { me: { id: me.account.id, name: me.account.display_name }, live, follower, sender, outbox };
  for (const { group, head } of me.groups) follower.add(group.id, { epoch: group.epoch, seq: head });
  live.start();
}

/** The session ended, the page stays. */
export function pauseChat(): void {
  chat?.live.stop();
  chat?.follower.lost();
}

export function stopChat(forget: boolean): void {
  flushDeletes();
  if (forget) chat?.outbox.clear();
  chat?.live.stop();
  chat?.follower.clear();
  chat = null;
  useGroups.setState({ status: 'loading', entries: {} });
  useLogs.setState({ logs: {}, loading: {} });
  usePeople.setState({ groups: {} });
  forgetSignals();
  resetLobby();
  resetDuels();
}

export function retryNow(): void {
  chat?.live.retryNow();
}

export async function refreshGroups(): Promise<void> {
  useGroups.setState({ status: 'loading' });
  try {
    const me = await api.me();
    setGroups(me.groups);
    for (const { group, head } of me.groups) running().follower.add(group.id, { epoch: group.epoch, seq: head });
  } catch {
    useGroups.setState({ status: 'failed' });
  }
}

const listener: LiveListener = {
  state: (state) => useConnection.setState({ state }),
  opened: () => {
    chat?.follower.connected();
    chat?.sender.connected();
    lobbyEar?.opened();
    watchEar?.opened();
    duelEars.forEach((ear) => ear.opened());
    if (shownGroup !== null) askWhoWaits(shownGroup);
  },
  lost: () => {
    chat?.follower.lost();
    lobbyEar?.lost();
    watchEar?.lost();
    duelEars.forEach((ear) => ear.lost());
    forgetSignals();
  },
  event: (event) => chat?.follower.event(event),
  signal: (signal) => {
    if (signal.type === 'read') setRead(signal.group, signal.last_read, signal.unread);
    else if (signal.type === 'cheer') watchEar?.cheer(signal);
    else applySignal(signal, running().me.id);
  },
  lobby: (told) => lobbyEar?.told(told),
  viewers: (told) => watchEar?.viewers(told),
  duel: (told) => {
    // Also for those who have never been on a screen of the duels: a challenge of theirs begins.
    if (told.type === 'duel_found') noteFound(told.body);
    duelEars.forEach((ear) => ear.told(told));
  },
  resume: (group) => chat?.follower.resume(group),
  refused: () => onSessionDoubt(),
};

function apply(event: Event): void {
  const { me, sender } = running();
  const names = peopleOf(event.group).names;
  countEvent(event, me.id, names ?? NO_NAMES);
  dispatch(event.group, { type: 'event', event });
  applyToPeople(event, me.id);
  watchEar?.event(event);
  if (event.type === 'message') {
    setTyping(event.group, event.by.id, event.by.name, false);
    if (event.by.id === me.id) sender.arrived(event.group, event.data.client_id);
    else if (event.group === shownGroup && !event.data.deleted) announceMessage(event.by.name, event.data.text);
  } else if (event.type === 'member_left' && event.data.account.id === me.id) {
    const name = useGroups.getState().entries[event.group]?.group.name ?? 'the group';
    const how = { left: `You left ${name}.`, kicked: `You were removed from ${name}.`, banned: `You were banned from ${name}.` };
    lostGroup(event.group, how[event.data.reason]);
  } else if (event.type === 'member_role' && event.data.account.id === me.id) {
    // The access code comes and goes with the role.
    void api.group(event.group).then(({ group }) => refreshGroup(group), () => {});
  }
}

function restart(group: number, position: { epoch: number; seq: number }): void {
  const log = logOf(group);
  if (log) {
    putLog(group, startLog(log.me, position.epoch, position.seq, log.outgoing));
    void loadPage(group, null);
  }
  void api.me().then((me) => setGroups(me.groups), () => {});
}

/** It was in the list; now it is gone. What was typed for it stays in its draft. */
function lostGroup(group: number, why: string): void {
  if (!useGroups.getState().entries[group]) return;
  chat?.follower.remove(group);
  dropGroup(group);
  dropLog(group);
  toast(why);
}

// ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export function showGroup(id: number | null): void {
  shownGroup = id;
}

/** The group's log and people, from the server if they are not here yet. */
export function openGroup(id: number): void {
  const entry = useGroups.getState().entries[id];
  if (!entry || !chat) return;
  if (!logOf(id)) {
    const position = chat.follower.positionOf(id) ?? { epoch: entry.group.epoch, seq: entry.group.head };
    putLog(id, startLog(chat.me, position.epoch, position.seq, chat.sender.waiting(id).map(asOutgoing)));
    void loadPage(id, null);
  }
  if (peopleOf(id).status !== 'ready') void loadPeople(id);
  askWhoWaits(id);
}

/** The number comes by itself when it changes; this is the first one. Without it nothing is shown. */
function askWhoWaits(group: number): void {
  if (chat?.live.isOpen) chat.live.call('lobby_state', { group }).then(({ waiting }) => setWaiting(group, waiting), () => {});
}

/** One page at a time for each group; who asks meanwhile gets the promise of the one that is on its way. */
const pagesOnTheWay = new Map<number, Promise<void>>();

export function loadPage(group: number, before: number | null, limit = PAGE): Promise<void> {
  let page = pagesOnTheWay.get(group);
  if (!page) {
    page = requestPage(group, before, limit).finally(() => pagesOnTheWay.delete(group));
    pagesOnTheWay.set(group, page);
  }
  return page;
}

/** Never fails: what is missing is shown where it is missing, with a button to try again. */
async function requestPage(group: number, before: number | null, limit: number): Promise<void> {
  setLoading(group, 'loading');
  try {
    await fetchPage(group, before, limit);
    setLoading(group, 'idle');
  } catch {
    dispatch(group, { type: 'page_failed' });
    setLoading(group, 'failed');
  }
}

async function fetchPage(group: number, before: number | null, limit: number): Promise<void> {
  const asked = logOf(group);
  if (!asked) return;
  dispatch(group, { type: 'page_requested' });
  const page = await api.messages(group, before, limit);
  const now = logOf(group);
  // The log was replaced meanwhile: this page belongs to one that is gone.
  if (!now || now.epoch !== asked.epoch || page.epoch !== asked.epoch) return;
  // What happened up to the page's head is folded into it, whatever has come live meanwhile.
  dispatch(group, { type: 'page', page: { messages: page.messages, before, reachesStart: page.next === null, asOf: page.head } });
}

export function loadOlder(group: number): Promise<void> {
  const from = logOf(group)?.coverage[0]?.from ?? 1;
  return from <= 1 ? Promise.resolve() : loadPage(group, from);
}

/** Into a gap from its older or from its newer end. */
export function loadGap(group: number, gap: { from: number; to: number }, side: 'older' | 'newer'): Promise<void> {
  const before = side === 'newer' ? gap.to + 1 : Math.min(gap.to + 1, gap.from + PAGE);
  return loadPage(group, before);
}

/** Whether the position can be shown now. */
export async function loadAround(group: number, seq: number): Promise<boolean> {
  // Whatever is on its way may be what is wanted, and has to come first in any case.
  await pagesOnTheWay.get(group);
  const log = logOf(group);
  if (!log || seq > log.position) return false;
  if (!isCovered(log, seq)) await loadPage(group, Math.min(seq + PAGE / 2, log.position + 1));
  const now = logOf(group);
  return !!now && isCovered(now, seq);
}

const lastReadSent = new Map<number, number>();

export function markRead(group: number, seq: number): void {
  const entry = useGroups.getState().entries[group];
  if (!entry || !chat || seq <= entry.lastRead || seq <= (lastReadSent.get(group) ?? 0)) return;
  lastReadSent.set(group, seq);
  chat.live.call('read', { group, seq }).then(
    (answer) => setRead(group, answer.last_read, answer.unread),
    () => lastReadSent.delete(group),
  );
}

// ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export function sendMessage(group: number, text: string, replyTo: number | null, files: readonly Attachment[] = []): void {
  const now = Date.now();
  typingSent.delete(group);
  running().sender.submit({ clientId: newClientId(now), group, text, replyTo, files, at: now });
}

export function retryMessage(clientId: string): void {
  running().sender.retry(clientId);
}

export function discardMessage(group: number, clientId: string): void {
  running().sender.discard(group, clientId);
}

export async function editMessage(group: number, seq: number, text: string): Promise<void> {
  dispatch(group, { type: 'overlaid', seq, overlay: { text } });
  try {
    await running().live.call('edit', { group, seq, text });
    dispatch(group, { type: 'overlay_dropped', seq, what: 'text' });
  } catch (error) {
    dispatch(group, { type: 'overlay_dropped', seq, what: 'text' });
    throw error;
  }
}

export async function react(group: number, seq: number, emoji: string, on: boolean): Promise<void> {
  dispatch(group, { type: 'overlaid', seq, overlay: { reactions: { [emoji]: on } } });
  try {
    await running().live.call('react', { group, seq, emoji, on });
  } catch (error) {
    toast(`The reaction was not saved. ${inWords(error)}`, { tone: 'error' });
  } finally {
    dispatch(group, { type: 'overlay_dropped', seq, what: { emoji } });
  }
}

/** Deletions that can still be taken back. */
const undoable = new Map<string, { timer: ReturnType<typeof setTimeout>; group: number; seq: number; toast: number }>();

/** Gone from the screen at once, from the server after the time to take it back. */
export function deleteMessage(group: number, seq: number): void {
  const key = `${group}:${seq}`;
  if (undoable.has(key)) return;
  dispatch(group, { type: 'overlaid', seq, overlay: { hidden: true } });
  const undo = () => {
    const waiting = undoable.get(key);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    undoable.delete(key);
    dispatch(group, { type: 'overlay_dropped', seq, what: 'hidden' });
  };
  const shown = toast('Message deleted', { action: { label: 'Undo', run: undo }, lastsMs: UNDO_MS });
  const timer = setTimeout(() => {
    undoable.delete(key);
    dismissToast(shown);
    void deleteNow(group, seq);
  }, UNDO_MS);
  undoable.set(key, { timer, group, seq, toast: shown });
}

async function deleteNow(group: number, seq: number): Promise<void> {
  try {
    await running().live.call('delete', { group, seq });
  } catch (error) {
    dispatch(group, { type: 'overlay_dropped', seq, what: 'hidden' });
    toast(`The message was not deleted. ${inWords(error)}`, { tone: 'error', action: { label: 'Try again', run: () => deleteMessage(group, seq) } });
  }
}

/** The page is being left: what was deleted on it stays deleted. */
export function flushDeletes(): void {
  for (const { timer, group, seq, toast: shown } of undoable.values()) {
    clearTimeout(timer);
    dismissToast(shown);
    api.deleteWhileLeaving(group, seq);
  }
  undoable.clear();
}

const typingSent = new Map<number, number>();

export function tellTyping(group: number, on: boolean): void {
  const now = Date.now();
  const last = typingSent.get(group);
  if (on ? last !== undefined && now - last < TYPING_EVERY_MS : last === undefined) return;
  if (on) typingSent.set(group, now);
  else typingSent.delete(group);
  chat?.live.call('typing', { group, on }).catch(() => {});
}

// ── groups and people ───────────────────────────────────────────────────────────────────────────────────────────────

export function enterGroup(group: Group, role: Role): void {
  putGroup(group, role);
  running().follower.add(group.id, { epoch: group.epoch, seq: group.head });
}

export async function joinGroup(code: string): Promise<Group> {
  const { group } = await api.joinGroup(code);
  if (!useGroups.getState().entries[group.id]) enterGroup(group, ownGuest ? 'guest' : 'member');
  return group;
}

export async function createGroup(name: string, description: string): Promise<Group> {
  const { group } = await api.createGroup({ name, ...(description ? { description } : {}) });
  enterGroup(group, 'owner');
  return group;
}

export async function leaveGroup(id: number): Promise<void> {
  await api.removeMember(id, running().me.id);
  forgetGroup(id);
}

export async function deleteGroup(id: number): Promise<void> {
  await api.deleteGroup(id);
  forgetGroup(id);
}

function forgetGroup(id: number): void {
  chat?.follower.remove(id);
  dropGroup(id);
  dropLog(id);
}

export async function loadPeople(group: number): Promise<void> {
  const me = running().me.id;
  setPeople(group, { status: 'loading' }, me);
  try {
    const members: Member[] = [];
    let next: string | null = null;
    do {
      const page: { members: Member[]; next: string | null } = await api.members(group, next);
      members.push(...page.members);
      next = page.next;
    } while (next !== null && members.length < MOST_MEMBERS);
    setPeople(group, { members, next, status: 'ready' }, me);
  } catch {
    setPeople(group, { status: 'failed' }, me);
  }
}

export async function changeRole(group: number, account: number, role: Role): Promise<void> {
  const { member } = await api.changeRole(group, account, role);
  putMember(group, member, running().me.id);
}

let ownGuest = false;

/** The name under which the reader acts; it may change in the settings. */
export function setOwnAccount(account: Account): void {
  ownGuest = account.guest;
  if (chat) chat = { ...chat, me: { id: account.id, name: account.display_name } };
}

function asOutgoing({ clientId, text, replyTo, files, at }: Letter): Outgoing {
  return { clientId, text, replyTo, files, at, state: 'queued' };
}

/** For a screen that wants a message without being a row of the log. */
export function messageOf(log: LogState | undefined, seq: number | null) {
  return log && seq !== null ? findMessage(log, seq) : undefined;
}
