// How a duel ended: who won, what it moved, and whether to play again.
import { Link } from 'wouter';
import { nameIn, playerOf, winnerIn } from '../../duel/match.ts';
import { say } from '../../duel/playing.ts';
import { ending, signed, unrankedInWords } from '../../duel/words.ts';
import { paths } from '../../routes.ts';
import type { Duel } from '../../shapes.ts';
import { Button } from '../../ui/button.tsx';
import { CheckIcon, CrownIcon } from '../../ui/icons.tsx';
import { Table } from './table.tsx';
import styles from './result.module.css';

export function ResultCard({ duel, me }: { duel: Duel; me: number | null }) {
  const { outcome } = duel;
  if (!outcome) return null;
  const winner = winnerIn(duel, outcome.winner);
  const won = outcome.winner !== null && outcome.winner === me;
  return (
    <section className={styles.card} aria-labelledby="duel-over">
      {winner !== null && <span className={styles.crown} data-won={won || undefined}><CrownIcon size={36} /></span>}
      <h2 id="duel-over" className={styles.title}>{won ? 'You have won the duel' : ending(outcome.reason, winner)}</h2>
      {won && outcome.reason === 'forfeit' && <p className={styles.text}>The others gave up, or did not come back.</p>}
      {outcome.unranked && <p className={styles.text}>{unrankedInWords(outcome.unranked)}</p>}
      {outcome.places.length > 0 && (
        <Table
          label="How the duel ended"
          heads={['', 'Player', 'Rounds', 'Points', 'Rating']}
          rows={outcome.places.map(({ player, place, won: rounds, xp, xp_before: xpBefore, rating, rating_before: ratingBefore }) => ({
            key: player,
            mine: player === me,
            cells: [
              `${place}.`, <Link key="who" href={paths.profile(player)}><bdi>{nameIn(duel, player)}</bdi></Link>, rounds,
              <Change key="xp" now={xp} by={xp - xpBefore} />, <Change key="rating" now={Math.round(rating)} by={rating - ratingBefore} />,
            ],
          }))}
        />
      )}
      <Rematch duel={duel} me={me} />
    </section>
  );
}

function Change({ now, by }: { now: number; by: number }) {
  const tone = Math.round(by) > 0 ? 'up' : Math.round(by) < 0 ? 'down' : undefined;
  return <>{now} <span className={styles.change} data-tone={tone}>{signed(by)}</span></>;
}

/** One offers, the other one's press accepts. */
function Rematch({ duel, me }: { duel: Duel; me: number | null }) {
  const player = playerOf(duel, me);
  if (duel.rematch !== null) return <div className={styles.row}><Link href={paths.duel(duel.rematch)} className={styles.link}>Go to the rematch</Link></div>;
  if (!player || duel.outcome?.reason === 'cancelled') return <div className={styles.row}><Link href={paths.duels} className={styles.link}>All duels</Link></div>;
  const others = duel.players.filter((other) => other.rematch && other.account.id !== me).map(({ account }) => account.name);
  return (
    <div className={styles.row}>
      <Button tone={player.rematch ? 'plain' : 'primary'} aria-pressed={player.rematch} onClick={() => void say('duel_rematch', !player.rematch)}>
        {player.rematch ? <><CheckIcon size={16} />You would play again</> : others.length > 0 ? 'Accept the rematch' : 'Rematch'}
      </Button>
      <Link href={paths.duels} className={styles.link}>All duels</Link>
      <p className={styles.text} role="status">{others.length > 0 ? <><bdi>{others.join(', ')}</bdi> would play again.</> : player.rematch ? 'Waiting for the others.' : ''}</p>
    </div>
  );
}
