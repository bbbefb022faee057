// Every sign-in of the account; each can be ended from here, or all of them.
import { useEffect, useState } from 'react';
import { api } from '../../api.ts';
import { inWords } from '../../failure.ts';
import { fullTime, relative } from '../../model/time.ts';
import type { Session } from '../../shapes.ts';
import { toast } from '../../store/toasts.ts';
import { signOut } from '../../sync/session.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import styles from './settings.module.css';

/** Enough to tell one's sessions apart; the whole line says nothing to people. */
function browserName(agent: string | null): string {
  if (!agent) return 'A program';
  const browser = [['Edg/', 'Edge'], ['OPR/', 'Opera'], ['Firefox/', 'Firefox'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari']].find(([mark]) => agent.includes(mark!))?.[1];
  const system = [['Android', 'Android'], ['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Windows', 'Windows'], ['Mac OS', 'Mac'], ['Linux', 'Linux']].find(([mark]) => agent.includes(mark!))?.[1];
  if (!browser) return agent.slice(0, 40);
  return system ? `${browser} on ${system}` : browser;
}

export function SessionsList() {
  const [sessions, setSessions] = useState<readonly Session[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);

  const load = () => {
    setProblem(null);
    api.sessions().then((answer) => setSessions(answer.sessions), (error: unknown) => setProblem(inWords(error)));
  };
  useEffect(load, []);

  const end = (session: Session) => {
    api.endSession(session.id).then(
      () => setSessions((before) => before?.filter((other) => other.id !== session.id) ?? null),
      (error: unknown) => toast(`It was not ended. ${inWords(error)}`, { tone: 'error' }),
    );
  };
  const out = () => {
    signOut(false).catch((error: unknown) => toast(`You are still signed in. ${inWords(error)}`, { tone: 'error' }));
  };

  return (
    <>
      {problem ? (
        <ErrorState title="The list did not load" text={problem} onRetry={load} />
      ) : !sessions ? (
        <Skeleton rows={2} label="Loading" />
      ) : (
        <ul className={styles.sessions}>
          {sessions.map((session) => (
            <li key={session.id} className={styles.session}>
              <span className={styles.sessionText}>
                <span className={styles.sessionName}>{browserName(session.agent)}{session.current && ' (this one)'}</span>
                <span className={styles.hint}>Signed in {fullTime(Date.parse(session.created_at))} · last used {relative(Date.parse(session.last_used_at), Date.now())}</span>
              </span>
              {!session.current && <Button onClick={() => end(session)}>Sign out</Button>}
            </li>
          ))}
        </ul>
      )}
      <div className={styles.row}>
        <Button onClick={out}>Sign out here</Button>
        <Button tone="danger" onClick={() => setAsking(true)}>Sign out everywhere</Button>
      </div>
      {asking && (
        <ConfirmDialog title="Sign out everywhere?" about="Every browser and program of this account is signed out at once, this one too. Drafts in this browser are deleted." action="Sign out everywhere" danger onClose={() => setAsking(false)} onConfirm={() => signOut(true)} />
      )}
    </>
  );
}
