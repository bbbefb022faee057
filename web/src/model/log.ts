// What a group's log looks like in this browser: a pure reducer from pages of history, live events and one's own unsent
// messages to the messages that are shown. No clock, no network, no React; `log.test.ts` throws dice at it.
//
// Two things make it exact:
// - `asOf` on every message: the position up to which events are folded into it. A page of history may be younger or
//   older than the live events; whatever it already contains is not folded in twice.
// - `coverage`: the ranges of positions of which every message is here. What lies between two ranges is a gap that the
//   list shows and loads; the last range always ends at `position`.
import type { Attachment, Author, Event, Message, PlayerChange, Reaction as WireReaction, Role, LeaveReason, GroupUpdatedData } from '../shapes.ts';

export interface Reaction {
  readonly emoji: string;
  readonly count: number;
  readonly me: boolean;
  /** Those whose names we happen to know: pages of history count people without naming them. */
  readonly names: readonly string[];
}

export interface LogMessage {
  readonly kind: 'message';
  /** Stays the same when an unsent message becomes a sent one, so that its row is not mounted anew. */
  readonly key: string;
  readonly seq: number;
  readonly at: number;
  readonly by: Author;
  readonly text: string;
  readonly clientId: string;
  readonly replyTo: number | null;
  readonly files: readonly Attachment[];
  readonly editedAt: number | null;
  readonly deleted: boolean;
  readonly reactions: readonly Reaction[];
  readonly asOf: number;
}

export type NoticeWhat =
  | { readonly what: 'joined'; readonly who: string; readonly role: Role }
  | { readonly what: 'left'; readonly who: string; readonly reason: LeaveReason }
  | { readonly what: 'role'; readonly who: string; readonly role: Role }
  | { readonly what: 'updated'; readonly fields: readonly (keyof GroupUpdatedData)[]; readonly name?: string }
  | { readonly what: 'player'; readonly change: PlayerChange };

/** A line such as "Ada joined"; known only from live events, since pages of history hold messages alone. */
export interface Notice {
  readonly kind: 'notice';
  readonly key: string;
  readonly seq: number;
  readonly at: number;
  readonly by: Author;
  readonly notice: NoticeWhat;
}

export type LogItem = LogMessage | Notice;

export interface Outgoing {
  readonly clientId: string;
  readonly text: string;
  readonly replyTo: number | null;
  readonly files: readonly Attachment[];
  readonly at: number;
  readonly state: 'queued' | 'sending' | 'failed';
  /** In the reader's words; only when failed. */
  readonly problem?: string;
}

/** What one did to a message and the server has not confirmed yet. */
export interface Overlay {
  readonly text?: string;
  readonly hidden?: boolean;
  readonly reactions?: Readonly<Record<string, boolean>>;
}

export interface Interval {
  readonly from: number;
  readonly to: number;
}

export interface LogState {
  readonly me: Author;
  readonly epoch: number;
  /** Every event up to here is applied. */
  readonly position: number;
  readonly coverage: readonly Interval[];
  readonly items: readonly LogItem[];
  readonly outgoing: readonly Outgoing[];
  readonly overlays: ReadonlyMap<number, Overlay>;
  /** Pages that were asked for and have not come. */
  readonly requests: number;
  /** Events seen while a page was on its way: they are folded into it when it comes. */
  readonly recent: readonly Event[];
}

export interface Page {
  readonly messages: readonly Message[];
  /** The position that was asked for; null asked for the newest. */
  readonly before: number | null;
  /** There is nothing older than this page. */
  readonly reachesStart: boolean;
  /** The page contains every event up to here. */
  readonly asOf: number;
}

export type Action =
  | { type: 'event'; event: Event }
  | { type: 'page_requested' }
  | { type: 'page'; page: Page }
  | { type: 'page_failed' }
  | { type: 'queued'; outgoing: Outgoing }
  | { type: 'sending'; clientId: string }
  | { type: 'requeued'; clientId: string }
  | { type: 'failed'; clientId: string; problem: string }
  | { type: 'discarded'; clientId: string }
  | { type: 'acknowledged'; event: Event }
  | { type: 'overlaid'; seq: number; overlay: Overlay }
  | { type: 'overlay_dropped'; seq: number; what: 'text' | 'hidden' | { emoji: string } };

export function startLog(me: Author, epoch: number, position: number, outgoing: readonly Outgoing[] = []): LogState {
  return {
    me,
    epoch,
    position,
    // Empty, but it has a place: live events extend it while the first page is still on its way.
    coverage: [{ from: position + 1, to: position }],
    items: [],
    outgoing,
    overlays: new Map(),
    requests: 0,
    recent: [],
  };
}

