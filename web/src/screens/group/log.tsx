// The virtual log: only rows near the viewport exist. It keeps three promises: who reads at the end stays at the end, who
// reads further up is never moved, and what has been on the screen for half a second counts as read.
import { useCallback, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type Ref } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { isCovered, reachesStart, type LogState } from '../../model/log.ts';
import { buildRows, othersAfter, rowAtOrAfter, rowOfSeq, type Row } from '../../model/rows.ts';
import { newMessages, noticeSentence } from '../../model/sentences.ts';
import { clock, dayName } from '../../model/time.ts';
import type { Loading } from '../../store/logs.ts';
import { loadAround, loadGap, loadOlder, loadPage, markRead } from '../../sync/chat.ts';
import { DownIcon, UpIcon } from '../../ui/icons.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { toast } from '../../store/toasts.ts';
import { MessageRow, type RowContext } from './message-row.tsx';
import styles from './log.module.css';

export interface LogHandle {
  toPresent(): void;
  /** Stay at the end from now on: the reader has just written something. */
  stickToEnd(): void;
  /** Shows a message; `nearest`: or the next one after it. Without `focus` whoever has it keeps it. */
  toSeq(seq: number, options?: { nearest?: boolean; focus?: boolean }): void;
  focus(): void;
}

interface Props {
  readonly group: number;
  readonly groupName: string;
  readonly log: LogState;
  readonly loading: Loading;
  /** The read position when the group was opened; null where nothing was unread. */
  readonly unreadAfter: number | null;
  readonly unreadCount: number;
  /** The line has done its work. */
  readonly onLineDone: () => void;
  readonly lastRead: number;
  readonly context: RowContext;
  readonly target: number | null;
  readonly found: ReadonlySet<number>;
  readonly current: number | null;
  readonly onAction: (action: 'reply' | 'edit' | 'delete', seq: number) => void;
  readonly ref: Ref<LogHandle>;
}

/** Below the floating day. */
const LINE_FROM_TOP_PX = 32;
const PAST_THE_END_PX = 1e9;
const NEAR_END_PX = 64;
const LOAD_BEFORE_PX = 600;
const READ_AFTER_MS = 500;
const FLASH_MS = 1500;

