// One line below the picture for what is in the way, with the button that helps. Below it and never over it, so that it
// is the same for every kind of player.
import { useEffect, useState } from 'react';
import type { Watch } from '../../shapes.ts';
import type { Allowed } from '../../watch/allowed.ts';
import type { ShownPlayer } from '../../watch/players/shown-player.ts';
import { useWatch } from '../../watch/store.ts';
import { ask, catchUp } from '../../watch/watching.ts';
import { noticeOf, type NoticeAction } from '../../watch/words.ts';
import { Button } from '../../ui/button.tsx';
import styles from './notice-strip.module.css';

interface Props {
  readonly watch: Watch;
  readonly player: ShownPlayer | null;
  readonly may: Allowed;
  readonly onRetry: () => void;
}

/** Off by so much for so long is worth a word; less cures itself. */
const AWAY_MS = 1_000;
const AWAY_FOR_MS = 2_000;

export function NoticeStrip({ watch, player, may, onRetry }: Props) {
  const own = useWatch((s) => s.own);
  const solo = useWatch((s) => s.solo);
  const viewers = useWatch((s) => s.viewers);
  const isAway = useLong(own.driftMs !== null && Math.abs(own.driftMs) > AWAY_MS, AWAY_FOR_MS);
  // Most starts are over before anybody could read why they wait.
  const isWaiting = useLong(watch.play.phase === 'preparing', 400);
  const waitedFor = isWaiting ? viewers.filter(({ state, hidden, solo: alone }) => state === 'buffering' && !hidden && !alone).length : null;
  const notice = noticeOf({ own, solo, waitedFor, isAway });

  const act: Record<NoticeAction, () => void> = {
    sound: () => player?.allowSound(),
    'catch-up': catchUp,
    retry: onRetry,
  };
  return (
    <div className={styles.strip} role="status" data-tone={notice?.tone}>
      {notice && (
        <>
          <span className={styles.text}>{notice.text}</span>
          <span className={styles.actions}>
            {notice.action && <Button tone={notice.tone === 'problem' ? 'plain' : 'primary'} className={styles.button} onClick={act[notice.action.do]}>{notice.action.label}</Button>}
            {notice.tone === 'problem' && may.choice && watch.item && <Button className={styles.button} onClick={() => void ask({ do: 'next', leaving: watch.item!.id })}>Skip it</Button>}
          </span>
        </>
      )}
    </div>
  );
}

function useLong(on: boolean, ms: number): boolean {
  const [long, setLong] = useState(false);
  useEffect(() => {
    if (!on) {
      setLong(false);
      return;
    }
    const timer = setTimeout(() => setLong(true), ms);
    return () => clearTimeout(timer);
  }, [on, ms]);
  return on && long;
}
