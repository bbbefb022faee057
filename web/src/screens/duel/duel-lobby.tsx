// Where duels begin: seek somebody of one's strength, take up a challenge, make one, watch one. And who is the best.
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { api } from '../../api.ts';
import { paths } from '../../routes.ts';
import type { DuelStatus } from '../../shapes.ts';
import { sortedGroups, useGroups } from '../../store/groups.ts';
import { useSession } from '../../store/session.ts';
import { Boundary } from '../../ui/boundary.tsx';
import { Button } from '../../ui/button.tsx';
import { BackIcon, PlusIcon } from '../../ui/icons.tsx';
import { useConnectionNotice } from '../../store/connection.ts';
import { ChallengeForm } from './challenge-form.tsx';
import { JudgeNotice } from './judge-notice.tsx';
import { Leaders } from './leaders.tsx';
import { OpenDuels } from './open-duels.tsx';
import { SeekPanel } from './seek-panel.tsx';
import frame from './frame.module.css';
import styles from './duel-lobby.module.css';

export default function DuelLobby({ group }: { group: number | null }) {
  const me = useSession((s) => s.account?.id ?? null);
  const entries = useGroups((s) => s.entries);
  const notice = useConnectionNotice();
  const [status, setStatus] = useState<DuelStatus | 'failed' | null>(null);
  const [making, setMaking] = useState(false);
  const groups = sortedGroups(entries);
  const isPlayable = status !== null && status !== 'failed' && status.available;

  const load = () => void api.duelStatus().then(setStatus, () => setStatus('failed'));
  useEffect(load, []);

  return (
    <main className={frame.screen}>
      <header className={frame.header} data-region>
        <Link href={paths.groups} className={frame.back} aria-label="All groups"><BackIcon /></Link>
        <div className={frame.names}>
          <h1 className={frame.title}>Duels</h1>
          <p className={frame.about} role="status">{notice.level === 'word' ? <span className={frame.reconnecting}>Reconnecting…</span> : 'Who solves it first?'}</p>
        </div>
        {me !== null && <Link href={paths.profile(me)} className={styles.mine}>Your profile</Link>}
      </header>
      <div className={frame.page} tabIndex={0} role="region" aria-label="Duels">
        <div className={styles.columns}>
          <div className={styles.play}>
            <JudgeNotice status={status} onRetry={load} />
            {isPlayable && <Boundary name="The search"><SeekPanel status={status} /></Boundary>}
            <section className={styles.section} aria-labelledby="open-duels">
              <header className={styles.head}>
                <h2 id="open-duels" className={frame.heading}>Open and running</h2>
                {isPlayable && groups.length > 0 && <Button onClick={() => setMaking(true)}><PlusIcon size={16} />Challenge a group</Button>}
              </header>
              <Boundary name="The list of duels"><OpenDuels first={group} /></Boundary>
            </section>
          </div>
          <section className={styles.section} aria-labelledby="leaders">
            <h2 id="leaders" className={frame.heading}>Leaderboard</h2>
            <Boundary name="The leaderboard"><Leaders me={me} /></Boundary>
          </section>
        </div>
      </div>
      {making && isPlayable && <ChallengeForm first={group} status={status} onClose={() => setMaking(false)} />}
    </main>
  );
}
