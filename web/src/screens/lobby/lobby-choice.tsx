// Which lobby: at once where there is only one, or one was opened before; otherwise one is chosen.
import { useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { paths } from '../../routes.ts';
import { sortedGroups, useGroups } from '../../store/groups.ts';
import { useLobby } from '../../store/lobby.ts';
import { usePreferences } from '../../store/preferences.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { BackIcon } from '../../ui/icons.tsx';
import { EmptyState, Skeleton } from '../../ui/states.tsx';
import styles from './lobby-screen.module.css';

export default function LobbyChoice() {
  const { status, entries } = useGroups();
  const last = usePreferences((s) => s.lastLobby);
  const at = useLobby((s) => (s.state.at === 'outside' ? null : s.state.group));
  const [, navigate] = useLocation();
  const groups = sortedGroups(entries);
  const known = at ?? (last !== null && entries[last] ? last : groups.length === 1 ? groups[0]!.group.id : null);
  useEffect(() => {
    if (known !== null) navigate(paths.lobby(known), { replace: true });
  }, [known, navigate]);

  if (known !== null || status === 'loading') return <main className={styles.screen}><Skeleton label="Loading the lobby" /></main>;
  if (groups.length === 0) {
    return (
      <main className={styles.screen}>
        <EmptyState full heading="h1" title="No lobby yet" text="Every group has one. Join a group, or create one.">
          <Button tone="primary" onClick={() => navigate(paths.groups)}>All groups</Button>
        </EmptyState>
      </main>
    );
  }
  return (
    <main className={styles.screen} data-region>
      <header className={styles.header}>
        <Link href={paths.groups} className={styles.back} aria-label="All groups"><BackIcon /></Link>
        <h1 className={styles.title}>Lobby</h1>
      </header>
      <div className={styles.choice}>
        <h2 className={styles.question}>In which group would you like to meet somebody?</h2>
        <ul className={styles.groups}>
          {groups.map(({ group }) => (
            <li key={group.id}>
              <Link href={paths.lobby(group.id)} className={styles.group}>
                <Avatar id={group.id} name={group.name} size={36} />
                <bdi>{group.name}</bdi>
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </main>
  );
}
