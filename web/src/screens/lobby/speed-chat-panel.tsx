// For owners: rounds in which everybody in the lobby is put together anew. Start, watch the clock and the tables, stop.
import { useEffect, useRef, useState } from 'react';
import { api } from '../../api.ts';
import { inWords } from '../../failure.ts';
import { namesOf } from '../../model/lobby.ts';
import { listOf } from '../../model/sentences.ts';
import { comesNext, roundsInWords, viewSpeedChat } from '../../model/speed-chat.ts';
import type { Crowd, SpeedChat } from '../../shapes.ts';
import { setCrowd, useLobby } from '../../store/lobby.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { RoundClock } from './round-clock.tsx';
import styles from './speed-chat-panel.module.css';

/** `NewSpeedChat`. */
const MOST_ROUNDS = 50;
const MOST_MINUTES = 60;
const STARTS: readonly (readonly [number, string])[] = [[0, 'now'], [30, 'in 30 seconds'], [60, 'in a minute'], [120, 'in 2 minutes'], [300, 'in 5 minutes'], [600, 'in 10 minutes'], [1800, 'in half an hour']];

export function SpeedChatPanel({ group, heading }: { group: number; heading: boolean }) {
  const crowd = useLobby((s) => s.crowds[group]);
  const { tables, problem } = useTables(group, crowd);
  const view = viewSpeedChat(crowd?.speed_chat);
  const [stopping, setStopping] = useState(false);
  return (
    <div className={styles.panel}>
      {heading && <h2 className={styles.heading}>Speed chat</h2>}
      {view.phase === 'none' ? (
        <StartForm group={group} last={crowd?.speed_chat ?? null} />
      ) : (
        <>
          <RoundClock view={view} large />
          <p className={styles.text}>{comesNext(view)}</p>
          <Button onClick={() => setStopping(true)}>Stop the speed chat</Button>
          <Tables chat={tables?.speed_chat ?? null} />
        </>
      )}
      <p className={styles.text} role="status">{crowd && (crowd.waiting === 0 ? 'Nobody waits in the lobby.' : `${crowd.waiting} ${crowd.waiting === 1 ? 'waits' : 'wait'} in the lobby.`)}</p>
      <Problem text={problem ?? undefined} />
      {stopping && (
        <ConfirmDialog
          title="Stop the speed chat?" about="No further round begins. Those who sit together can go on talking; the others are put together." action="Stop" danger onClose={() => setStopping(false)}
          onConfirm={() => api.stopSpeedChat(group)}
        />
      )}
    </div>
  );
}

function StartForm({ group, last }: { group: number; last: SpeedChat | null }) {
  const [rounds, setRounds] = useState(String(last?.rounds ?? 3));
  const [minutes, setMinutes] = useState(String(last?.minutes ?? 5));
  const [starts, setStarts] = useState(60);
  const submission = useSubmit(['rounds', 'minutes', 'starts_in_s']);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        submission.run(async () => setCrowd(await api.startSpeedChat(group, { rounds: Number(rounds), minutes: Number(minutes), starts_in_s: starts })));
      }}
    >
      <p className={styles.text}>Everybody who is in the lobby then is put together anew each round, with somebody whom they have not met as long as that is possible.</p>
      {last?.ending && <p className={styles.text}>The last one {last.ending === 'finished' ? `was over after ${roundsInWords(last.rounds).toLocaleLowerCase()}` : `was stopped ${last.round === 0 ? 'before it began' : `in round ${last.round} of ${last.rounds}`}`}.</p>}
      <div className={styles.pair}>
        <Field label="Rounds" type="number" inputMode="numeric" required min={1} max={MOST_ROUNDS} value={rounds} onChange={(event) => setRounds(event.target.value)} problem={submission.problemOf('rounds')} />
        <Field label="Minutes each" type="number" inputMode="numeric" required min={1} max={MOST_MINUTES} value={minutes} onChange={(event) => setMinutes(event.target.value)} problem={submission.problemOf('minutes')} />
      </div>
      <label className={styles.select}>
        <span>It begins</span>
        <select value={starts} onChange={(event) => setStarts(Number(event.target.value))}>
          {STARTS.map(([seconds, words]) => <option key={seconds} value={seconds}>{words}</option>)}
        </select>
      </label>
      <Problem text={submission.problem ?? submission.problemOf('starts_in_s')} />
      <Button type="submit" tone="primary" wide busy={submission.busy}>Start the speed chat</Button>
    </form>
  );
}

function Tables({ chat }: { chat: SpeedChat | null }) {
  if (!chat || (chat.tables.length === 0 && chat.sitting_out.length === 0)) return null;
  return (
    <section aria-labelledby="tables">
      <h3 id="tables" className={styles.subheading}>Round {chat.round}</h3>
      <ul className={styles.tables}>
        {chat.tables.map((table, index) => (
          <li key={table.map((who) => who.key).join()} className={styles.table}>
            <span className={styles.number}>Table {index + 1}</span>
            <bdi>{listOf(namesOf(table))}</bdi>
          </li>
        ))}
        {chat.sitting_out.length > 0 && (
          <li className={styles.table}>
            <span className={styles.number}>Sits out</span>
            <bdi>{listOf(namesOf(chat.sitting_out))}</bdi>
          </li>
        )}
      </ul>
    </section>
  );
}

/** Who sits where is told over REST, to owners alone: asked again whenever the lobby tells that something changed. */
function useTables(group: number, crowd: Crowd | undefined): { tables: Crowd | null; problem: string | null } {
  const [tables, setTables] = useState<Crowd | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const asked = useRef(0);
  const runs = crowd?.speed_chat != null && crowd.speed_chat.ending === null;
  useEffect(() => {
    if (!runs) return;
    const mine = ++asked.current;
    api.lobby(group).then(
      (now) => {
        // An older answer must not replace a younger one.
        if (asked.current !== mine) return;
        setTables(now);
        setProblem(null);
      },
      (error: unknown) => setProblem(`The tables did not load. ${inWords(error)}`),
    );
  }, [group, crowd, runs]);
  return { tables, problem };
}
