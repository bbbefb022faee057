// One group: header, log, composer, and the people at the side. It stays mounted while its dialogs come and go.
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { searchLog } from '../../model/rows.ts';
import { NO_NAMES } from '../../model/mentions.ts';
import { mayDelete } from '../../model/permission.ts';
import { findMessage } from '../../model/log.ts';
import { paths } from '../../routes.ts';
import { useGroups, type GroupEntry } from '../../store/groups.ts';
import { useLogs } from '../../store/logs.ts';
import { roleOf, usePeople } from '../../store/people.ts';
import { setPanelOpen, usePreferences } from '../../store/preferences.ts';
import { deleteMessage, markRead, openGroup, showGroup, tellTyping } from '../../sync/chat.ts';
import { Boundary } from '../../ui/boundary.tsx';
import { Button } from '../../ui/button.tsx';
import { isWriting, mainKey } from '../../ui/keys.ts';
import { DropZone } from '../../ui/drop-zone.tsx';
import { EmptyState, Skeleton } from '../../ui/states.tsx';
import { useMedia, WITH_PANEL } from '../../ui/use-media.ts';
import { attachFiles } from './attach.ts';
import { Composer } from './composer.tsx';
import { beginEdit, beginReply, focusComposer } from './composing.ts';
import { GroupHeader } from './group-header.tsx';
import { Log, type LogHandle } from './log.tsx';
import type { RowContext } from './message-row.tsx';
import { SearchBar } from './search-bar.tsx';
import { TypingLine } from './typing-line.tsx';
import styles from './group-screen.module.css';

const MemberPanel = lazy(() => import('../members/member-panel.tsx'));
const MemberSheet = lazy(() => import('../members/member-sheet.tsx'));
const GroupSettings = lazy(() => import('../group-settings/group-settings.tsx'));
const EditHistory = lazy(() => import('./edit-history.tsx'));
const NOTHING: ReadonlySet<number> = new Set();

interface Props {
  readonly id: number;
  readonly part: 'log' | 'members' | 'settings';
  readonly seq: number | null;
}

export function GroupScreen({ id, part, seq }: Props) {
  const entry = useGroups((s) => s.entries[id]);
  const status = useGroups((s) => s.status);
  const [, navigate] = useLocation();
  if (entry) return <OpenGroup entry={entry} part={part} seq={seq} />;
  return (
    <main className={styles.screen}>
      {status === 'loading' ? (
        <Skeleton label="Loading the group" />
      ) : (
        <EmptyState full heading="h1" title="This group is not here" text="It may have ended, or you are not a member of it. If somebody gave you its code, join with that.">
          <Button tone="primary" onClick={() => navigate(paths.groups)}>All groups</Button>
        </EmptyState>
      )}
    </main>
  );
}

