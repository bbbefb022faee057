// Watching together: which group's screen, and whether it is watched with the others or once more, alone.
import { lazy, Suspense, useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { paths } from '../../routes.ts';
import { sortedGroups, useGroups } from '../../store/groups.ts';
import { setLastWatch, usePreferences } from '../../store/preferences.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { BackIcon } from '../../ui/icons.tsx';
import { EmptyState, Skeleton } from '../../ui/states.tsx';
import { Together } from './together.tsx';
import styles from './watch-screen.module.css';

const Replay = lazy(() => import('./replay.tsx'));

export default function WatchScreen({ group, replay }: { group: number | null; replay: number | null }) {
  const entry = useGroups((s) => (group === null ? undefined : s.entries[group]));
  const status = useGroups((s) => s.status);
  const [, navigate] = useLocation();
  useEffect(() => {
    if (entry) setLastWatch(entry.group.id);
  }, [entry?.group.id]);

  if (group === null) return <Choice />;
  if (entry && replay !== null) {
    return <Suspense fallback={<main className={styles.screen} />}><Replay key={`${group}:${replay}`} entry={entry} from={replay} /></Suspense>;
  }
  if (entry) return <Together key={group} entry={entry} />;
  return (
    <main className={styles.screen}>
      {status === 'loading' ? (
        <Skeleton label="Loading the player" />
      ) : (
        <EmptyState full heading="h1" title="There is nothing to watch here" text="The group may have ended, or you are not a member of it.">
          <Button tone="primary" onClick={() => navigate(paths.groups)}>All groups</Button>
        </EmptyState>
      )}
    </main>
  );
}

/** Which group: at once where there is only one, or one was watched with before. */
function Choice() {
  const { status, entries } = useGroups();
  const last = usePreferences((s) => s.lastWatch);
  const [, navigate] = useLocation();
  const groups = sortedGroups(entries);
  const known = last !== null && entries[last] ? last : groups.length === 1 ? groups[0]!.group.id : null;
  useEffect(() => {
    if (known !== null) navigate(paths.watch(known), { replace: true });
  }, [known, navigate]);

  if (known !== null || status === 'loading') return <main className={styles.screen}><Skeleton label="Loading the player" /></main>;
  return (
    <main className={styles.screen} data-region>
      <header className={styles.header}>
        <Link href={paths.groups} className={styles.back} aria-label="All groups"><BackIcon /></Link>
        <h1 className={styles.title}>Watch</h1>
      </header>
      {groups.length === 0 ? (
        <EmptyState title="No groups yet" text="Every group has a player. Join a group, or create one." />
      ) : (
        <div className={styles.choice}>
          <h2 className={styles.question}>With which group would you like to watch something?</h2>
          <ul>
            {groups.map(({ group }) => (
              <li key={group.id}>
                <Link href={paths.watch(group.id)} className={styles.choiceGroup}>
                  <Avatar id={group.id} name={group.name} size={36} />
                  <bdi>{group.name}</bdi>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )}
    </main>
  );
}
