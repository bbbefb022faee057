// Somebody's duels: points, rating, how it came to be, and against whom.
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { api } from '../../api.ts';
import { asFailure, inWords } from '../../failure.ts';
import { endingNote, MODES, RANKS, signed } from '../../duel/words.ts';
import { listOf } from '../../model/sentences.ts';
import { fullTime, relative } from '../../model/time.ts';
import { paths } from '../../routes.ts';
import type { DuelHistoryItem, DuelProfile } from '../../shapes.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { BackIcon } from '../../ui/icons.tsx';
import { Problem } from '../../ui/problem.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { RatingGraph } from './rating-graph.tsx';
import frame from './frame.module.css';
import styles from './profile-screen.module.css';

export default function ProfileScreen({ account }: { account: number }) {
  const [profile, setProfile] = useState<DuelProfile | 'gone' | 'failed' | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let mine = true;
    setProfile(null);
    api.duelProfile(account, null).then((found) => mine && setProfile(found), (error: unknown) => mine && setProfile(asFailure(error).code === 'not_found' ? 'gone' : 'failed'));
    return () => {
      mine = false;
    };
  }, [account, attempt]);

  return (
    <main className={frame.screen}>
      <header className={frame.header} data-region>
        <Link href={paths.duels} className={frame.leave} aria-label="All duels"><BackIcon /></Link>
        <div className={frame.names}><h1 className={frame.title}>{profile !== null && typeof profile === 'object' ? <bdi>{profile.account.name}</bdi> : 'Profile'}</h1></div>
      </header>
      {profile === null ? (
        <Skeleton label="Loading the profile" />
      ) : profile === 'gone' ? (
        <EmptyState full title="Nobody is here" text="There is no such account, or it was deleted." />
      ) : profile === 'failed' ? (
        <ErrorState full title="The profile did not load" text="Check your connection." onRetry={() => setAttempt((count) => count + 1)} />
      ) : (
        <Shown profile={profile} onMore={setProfile} />
      )}
    </main>
  );
}

function Shown({ profile, onMore }: { profile: DuelProfile; onMore: (profile: DuelProfile) => void }) {
  const { account, xp, rank, rating, deviation, wins, losses, draws, ratings, history, next } = profile;
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const more = () => {
    setBusy(true);
    setProblem(undefined);
    api.duelProfile(account.id, next)
      .then((page) => onMore({ ...profile, history: [...history, ...page.history], next: page.next }), (error: unknown) => setProblem(inWords(error)))
      .finally(() => setBusy(false));
  };
  return (
    <div className={frame.page} tabIndex={0} role="region" aria-label="Profile">
      <div className={frame.column}>
        <section className={styles.who} aria-label="In figures">
          <Avatar id={account.id} name={account.name} size={72} />
          <dl className={styles.figures}>
            <div><dt>Rank</dt><dd>{RANKS[rank]}</dd></div>
            <div><dt>Points</dt><dd>{xp}</dd></div>
            <div><dt>Rating</dt><dd>{Math.round(rating)} <small>±{Math.round(2 * deviation)}</small></dd></div>
            <div><dt>Won</dt><dd>{wins}</dd></div>
            <div><dt>Lost</dt><dd>{losses}</dd></div>
            <div><dt>Drawn</dt><dd>{draws}</dd></div>
          </dl>
        </section>
        <RatingGraph points={ratings} />
        <section className={styles.section} aria-labelledby="history">
          <h2 id="history" className={frame.heading}>Duels</h2>
          {history.length === 0 ? (
            <p className={frame.text}>None yet.</p>
          ) : (
            <ol className={styles.history}>{history.map((item, index) => <Played key={`${item.at}.${index}`} item={item} />)}</ol>
          )}
          <Problem text={problem} />
          {next !== null && <Button tone="quiet" busy={busy} onClick={more}>Earlier ones</Button>}
        </section>
      </div>
    </div>
  );
}

function Played({ item: { duel, at, mode, opponents, won, place, reason, rating_change: rating, xp_change: points } }: { item: DuelHistoryItem }) {
  const result = won === true ? 'Won' : won === false ? 'Lost' : place === null ? 'Void' : 'Draw';
  const against = opponents.length > 0 ? `against ${listOf(opponents.map(({ name }) => name))}` : 'in private';
  const words = (
    <>
      <span className={styles.result} data-won={won === null ? undefined : won}>{result}</span>
      <span className={styles.against}>
        <bdi>{against}</bdi>
        <small>{[MODES[mode].name, endingNote(reason)].filter(Boolean).join(' · ')} · <time dateTime={at} title={fullTime(Date.parse(at))}>{relative(Date.parse(at), Date.now())}</time></small>
      </span>
      <span className={styles.change}>{place === null ? '–' : <>{signed(rating)} <small>{signed(points)} points</small></>}</span>
    </>
  );
  return <li>{duel === null ? <span className={styles.played}>{words}</span> : <Link href={paths.duel(duel)} className={styles.played}>{words}</Link>}</li>;
}
