// Where it is, what is loaded, and the way to another place. While it is dragged nothing is asked for; that comes with
// letting go, since every place makes all viewers load anew.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { digits } from '../../model/time.ts';
import type { ShownPlayer } from '../../watch/players/shown-player.ts';
import styles from './control-bar.module.css';

interface Props {
  readonly lengthMs: number | null;
  readonly position: () => number | null;
  readonly player: ShownPlayer | null;
  readonly disabled: boolean;
  readonly onSeek: (ms: number) => void;
}

const LOOK_EVERY_MS = 250;
/** Keys that are held down are one wish. */
const KEYS_SETTLE_MS = 350;
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -5_000, ArrowRight: 5_000, ArrowDown: -5_000, ArrowUp: 5_000, PageDown: -60_000, PageUp: 60_000 };

export function SeekBar({ lengthMs, position, player, disabled, onSeek }: Props) {
  const [at, setAt] = useState(0);
  const [loadedMs, setLoadedMs] = useState(0);
  const [dragged, setDragged] = useState<number | null>(null);
  const settle = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef({ position, player });
  latest.current = { position, player };

  useEffect(() => {
    const look = () => {
      const now = latest.current.position() ?? 0;
      setAt(now);
      setLoadedMs(latest.current.player?.loaded().find(({ fromMs, toMs }) => fromMs <= now + 500 && now <= toMs)?.toMs ?? 0);
    };
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
      clearTimeout(settle.current);
    };
  }, []);

  const commit = (ms: number) => {
    clearTimeout(settle.current);
    onSeek(ms);
    setAt(ms);
    setDragged(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const end = lengthMs ?? 0;
    const from = dragged ?? at;
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? end : event.key in STEPS ? from + STEPS[event.key]! : null;
    if (to === null || disabled || event.altKey) return;
    event.preventDefault();
    const bounded = Math.max(0, Math.min(end, to));
    setDragged(bounded);
    clearTimeout(settle.current);
    settle.current = setTimeout(() => commit(bounded), KEYS_SETTLE_MS);
  };

  const shown = Math.min(dragged ?? at, lengthMs ?? Infinity);
  const share = (ms: number) => `${lengthMs ? Math.min(100, (ms / lengthMs) * 100) : 0}%`;
  return (
    <div className={styles.seek}>
      <span className={styles.time}>{digits(shown)}</span>
      <input
        type="range" className={styles.range} aria-label="Place" aria-valuetext={`${digits(shown)} of ${lengthMs === null ? 'unknown' : digits(lengthMs)}`}
        min={0} max={lengthMs ?? 1} step={100} value={lengthMs === null ? 0 : shown} disabled={disabled || lengthMs === null}
        style={{ '--played': share(shown), '--loaded': share(Math.max(loadedMs, shown)) } as React.CSSProperties}
        onChange={(event) => setDragged(Number(event.target.value))}
        onPointerUp={(event) => commit(Number(event.currentTarget.value))}
        onKeyDown={onKeyDown}
      />
      <span className={styles.time}>{lengthMs === null ? '–:––' : digits(lengthMs)}</span>
    </div>
  );
}