export function Log({ group, groupName, log, loading, unreadAfter, unreadCount, onLineDone, lastRead, context, target, found, current, onAction, ref }: Props) {
  const rows = useMemo(() => buildRows(log, unreadAfter), [log, unreadAfter]);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const state = useRef({ stick: true, placed: false, offset: 0, anchor: '', anchorIndex: 0, lineSeen: false }).current;
  const [view, setView] = useState<View>({ atEnd: true, farUp: false, leftAt: null, day: null, first: 0, lineSeen: false });
  const [focusedKey, setFocusedKey] = useState<string | null>(null);
  const [flash, setFlash] = useState<number | null>(null);
  const focusWanted = useRef(false);
  const loaded = log.position === 0 || log.coverage.some((range) => range.from <= range.to);
  // Rows came or went above what is being read: hold the distance to the end instead of the one to the top.
  const anchorAt = state.anchor ? rows.findIndex((row) => row.key === state.anchor) : -1;
  const shift = anchorAt >= 0 && anchorAt !== state.anchorIndex;

  const toEnd = useCallback(() => {
    state.stick = true;
    // Not the list's own `scrollToIndex`: it goes on scrolling for a while as rows are measured, against the reader's
    // hand. `onResize` below brings us here again whenever the end has moved.
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, [state]);
  /** Asked for by hand: this takes the place of a jump that is still settling. */
  const toPresent = useCallback(() => {
    state.stick = true;
    // By an offset past every end, not by the last row: rows may come and go while it settles.
    list.current?.scrollTo(PAST_THE_END_PX);
  }, [state]);
  const rowsRef = useRef(rows);
  rowsRef.current = rows;

  const look = useCallback(() => {
    const handle = list.current;
    const now = rowsRef.current;
    if (!handle || now.length === 0) return;
    const offset = handle.scrollOffset;
    const fromEnd = handle.scrollSize - offset - handle.viewportSize;
    const atEnd = fromEnd < NEAR_END_PX;
    if (atEnd) state.stick = true;
    else if (offset < state.offset - 1) state.stick = false;
    state.offset = offset;
    const first = handle.findItemIndex(offset);
    let anchor = first;
    while (anchor < now.length && now[anchor]!.kind !== 'message') anchor++;
    state.anchor = now[anchor]?.key ?? '';
    state.anchorIndex = anchor;
    const line = now.findIndex((row) => row.kind === 'unread');
    // Placed, so that a first drawing at the top does not count as seen.
    if (state.placed && line >= first && line <= handle.findItemIndex(offset + handle.viewportSize - 1)) state.lineSeen = true;
    const settled = atEnd || state.stick;
    setView((before) => {
      const next: View = {
        atEnd: settled,
        farUp: !settled && fromEnd > handle.viewportSize,
        leftAt: settled ? null : (before.leftAt ?? logRef.current.position),
        day: dayAt(now, first),
        first,
        lineSeen: state.lineSeen,
      };
      return before.atEnd === next.atEnd && before.farUp === next.farUp && before.leftAt === next.leftAt && before.day === next.day && before.first === next.first && before.lineSeen === next.lineSeen ? before : next;
    });
    if (!state.placed) return;
    if (offset < LOAD_BEFORE_PX && !reachesStart(logRef.current) && loadingRef.current === 'idle') void loadOlder(group);
    loadVisibleGap(group, now, handle, loadingRef.current);
  }, [group, state]);
  const logRef = useRef(log);
  logRef.current = log;
  const loadingRef = useRef(loading);
  loadingRef.current = loading;

  const toSeq = useCallback(
    (seq: number, { nearest = false, focus = true }: { nearest?: boolean; focus?: boolean } = {}) => {
      const show = () => {
        const now = rowsRef.current;
        const index = nearest && isCovered(logRef.current, seq) ? rowAtOrAfter(now, seq) : rowOfSeq(now, seq);
        const row = now[index];
        if (row?.kind !== 'message') return false;
        state.stick = false;
        list.current?.scrollToIndex(index, { align: 'center' });
        setFlash(row.message.seq);
        if (focus) {
          setFocusedKey(row.key);
          focusWanted.current = true;
        }
        return true;
      };
      if (show()) return;
      // After the page has been drawn.
      void loadAround(group, seq).then(() => requestAnimationFrame(() => show() || toast('That message is not here any more.')), () => {});
    },
    [group, state],
  );

  useImperativeHandle(ref, () => ({ toPresent, stickToEnd: toEnd, toSeq, focus: () => scroller.current?.focus() }), [toPresent, toEnd, toSeq]);

  // First placement: at the linked message, at the line above the first unread one, or at the end.
  useLayoutEffect(() => {
    if (!loaded || !list.current) return;
    if (!state.placed) {
      state.placed = true;
      const unread = rows.findIndex((row) => row.kind === 'unread');
      if (target !== null) {
        state.stick = false;
      } else if (unread >= 0) {
        state.stick = false;
        list.current.scrollToIndex(unread, { align: 'start', offset: -LINE_FROM_TOP_PX });
      } else {
        toEnd();
      }
    } else if (state.stick) {
      toEnd();
    }
    look();
  }, [rows, loaded, state, target, toEnd, look]);

  const shownTarget = useRef<number | null>(null);
  useEffect(() => {
    if (!loaded || target === null || shownTarget.current === target) return;
    shownTarget.current = target;
    toSeq(target);
  }, [loaded, target, toSeq]);

  useEffect(() => {
    if (flash === null) return;
    const timer = setTimeout(() => setFlash(null), FLASH_MS);
    return () => clearTimeout(timer);
  }, [flash]);

  // The keyboard of a phone opens, the composer grows, the window changes: the end stays the end.
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (state.stick) toEnd();
      look();
    });
    observer.observe(scroller.current!);
    return () => observer.disconnect();
  }, [state, toEnd, look]);

  useReading(group, log, lastRead, rows, list, view);

  // Focus moves once the row exists.
  useEffect(() => {
    if (!focusWanted.current || focusedKey === null) return;
    let tries = 0;
    const attempt = () => {
      const row = scroller.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(focusedKey)}"]`);
      row?.focus({ preventScroll: true });
      // A row that is not measured yet is hidden and takes no focus.
      if (row && document.activeElement === row) focusWanted.current = false;
      else if (tries++ < 20) requestAnimationFrame(attempt);
    };
    attempt();
  }, [focusedKey, rows]);

  const moveFocus = (step: 1 | -1) => {
    const at = focusedKey === null ? -1 : rows.findIndex((row) => row.key === focusedKey);
    let next = at < 0 ? lastVisible(rows, list.current) : at + step;
    while (rows[next] && rows[next]!.kind !== 'message') next += step;
    const row = rows[next];
    if (!row) return;
    if (next < rows.length - 1) state.stick = false;
    list.current?.scrollToIndex(next, { align: 'nearest' });
    setFocusedKey(row.key);
    focusWanted.current = true;
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const onRow = (event.target as HTMLElement).matches('[data-row]');
    if (event.target !== scroller.current && !onRow) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = onRow ? rows.find((r) => r.key === (event.target as HTMLElement).dataset.row) : undefined;
    const message = row?.kind === 'message' && !row.outgoing ? row.message : undefined;
    const act = (action: () => void) => {
      event.preventDefault();
      action();
    };
    switch (event.key) {
      case 'ArrowDown':
      case 'j':
        return act(() => moveFocus(1));
      case 'ArrowUp':
      case 'k':
        return act(() => moveFocus(-1));
      case 'r':
        return message && act(() => onAction('reply', message.seq));
      case 'e':
        return message && act(() => onAction('edit', message.seq));
      case 'Delete':
        return message && act(() => onAction('delete', message.seq));
      case '+':
        return act(() => (event.target as HTMLElement).querySelector<HTMLElement>('[data-action="react"]')?.click());
      default:
    }
  };

  const keepMounted = useMemo(() => {
    const index = focusedKey === null ? -1 : rows.findIndex((row) => row.key === focusedKey);
    return index < 0 ? [] : [index];
  }, [focusedKey, rows]);

  const arrived = view.leftAt === null ? 0 : othersAfter(log, view.leftAt);
  const lineAt = unreadAfter === null ? -1 : rows.findIndex((row) => row.kind === 'unread');
  // Until the line has been seen: being at the end reads everything, but does not show what one has missed.
  const lineAbove = unreadAfter !== null && !view.lineSeen && (lineAt >= 0 ? lineAt < view.first : loaded);
  const unreadSince = lineAt >= 0 ? nextMessage(rows, lineAt)?.at : undefined;

  return (
    <div className={styles.frame}>
      {lineAbove && (
        <div className={styles.unreadBar}>
          <span>{unreadCount} new{unreadSince ? ` since ${clock(unreadSince)}` : ''}</span>
          <button type="button" onClick={() => (lineAt >= 0 ? list.current?.scrollToIndex(lineAt, { align: 'start', offset: -LINE_FROM_TOP_PX }) : toSeq(unreadAfter! + 1, { nearest: true }))}><UpIcon size={16} />Jump</button>
          <button
            type="button"
            onClick={() => {
              markRead(group, log.position);
              onLineDone();
              toPresent();
            }}
          >
            Mark read
          </button>
        </div>
      )}
      {view.day !== null && !lineAbove && <div className={styles.floatingDay} aria-hidden="true"><span>{dayName(view.day, Date.now())}</span></div>}
      <div
        ref={scroller}
        className={styles.scroller}
        // Not a feed: that may hold articles only, and there are days and notices between them.
        role="region"
        aria-label={`Messages in ${groupName}`}
        aria-busy={loading === 'loading'}
        tabIndex={0}
        data-region
        onKeyDown={onKeyDown}
        // Whoever scrolls up by hand leaves the end at once, even while rows are still being measured.
        onWheel={(event) => {
          if (event.deltaY < 0) state.stick = false;
        }}
        onTouchMove={() => {
          state.stick = false;
        }}
        onFocus={(event) => {
          const key = (event.target as HTMLElement).dataset.row;
          if (key) setFocusedKey(key);
        }}
      >
        <div className={styles.spring} />
        {!loaded ? (
          loading === 'failed' ? (
            <ErrorState title="The messages did not load" text="Check your connection." onRetry={() => void loadPage(group, null)} />
          ) : (
            <Skeleton label="Loading messages" />
          )
        ) : (
          <Virtualizer ref={list} scrollRef={scroller} data={rows} shift={shift} keepMounted={keepMounted} onScroll={look} onScrollEnd={look} onResize={() => {
            if (state.stick) toEnd();
            look();
          }}>
            {(row: Row, index) => <RowView key={row.key} row={row} index={index} me={log.me.id} context={context} mark={markOf(row, flash, current, found)} loading={loading} groupName={groupName} />}
          </Virtualizer>
        )}
      </div>
      {!view.atEnd && (arrived > 0 || view.farUp) && (
        <button type="button" className={styles.pill} data-new={arrived > 0 || undefined} onClick={toPresent}>
          {arrived > 0 ? newMessages(arrived) : 'Jump to present'}
          <DownIcon size={16} />
        </button>
      )}
    </div>
  );
}

