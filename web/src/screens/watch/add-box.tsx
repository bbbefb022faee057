// Where one says what to watch: the address of it, words to search for at YouTube, or a file. Nothing is asked for while
// one types: the searches of a day are few.
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent, type ReactNode } from 'react';
import { digits } from '../../model/time.ts';
import type { FoundVideo, NewMedia, Watch } from '../../shapes.ts';
import { announce } from '../../store/announcer.ts';
import { useSession } from '../../store/session.ts';
import type { Allowed } from '../../watch/allowed.ts';
import { lookUp } from '../../watch/look-up.ts';
import { wantedOf } from '../../watch/wanted.ts';
import { bring } from '../../watch/watching.ts';
import { Button } from '../../ui/button.tsx';
import { useMedia } from '../../ui/use-media.ts';
import { FileButton } from './file-button.tsx';
import { FoundVideos } from './found-videos.tsx';
import styles from './add-box.module.css';

interface Props {
  readonly watch: Watch;
  readonly may: Allowed;
  /** What stands below it while nothing was searched for. */
  readonly children: ReactNode;
}

type When = 'now' | 'later';

export function AddBox({ watch, may, children }: Props) {
  const idle = watch.item === null;
  const canSearch = useSession((s) => s.server?.video_search ?? false);
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState<When | null>(null);
  const [problem, setProblem] = useState<{ readonly why: string; readonly insist: (() => void) | null } | null>(null);
  const [searched, setSearched] = useState<string | null>(null);
  const box = useRef<HTMLInputElement>(null);
  const found = useRef<HTMLDivElement>(null);
  const touch = useMedia('(pointer: coarse)');
  const wanted = wantedOf(typed);
  const words = wanted?.by === 'words';

  useEffect(() => {
    // Nothing else can be done here yet. After the message box, which asks for the focus, too.
    if (idle && !touch) requestAnimationFrame(() => box.current?.focus());
  }, [idle, touch]);

  const put = async (media: NewMedia, when: When, lengthMs: number | null) => {
    setBusy(when);
    if (await bring(media, when)) {
      setTyped('');
      setProblem(null);
      if (when === 'later') announce(`Added${media.title ? `: ${media.title}` : ''}${lengthMs === null ? '' : `, ${digits(lengthMs)}`}`);
    }
    setBusy(null);
  };
  const add = async (address: string, when: When) => {
    setBusy(when);
    setProblem(null);
    const known = await lookUp(address);
    setBusy(null);
    if (known.ok) await put(known.media, when, known.lengthMs);
    else setProblem({ why: known.why, insist: known.mayInsist ? () => void put({ source: address }, when, null) : null });
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!wanted) return box.current?.focus();
    // What is put on at once begins where its address says; the queue keeps no places.
    if (wanted.by === 'address') void add(wanted.address, may.choice && (idle || !may.add) ? 'now' : 'later');
    else if (canSearch) setSearched(wanted.words);
  };
  const close = () => {
    setSearched(null);
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && searched !== null) {
      event.preventDefault();
      close();
    } else if (event.key === 'ArrowDown' && searched !== null) {
      event.preventDefault();
      found.current?.querySelector<HTMLElement>('li')?.focus();
    }
  };

  if (!may.add && !may.choice) return <><p className={styles.closed}>Who leads fills the queue here.</p>{children}</>;
  return (
    <>
      <form className={styles.form} onSubmit={onSubmit}>
        <input
          ref={box} className={styles.input} type="text" inputMode={canSearch ? 'search' : 'url'} enterKeyHint={words ? 'search' : 'go'} autoComplete="off" spellCheck={false} maxLength={2048}
          aria-label={canSearch ? 'Address of a video, or words to search for' : 'Address of a video'} placeholder={canSearch ? 'Paste an address, or search YouTube' : 'Paste the address of a video'}
          aria-describedby="add-box-word" value={typed} onKeyDown={onKeyDown}
          onChange={(event) => {
            setTyped(event.target.value);
            setProblem(null);
          }}
        />
        {words ? (
          <Button type="submit" tone="primary" disabled={!canSearch}>Search</Button>
        ) : (
          <>
            {(may.add || idle) && <Button type="submit" tone="primary" busy={busy === 'later' || (idle && busy === 'now')}>{idle ? 'Watch' : 'Add'}</Button>}
            {may.choice && !idle && <Button busy={busy === 'now'} onClick={() => (wanted ? void add(typed.trim(), 'now') : box.current?.focus())}>Play now</Button>}
          </>
        )}
        <FileButton group={watch.group} label="Bring a file" />
      </form>
      <div id="add-box-word" className={styles.word} role="status">
        {problem && (
          <p className={styles.problem}>{problem.why}{problem.insist && <Button tone="quiet" className={styles.insist} onClick={problem.insist}>Add it anyway</Button>}</p>
        )}
        {words && !canSearch && <p>That is no address, and nothing can be searched here: this server has no key for YouTube.</p>}
      </div>
      {searched === null ? children : (
        <div ref={found}>
          <FoundVideos key={searched} words={searched} may={may} idle={idle} onClose={close} onPick={(video, when) => put(mediaOf(video), when, video.length_ms)} onLeave={() => box.current?.focus()} />
        </div>
      )}
    </>
  );
}

function mediaOf({ source, title, kind }: FoundVideo): NewMedia {
  return { source, title, kind };
}
