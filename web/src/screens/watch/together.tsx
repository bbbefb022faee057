// A group's watch screen: the player, what may be done with it, what comes next, who is there, and the chat at its side.
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { paths } from '../../routes.ts';
import { useConnectionNotice } from '../../store/connection.ts';
import { sortedGroups, useGroups, type GroupEntry } from '../../store/groups.ts';
import { useSession } from '../../store/session.ts';
import { allowed } from '../../watch/allowed.ts';
import { useUploads } from '../../uploads/store.ts';
import { useWatch } from '../../watch/store.ts';
import { open, visitGroup } from '../../watch/watching.ts';
import { Boundary } from '../../ui/boundary.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { BackIcon, ChatIcon } from '../../ui/icons.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { useMedia, WITH_PANEL } from '../../ui/use-media.ts';
import { AddBox } from './add-box.tsx';
import { ChatSide } from './chat-side.tsx';
import { CommonPlayer } from './common-player.tsx';
import { History } from './history.tsx';
import { Queue } from './queue.tsx';
import { Tabs } from './tabs.tsx';
import { ViewerList } from './viewer-list.tsx';
import styles from './watch-screen.module.css';

const Files = lazy(() => import('./files.tsx'));

export function Together({ entry }: { entry: GroupEntry }) {
  const { group, role } = entry;
  const me = useSession((s) => s.account?.id ?? 0);
  const watch = useWatch((s) => s.watch);
  const status = useWatch((s) => s.status);
  const count = useWatch((s) => s.viewers.length);
  const onTheirWay = useUploads((s) => s.sending.filter((one) => one.group === group.id).length);
  const wide = useMedia(WITH_PANEL);
  useEffect(() => visitGroup(group.id), [group.id]);

  const may = watch && allowed(watch, role, me);
  const chat = <Boundary name="The messages"><ChatSide entry={entry} /></Boundary>;
  return (
    <main className={styles.screen}>
      <header className={styles.header} data-region>
        <Link href={paths.groups} className={styles.back} aria-label="All groups"><BackIcon /></Link>
        <h1 className={styles.title}>Watch</h1>
        <OfGroup current={group.id} />
        <Link href={paths.group(group.id)} className={styles.toGroup} aria-label={`Messages of ${group.name}`} data-tip="Messages of the group"><ChatIcon /></Link>
      </header>
      <div className={styles.body}>
        <DropZone className={styles.left} words="Let go, and it is brought to the group" onFiles={(files) => void import('./bring.ts').then(({ bringToWatch }) => bringToWatch(group.id, files))}>
          {watch && may ? (
            <>
              <Boundary name="The player"><CommonPlayer watch={watch} may={may} me={me} /></Boundary>
              <Tabs
                label="Beside the player"
                // Where nothing is on, there is one thing to do.
                preferred={wide || (watch.item === null && watch.queue.length === 0) ? 'queue' : 'chat'}
                tabs={[
                  ...(wide ? [] : [{ id: 'chat', name: 'Chat', content: chat, fills: true }]),
                  { id: 'queue', name: 'Queue', count: watch.queue.length, content: <AddBox watch={watch} may={may}><Queue watch={watch} may={may} me={me} /></AddBox> },
                  { id: 'files', name: 'Files', count: onTheirWay, content: <Suspense fallback={<Skeleton rows={3} label="Loading the files" />}><Files watch={watch} may={may} me={me} role={role} /></Suspense> },
                  { id: 'viewers', name: 'Viewers', count, content: <ViewerList watch={watch} group={group.id} me={me} may={may} /> },
                  { id: 'watched', name: 'Watched', content: <History group={group.id} since={watch.item_since} /> },
                ]}
              />
            </>
          ) : status === 'failed' ? (
            <ErrorState title="The player did not load" text="Check your connection." onRetry={() => void open()} />
          ) : (
            <Waiting />
          )}
        </DropZone>
        {wide && <section className={styles.chat} aria-label="Chat">{chat}</section>}
      </div>
    </main>
  );
}

/** Only what takes a while is shown to be loading. */
function Waiting(): ReactNode {
  const [late, setLate] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    timer.current = setTimeout(() => setLate(true), 200);
    return () => clearTimeout(timer.current);
  }, []);
  return <div className={styles.waiting}>{late && <Skeleton label="Loading the player" />}</div>;
}

/** With whom, and the way to another group. */
function OfGroup({ current }: { current: number }) {
  const entries = useGroups((s) => s.entries);
  const [, navigate] = useLocation();
  const notice = useConnectionNotice();
  const groups = sortedGroups(entries);
  if (notice.level === 'word') return <p className={styles.of} role="status"><span className={styles.reconnecting}>Reconnecting…</span></p>;
  if (groups.length < 2) return <p className={styles.of}><bdi>{entries[current]?.group.name}</bdi></p>;
  return (
    <div className={styles.of}>
      <select aria-label="Group" className={styles.select} value={current} onChange={(event) => navigate(paths.watch(Number(event.target.value)))}>
        {groups.map(({ group }) => <option key={group.id} value={group.id}>{group.name}</option>)}
      </select>
    </div>
  );
}