export function reduce(state: LogState, action: Action): LogState {
  switch (action.type) {
    case 'event':
      return applyEvent(state, action.event);
    case 'page_requested':
      return { ...state, requests: state.requests + 1 };
    case 'page':
      return settleRequest(addPage(state, action.page));
    case 'page_failed':
      return settleRequest(state);
    case 'queued':
      return { ...state, outgoing: [...without(state.outgoing, action.outgoing.clientId), action.outgoing] };
    case 'sending':
      return changeOutgoing(state, action.clientId, (o) => ({ ...o, state: 'sending', problem: undefined }));
    case 'requeued':
      return changeOutgoing(state, action.clientId, (o) => ({ ...o, state: 'queued', problem: undefined }));
    case 'failed':
      return changeOutgoing(state, action.clientId, (o) => ({ ...o, state: 'failed', problem: action.problem }));
    case 'discarded':
      return { ...state, outgoing: without(state.outgoing, action.clientId) };
    case 'acknowledged':
      return acknowledge(state, action.event);
    case 'overlaid':
      return overlay(state, action.seq, action.overlay);
    case 'overlay_dropped':
      return dropOverlay(state, action.seq, action.what);
  }
}

/** The place of `seq` in the items, or where it would be put. */
export function indexOfSeq(items: readonly { readonly seq: number }[], seq: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle]!.seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function findMessage(state: LogState, seq: number): LogMessage | undefined {
  const item = state.items[indexOfSeq(state.items, seq)];
  return item?.seq === seq && item.kind === 'message' ? item : undefined;
}

/** The message with what one did to it oneself, confirmed or not. */
export function seenMessage(message: LogMessage, overlay: Overlay | undefined): LogMessage {
  if (!overlay) return message;
  let reactions = message.reactions;
  for (const [emoji, on] of Object.entries(overlay.reactions ?? {})) {
    reactions = foldReaction(reactions, emoji, on, true, undefined);
  }
  return { ...message, text: overlay.text ?? message.text, reactions };
}

export function isCovered(state: LogState, seq: number): boolean {
  return state.coverage.some((range) => range.from <= seq && seq <= range.to);
}

/** Everything up to the group's first message is here. */
export function reachesStart(state: LogState): boolean {
  return (state.coverage[0]?.from ?? 2) <= 1;
}

export function lastOwnMessage(state: LogState): LogMessage | undefined {
  for (let index = state.items.length - 1; index >= 0; index--) {
    const item = state.items[index]!;
    if (item.kind === 'message' && item.by.id === state.me.id && !item.deleted && !state.overlays.get(item.seq)?.hidden) {
      return seenMessage(item, state.overlays.get(item.seq));
    }
  }
  return undefined;
}

function applyEvent(state: LogState, event: Event): LogState {
  // Whoever feeds us has already refused gaps; a duplicate may still come with a page or an ack.
  if (event.epoch !== state.epoch || event.seq !== state.position + 1) return state;
  const next: LogState = {
    ...state,
    position: event.seq,
    coverage: extendLast(state.coverage, event.seq),
    recent: state.requests > 0 ? [...state.recent, event] : state.recent,
  };
  switch (event.type) {
    case 'message':
      return insertMessage(next, event);
    case 'edit':
    case 'delete':
    case 'reaction':
      return foldInto(next, event);
    default: {
      const notice = noticeOf(event);
      return notice ? { ...next, items: insert(next.items, notice) } : next;
    }
  }
}

function insertMessage(state: LogState, event: Event & { type: 'message' }): LogState {
  const message = messageOfEvent(event, state.me.id);
  const settled = event.by.id === state.me.id ? without(state.outgoing, event.data.client_id) : state.outgoing;
  return { ...state, items: insert(state.items, message), outgoing: settled };
}

function acknowledge(state: LogState, event: Event): LogState {
  if (event.type !== 'message' || event.epoch !== state.epoch) return state;
  const outgoing = without(state.outgoing, event.data.client_id);
  // At or before our position it is here already, or it is a repeat from long ago that belongs to a page not loaded.
  if (event.seq <= state.position) return { ...state, outgoing };
  return { ...state, outgoing, items: insert(state.items, messageOfEvent(event, state.me.id)) };
}

function foldInto(state: LogState, event: Event & { type: 'edit' | 'delete' | 'reaction' }): LogState {
  const index = indexOfSeq(state.items, event.data.seq);
  const target = state.items[index];
  const cleared = event.by.id === state.me.id ? clearedByOwn(state, event) : state;
  if (target?.seq !== event.data.seq || target.kind !== 'message') return cleared;
  const folded = fold(target, event, state.me.id);
  return folded === target ? cleared : { ...cleared, items: state.items.with(index, folded) };
}

