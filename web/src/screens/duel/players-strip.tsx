// Who plays, how many rounds each has won, and how far each is in this one. Never a line of code.
import type { ReactNode } from 'react';
import { neededToWin } from '../../duel/match.ts';
import { activityInWords, progressInWords, VERDICTS } from '../../duel/words.ts';
import { digitsLeft } from '../../model/time.ts';
import type { Duel, DuelPlayer } from '../../shapes.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { CheckIcon, WarnIcon } from '../../ui/icons.tsx';
import { useDuelNow } from './use-duel-now.ts';
import styles from './players-strip.module.css';

export function PlayersStrip({ duel, me, large = false }: { duel: Duel; me: number | null; large?: boolean }) {
  const rounds = neededToWin(duel);
  const runs = duel.phase === 'running' || duel.phase === 'judging';
  return (
    <ul className={styles.strip} aria-label="Players" data-large={large || undefined}>
      {duel.players.map((player) => <Player key={player.account.id} player={player} mine={player.account.id === me} rounds={rounds} runs={runs} />)}
    </ul>
  );
}

function Player({ player, mine, rounds, runs }: { player: DuelPlayer; mine: boolean; rounds: number; runs: boolean }) {
  const { account, progress, presence, won } = player;
  const share = progress.total > 0 ? progress.passed / progress.total : 0;
  return (
    <li className={styles.player} data-solved={progress.activity === 'solved' || undefined} data-gone={presence === 'forfeited' || undefined}>
      <Avatar id={account.id} name={account.name} size={32} />
      <div className={styles.words}>
        <p className={styles.head}>
          <bdi className={styles.name}>{account.name}</bdi>
          {mine && <span className={styles.you}>(you)</span>}
          <span className={styles.pips} title={`${won} of ${rounds} rounds`}>
            {Array.from({ length: rounds }, (_, index) => <i key={index} data-won={index < won || undefined} />)}
            <span className="hidden-visually">{won} of {rounds} rounds won</span>
          </span>
        </p>
        {runs && (
          <>
            <span className={styles.bar} role="progressbar" aria-label={`Tests that ${account.name} passed`} aria-valuemin={0} aria-valuemax={progress.total} aria-valuenow={progress.passed}>
              <i style={{ width: `${share * 100}%` }} />
            </span>
            <p className={styles.doing} title={progressInWords(player)}><Doing player={player} mine={mine} /></p>
          </>
        )}
        {!runs && presence !== 'here' && <p className={styles.doing}><Doing player={player} mine={mine} /></p>}
      </div>
    </li>
  );
}

function Doing({ player, mine }: { player: DuelPlayer; mine: boolean }): ReactNode {
  const { presence, away_until: until, progress } = player;
  if (presence === 'forfeited') return 'has given up';
  if (presence === 'away') return <span className={styles.away}><WarnIcon size={14} />{until ? <Away until={Date.parse(until)} /> : 'away'}</span>;
  if (progress.activity === 'solved') return <span className={styles.solved}><CheckIcon size={14} />solved</span>;
  const tests = progress.submits > 0 ? `${progress.passed} of ${progress.total}` : null;
  const verdict = progress.verdict && progress.activity !== 'judged' ? VERDICTS[progress.verdict].toLocaleLowerCase() : null;
  const activity = mine && progress.activity === 'idle' ? (tests ? null : 'nothing submitted yet') : activityInWords(progress.activity);
  return [tests, verdict, activity].filter(Boolean).join(' · ');
}

/** When somebody who is away gives up by staying away. */
function Away({ until }: { until: number }) {
  const now = useDuelNow(500);
  return <>away{now !== null && <>, gives up in <span className={styles.digits}>{digitsLeft(Math.max(0, until - now))}</span></>}</>;
}
