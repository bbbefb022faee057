// What a search found. Pictures of it come from YouTube, which would learn this browser's address: they are shown to whoever
// has allowed that already.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { api } from '../../api.ts';
import { asFailure } from '../../failure.ts';
import { digits } from '../../model/time.ts';
import type { FoundVideo, VideoSearch } from '../../shapes.ts';
import type { Allowed } from '../../watch/allowed.ts';
import { useOwnSettings } from '../../watch/own-settings.ts';
import { quotaInWords, searchProblem } from '../../watch/search-words.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { CheckIcon, CloseIcon, PlayIcon, QueueIcon } from '../../ui/icons.tsx';
import { EmptyState, Skeleton } from '../../ui/states.tsx';
import lists from './lists.module.css';
import styles from './found-videos.module.css';

interface Props {
  readonly words: string;
  readonly may: Allowed;
  /** Nothing is on. */
  readonly idle: boolean;
  readonly onPick: (video: FoundVideo, when: 'now' | 'later') => Promise<void>;
  readonly onClose: () => void;
  /** Upwards from the first one. */
  readonly onLeave: () => void;
}

export function FoundVideos({ words, may, idle, onPick, onClose, onLeave }: Props) {
  const [answer, setAnswer] = useState<VideoSearch | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [added, setAdded] = useState<ReadonlySet<string>>(new Set());
  const list = useRef<HTMLUListElement>(null);
  const pictures = useOwnSettings((s) => s.hosts.includes('YouTube'));

  useEffect(() => {
    let mine = true;
    setProblem(null);
    setAnswer(null);
    api.searchVideos(words).then((found) => mine && setAnswer(found), (error: unknown) => mine && setProblem(searchProblem(asFailure(error))));
    return () => {
      mine = false;
    };
  }, [words, attempt]);

  const pick = async (video: FoundVideo, when: 'now' | 'later') => {
    await onPick(video, when);
    if (when === 'later') setAdded((before) => new Set(before).add(video.source));
    else onClose();
  };
  const onKeyDown = (event: KeyboardEvent, video: FoundVideo, index: number) => {
    const isRow = event.target instanceof HTMLElement && event.target.matches('li');
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (step !== 0 && !event.altKey) {
      event.preventDefault();
      if (index + step < 0) onLeave();
      else (list.current?.children[index + step] as HTMLElement | undefined)?.focus();
    } else if (event.key === 'Enter' && isRow && !video.live) {
      event.preventDefault();
      void pick(video, may.choice && (idle || !may.add) ? 'now' : 'later');
    } else if (event.key === 'Escape') {
      event.preventDefault();
      onClose();
    }
  };

  return (
    <section aria-label={`Found for “${words}”`}>
      <header className={styles.head}>
        <p role="status" className={styles.count}>
          {answer ? <>{answer.videos.length === 0 ? 'Nothing' : answer.videos.length} found for “<bdi>{words}</bdi>” · {quotaInWords(answer.quota)}</> : problem ? 'The search did not work' : <>Searching for “<bdi>{words}</bdi>”…</>}
        </p>
        <IconButton label="Close what was found" keys="Escape" onClick={onClose}><CloseIcon size={18} /></IconButton>
      </header>
      {problem ? (
        <EmptyState title="Nothing was found out" text={problem}><Button onClick={() => setAttempt((count) => count + 1)}>Try again</Button></EmptyState>
      ) : !answer ? (
        <Skeleton rows={4} label="Searching" />
      ) : answer.videos.length === 0 ? (
        <EmptyState title="Nothing was found" text="Other words may find it, or the address of the video." />
      ) : (
        <ul ref={list} className={lists.list} aria-label="Found videos">
          {answer.videos.map((video, index) => {
            const { source, title, channel, length_ms: length, live, thumbnail } = video;
            return (
              <li key={source} tabIndex={0} className={lists.entry} onKeyDown={(event) => onKeyDown(event, video, index)}>
                {pictures && thumbnail && (
                  <span className={styles.picture}>
                    <img src={thumbnail} alt="" width={80} height={45} loading="lazy" referrerPolicy="no-referrer" onError={(event) => (event.currentTarget.hidden = true)} />
                  </span>
                )}
                <span className={lists.words}>
                  <span className={lists.name} title={title}>{title}</span>
                  <span className={styles.about}>{channel && <bdi>{channel}</bdi>}{channel && (live || length !== null) && ' · '}{live ? 'live, so nobody can watch it together' : length !== null && digits(length)}</span>
                </span>
                {!live && may.choice && <IconButton label={`Play ${title} now`} onClick={() => void pick(video, 'now')}><PlayIcon /></IconButton>}
                {!live && may.add && (!idle || !may.choice) && (
                  <IconButton label={added.has(source) ? `${title} is in the queue; add it once more` : `Add ${title} to the queue`} onClick={() => void pick(video, 'later')}>{added.has(source) ? <CheckIcon /> : <QueueIcon />}</IconButton>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
