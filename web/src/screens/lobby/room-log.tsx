// What was said in a room, in the looks of a group's log. It is short and lives in this tab alone, so every row exists.
import { memo, useImperativeHandle, useLayoutEffect, useRef, useState, type Ref } from 'react';
import type { Room, RoomItem, RoomLine } from '../../model/lobby.ts';
import { noticeWords, partnersOf } from '../../model/lobby-words.ts';
import { NO_NAMES } from '../../model/mentions.ts';
import { newMessages } from '../../model/sentences.ts';
import { clock, fullTime, shortClock } from '../../model/time.ts';
import { dropLine, sayAgain } from '../../sync/lobby.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { classes } from '../../ui/classes.ts';
import { copyText } from '../../ui/copy.ts';
import { ClockIcon, DownIcon, WarnIcon } from '../../ui/icons.tsx';
import logStyles from '../group/log.module.css';
import { MarkdownView } from '../group/markdown-view.tsx';
import rowStyles from '../group/message-row.module.css';
import { colourOf } from './colour.ts';
import { PrivacyNote } from './privacy-note.tsx';
import styles from './room-log.module.css';

export interface RoomLogHandle {
  stickToEnd(): void;
}

const NEAR_END_PX = 64;
/** Lines of one person closer together than this stand under one name. */
const GROUPING_MS = 5 * 60_000;

export function RoomLog({ room, group, ref }: { room: Room; group: string; ref: Ref<RoomLogHandle> }) {
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [seen, setSeen] = useState<number | null>(null);
  const { items } = room;

  const toEnd = () => {
    atEnd.current = true;
    setSeen(null);
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  };
  useImperativeHandle(ref, () => ({ stickToEnd: toEnd }));
  useLayoutEffect(() => {
    if (atEnd.current) toEnd();
  }, [items]);
  // The keyboard of a phone opens, a banner comes: the end stays the end.
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => atEnd.current && toEnd());
    observer.observe(scroller.current!);
    return () => observer.disconnect();
  }, []);

  const look = () => {
    const element = scroller.current!;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    setSeen((before) => (atEnd.current ? null : (before ?? items.length)));
  };
  const arrived = seen === null ? 0 : items.slice(seen).filter((item) => item.kind === 'line' && item.by.key !== room.me.key).length;

  return (
    <div className={logStyles.frame}>
      <div ref={scroller} className={logStyles.scroller} role="region" aria-label={`Messages with ${partnersOf(room)}`} tabIndex={0} data-region onScroll={look}>
        <div className={logStyles.spring} />
        <div className={styles.start}>
          <p>You are with <strong><bdi>{partnersOf(room)}</bdi></strong>.</p>
          <p><PrivacyNote lines={room.reportedLines} group={group} /></p>
        </div>
        {items.map((item, index) =>
          item.kind === 'notice' ? (
            <p key={item.key} className={logStyles.notice}><bdi>{noticeWords(item)}</bdi></p>
          ) : (
            <Line key={item.key} line={item} lead={leads(items[index - 1], item)} mine={item.by.key === room.me.key} position={index + 1} size={items.length} />
          ),
        )}
      </div>
      {arrived > 0 && (
        <button type="button" className={logStyles.pill} data-new onClick={toEnd}>{newMessages(arrived)}<DownIcon size={16} /></button>
      )}
    </div>
  );
}

function leads(before: RoomItem | undefined, line: RoomLine): boolean {
  return before?.kind !== 'line' || before.by.key !== line.by.key || line.at - before.at > GROUPING_MS;
}

interface LineProps {
  readonly line: RoomLine;
  readonly lead: boolean;
  readonly mine: boolean;
  readonly position: number;
  readonly size: number;
}

const Line = memo(function Line({ line, lead, mine, position, size }: LineProps) {
  return (
    <article
      className={classes(rowStyles.row, lead && rowStyles.lead, line.state !== 'sent' && rowStyles.unsent)}
      aria-posinset={position} aria-setsize={size} aria-label={`${mine ? 'You' : line.by.name}, ${clock(line.at)}`}
    >
      <div className={rowStyles.side} aria-hidden="true">
        {lead ? <Avatar id={colourOf(line.by)} name={line.by.name} /> : <time className={rowStyles.sideTime}>{shortClock(line.at)}</time>}
      </div>
      <div className={rowStyles.main}>
        {lead && (
          <p className={rowStyles.head}>
            <bdi className={rowStyles.author}>{line.by.name}</bdi>
            <time className={rowStyles.time} dateTime={new Date(line.at).toISOString()} title={fullTime(line.at)}>{clock(line.at)}</time>
          </p>
        )}
        <MarkdownView text={line.text} names={NO_NAMES} />
        {line.state === 'sending' && <p className={rowStyles.sending}><ClockIcon size={14} /><span>Sending</span></p>}
        {line.state === 'failed' && (
          <p className={rowStyles.failed} role="alert">
            <WarnIcon size={16} />
            <span>Not sent. {line.problem}</span>
            <span className={rowStyles.failedActions}>
              <button type="button" onClick={() => sayAgain(line.key, line.text)}>Retry</button>
              <button type="button" onClick={() => void copyText(line.text, 'Message copied')}>Copy</button>
              <button type="button" onClick={() => dropLine(line.key)}>Delete</button>
            </span>
          </p>
        )}
      </div>
    </article>
  );
});
