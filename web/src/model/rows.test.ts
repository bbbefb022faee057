import { describe, expect, test } from 'vitest';
import { AServer, EPOCH } from '../testing/a-server.ts';
import { reduce, startLog, type Action, type LogState } from './log.ts';
import { buildRows, othersAfter, searchLog } from './rows.ts';

const me = { id: 1, name: 'Mia' };
const ada = { id: 2, name: 'Ada' };

function logOf(server: AServer, ...more: Action[]): LogState {
  const events = server.log.map((event): Action => ({ type: 'event', event }));
  return [...events, ...more].reduce(reduce, startLog(me, EPOCH, 0));
}

function kinds(log: LogState, unreadAfter: number | null = null): string[] {
  return buildRows(log, unreadAfter).map((row) => (row.kind === 'message' ? `${row.lead ? 'lead' : 'next'}:${row.message.text}` : row.kind));
}

describe('rows', () => {
  test('one author within five minutes stands under one name; an answer always has its own', () => {
    const server = new AServer();
    server.send(ada, 'a', 'one');
    server.send(ada, 'b', 'two');
    server.send(ada, 'c', 'three', 1);
    server.send(me, 'd', 'four');
    expect(kinds(logOf(server))).toEqual(['start', 'day', 'lead:one', 'next:two', 'lead:three', 'lead:four']);
  });

  test('each day has its line', () => {
    const server = new AServer();
    server.send(ada, 'a', 'one');
    const tomorrow = { ...server.send(ada, 'b', 'two').event, at: '2026-11-21T00:00:00.000Z' };
    server.log[1] = tomorrow as (typeof server.log)[number];
    expect(kinds(logOf(server))).toEqual(['start', 'day', 'lead:one', 'day', 'lead:two']);
  });

  test('the unread line stands above the first message of somebody else', () => {
    const server = new AServer();
    server.send(ada, 'a', 'one');
    server.send(me, 'm', 'mine');
    server.send(ada, 'b', 'two');
    expect(kinds(logOf(server), 1)).toEqual(['start', 'day', 'lead:one', 'lead:mine', 'unread', 'lead:two']);
    expect(kinds(logOf(server), 3)).not.toContain('unread');
  });

  test('no unread line where its place is not loaded', () => {
    const server = new AServer();
    for (let n = 0; n < 20; n++) server.send(ada, `a${n}`, `${n}`);
    const page = server.page(me.id, null, 5);
    const log = reduce(startLog(me, EPOCH, 20), { type: 'page', page: { ...page, before: null, asOf: 20 } });
    expect(kinds(log, 3)).not.toContain('unread');
    expect(kinds(log, 17)).toContain('unread');
    expect(kinds(log)[0]).toBe('older');
  });

  test('a deleted message leaves a line only where it was answered', () => {
    const server = new AServer();
    server.send(ada, 'a', 'answered');
    server.send(ada, 'b', 'alone');
    server.send(me, 'c', 'answer', 1);
    server.append(ada, { type: 'delete', data: { seq: 1 } });
    server.append(ada, { type: 'delete', data: { seq: 2 } });
    expect(kinds(logOf(server))).toEqual(['start', 'day', 'lead:', 'lead:answer']);
  });

  test('what is being deleted is gone at once', () => {
    const server = new AServer();
    server.send(me, 'a', 'one');
    expect(kinds(logOf(server, { type: 'overlaid', seq: 1, overlay: { hidden: true } }))).toEqual(['start']);
  });

  test('a gap is a row between what is loaded', () => {
    const server = new AServer();
    for (let n = 1; n <= 30; n++) server.send(ada, `a${n}`, `${n}`);
    const page = (before: number | null): Action => ({ type: 'page', page: { ...server.page(me.id, before, 2), before, asOf: 30 } });
    const log = [page(null), page(11)].reduce(reduce, startLog(me, EPOCH, 30));
    const rows = buildRows(log, null);
    expect(rows.find((row) => row.kind === 'gap')).toMatchObject({ from: 11, to: 28 });
    expect(kinds(log)).toEqual(['older', 'day', 'lead:9', 'next:10', 'gap', 'lead:29', 'next:30']);
  });

  test('unsent messages come last and keep their key when they are sent', () => {
    const server = new AServer();
    server.send(ada, 'a', 'one');
    const at = Date.parse(server.log[0]!.at) + 1000;
    const unsent = logOf(server, { type: 'queued', outgoing: { clientId: 'x', text: 'mine', replyTo: null, files: [], at, state: 'queued' } });
    const before = buildRows(unsent, null).at(-1)!;
    const { event } = server.send(me, 'x', 'mine');
    const after = buildRows(reduce(unsent, { type: 'event', event }), null).at(-1)!;
    expect(before).toMatchObject({ kind: 'message', outgoing: { clientId: 'x' } });
    expect(after).toMatchObject({ kind: 'message', outgoing: null });
    expect(after.key).toBe(before.key);
  });
});

test('search wants every word, in text or author, and sees no deleted message', () => {
  const server = new AServer();
  server.send(ada, 'a', 'The quick fox');
  server.send(me, 'b', 'a slow fox');
  server.send(me, 'c', 'deleted fox');
  server.append(me, { type: 'delete', data: { seq: 3 } });
  const log = logOf(server);
  expect(searchLog(log, 'fox')).toEqual([1, 2]);
  expect(searchLog(log, 'FOX ada')).toEqual([1]);
  expect(searchLog(log, '  ')).toEqual([]);
});

test('counting others after a position', () => {
  const server = new AServer();
  server.send(ada, 'a', '1');
  server.send(me, 'b', '2');
  server.send(ada, 'c', '3');
  expect(othersAfter(logOf(server), 0)).toBe(2);
  expect(othersAfter(logOf(server), 1)).toBe(1);
});
