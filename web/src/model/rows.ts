// From a log to the rows of the list: day separators, the line above the first unread message, gaps, author grouping.
// Pure; runs over the whole log at every change, so it looks at each item once and makes no date unless a day ends.
import { indexOfSeq, isCovered, reachesStart, seenMessage, type LogMessage, type LogState, type Notice, type Outgoing, type Overlay } from './log.ts';
import { dayBounds } from './time.ts';

export type Row =
  | { readonly kind: 'start'; readonly key: string }
  | { readonly kind: 'older'; readonly key: string }
  | { readonly kind: 'gap'; readonly key: string; readonly from: number; readonly to: number }
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'unread'; readonly key: string }
  /** `outgoing` while it is not sent: the same kind of row, so that it is not mounted anew when it is. */
  | { readonly kind: 'message'; readonly key: string; readonly message: LogMessage; readonly outgoing: Outgoing | null; readonly lead: boolean }
  | { readonly kind: 'notice'; readonly key: string; readonly notice: Notice };

/** Messages of one author closer together than this stand under one name. */
const GROUPING_MS = 5 * 60_000;

export function buildRows(log: LogState, unreadAfter: number | null): readonly Row[] {
  const rows: Row[] = [{ kind: reachesStart(log) ? 'start' : 'older', key: 'top' }];
  const answered = positionsAnswered(log);
  // Where the place of the line is not loaded, there is no honest place for it yet.
  let lineIsDue = unreadAfter !== null && isCovered(log, unreadAfter + 1);
  let range = 0;
  let day = { from: Infinity, to: -Infinity };
  let author = 0;
  let lastAt = 0;

  for (const item of log.items) {
    while (range + 1 < log.coverage.length && item.seq > log.coverage[range]!.to) {
      const gap = { from: log.coverage[range]!.to + 1, to: log.coverage[range + 1]!.from - 1 };
      rows.push({ kind: 'gap', key: `gap:${gap.from}`, ...gap });
      range++;
      author = 0;
    }
    const overlay = log.overlays.get(item.seq);
    if (item.kind === 'message' && (overlay?.hidden || (item.deleted && !answered.has(item.seq)))) continue;
    if (item.at < day.from || item.at >= day.to) {
      day = dayBounds(item.at);
      rows.push({ kind: 'day', key: `day:${day.from}:${item.seq}`, at: item.at });
      author = 0;
    }
    if (item.kind === 'notice') {
      rows.push({ kind: 'notice', key: item.key, notice: item });
      author = 0;
      continue;
    }
    if (lineIsDue && item.seq > unreadAfter! && item.by.id !== log.me.id) {
      rows.push({ kind: 'unread', key: 'unread' });
      lineIsDue = false;
      author = 0;
    }
    const lead = item.by.id !== author || item.at - lastAt > GROUPING_MS || item.replyTo !== null;
    author = item.by.id;
    lastAt = item.at;
    rows.push({ kind: 'message', key: item.key, message: shown(item, overlay), outgoing: null, lead });
  }

  for (const outgoing of log.outgoing) {
    if (outgoing.at >= day.to) {
      day = dayBounds(outgoing.at);
      rows.push({ kind: 'day', key: `day:${day.from}:out`, at: outgoing.at });
      author = 0;
    }
    const lead = author !== log.me.id || outgoing.at - lastAt > GROUPING_MS || outgoing.replyTo !== null;
    author = log.me.id;
    lastAt = outgoing.at;
    rows.push({ kind: 'message', key: `c:${outgoing.clientId}`, message: unsent(outgoing, log), outgoing, lead });
  }
  return rows;
}

/** The place of a message among the rows, or -1. */
export function rowOfSeq(rows: readonly Row[], seq: number): number {
  return rows.findIndex((row) => row.kind === 'message' && row.message.seq === seq);
}

const unsentMessages = new WeakMap<Outgoing, LogMessage>();

/** What is being sent, as the message that it will be; it has no position yet. */
function unsent(outgoing: Outgoing, log: LogState): LogMessage {
  let message = unsentMessages.get(outgoing);
  if (!message) {
    message = {
      kind: 'message', key: `c:${outgoing.clientId}`, seq: 0, at: outgoing.at, by: log.me, text: outgoing.text, clientId: outgoing.clientId,
      replyTo: outgoing.replyTo, files: outgoing.files, editedAt: null, deleted: false, reactions: [], asOf: 0,
    };
    unsentMessages.set(outgoing, message);
  }
  return message;
}

/** The first message at or after a position, or -1. */
export function rowAtOrAfter(rows: readonly Row[], seq: number): number {
  return rows.findIndex((row) => row.kind === 'message' && row.message.seq >= seq);
}

/** A deleted message leaves a line behind only where somebody answered it. */
function positionsAnswered(log: LogState): ReadonlySet<number> {
  const answered = new Set<number>();
  for (const item of log.items) {
    if (item.kind === 'message' && item.replyTo !== null && !item.deleted) answered.add(item.replyTo);
  }
  return answered;
}

const merged = new WeakMap<LogMessage, { overlay: Overlay; message: LogMessage }>();

/** The same object as long as nothing changed, so that a memoised row stays as it is. */
function shown(message: LogMessage, overlay: Overlay | undefined): LogMessage {
  if (!overlay) return message;
  const known = merged.get(message);
  if (known?.overlay === overlay) return known.message;
  const seen = seenMessage(message, overlay);
  merged.set(message, { overlay, message: seen });
  return seen;
}

/** The messages whose text contains all words of the query, newest last. */
export function searchLog(log: LogState, query: string): readonly number[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found: number[] = [];
  for (const item of log.items) {
    if (item.kind !== 'message' || item.deleted || log.overlays.get(item.seq)?.hidden) continue;
    const text = `${item.by.name}\n${log.overlays.get(item.seq)?.text ?? item.text}`.toLocaleLowerCase();
    if (words.every((word) => text.includes(word))) found.push(item.seq);
  }
  return found;
}

/** How many messages by others stand after a position, as far as they are loaded. */
export function othersAfter(log: LogState, seq: number): number {
  let count = 0;
  for (let index = indexOfSeq(log.items, seq + 1); index < log.items.length; index++) {
    const item = log.items[index]!;
    if (item.kind === 'message' && !item.deleted && item.by.id !== log.me.id) count++;
  }
  return count;
}