function fold(message: LogMessage, event: Event, me: number): LogMessage {
  if (event.seq <= message.asOf) return message;
  switch (event.type) {
    case 'edit':
      if (message.deleted) return message;
      return { ...message, text: event.data.text, editedAt: Date.parse(event.at), asOf: event.seq };
    case 'delete':
      return { ...message, text: '', files: [], deleted: true, reactions: [], asOf: event.seq };
    case 'reaction': {
      if (message.deleted) return message;
      const mine = event.by.id === me;
      const reactions = foldReaction(message.reactions, event.data.emoji, event.data.on, mine, event.by.name);
      return { ...message, reactions, asOf: event.seq };
    }
    default:
      return message;
  }
}

function foldReaction(
  reactions: readonly Reaction[], emoji: string, on: boolean, mine: boolean, name: string | undefined,
): readonly Reaction[] {
  const index = reactions.findIndex((reaction) => reaction.emoji === emoji);
  const had = reactions[index];
  if (!had) return on ? [...reactions, { emoji, count: 1, me: mine, names: !mine && name ? [name] : [] }] : reactions;
  if (mine && had.me === on) return reactions;
  const count = had.count + (on ? 1 : -1);
  if (count <= 0) return reactions.toSpliced(index, 1);
  const others = mine || !name ? had.names : had.names.filter((known) => known !== name);
  const names = on && !mine && name ? [...others, name] : others;
  return reactions.with(index, { emoji, count, me: mine ? on : had.me, names });
}

function addPage(state: LogState, page: Page): LogState {
  let items = state.items;
  const fresh: LogItem[] = [];
  for (const wire of page.messages) {
    let message = messageOfPage(wire, state.me.id, page.asOf);
    for (const event of state.recent) {
      if (isFold(event) && event.data.seq === message.seq) message = fold(message, event, state.me.id);
    }
    const index = indexOfSeq(items, message.seq);
    const known = items[index];
    if (known?.seq !== message.seq) fresh.push(message);
    // The page wins: it holds all that happened up to `asOf`, and what came since the request has just been folded in.
    else if (known.kind === 'message') items = items.with(index, keepNames(known, message));
  }
  if (fresh.length > 0) items = [...items, ...fresh].sort((a, b) => a.seq - b.seq);
  const oldest = page.messages.reduce((least, message) => Math.min(least, message.seq), Infinity);
  const to = page.before === null ? page.asOf : page.before - 1;
  const from = page.reachesStart ? 1 : oldest;
  const coverage = from <= to ? merge(state.coverage, { from, to }) : state.coverage;
  const sent = new Set(page.messages.filter((m) => m.by.id === state.me.id).map((m) => m.client_id));
  const outgoing = state.outgoing.some((o) => sent.has(o.clientId))
    ? state.outgoing.filter((o) => !sent.has(o.clientId))
    : state.outgoing;
  return { ...state, items, coverage, outgoing };
}

function settleRequest(state: LogState): LogState {
  const requests = Math.max(0, state.requests - 1);
  return { ...state, requests, recent: requests === 0 ? [] : state.recent };
}

function overlay(state: LogState, seq: number, added: Overlay): LogState {
  const had = state.overlays.get(seq);
  const overlays = new Map(state.overlays);
  overlays.set(seq, { ...had, ...added, reactions: added.reactions ? { ...had?.reactions, ...added.reactions } : had?.reactions });
  return { ...state, overlays };
}

function dropOverlay(state: LogState, seq: number, what: 'text' | 'hidden' | { emoji: string }): LogState {
  const had = state.overlays.get(seq);
  if (!had) return state;
  const left: { -readonly [K in keyof Overlay]: Overlay[K] } = { ...had };
  if (what === 'text') delete left.text;
  else if (what === 'hidden') delete left.hidden;
  else if (left.reactions) {
    const { [what.emoji]: _gone, ...others } = left.reactions;
    left.reactions = Object.keys(others).length > 0 ? others : undefined;
  }
  const overlays = new Map(state.overlays);
  if (left.text === undefined && !left.hidden && !left.reactions) overlays.delete(seq);
  else overlays.set(seq, left);
  return { ...state, overlays };
}

/** The server has told everybody what we did: the unconfirmed copy of it goes. */
function clearedByOwn(state: LogState, event: Event & { type: 'edit' | 'delete' | 'reaction' }): LogState {
  if (!state.overlays.has(event.data.seq)) return state;
  switch (event.type) {
    case 'edit':
      return state.overlays.get(event.data.seq)?.text === event.data.text ? dropOverlay(state, event.data.seq, 'text') : state;
    case 'delete':
      return dropOverlay(state, event.data.seq, 'hidden');
    case 'reaction':
      return state.overlays.get(event.data.seq)?.reactions?.[event.data.emoji] === event.data.on
        ? dropOverlay(state, event.data.seq, { emoji: event.data.emoji })
        : state;
  }
}

