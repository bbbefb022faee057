// What can be done with the player: for all on the left, for oneself on the right.
import { lazy, Suspense, useState } from 'react';
import type { Watch } from '../../shapes.ts';
import { votesToSkip, type Allowed } from '../../watch/allowed.ts';
import { setOwn, useOwnSettings } from '../../watch/own-settings.ts';
import type { ShownPlayer } from '../../watch/players/shown-player.ts';
import { useWatch } from '../../watch/store.ts';
import { ask, commonPosition, stopAlone } from '../../watch/watching.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { CaptionsIcon, CrownIcon, FullscreenIcon, MoreIcon, MutedIcon, NextIcon, PauseIcon, PlayIcon, SettingsIcon, SoundIcon } from '../../ui/icons.tsx';
import { Menu } from '../../ui/menu.tsx';
import { CheerButton } from './cheers.tsx';
import { SeekBar } from './seek-bar.tsx';
import type { Subtitles } from './use-subtitles.ts';
import styles from './control-bar.module.css';

const WhoMay = lazy(() => import('./who-may.tsx'));
const SoundAndCaptions = lazy(() => import('./sound-and-captions.tsx'));

interface Props {
  readonly watch: Watch;
  readonly may: Allowed;
  readonly me: number;
  readonly player: ShownPlayer | null;
  readonly plays: boolean;
  readonly onToggle: () => void;
  readonly onSeek: (ms: number) => void;
  readonly onFullscreen: () => void;
  readonly subtitles: Subtitles;
}

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];

export function ControlBar({ watch, may, me, player, plays, onToggle, onSeek, onFullscreen, subtitles }: Props) {
  const { item, play } = watch;
  const { volume, muted } = useOwnSettings();
  const viewers = useWatch((s) => s.viewers.length);
  const ownLength = player?.read().lengthMs ?? null;
  const [dialog, setDialog] = useState<'none' | 'who-may' | 'sound'>('none');
  const voted = watch.skip_votes.includes(me);
  const over = play.phase === 'ended';

  return (
    <div className={styles.bar}>
      {item && <h2 className={styles.title} title={item.title}>{item.title}</h2>}
      <SeekBar lengthMs={item ? (item.length_ms ?? ownLength) : null} position={commonPosition} player={player} disabled={!item || !may.playback} onSeek={onSeek} />
      <div className={styles.buttons}>
        <IconButton label={plays ? 'Pause' : over ? 'Play again' : 'Play'} keys="K" className={styles.main} disabled={!may.playback || (!item && watch.queue.length === 0)} onClick={onToggle}>
          {plays ? <PauseIcon size={22} /> : <PlayIcon size={22} />}
        </IconButton>
        {may.choice ? (
          <IconButton label={watch.queue.length > 0 ? 'Next' : 'Take it off'} disabled={!item || (over && watch.queue.length === 0)} onClick={() => item && void ask({ do: 'next', leaving: item.id })}><NextIcon /></IconButton>
        ) : null}
        {!may.choice || watch.control.choice === 'vote' ? (
          <Button tone={voted ? 'primary' : 'plain'} className={styles.vote} aria-pressed={voted} disabled={!item || over || !may.skipVote} onClick={() => item && void ask({ do: 'vote_skip', item: item.id, on: !voted })}>
            Skip {watch.skip_votes.length}/{votesToSkip(viewers)}
          </Button>
        ) : null}
        <div className={styles.volume}>
          <IconButton label={muted ? 'Sound on, for you' : 'Mute, for you'} keys="M" onClick={() => setOwn({ muted: !muted })}>{muted || volume === 0 ? <MutedIcon /> : <SoundIcon />}</IconButton>
          <input
            type="range" className={styles.level} aria-label="Your volume" min={0} max={1} step={0.05} value={muted ? 0 : volume} aria-valuetext={`${Math.round((muted ? 0 : volume) * 100)} %`}
            style={{ '--played': `${(muted ? 0 : volume) * 100}%`, '--loaded': '0%' } as React.CSSProperties}
            onChange={(event) => setOwn({ volume: Number(event.target.value), muted: false })}
          />
        </div>
        <span className={styles.space} />
        <CheerButton />
        <select className={styles.speed} aria-label="Speed, for all" value={play.rate} disabled={!item || !may.playback} onChange={(event) => void ask({ do: 'rate', rate: Number(event.target.value) })}>
          {(SPEEDS.includes(play.rate) ? SPEEDS : [...SPEEDS, play.rate].sort((a, b) => a - b)).map((rate) => <option key={rate} value={rate}>{rate}×</option>)}
        </select>
        {subtitles.possible && (
          <IconButton label={subtitles.shown ? 'Hide captions' : 'Captions'} keys="C" aria-pressed={subtitles.shown} onClick={() => (subtitles.any ? subtitles.toggle() : setDialog('sound'))}><CaptionsIcon /></IconButton>
        )}
        <Menu
          label="More of the player"
          trigger={<IconButton label="More of the player"><MoreIcon /></IconButton>}
          entries={[
            item && plays ? { label: 'Stop just for me', icon: <PauseIcon />, run: stopAlone } : null,
            { label: 'Sound and captions', icon: <SettingsIcon />, run: () => setDialog('sound') },
            { label: 'Who may do what', icon: <CrownIcon />, run: () => setDialog('who-may') },
          ]}
        />
        <IconButton label="Whole screen" keys="F" onClick={onFullscreen}><FullscreenIcon /></IconButton>
      </div>
      <Suspense fallback={null}>
        {dialog === 'who-may' && <WhoMay watch={watch} may={may} onClose={() => setDialog('none')} />}
        {dialog === 'sound' && <SoundAndCaptions group={watch.group} title={item?.title ?? null} subtitles={subtitles} onClose={() => setDialog('none')} />}
      </Suspense>
    </div>
  );
}
