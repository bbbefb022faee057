// The clock of a speed chat, for everybody: which round of how many, and how long it still takes.
import { useEffect } from 'react';
import { LAST_MS, type SpeedChatView } from '../../model/speed-chat.ts';
import { digitsLeft } from '../../model/time.ts';
import { announce } from '../../store/announcer.ts';
import { classes } from '../../ui/classes.ts';
import { ClockIcon } from '../../ui/icons.tsx';
import { useServerNow } from './use-server-now.ts';
import styles from './round-clock.module.css';

export function RoundClock({ view, large = false }: { view: SpeedChatView; large?: boolean }) {
  if (view.phase === 'none') return null;
  return <Ticking view={view} large={large} />;
}

function Ticking({ view, large }: { view: Exclude<SpeedChatView, { phase: 'none' }>; large: boolean }) {
  const now = useServerNow();
  const [name, until] = view.phase === 'soon' ? ['Begins in', view.beginsAt] : [`Round ${view.round} of ${view.rounds}`, view.endsAt];
  const last = view.phase === 'round' && until - now <= LAST_MS;
  useEffect(() => {
    if (last && !large) announce('Ten seconds are left in this round.');
  }, [last, large]);
  return (
    <p className={classes(styles.clock, large && styles.large, last && styles.last)} role="timer" aria-label={name}>
      {!large && <ClockIcon size={16} />}
      <span>{name}</span>
      <span className={styles.digits}>{digitsLeft(until - now)}</span>
    </p>
  );
}
