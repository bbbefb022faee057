// The lobby of a group: one big button, waiting, meeting, talking. Which of them is shown, `model/lobby.ts` says.
import { useEffect, useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { serverNow } from '../../clock.ts';
import { mayRunSpeedChat } from '../../model/permission.ts';
import { viewSpeedChat } from '../../model/speed-chat.ts';
import { paths } from '../../routes.ts';
import { useConnectionNotice } from '../../store/connection.ts';
import { sortedGroups, useGroups, type GroupEntry } from '../../store/groups.ts';
import { useLobby } from '../../store/lobby.ts';
import { setLastLobby } from '../../store/preferences.ts';
import { askCrowd, watchLobby } from '../../sync/lobby.ts';
import { Boundary } from '../../ui/boundary.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { BackIcon, ChatIcon, ClockIcon } from '../../ui/icons.tsx';
import { EmptyState, Skeleton } from '../../ui/states.tsx';
import { useMedia, WITH_PANEL } from '../../ui/use-media.ts';
import { Door } from './door.tsx';
import { MetCard } from './met-card.tsx';
import { RoomView } from './room-view.tsx';
import { RoundClock } from './round-clock.tsx';
import { SpeedChatPanel } from './speed-chat-panel.tsx';
import { Waiting } from './waiting.tsx';
import styles from './lobby-screen.module.css';

/** After a round should have ended: what was told of it may have been lost. */
const ASK_AFTER_MS = 1_500;

export default function LobbyScreen({ group }: { group: number }) {
  const entry = useGroups((s) => s.entries[group]);
  const status = useGroups((s) => s.status);
  const [, navigate] = useLocation();
  if (entry) return <LobbyOf key={group} entry={entry} />;
  return (
    <main className={styles.screen}>
      {status === 'loading' ? (
        <Skeleton label="Loading the lobby" />
      ) : (
        <EmptyState full heading="h1" title="This lobby is not here" text="Its group may have ended, or you are not a member of it.">
          <Button tone="primary" onClick={() => navigate(paths.groups)}>All groups</Button>
        </EmptyState>
      )}
    </main>
  );
}

function LobbyOf({ entry }: { entry: GroupEntry }) {
  const { group, role } = entry;
  const state = useLobby((s) => s.state);
  const speedChat = useLobby((s) => s.crowds[group.id]?.speed_chat);
  const withPanel = useMedia(WITH_PANEL);
  const [sheet, setSheet] = useState(false);
  const owner = mayRunSpeedChat(role);
  const rounds = viewSpeedChat(speedChat);

  useEffect(() => {
    setLastLobby(group.id);
    return watchLobby(group.id);
  }, [group.id]);

  const turn = rounds.phase === 'none' ? null : rounds.phase === 'soon' ? rounds.beginsAt : rounds.endsAt;
  useEffect(() => {
    if (turn === null) return;
    const timer = setTimeout(() => askCrowd(group.id), Math.max(0, turn - serverNow()) + ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [group.id, turn]);

  return (
    <>
      <main className={styles.screen}>
        <header className={styles.header} data-region>
          <Link href={paths.groups} className={styles.back} aria-label="All groups"><BackIcon /></Link>
          <h1 className={styles.title}>Lobby</h1>
          <OfGroup current={group.id} />
          <RoundClock view={rounds} />
          {owner && !withPanel && <IconButton label="Speed chat" onClick={() => setSheet(true)}><ClockIcon /></IconButton>}
          <Link href={paths.group(group.id)} className={styles.toGroup} aria-label={`Messages of ${group.name}`} data-tip="Messages of the group"><ChatIcon /></Link>
        </header>
        <Boundary name="The lobby">
          {state.at === 'outside' || state.group !== group.id ? <Door entry={entry} /> : <Inside entry={entry} />}
        </Boundary>
      </main>
      {owner && withPanel && (
        <aside className={styles.panel} aria-label="Speed chat" data-region>
          <Boundary name="Speed chat"><SpeedChatPanel group={group.id} heading /></Boundary>
        </aside>
      )}
      {owner && !withPanel && sheet && (
        <Dialog title="Speed chat" shape="side" onClose={() => setSheet(false)}>
          <SpeedChatPanel group={group.id} heading={false} />
        </Dialog>
      )}
    </>
  );
}

function Inside({ entry }: { entry: GroupEntry }): ReactNode {
  const state = useLobby((s) => s.state);
  switch (state.at) {
    case 'outside':
      return null;
    case 'entering':
    case 'waiting':
      return <Waiting entry={entry} state={state} />;
    case 'room':
      return state.room.phase === 'deciding' ? <MetCard key={state.room.id} entry={entry} room={state.room} /> : <RoomView key={state.room.id} entry={entry} room={state.room} />;
  }
}

/** Whose lobby it is, and the way to another one. */
function OfGroup({ current }: { current: number }) {
  const entries = useGroups((s) => s.entries);
  const [, navigate] = useLocation();
  const notice = useConnectionNotice();
  const groups = sortedGroups(entries);
  if (notice.level === 'word') return <p className={styles.of} role="status"><span className={styles.reconnecting}>Reconnecting…</span></p>;
  if (groups.length < 2) return <p className={styles.of}><bdi>{entries[current]?.group.name}</bdi></p>;
  return (
    <div className={styles.of}>
      <select aria-label="Group" className={styles.select} value={current} onChange={(event) => navigate(paths.lobby(Number(event.target.value)))}>
        {groups.map(({ group }) => <option key={group.id} value={group.id}>{group.name}</option>)}
      </select>
    </div>
  );
}