function OpenGroup({ entry, part, seq }: { entry: GroupEntry; part: Props['part']; seq: number | null }) {
  const { group, role } = entry;
  const { id } = group;
  const [, navigate] = useLocation();
  const log = useLogs((s) => s.logs[id]);
  const loading = useLogs((s) => s.loading[id] ?? 'idle');
  const names = usePeople((s) => s.groups[id]?.names ?? NO_NAMES);
  const panelPreferred = usePreferences((s) => s.panelOpen);
  const withPanel = useMedia(WITH_PANEL);
  // As of opening: the line stays where it was drawn until the group is left.
  const [unreadAfter, setUnreadAfter] = useState(() => (entry.unread > 0 ? entry.lastRead : null));
  const [unreadThen] = useState(entry.unread);
  const [editsOf, setEditsOf] = useState<number | null>(null);
  const handle = useRef<LogHandle>(null);
  const search = useSearch(log, handle);

  useEffect(() => {
    showGroup(id);
    openGroup(id);
    return () => {
      showGroup(null);
      tellTyping(id, false);
    };
  }, [id]);

  const panelOpen = withPanel ? panelPreferred : part === 'members';
  const toLog = useCallback(() => navigate(paths.group(id), { replace: true }), [navigate, id]);
  const togglePanel = () => {
    if (withPanel) setPanelOpen(!panelPreferred);
    else navigate(part === 'members' ? paths.group(id) : paths.members(id));
  };

  const context = useMemo<RowContext>(
    () => ({ group: id, role, names, jump: (target) => handle.current?.toSeq(target), showEdits: setEditsOf }),
    [id, role, names],
  );

  const act = (action: 'reply' | 'edit' | 'delete', target: number) => {
    const message = log && findMessage(log, target);
    if (!message || message.deleted) return;
    const mine = message.by.id === log.me.id;
    if (action === 'reply') beginReply(id, target);
    else if (action === 'edit' && mine) beginEdit(id, target, log.overlays.get(target)?.text ?? message.text);
    else if (action === 'delete' && mayDelete(mine, role, roleOf(id, message.by.id))) {
      deleteMessage(id, target);
      handle.current?.focus();
    }
  };

  const { open: searchOpen, show: showSearch } = search;
  const position = log?.position ?? 0;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || document.querySelector('[role="dialog"]')) return;
      const composerEmpty = event.target instanceof HTMLTextAreaElement && event.target.value === '';
      const free = !isWriting(event.target) || composerEmpty;
      const done = (action: () => void) => {
        event.preventDefault();
        action();
      };
      // The second press belongs to the browser's own search.
      if (mainKey(event) && event.key === 'f' && !event.shiftKey && !searchOpen) return done(showSearch);
      if (mainKey(event) && event.key === 'End' && free) return done(() => handle.current?.toPresent());
      if (mainKey(event) && event.key === 'Home' && free) return done(() => handle.current?.toSeq(1, { nearest: true }));
      if (event.shiftKey && event.key === 'PageUp' && free && unreadAfter !== null) return done(() => handle.current?.toSeq(unreadAfter + 1, { nearest: true }));
      if (event.key === 'Escape' && (free || event.target instanceof HTMLTextAreaElement)) {
        return done(() => {
          markRead(id, position);
          handle.current?.toPresent();
          setUnreadAfter(null);
          focusComposer();
        });
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [id, searchOpen, showSearch, unreadAfter, position]);

  return (
    <>
      <main className={styles.screen} data-panel={(withPanel && panelOpen) || undefined}>
        <DropZone className={styles.chat} words="Let go, and it stands in your message" onFiles={(files) => void attachFiles(id, files)}>
          <GroupHeader entry={entry} panelOpen={panelOpen} onPanel={togglePanel} onSearch={() => (search.open ? search.close() : search.show())} />
          {search.open && log && (
            <SearchBar group={id} log={log} loading={loading} query={search.query} onQuery={search.setQuery} found={search.found} at={search.at} onStep={search.step} onClose={search.close} />
          )}
          {log ? (
            <Boundary name="The messages">
              <Log
                ref={handle} group={id} groupName={group.name} log={log} loading={loading} unreadAfter={unreadAfter} unreadCount={unreadThen} onLineDone={() => setUnreadAfter(null)} lastRead={entry.lastRead}
                context={context} target={seq} found={search.foundSet} current={search.current} onAction={act}
              />
            </Boundary>
          ) : (
            <div className={styles.wait}><Skeleton label="Loading messages" /></div>
          )}
          <TypingLine group={id} />
          <Composer group={id} name={group.name} onSent={() => handle.current?.stickToEnd()} />
        </DropZone>
      </main>
      {withPanel && panelOpen && (
        <aside className={styles.panel} aria-label="Members" data-region>
          <Boundary name="The members">
            <Suspense fallback={<Skeleton label="Loading the members" />}><MemberPanel entry={entry} /></Suspense>
          </Boundary>
        </aside>
      )}
      <Suspense fallback={null}>
        {!withPanel && part === 'members' && <MemberSheet entry={entry} onClose={toLog} />}
        {part === 'settings' && <GroupSettings entry={entry} onClose={toLog} />}
        {editsOf !== null && <EditHistory group={id} seq={editsOf} onClose={() => setEditsOf(null)} />}
      </Suspense>
    </>
  );
}

/** The query, what it finds, and which of it one looks at. */
function useSearch(log: ReturnType<typeof useLogs.getState>['logs'][number] | undefined, handle: React.RefObject<LogHandle | null>) {
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<number | null>(null);
  const found = useMemo(() => (open && log ? searchLog(log, query) : []), [open, log, query]);
  const foundSet = useMemo(() => (found.length > 0 ? new Set(found) : NOTHING), [found]);
  // The newest match first, as one reads a log.
  const at = chosen === null ? found.length - 1 : Math.max(0, found.indexOf(chosen));
  const show = useCallback(() => setOpen(true), []);
  return {
    open, query, found, foundSet, at, show,
    current: open ? (found[at] ?? null) : null,
    setQuery: (next: string) => {
      setQuery(next);
      setChosen(null);
    },
    step: (step: 1 | -1) => {
      if (found.length === 0) return;
      // The first Enter shows the match that is marked already.
      const next = chosen === null ? at : (at + step + found.length) % found.length;
      setChosen(found[next]!);
      handle.current?.toSeq(found[next]!, { focus: false });
    },
    close: () => {
      setOpen(false);
      setChosen(null);
      focusComposer();
    },
  };
}
