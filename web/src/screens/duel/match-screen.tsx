// One duel, from the challenge to the review. What is shown follows its phase; `duel/playing.ts` keeps it true.
import { useEffect, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { playerOf, type Match } from '../../duel/match.ts';
import { leavingCosts, open, say, visitDuel } from '../../duel/playing.ts';
import { useDuel } from '../../duel/store.ts';
import { paths } from '../../routes.ts';
import type { Duel } from '../../shapes.ts';
import { useSession } from '../../store/session.ts';
import { Boundary } from '../../ui/boundary.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { useMedia, WITH_PANEL } from '../../ui/use-media.ts';
import { Arena, Watching } from './arena.tsx';
import { ChallengeRoom } from './challenge-room.tsx';
import { FloatingCheers } from './cheers.tsx';
import { Countdown } from './countdown.tsx';
import { MatchHeader } from './match-header.tsx';
import { MatchTalk } from './match-talk.tsx';
import { PlayersStrip } from './players-strip.tsx';
import { ResultCard } from './result-card.tsx';
import { Review } from './review.tsx';
import { RoundResult } from './round-result.tsx';
import frame from './frame.module.css';
import styles from './match-screen.module.css';

export default function MatchScreen({ id }: { id: number }) {
  const status = useDuel((s) => s.status);
  const match = useDuel((s) => s.match);
  const [, navigate] = useLocation();
  const me = useSession((s) => s.account?.id ?? null);
  useEffect(() => visitDuel(id), [id]);
  useLeavingAsks();

  if (match && match.duel.id === id) {
    return (
      <main className={frame.screen}>
        <MatchHeader duel={match.duel} me={me} />
        <Agreement duel={match.duel} me={me} />
        <Boundary name="The duel"><Phase match={match} me={me} /></Boundary>
        <FloatingCheers />
      </main>
    );
  }
  return (
    <main className={frame.screen}>
      {status === 'gone' ? (
        <EmptyState full heading="h1" title="This duel is not here" text="It may have been called off, or it is not yours to watch.">
          <Button tone="primary" onClick={() => navigate(paths.duels)}>All duels</Button>
        </EmptyState>
      ) : status === 'failed' ? (
        <ErrorState full heading="h1" title="The duel did not load" text="Check your connection." onRetry={() => void open()} />
      ) : (
        <Skeleton label="Loading the duel" />
      )}
    </main>
  );
}

function Phase({ match, me }: { match: Match; me: number | null }): ReactNode {
  const { duel } = match;
  switch (duel.phase) {
    case 'open':
      return <ChallengeRoom duel={duel} me={me} />;
    case 'countdown':
      return <Countdown duel={duel} me={me} />;
    case 'running':
    case 'judging':
      return (
        <>
          <Strip duel={duel} me={me} />
          {duel.phase === 'judging' && <p className={frame.banner} role="status">Time is up. What was received is still being judged.</p>}
          <Arena key={duel.round?.number} match={match} me={me} />
        </>
      );
    case 'pause':
      return <After match={match} me={me}><RoundResult duel={duel} me={me} /></After>;
    case 'over':
      return <After match={match} me={me}><ResultCard duel={duel} me={me} /></After>;
  }
}

/** Spectators with a wide window have it large in the middle. */
function Strip({ duel, me }: { duel: Duel; me: number | null }) {
  const wide = useMedia(WITH_PANEL);
  const player = playerOf(duel, me);
  if (player && player.presence !== 'forfeited') return <PlayersStrip duel={duel} me={me} />;
  return wide ? null : <><PlayersStrip duel={duel} me={me} /><p className={styles.watching}><Watching player={player} /></p></>;
}

/** Between rounds and at the end: the result, the programs, and the talk beside them. */
function After({ match: { duel, lines }, me, children }: { match: Match; me: number | null; children: ReactNode }) {
  const wide = useMedia(WITH_PANEL);
  const talk = <MatchTalk lines={lines} plays={playerOf(duel, me) !== null} />;
  const isOld = duel.phase === 'over' && lines.length === 0;
  return (
    <div className={styles.after}>
      <div className={frame.page} tabIndex={0} role="region" aria-label="Result">
        <div className={frame.column}>
          {children}
          {!wide && !isOld && <div className={styles.talkBelow}>{talk}</div>}
          <Review duel={duel} me={me} />
        </div>
      </div>
      {wide && !isOld && <div className={styles.talk}>{talk}</div>}
    </div>
  );
}

/** Somebody would end it for nothing, and asks the others. */
function Agreement({ duel, me }: { duel: Duel; me: number | null }) {
  const player = playerOf(duel, me);
  const would = duel.players.filter(({ abort }) => abort).map(({ account }) => account);
  if (duel.phase === 'over' || would.length === 0) return null;
  const others = would.filter(({ id }) => id !== me).map(({ name }) => name);
  return (
    <div className={frame.banner} role="status">
      <p>{others.length > 0 ? <><bdi>{others.join(', ')}</bdi> would end this duel for nothing: it would count for nobody.</> : 'You have offered to end the duel for nothing.'}</p>
      {player && player.presence !== 'forfeited' && (player.abort
        ? <Button onClick={() => void say('duel_abort', false)}>Take it back</Button>
        : <Button onClick={() => void say('duel_abort', true)}>Agree</Button>)}
    </div>
  );
}

/** Closing the page is asked about only while it would cost something; a reload loses nothing. */
function useLeavingAsks(): void {
  useEffect(() => {
    const onLeave = (event: BeforeUnloadEvent) => {
      if (leavingCosts()) event.preventDefault();
    };
    window.addEventListener('beforeunload', onLeave);
    return () => window.removeEventListener('beforeunload', onLeave);
  }, []);
}

