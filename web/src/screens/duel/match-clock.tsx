// How long the round still takes, for everybody and by the server's time. Late it is bold and of another colour, in the
// last ten seconds with tenths; the ear is told at five minutes, one minute and ten seconds.
import { useEffect, useRef } from 'react';
import { clockDigits, LATE_MS, spokenBetween, type Deadline } from '../../duel/clocks.ts';
import { announce } from '../../store/announcer.ts';
import { useDuelNow } from './use-duel-now.ts';
import styles from './match-clock.module.css';

const NAMES: Record<Deadline['what'], string> = { begins: 'Begins in', ends: 'Time left', next: 'Next round in' };

export function MatchClock({ deadline }: { deadline: Deadline }) {
  const now = useDuelNow(100);
  const before = useRef<number | null>(null);
  const left = now === null ? null : deadline.at - now;
  useEffect(() => {
    if (left === null) return;
    const words = before.current === null || deadline.what !== 'ends' ? null : spokenBetween(before.current, left);
    before.current = left;
    if (words) announce(words);
  }, [deadline.what, left]);
  if (left === null) return null;
  return (
    <p className={styles.clock} role="timer" aria-label={NAMES[deadline.what]} data-late={(deadline.what === 'ends' && left <= LATE_MS) || undefined}>
      <span className={styles.name}>{NAMES[deadline.what]}</span>
      <span className={styles.digits}>{clockDigits(left)}</span>
    </p>
  );
}
