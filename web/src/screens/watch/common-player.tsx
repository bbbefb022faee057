// The player of all: the picture, what floats over it, what is to be said, and the controls. Whatever somebody does here,
// all see.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { Watch } from '../../shapes.ts';
import { useSession } from '../../store/session.ts';
import { toast } from '../../store/toasts.ts';
import type { Allowed } from '../../watch/allowed.ts';
import { setOwn, useOwnSettings, allowHost } from '../../watch/own-settings.ts';
import { isFramed, strangerOf } from '../../watch/players/source.ts';
import { useWatch } from '../../watch/store.ts';
import { ask, attach, commonPosition, detachPlayer } from '../../watch/watching.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { ControlBar } from './control-bar.tsx';
import { FloatingCheers } from './cheers.tsx';
import { NoticeStrip } from './notice-strip.tsx';
import { playerKey } from './player-keys.ts';
import { toggleFullscreen } from './fullscreen.ts';
import { useMediaKeys } from './use-media-keys.ts';
import { useSubtitles } from './use-subtitles.ts';
import { steeringOf, usePlayer } from './use-player.ts';
import styles from './common-player.module.css';

interface Props {
  readonly watch: Watch;
  readonly may: Allowed;
  readonly me: number;
}

export function CommonPlayer({ watch, may, me }: Props) {
  const { item, play } = watch;
  const box = useRef<HTMLDivElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const youTube = useSession((s) => s.server?.youtube_player);
  const hosts = useOwnSettings((s) => s.hosts);
  const { volume, muted } = useOwnSettings();
  const pending = useWatch((s) => s.pending);
  const [attempt, setAttempt] = useState(0);
  const stranger = item && strangerOf(item.source, location.host);
  const isStrange = !!stranger && !hosts.includes(stranger) && item?.added_by !== me;
  const player = usePlayer(place, { group: watch.group, item: isStrange ? null : item, beginMs: commonPosition() ?? play.pos_ms, youTube, attempt });
  const subtitles = useSubtitles(player, watch.group, item);

  useEffect(() => {
    if (player && item) attach(player, item, steeringOf(item));
    else detachPlayer();
  }, [player, item?.id]);

  const framed = item !== null && isFramed(item.source);
  const plays = pending === null ? play.phase === 'playing' || play.phase === 'preparing' : pending === 'play';
  const toggle = () => void ask({ do: plays ? 'pause' : 'play' });
  const seek = (ms: number) => void ask({ do: 'seek', to_ms: Math.max(0, Math.min(ms, item?.length_ms ?? ms)) });
  const refuse = () => toast('Only the host plays, pauses and goes elsewhere.', { lastsMs: 3_000 });

  const by = (ms: number) => seek((commonPosition() ?? play.pos_ms) + ms);
  useMediaKeys({
    title: item?.title ?? null, plays,
    onPlay: may.playback ? () => void ask({ do: 'play' }) : null,
    onPause: may.playback ? () => void ask({ do: 'pause' }) : null,
    onBy: may.playback ? by : null,
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const key = playerKey(event);
    if (!key) return;
    event.preventDefault();
    switch (key.do) {
      case 'toggle':
        return may.playback ? toggle() : refuse();
      case 'by':
        return may.playback ? by(key.ms) : refuse();
      case 'volume':
        return setOwn({ volume: Math.max(0, Math.min(1, volume + key.step)), muted: false });
      case 'mute':
        return setOwn({ muted: !muted });
      case 'fullscreen':
        return toggleFullscreen(box.current);
      case 'captions':
        return subtitles.toggle();
    }
  };

  return (
    // The keys belong to whatever has the focus in here, not to one control.
    <section ref={box} className={styles.player} aria-label="Player" data-region onKeyDown={onKeyDown}>
      <div className={classes(styles.stage, framed && styles.framed)}>
        <div
          ref={place} className={styles.picture} tabIndex={0} role="group" aria-label={item ? `${item.title}. Space plays and pauses.` : 'Nothing is on'}
          onClick={(event) => {
            if (event.target instanceof HTMLVideoElement && may.playback) toggle();
          }}
          onDoubleClick={() => toggleFullscreen(box.current)}
        >
          {!item && <Nothing />}
          {item && isStrange && (
            <div className={styles.ask}>
              <h2>{item.title}</h2>
              <p>This comes from <strong>{stranger}</strong>, not from this server. Whoever runs it will see your network address.</p>
              <Button tone="primary" onClick={() => allowHost(stranger)}>Load it from there</Button>
            </div>
          )}
          {item && !isStrange && item.kind === 'music' && !framed && <div className={styles.sleeve} aria-hidden="true"><span>♪</span>{item.title}</div>}
        </div>
        <FloatingCheers beside={framed} />
      </div>
      <NoticeStrip watch={watch} player={player} may={may} onRetry={() => setAttempt((count) => count + 1)} />
      <ControlBar watch={watch} may={may} me={me} player={player} plays={plays} onToggle={toggle} onSeek={seek} onFullscreen={() => toggleFullscreen(box.current)} subtitles={subtitles} />
    </section>
  );
}

function Nothing() {
  return (
    <div className={styles.nothing}>
      <h2>Nothing is on</h2>
      <p>Paste the address of a video or bring a file, and everybody in the group who is here sees the same second of it.</p>
    </div>
  );
}
