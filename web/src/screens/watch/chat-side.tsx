// The group's log and message box beside the player; each message carries the second of what was on when it was written.
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { NO_NAMES } from '../../model/mentions.ts';
import { findMessage, type LogMessage } from '../../model/log.ts';
import { mayDelete } from '../../model/permission.ts';
import { digits } from '../../model/time.ts';
import type { GroupEntry } from '../../store/groups.ts';
import { useLogs } from '../../store/logs.ts';
import { roleOf, usePeople } from '../../store/people.ts';
import { deleteMessage, openGroup, showGroup, tellTyping } from '../../sync/chat.ts';
import { stampOf } from '../../watch/course.ts';
import { loadOlderCourse } from '../../watch/history.ts';
import { useWatch } from '../../watch/store.ts';
import { DropZone } from '../../ui/drop-zone.tsx';
import { Skeleton } from '../../ui/states.tsx';
import { attachFiles } from '../group/attach.ts';
import { Composer } from '../group/composer.tsx';
import { beginEdit, beginReply } from '../group/composing.ts';
import { Log, type LogHandle } from '../group/log.tsx';
import type { RowContext } from '../group/message-row.tsx';
import { TypingLine } from '../group/typing-line.tsx';
import styles from './watch-screen.module.css';

const EditHistory = lazy(() => import('../group/edit-history.tsx'));
const NOTHING: ReadonlySet<number> = new Set();

export function ChatSide({ entry }: { entry: GroupEntry }) {
  const { group, role } = entry;
  const { id } = group;
  const log = useLogs((s) => s.logs[id]);
  const loading = useLogs((s) => s.loading[id] ?? 'idle');
  const names = usePeople((s) => s.groups[id]?.names ?? NO_NAMES);
  const isOpen = useWatch((s) => s.status === 'open');
  // Marks of what came before are loaded once; those that come later stand before the messages that they concern.
  const knownFrom = useWatch((s) => s.course[0]?.seq ?? null);
  const [editsOf, setEditsOf] = useState<number | null>(null);
  const handle = useRef<LogHandle>(null);

  useEffect(() => {
    showGroup(id);
    openGroup(id);
    return () => {
      showGroup(null);
      tellTyping(id, false);
    };
  }, [id]);
  useEffect(() => {
    if (isOpen) void loadOlderCourse(id);
  }, [id, isOpen]);

  const context = useMemo<RowContext>(
    () => ({ group: id, role, names, jump: (target) => handle.current?.toSeq(target), showEdits: setEditsOf, stamp: stampWords }),
    // A stamp that becomes known later is a reason to draw rows again.
    [id, role, names, knownFrom],
  );
  const act = (action: 'reply' | 'edit' | 'delete', seq: number) => {
    const message = log && findMessage(log, seq);
    if (!message || message.deleted) return;
    const mine = message.by.id === log.me.id;
    if (action === 'reply') beginReply(id, seq);
    else if (action === 'edit' && mine) beginEdit(id, seq, log.overlays.get(seq)?.text ?? message.text);
    else if (action === 'delete' && mayDelete(mine, role, roleOf(id, message.by.id))) deleteMessage(id, seq);
  };

  return (
    <DropZone className={styles.talk} words="Let go, and it stands in your message" onFiles={(files) => void attachFiles(id, files)}>
      {log ? (
        <Log
          ref={handle} group={id} groupName={group.name} log={log} loading={loading} unreadAfter={null} unreadCount={0} onLineDone={() => {}} lastRead={entry.lastRead}
          context={context} target={null} found={NOTHING} current={null} onAction={act}
        />
      ) : (
        <div className={styles.waiting}><Skeleton label="Loading messages" /></div>
      )}
      <TypingLine group={id} />
      <Composer group={id} name={group.name} onSent={() => handle.current?.stickToEnd()} />
      <Suspense fallback={null}>{editsOf !== null && <EditHistory group={id} seq={editsOf} onClose={() => setEditsOf(null)} />}</Suspense>
    </DropZone>
  );
}

function stampWords({ seq, at }: LogMessage): { text: string; title: string } | null {
  const stamp = stampOf(useWatch.getState().course, seq, at);
  return stamp && { text: digits(stamp.positionMs), title: `Written at ${digits(stamp.positionMs)} of ${stamp.item.title}` };
}