interface View {
  readonly atEnd: boolean;
  readonly farUp: boolean;
  /** The position when the reader left the end. */
  readonly leftAt: number | null;
  readonly day: number | null;
  readonly first: number;
  readonly lineSeen: boolean;
}

interface RowProps {
  readonly row: Row;
  readonly index: number;
  readonly me: number;
  readonly context: RowContext;
  readonly mark: 'none' | 'found' | 'current' | 'flash';
  readonly loading: Loading;
  readonly groupName: string;
}

function RowView({ row, index, me, context, mark, loading, groupName }: RowProps) {
  switch (row.kind) {
    case 'message':
      return <MessageRow rowKey={row.key} message={row.message} outgoing={row.outgoing} lead={row.lead} mine={row.message.by.id === me} position={index + 1} mark={mark} context={context} />;
    case 'day':
      return <p className={styles.day}><span>{dayName(row.at, Date.now())}</span></p>;
    case 'unread':
      return <p className={styles.unread}><span>New</span></p>;
    case 'notice':
      return <p className={styles.notice}><bdi>{noticeSentence(row.notice)}</bdi> <time>{clock(row.notice.at)}</time></p>;
    case 'start':
      return (
        <div className={styles.start}>
          <h2>This is the start of <bdi>{groupName}</bdi></h2>
          <p>Everything that is said here, everybody in the group can read.</p>
        </div>
      );
    case 'older':
    case 'gap':
      return (
        <p className={styles.older}>
          {loading === 'failed' ? (
            <button type="button" onClick={() => void (row.kind === 'gap' ? loadGap(context.group, row, 'newer') : loadOlder(context.group))}>Older messages did not load. Try again</button>
          ) : (
            <span>{row.kind === 'gap' ? 'Loading what lies between…' : 'Loading older messages…'}</span>
          )}
        </p>
      );
  }
}

