// The replay of a round: what stood in all editors at one moment, chosen with a slider or played.
import { useEffect, useState } from 'react';
import { api } from '../../api.ts';
import { inWords } from '../../failure.ts';
import { intoRound } from '../../duel/clocks.ts';
import { editAt, momentsOf } from '../../duel/replay.ts';
import type { Duel, DuelEdit } from '../../shapes.ts';
import { IconButton } from '../../ui/button.tsx';
import { PauseIcon, PlayIcon } from '../../ui/icons.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Skeleton } from '../../ui/states.tsx';
import frame from './frame.module.css';
import styles from './review.module.css';

/** A round of ten minutes is looked through in about half a minute. */
const SPEED = 20;
const STEP_MS = 100;

export default function RecordedEdits({ duel, round }: { duel: Duel; round: number }) {
  const [edits, setEdits] = useState<readonly DuelEdit[] | null>(null);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    let mine = true;
    api.duelReplay(duel.id).then((replay) => mine && setEdits(replay.edits), (error: unknown) => mine && setProblem(`The replay did not load. ${inWords(error)}`));
    return () => {
      mine = false;
    };
  }, [duel.id]);
  if (problem) return <Problem text={problem} />;
  if (!edits) return <Skeleton label="Loading the replay" rows={2} />;
  if (momentsOf(edits, round).length === 0) return <p className={frame.text}>Nothing was recorded in this round.</p>;
  return <Player key={round} duel={duel} round={round} edits={edits} />;
}

function Player({ duel, round, edits }: { duel: Duel; round: number; edits: readonly DuelEdit[] }) {
  const moments = momentsOf(edits, round);
  const last = moments.at(-1)!;
  const [at, setAt] = useState(0);
  const [plays, setPlays] = useState(false);
  const runs = plays && at < last;
  useEffect(() => {
    if (!runs) return;
    const timer = setInterval(() => setAt((before) => Math.min(last, before + STEP_MS * SPEED)), STEP_MS);
    return () => clearInterval(timer);
  }, [runs, last]);

  return (
    <section className={styles.replay} aria-labelledby="replay">
      <h2 id="replay" className={frame.heading}>How they were written</h2>
      <div className={styles.slider}>
        <IconButton
          label={runs ? 'Pause' : 'Play'}
          onClick={() => {
            if (!runs && at >= last) setAt(0);
            setPlays(!runs);
          }}
        >
          {runs ? <PauseIcon /> : <PlayIcon />}
        </IconButton>
        <input type="range" aria-label="Moment of the round" aria-valuetext={`${intoRound(at)} into the round`} min={0} max={last} step={STEP_MS} value={at} onChange={(event) => setAt(Number(event.target.value))} />
        <span className={styles.at}>{intoRound(at)}</span>
      </div>
      <div className={styles.columns}>
        {duel.players.map(({ account }) => {
          const edit = editAt(edits, round, account.id, at);
          return (
            <section key={account.id} className={styles.column} aria-label={`What ${account.name} had written`}>
              <header className={styles.columnHead}><h3 className={styles.name}><bdi>{account.name}</bdi></h3></header>
              {edit ? <pre className={styles.frozen} tabIndex={0} aria-label={`Program of ${account.name}`}><code>{edit.code}</code></pre> : <p className={styles.none}>Nothing yet.</p>}
            </section>
          );
        })}
      </div>
    </section>
  );
}
