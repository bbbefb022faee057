// The last seconds before a round. The number pulses, unless the reader wants things to hold still.
import { neededToWin, playerOf } from '../../duel/match.ts';
import { MODES, RANKS } from '../../duel/words.ts';
import type { Duel } from '../../shapes.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Records } from './challenge-room.tsx';
import { useDuelNow } from './use-duel-now.ts';
import styles from './stage.module.css';

export function Countdown({ duel, me }: { duel: Duel; me: number | null }) {
  const now = useDuelNow(100);
  const startsAt = Date.parse(duel.round?.starts_at ?? '');
  const seconds = now === null ? null : Math.max(0, Math.ceil((startsAt - now) / 1000));
  const first = duel.results.length === 0;
  return (
    <div className={styles.stage}>
      <h2 className={styles.title}>Round {duel.round?.number} begins</h2>
      {/* The clock above is the one that is read out. */}
      <p key={seconds} className={styles.number} aria-hidden="true">{seconds === null ? '' : seconds === 0 ? 'Go' : seconds}</p>
      <ul className={styles.faces} aria-label="Who plays">
        {duel.players.map(({ account, rank, rating, won }) => (
          <li key={account.id} className={styles.face}>
            <Avatar id={account.id} name={account.name} size={64} />
            <bdi className={styles.faceName}>{account.name}</bdi>
            <span className={styles.rating}>{RANKS[rank]} · {Math.round(rating)}</span>
            {!first && <span className={styles.rating}>{won} of {neededToWin(duel)} rounds</span>}
          </li>
        ))}
      </ul>
      <p className={styles.text}>{MODES[duel.mode].about}</p>
      {first && playerOf(duel, me) && <Records duel={duel} me={me} />}
    </div>
  );
}