function markOf(row: Row, flash: number | null, current: number | null, found: ReadonlySet<number>): RowProps['mark'] {
  if (row.kind !== 'message' || row.message.seq === 0) return 'none';
  const { seq } = row.message;
  return seq === current ? 'current' : seq === flash ? 'flash' : found.has(seq) ? 'found' : 'none';
}

/** The day of the first visible row, while its own separator is out of sight. */
function dayAt(rows: readonly Row[], index: number): number | null {
  if (rows[index]?.kind === 'day' || rows[index]?.kind === 'start' || rows[index]?.kind === 'older') return null;
  for (let at = index; at >= 0; at--) {
    const row = rows[at];
    if (row?.kind === 'day') return row.at;
  }
  return null;
}

function nextMessage(rows: readonly Row[], from: number) {
  const row = rows.slice(from, from + 3).find((r) => r.kind === 'message');
  return row?.kind === 'message' ? row.message : undefined;
}

function lastVisible(rows: readonly Row[], handle: VirtualizerHandle | null): number {
  if (!handle) return rows.length - 1;
  return Math.min(rows.length - 1, handle.findItemIndex(handle.scrollOffset + handle.viewportSize - 1));
}

/** A gap on the screen fills itself, from the side from which it was reached. */
function loadVisibleGap(group: number, rows: readonly Row[], handle: VirtualizerHandle, loading: Loading): void {
  if (loading !== 'idle') return;
  const first = handle.findItemIndex(handle.scrollOffset);
  const last = handle.findItemIndex(handle.scrollOffset + handle.viewportSize);
  for (let index = first; index <= last && index < rows.length; index++) {
    const row = rows[index]!;
    if (row.kind !== 'gap') continue;
    const middle = handle.scrollOffset + handle.viewportSize / 2;
    void loadGap(group, row, handle.getItemOffset(index) > middle ? 'older' : 'newer');
    return;
  }
}

/** Read is what was visible for half a second in a window that had the focus; told at most once a second. */
function useReading(group: number, log: LogState, lastRead: number, rows: readonly Row[], list: React.RefObject<VirtualizerHandle | null>, view: View): void {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef({ log, lastRead, rows });
  latest.current = { log, lastRead, rows };

  const consider = useCallback(() => {
    const visible = () => {
      const handle = list.current;
      if (!handle || !document.hasFocus() || document.visibilityState !== 'visible') return 0;
      const { log: now, rows: current } = latest.current;
      const index = lastVisible(current, handle);
      if (index >= current.length - 1) return now.position;
      for (let at = index; at >= 0; at--) {
        const row = current[at]!;
        if (row.kind === 'message' && row.message.seq > 0) return row.message.seq;
      }
      return 0;
    };
    if (timer.current !== undefined) return;
    const seq = visible();
    if (seq <= latest.current.lastRead) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      if (document.hasFocus()) markRead(group, seq);
      // More may have come into sight meanwhile.
      timer.current = setTimeout(() => {
        timer.current = undefined;
        consider();
      }, READ_AFTER_MS);
    }, READ_AFTER_MS);
  }, [group, list]);

  useEffect(consider, [consider, rows, view]);
  useEffect(() => {
    window.addEventListener('focus', consider);
    document.addEventListener('visibilitychange', consider);
    return () => {
      window.removeEventListener('focus', consider);
      document.removeEventListener('visibilitychange', consider);
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [consider]);
}
