// The rounds that are over: the problem, and everybody's programs side by side.
import { lazy, Suspense, useMemo, useState } from 'react';
import { intoRound } from '../../duel/clocks.ts';
import { lengthOf } from '../../duel/own-code.ts';
import { loadReview } from '../../duel/playing.ts';
import { useDuel } from '../../duel/store.ts';
import { LANGUAGES, VERDICTS } from '../../duel/words.ts';
import type { Duel, DuelReviewRound, DuelSolution } from '../../shapes.ts';
import { Button } from '../../ui/button.tsx';
import { copyText } from '../../ui/copy.ts';
import { CopyIcon } from '../../ui/icons.tsx';
import { Skeleton } from '../../ui/states.tsx';
import { ProblemView } from './problem-view.tsx';
import { RoundPlaces } from './round-result.tsx';
import frame from './frame.module.css';
import styles from './review.module.css';

const CodeEditor = lazy(() => import('./code-editor.tsx'));
const RecordedEdits = lazy(() => import('./recorded-edits.tsx'));

export function Review({ duel, me }: { duel: Duel; me: number | null }) {
  const review = useDuel((s) => s.review);
  const [chosen, setChosen] = useState<number | null>(null);
  if (duel.results.length === 0) return null;
  if (!review || review.rounds.length < duel.results.length) {
    return <p className={styles.missing}>The programs of this round are not loaded yet. <Button tone="quiet" onClick={() => void loadReview()}>Load them</Button></p>;
  }
  const round = review.rounds.find(({ result }) => result.number === chosen) ?? review.rounds.at(-1)!;
  return (
    <section className={styles.review} aria-labelledby="review">
      <header className={styles.head}>
        <h2 id="review" className={frame.heading}>The programs</h2>
        {review.rounds.length > 1 && (
          <div className={styles.rounds} role="group" aria-label="Round">
            {review.rounds.map(({ result }) => (
              <button key={result.number} type="button" className={styles.round} aria-pressed={result === round.result} onClick={() => setChosen(result.number)}>Round {result.number}</button>
            ))}
          </div>
        )}
      </header>
      <p className={frame.text}>{round.result.title}</p>
      {duel.phase === 'over' && <RoundPlaces duel={duel} result={round.result} me={me} />}
      <Solutions key={round.result.number} duel={duel} round={round} />
      {round.problem && (
        <details className={styles.problem}>
          <summary>The problem</summary>
          <ProblemView problem={round.problem} mode={duel.mode} />
        </details>
      )}
      {review.replay && duel.phase === 'over' && (
        <Suspense fallback={<Skeleton label="Loading the replay" rows={2} />}><RecordedEdits duel={duel} round={round.result.number} /></Suspense>
      )}
    </section>
  );
}

/** One column a player; of several programs the last is shown until another is chosen. */
function Solutions({ duel, round }: { duel: Duel; round: DuelReviewRound }) {
  const columns = useMemo(() => duel.players.map(({ account }) => ({ account, all: round.solutions.filter(({ player }) => player === account.id) })), [duel.players, round]);
  return (
    <div className={styles.columns}>
      {columns.map(({ account, all }) => <Column key={account.id} name={account.name} all={all} won={round.result.winner === account.id} />)}
    </div>
  );
}

function Column({ name, all, won }: { name: string; all: readonly DuelSolution[]; won: boolean }) {
  const best = all.findLastIndex(({ verdict }) => verdict === 'AC');
  const [chosen, setChosen] = useState(best >= 0 ? best : all.length - 1);
  const solution = all[chosen];
  return (
    <section className={styles.column} aria-label={`Programs of ${name}`} data-won={won || undefined}>
      <header className={styles.columnHead}>
        <h3 className={styles.name}><bdi>{name}</bdi>{won && <span className={styles.wonWord}>won</span>}</h3>
        {all.length > 1 && (
          <select className={styles.select} aria-label={`Which program of ${name}`} value={chosen} onChange={(event) => setChosen(Number(event.target.value))}>
            {all.map((one, index) => <option key={index} value={index}>{intoRound(one.at_ms)} – {wordOf(one)}</option>)}
          </select>
        )}
      </header>
      {solution ? (
        <>
          <p className={styles.about}>
            <span data-tone={solution.verdict === 'AC' ? 'good' : 'bad'}>{wordOf(solution)}</span>
            <span>{solution.passed} of {solution.total} tests · {intoRound(solution.at_ms)} into the round · {LANGUAGES[solution.language]} · {lengthOf(solution.code)} characters</span>
          </p>
          <div className={styles.code}>
            <Suspense fallback={<Skeleton label="Loading the program" rows={3} />}>
              <CodeEditor key={`${chosen}`} code={solution.code} language={solution.language} label={`Program of ${name}`} readOnly />
            </Suspense>
          </div>
          <Button tone="quiet" onClick={() => void copyText(solution.code, 'Program copied')}><CopyIcon size={16} />Copy</Button>
        </>
      ) : (
        <p className={styles.none}>Nothing was submitted.</p>
      )}
    </section>
  );
}

function wordOf({ verdict }: DuelSolution): string {
  return verdict === null ? 'Not judged any more' : VERDICTS[verdict];
}
