// What came of a round, and how the next one begins.
import { nameIn, playerOf, winnerIn } from '../../duel/match.ts';
import { intoRound } from '../../duel/clocks.ts';
import { say } from '../../duel/playing.ts';
import { roundEnding } from '../../duel/words.ts';
import type { Duel, DuelRoundResult } from '../../shapes.ts';
import { Button } from '../../ui/button.tsx';
import { CheckIcon } from '../../ui/icons.tsx';
import { Table } from './table.tsx';
import styles from './result.module.css';

export function RoundResult({ duel, me }: { duel: Duel; me: number | null }) {
  const result = duel.results.at(-1);
  if (!result) return null;
  const player = playerOf(duel, me);
  const ready = duel.players.filter((other) => other.ready).length;
  const winner = winnerIn(duel, result.winner);
  return (
    <section className={styles.card} aria-labelledby="round-over">
      <p className={styles.over}>Round {result.number} · {result.title}</p>
      <h2 id="round-over" className={styles.title}>{winner === null ? (result.reason === 'void' ? 'It does not count' : 'A draw') : result.winner === me ? 'You won the round' : `${winner} won the round`}</h2>
      <p className={styles.text}>{roundEnding(result.reason, winner, duel.mode)}</p>
      <RoundPlaces duel={duel} result={result} me={me} />
      {player && player.presence !== 'forfeited' && (
        <div className={styles.row}>
          <Button tone={player.ready ? 'plain' : 'primary'} aria-pressed={player.ready} onClick={() => void say('duel_ready', !player.ready)}>
            {player.ready ? <><CheckIcon size={16} />Waiting for the others</> : 'Go on to the next round'}
          </Button>
          <span className={styles.text} role="status">{ready} of {duel.players.filter((other) => other.presence !== 'forfeited').length} are ready.</span>
        </div>
      )}
    </section>
  );
}

export function RoundPlaces({ duel, result, me }: { duel: Duel; result: DuelRoundResult; me: number | null }) {
  if (result.places.length === 0) return null;
  return (
    <Table
      label={`Round ${result.number}`}
      heads={['', 'Player', 'Tests', 'Wrong', duel.mode === 'shortest' ? 'Characters' : 'Solved after']}
      rows={result.places.map(({ player, place, passed, total, wrong, solved_ms: solved, length }) => ({
        key: player,
        mine: player === me,
        cells: [`${place}.`, <bdi key="name">{nameIn(duel, player)}</bdi>, `${passed} of ${total}`, wrong, duel.mode === 'shortest' ? (length ?? '–') : solved === null ? '–' : intoRound(solved)],
      }))}
    />
  );
}