function isFold(event: Event): event is Event & { type: 'edit' | 'delete' | 'reaction' } {
  return event.type === 'edit' || event.type === 'delete' || event.type === 'reaction';
}

function messageOfEvent(event: Event & { type: 'message' }, me: number): LogMessage {
  const { text, client_id: clientId, reply_to: replyTo, files = [], deleted } = event.data;
  return {
    kind: 'message', key: keyOf(event.by.id, me, clientId, event.seq), seq: event.seq, at: Date.parse(event.at),
    by: event.by, text, clientId, replyTo, files, editedAt: null, deleted: deleted ?? false, reactions: [], asOf: event.seq,
  };
}

function messageOfPage(message: Message, me: number, asOf: number): LogMessage {
  return {
    kind: 'message', key: keyOf(message.by.id, me, message.client_id, message.seq), seq: message.seq,
    at: Date.parse(message.at), by: message.by, text: message.text, clientId: message.client_id,
    replyTo: message.reply_to, files: message.files ?? [], editedAt: message.edited_at === null ? null : Date.parse(message.edited_at),
    deleted: message.deleted, reactions: message.reactions.map((r: WireReaction) => ({ ...r, names: [] })),
    asOf: Math.max(asOf, message.seq),
  };
}

function keyOf(author: number, me: number, clientId: string, seq: number): string {
  return author === me ? `c:${clientId}` : `s:${seq}`;
}

/** A page counts people without naming them; names learnt from live events are worth keeping where they still fit. */
function keepNames(known: LogMessage, page: LogMessage): LogMessage {
  if (page.reactions.length === 0) return page;
  const reactions = page.reactions.map((reaction) => {
    const names = known.reactions.find((r) => r.emoji === reaction.emoji)?.names ?? [];
    return names.length + (reaction.me ? 1 : 0) <= reaction.count && reaction.names.length === 0 ? { ...reaction, names } : reaction;
  });
  return { ...page, reactions };
}

function noticeOf(event: Event): Notice | undefined {
  const base = { kind: 'notice' as const, key: `s:${event.seq}`, seq: event.seq, at: Date.parse(event.at), by: event.by };
  switch (event.type) {
    case 'member_joined':
      return { ...base, notice: { what: 'joined', who: event.data.account.display_name, role: event.data.role } };
    case 'member_left':
      return { ...base, notice: { what: 'left', who: event.data.account.display_name, reason: event.data.reason } };
    case 'member_role':
      return { ...base, notice: { what: 'role', who: event.data.account.display_name, role: event.data.role } };
    case 'group_updated': {
      const fields = Object.keys(event.data) as (keyof GroupUpdatedData)[];
      // A new owner is told by the change of roles that comes with it.
      const told = fields.filter((field) => field !== 'owner_id');
      return told.length > 0 ? { ...base, notice: { what: 'updated', fields: told, name: event.data.name } } : undefined;
    }
    case 'player':
      return isTold(event.data) ? { ...base, notice: { what: 'player', change: event.data } } : undefined;
    default:
      return undefined;
  }
}

/** What somebody did to what all watch; what comes of it by itself, and votes, are seen at the player alone. */
function isTold(change: PlayerChange): boolean {
  switch (change.change) {
    case 'loaded':
    case 'advanced':
    case 'added':
    case 'control_set':
      return true;
    case 'played':
      return change.reason !== 'start' && change.reason !== 'end';
    default:
      return false;
  }
}

function insert(items: readonly LogItem[], item: LogItem): readonly LogItem[] {
  const last = items[items.length - 1];
  if (!last || last.seq < item.seq) return [...items, item];
  const index = indexOfSeq(items, item.seq);
  return items[index]?.seq === item.seq ? items : items.toSpliced(index, 0, item);
}

function without(outgoing: readonly Outgoing[], clientId: string): readonly Outgoing[] {
  return outgoing.some((o) => o.clientId === clientId) ? outgoing.filter((o) => o.clientId !== clientId) : outgoing;
}

function changeOutgoing(state: LogState, clientId: string, change: (outgoing: Outgoing) => Outgoing): LogState {
  return { ...state, outgoing: state.outgoing.map((o) => (o.clientId === clientId ? change(o) : o)) };
}

function extendLast(coverage: readonly Interval[], to: number): readonly Interval[] {
  const last = coverage[coverage.length - 1]!;
  return last.to >= to ? coverage : [...coverage.slice(0, -1), { from: last.from, to }];
}

/** Ranges in order, those that touch made one. */
function merge(coverage: readonly Interval[], added: Interval): readonly Interval[] {
  const sorted = [...coverage, added].sort((a, b) => a.from - b.from || a.to - b.to);
  const merged: Interval[] = [];
  for (const range of sorted) {
    const last = merged[merged.length - 1];
    if (last && range.from <= last.to + 1) merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else merged.push(range);
  }
  return merged;
}
