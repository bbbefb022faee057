// Who may not come back, and the way back for them.
import { useEffect, useState } from 'react';
import { api } from '../../api.ts';
import { inWords } from '../../failure.ts';
import { fullTime } from '../../model/time.ts';
import type { Ban } from '../../shapes.ts';
import { toast } from '../../store/toasts.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/states.tsx';
import styles from './group-settings.module.css';

export function BansList({ group }: { group: number }) {
  const [bans, setBans] = useState<readonly Ban[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const load = (cursor: string | null) => {
    setProblem(null);
    api.bans(group, cursor).then(
      (page) => {
        setBans((before) => (cursor ? [...(before ?? []), ...page.bans] : page.bans));
        setNext(page.next);
      },
      (error: unknown) => setProblem(inWords(error)),
    );
  };
  useEffect(() => load(null), [group]);

  const lift = (ban: Ban) => {
    api.liftBan(group, ban.account.id).then(
      () => {
        setBans((before) => before?.filter((other) => other.account.id !== ban.account.id) ?? null);
        toast(`${ban.account.display_name} may join again with the code.`);
      },
      (error: unknown) => toast(`The ban was not lifted. ${inWords(error)}`, { tone: 'error' }),
    );
  };

  return (
    <section className={styles.section} aria-labelledby="bans">
      <h3 id="bans" className={styles.heading}>Banned</h3>
      {problem ? (
        <ErrorState title="The list did not load" text={problem} onRetry={() => load(null)} />
      ) : bans?.length === 0 ? (
        <p className={styles.hint}>Nobody is banned.</p>
      ) : (
        <ul className={styles.bans}>
          {bans?.map((ban) => (
            <li key={ban.account.id} className={styles.ban}>
              <Avatar id={ban.account.id} name={ban.account.display_name} size={32} />
              <span className={styles.banText}>
                <bdi className={styles.banName}>{ban.account.display_name}</bdi>
                <span className={styles.hint}>{ban.reason ? <><bdi>{ban.reason}</bdi> · </> : ''}since {fullTime(Date.parse(ban.at))}</span>
              </span>
              <Button onClick={() => lift(ban)} aria-label={`Lift the ban of ${ban.account.display_name}`}>Lift</Button>
            </li>
          ))}
        </ul>
      )}
      {next && <div className={styles.row}><Button onClick={() => load(next)}>More</Button></div>}
    </section>
  );
}
