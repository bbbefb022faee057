// What the group has watched, newest first, and the way to watch it once more with what was said then.
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { api } from '../../api.ts';
import { digits, fullTime } from '../../model/time.ts';
import { paths } from '../../routes.ts';
import type { Watched } from '../../shapes.ts';
import { whence } from '../../watch/players/source.ts';
import { ChatIcon } from '../../ui/icons.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import styles from './lists.module.css';

/** `since` changes with what is on: then there is one more. */
export function History({ group, since }: { group: number; since: number }) {
  const [pages, setPages] = useState<{ readonly watched: readonly Watched[]; readonly next: string | null } | null>(null);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let mine = true;
    setFailed(false);
    api.watched(group, null).then((page) => mine && setPages(page), () => mine && setFailed(true));
    return () => {
      mine = false;
    };
  }, [group, since, attempt]);

  const more = async (cursor: string) => {
    try {
      const page = await api.watched(group, cursor);
      setPages((before) => ({ watched: [...(before?.watched ?? []), ...page.watched], next: page.next }));
    } catch {
      setFailed(true);
    }
  };

  if (failed) return <ErrorState title="The list did not load" text="Check your connection." onRetry={() => setAttempt((count) => count + 1)} />;
  if (!pages) return <Skeleton rows={3} label="Loading what was watched" />;
  if (pages.watched.length === 0) return <EmptyState title="Nothing was watched yet" text="Afterwards it is listed here, to be watched once more with what was said." />;
  return (
    <>
      <ul className={styles.list} aria-label="Watched">
        {pages.watched.map(({ item, at, from }) => (
          <li key={from} className={styles.entry}>
            <span className={styles.words}>
              <span className={styles.name} title={item.title}>{item.title}</span>
              <span className={styles.about}>{fullTime(Date.parse(at))} · {whence(item.source)}{item.length_ms !== null && ` · ${digits(item.length_ms)}`}</span>
            </span>
            <Link href={paths.replay(group, from)} className={styles.link} aria-label={`Watch ${item.title} once more, with what was said`}><ChatIcon size={16} />Once more</Link>
          </li>
        ))}
      </ul>
      {pages.next !== null && <p className={styles.more}><Button onClick={() => void more(pages.next!)}>Older</Button></p>}
    </>
  );
}
