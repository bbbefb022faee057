// Something that the group has watched, once more and alone: what was said then appears at its second.
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { Link } from 'wouter';
import { NO_NAMES } from '../../model/mentions.ts';
import { digits } from '../../model/time.ts';
import { paths } from '../../routes.ts';
import type { Watched } from '../../shapes.ts';
import type { GroupEntry } from '../../store/groups.ts';
import { usePeople } from '../../store/people.ts';
import { useSession } from '../../store/session.ts';
import { setOwn, useOwnSettings } from '../../watch/own-settings.ts';
import { eventsBetween, findWatched } from '../../watch/history.ts';
import { linesOf, saidBy, type Line } from '../../watch/lines.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { BackIcon, FullscreenIcon, MutedIcon, PauseIcon, PlayIcon, SoundIcon } from '../../ui/icons.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { MarkdownView } from '../group/markdown-view.tsx';
import { toggleFullscreen } from './fullscreen.ts';
import { playerKey } from './player-keys.ts';
import { SeekBar } from './seek-bar.tsx';
import { usePlayer } from './use-player.ts';
import bar from './control-bar.module.css';
import frame from './common-player.module.css';
import styles from './watch-screen.module.css';

const LOOK_EVERY_MS = 250;

type Loaded = { readonly watched: Watched; readonly lines: readonly Line[] } | 'gone' | 'failed';

export default function Replay({ entry, from }: { entry: GroupEntry; from: number }) {
  const { group } = entry;
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let mine = true;
    setLoaded(null);
    load(group.id, group.epoch, from).then((found) => mine && setLoaded(found), () => mine && setLoaded('failed'));
    return () => {
      mine = false;
    };
  }, [group.id, group.epoch, from, attempt]);

  return (
    <main className={styles.screen}>
      <header className={styles.header} data-region>
        <Link href={paths.watch(group.id)} className={styles.leave} aria-label="Back to watching together"><BackIcon /></Link>
        <h1 className={styles.title}>Once more</h1>
        <p className={styles.of}>{loaded !== null && typeof loaded === 'object' ? loaded.watched.item.title : <bdi>{group.name}</bdi>}</p>
      </header>
      {loaded === null ? (
        <Skeleton label="Loading what was said" />
      ) : loaded === 'gone' ? (
        <EmptyState title="That is not here" text="Nothing was put on at this place of the group’s log." />
      ) : loaded === 'failed' ? (
        <ErrorState title="What was said did not load" text="Check your connection." onRetry={() => setAttempt((count) => count + 1)} />
      ) : (
        <Film group={group.id} watched={loaded.watched} lines={loaded.lines} />
      )}
    </main>
  );
}

async function load(group: number, epoch: number, from: number): Promise<Loaded> {
  const watched = await findWatched(group, from);
  if (!watched) return 'gone';
  return { watched, lines: linesOf(await eventsBetween(group, epoch, watched.from, watched.until), watched.item) };
}

function Film({ group, watched: { item }, lines }: { group: number; watched: Watched; lines: readonly Line[] }) {
  const box = useRef<HTMLDivElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const youTube = useSession((s) => s.server?.youtube_player);
  const { volume, muted } = useOwnSettings();
  const player = usePlayer(place, { group, item, beginMs: 0, youTube, attempt: 0 });
  const [, look] = useState(0);
  const reading = player?.read();
  const plays = reading?.activity === 'playing' || reading?.activity === 'buffering';

  useEffect(() => {
    if (!player) return;
    const again = () => look((count) => count + 1);
    const timer = setInterval(again, LOOK_EVERY_MS);
    const unlisten = player.onChange(again);
    return () => {
      clearInterval(timer);
      unlisten();
    };
  }, [player]);

  const position = () => player?.read().positionMs ?? 0;
  const toggle = () => (plays ? player?.pause() : player?.play());
  const onKeyDown = (event: KeyboardEvent) => {
    const key = playerKey(event);
    if (!key) return;
    event.preventDefault();
    if (key.do === 'toggle') toggle();
    else if (key.do === 'by') player?.seek(Math.max(0, position() + key.ms));
    else if (key.do === 'volume') setOwn({ volume: Math.max(0, Math.min(1, volume + key.step)), muted: false });
    else if (key.do === 'mute') setOwn({ muted: !muted });
    else if (key.do === 'fullscreen') toggleFullscreen(box.current);
  };
  const lengthMs = item.length_ms ?? reading?.lengthMs ?? null;

  return (
    <div className={styles.body}>
      <div className={styles.left}>
        <section ref={box} className={frame.player} aria-label="Player" data-region onKeyDown={onKeyDown}>
          <div className={classes(frame.stage, frame.large)}>
            <div ref={place} className={frame.picture} tabIndex={0} role="group" aria-label={`${item.title}. Space plays and pauses.`} onClick={(event) => event.target instanceof HTMLVideoElement && toggle()} />
          </div>
          {player?.problem && <p className={styles.problem} role="alert">{player.problem}</p>}
          <div className={bar.bar}>
            <SeekBar lengthMs={lengthMs} position={position} player={player} disabled={!player} onSeek={(ms) => player?.seek(ms)} />
            <div className={bar.buttons}>
              <IconButton label={plays ? 'Pause' : 'Play'} keys="K" className={bar.main} onClick={toggle}>{plays ? <PauseIcon size={22} /> : <PlayIcon size={22} />}</IconButton>
              <IconButton label={muted ? 'Sound on' : 'Mute'} keys="M" onClick={() => setOwn({ muted: !muted })}>{muted ? <MutedIcon /> : <SoundIcon />}</IconButton>
              <span className={bar.space} />
              <span className={styles.alone}>Only you see this</span>
              <IconButton label="Whole screen" keys="F" onClick={() => toggleFullscreen(box.current)}><FullscreenIcon /></IconButton>
            </div>
          </div>
        </section>
      </div>
      <section className={styles.chat} aria-label="What was said">
        <Said group={group} lines={lines} count={saidBy(lines, position())} onGo={(ms) => player?.seek(ms)} />
      </section>
    </div>
  );
}

function Said({ group, lines, count, onGo }: { group: number; lines: readonly Line[]; count: number; onGo: (ms: number) => void }) {
  const names = usePeople((s) => s.groups[group]?.names ?? NO_NAMES);
  const end = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => lines.slice(0, count), [lines, count]);
  useEffect(() => end.current?.scrollIntoView({ block: 'nearest' }), [count]);
  if (lines.length === 0) return <EmptyState title="Nothing was said" text="Nobody wrote anything while this was on." />;
  return (
    <div className={styles.said} tabIndex={0} role="log" aria-label="What was said at this place">
      {shown.length === 0 && <p className={styles.soon}>The first words were said at {digits(lines[0]!.positionMs)}.</p>}
      {shown.map(({ seq, by, text, positionMs }) => (
        <article key={seq} className={styles.line}>
          <Avatar id={by.id} name={by.name} size={28} />
          <div>
            <p className={styles.lineHead}>
              <bdi>{by.name}</bdi>
              <button type="button" className={styles.lineAt} aria-label={`Go to ${digits(positionMs)}`} onClick={() => onGo(positionMs)}>{digits(positionMs)}</button>
            </p>
            <MarkdownView text={text} names={names} />
          </div>
        </article>
      ))}
      <div ref={end} />
    </div>
  );
}
