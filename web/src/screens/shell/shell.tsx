// The frame around everything behind the door: groups at the left, one screen in the middle, dialogs above.
import { lazy, Suspense, useEffect } from 'react';
import type { Place } from '../../routes.ts';
import { useAnnouncement } from '../../store/announcer.ts';
import { closeDialog, openDialog, useDialogs } from '../../store/dialogs.ts';
import { useGroups } from '../../store/groups.ts';
import { useSession } from '../../store/session.ts';
import { Boundary } from '../../ui/boundary.tsx';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { EmptyState, Skeleton } from '../../ui/states.tsx';
import { GroupScreen } from '../group/group-screen.tsx';
import { ConnectionBar } from './connection-bar.tsx';
import { GroupsNav } from './groups-nav.tsx';
import { useGlobalKeys } from './global-keys.ts';
import { useDuelNotices } from './use-duel-notices.ts';
import { useLobbyNotices } from './use-lobby-notices.ts';
import styles from './shell.module.css';

const SessionSheet = lazy(() => import('./session-sheet.tsx'));
const LobbyScreen = lazy(() => import('../lobby/lobby-screen.tsx'));
const LobbyChoice = lazy(() => import('../lobby/lobby-choice.tsx'));
const WatchScreen = lazy(() => import('../watch/watch-screen.tsx'));
const DuelLobby = lazy(() => import('../duel/duel-lobby.tsx'));
const MatchScreen = lazy(() => import('../duel/match-screen.tsx'));
const ProfileScreen = lazy(() => import('../duel/profile-screen.tsx'));
const Settings = lazy(() => import('../settings/settings.tsx'));
const Palette = lazy(() => import('../dialogs/palette.tsx'));
const CreateGroup = lazy(() => import('../dialogs/create-group.tsx'));
const JoinGroup = lazy(() => import('../dialogs/join-group.tsx'));
const ShortcutsHelp = lazy(() => import('../dialogs/shortcuts-help.tsx'));

export function Shell({ place }: { place: Place }) {
  const dialog = useDialogs((s) => s.open);
  const expired = useSession((s) => s.status === 'expired');
  const onGroup = place.screen === 'group';
  useGlobalKeys(onGroup ? place.id : null);
  const onDuels = place.screen === 'duels' || place.screen === 'duel' || place.screen === 'profile';
  const lobbyNotice = useLobbyNotices(place.screen === 'lobby');
  const duelNotice = useDuelNotices(place);
  useTitle(onGroup ? place.id : null, TITLES[place.screen] ?? null, duelNotice ?? lobbyNotice);

  return (
    <div className={classes(styles.shell, place.screen === 'groups' ? styles.atList : styles.atScreen)}>
      {onGroup && <a className={styles.skip} href="#composer" onClick={(event) => {
        event.preventDefault();
        document.getElementById('composer')?.focus();
      }}>Skip to the message box</a>}
      <ConnectionBar />
      <div className={styles.panes}>
        <GroupsNav current={onGroup ? place.id : null} onLobby={place.screen === 'lobby'} onWatch={place.screen === 'watch'} onDuels={onDuels} isScreen={place.screen === 'groups'} />
        {onGroup ? (
          <GroupScreen key={place.id} id={place.id} part={place.part} seq={place.seq} />
        ) : place.screen === 'lobby' ? (
          <Boundary name="The lobby">
            <Suspense fallback={<main className={styles.main}><Skeleton label="Loading the lobby" /></main>}>
              {place.group === null ? <LobbyChoice /> : <LobbyScreen group={place.group} />}
            </Suspense>
          </Boundary>
        ) : place.screen === 'watch' ? (
          <Boundary name="The watch screen">
            <Suspense fallback={<main className={styles.main}><Skeleton label="Loading the player" /></main>}>
              <WatchScreen group={place.group} replay={place.replay} />
            </Suspense>
          </Boundary>
        ) : onDuels ? (
          <Boundary key={place.screen} name="The duels">
            <Suspense fallback={<main className={styles.main}><Skeleton label="Loading the duels" /></main>}>
              {place.screen === 'duels' ? <DuelLobby group={place.group} /> : place.screen === 'duel' ? <MatchScreen key={place.id} id={place.id} /> : <ProfileScreen account={place.account} />}
            </Suspense>
          </Boundary>
        ) : place.screen === 'settings' ? (
          <Boundary name="The settings">
            <Suspense fallback={<main className={styles.main}><Skeleton label="Loading the settings" /></main>}>
              <Settings />
            </Suspense>
          </Boundary>
        ) : (
          <NoGroup />
        )}
      </div>
      <Boundary name="This dialog">
        <Suspense fallback={null}>
          {expired && <SessionSheet />}
          {dialog === 'palette' && <Palette group={onGroup ? place.id : null} />}
          {dialog === 'create-group' && <CreateGroup onClose={closeDialog} />}
          {dialog === 'join-group' && <JoinGroup onClose={closeDialog} />}
          {dialog === 'shortcuts' && <ShortcutsHelp onClose={closeDialog} />}
        </Suspense>
      </Boundary>
      <Announcements />
    </div>
  );
}

const TITLES: Partial<Record<Place['screen'], string>> = { settings: 'Settings', lobby: 'Lobby', watch: 'Watch', duels: 'Duels', duel: 'Duel', profile: 'Profile' };

function NoGroup() {
  const status = useGroups((s) => s.status);
  const none = useGroups((s) => Object.keys(s.entries).length === 0);
  const guest = useSession((s) => s.account?.guest ?? true);
  return (
    <main className={styles.main}>
      {status === 'ready' && none ? (
        <EmptyState full title="No groups yet" text={guest ? 'Join one with the code that somebody gave you.' : 'Create one, or join one with a code.'}>
          {!guest && <Button tone="primary" onClick={() => openDialog('create-group')}>Create a group</Button>}
          <Button onClick={() => openDialog('join-group')}>Join with a code</Button>
        </EmptyState>
      ) : (
        <EmptyState full title="Pick a group" text="Your groups are at the left." />
      )}
    </main>
  );
}

function Announcements() {
  const text = useAnnouncement((s) => s.text);
  return <div className="hidden-visually" role="status" aria-live="polite">{text}</div>;
}

/** "(3) Book club – Parlor"; what a duel or the lobby has to tell comes first. */
function useTitle(group: number | null, screen: string | null, notice: string | null) {
  const server = useSession((s) => s.server?.name ?? 'Parlor');
  const name = useGroups((s) => (group === null ? screen : (s.entries[group]?.group.name ?? null)));
  const unread = useGroups((s) => Object.values(s.entries).reduce((sum, entry) => sum + entry.unread, 0));
  useEffect(() => {
    document.title = `${notice ? `● ${notice} – ` : ''}${unread > 0 ? `(${unread}) ` : ''}${name ? `${name} – ` : ''}${server}`;
  }, [server, name, unread, notice]);
}
