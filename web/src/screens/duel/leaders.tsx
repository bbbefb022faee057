// The leaderboard: the most points first, then the higher rating.
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { api } from '../../api.ts';
import { inWords } from '../../failure.ts';
import { RANKS } from '../../duel/words.ts';
import { paths } from '../../routes.ts';
import type { LeaderboardRow } from '../../shapes.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { EmptyState, Skeleton } from '../../ui/states.tsx';
import { Table } from './table.tsx';

interface Loaded {
  readonly rows: readonly LeaderboardRow[];
  readonly next: string | null;
}

export function Leaders({ me }: { me: number | null }) {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [problem, setProblem] = useState<string>();
  const more = (before: Loaded | null) => {
    setProblem(undefined);
    api.leaderboard(before?.next ?? null).then(
      ({ players, next }) => setLoaded({ rows: [...(before?.rows ?? []), ...players], next }),
      (error: unknown) => setProblem(`The leaderboard did not load. ${inWords(error)}`),
    );
  };
  useEffect(() => more(null), []);

  if (!loaded) return problem ? <><Problem text={problem} /><Button onClick={() => more(null)}>Try again</Button></> : <Skeleton label="Loading the leaderboard" />;
  if (loaded.rows.length === 0) return <EmptyState title="Nobody has played yet" text="The first duel that is won stands here." />;
  return (
    <>
      <Table
        label="Leaderboard"
        heads={['', 'Player', 'Rank', 'Points', 'Rating']}
        rows={loaded.rows.map(({ place, account, rank, xp, rating }) => ({
          key: account.id,
          mine: account.id === me,
          cells: [`${place}.`, <Link key="who" href={paths.profile(account.id)}><bdi>{account.name}</bdi></Link>, RANKS[rank], xp, Math.round(rating)],
        }))}
      />
      <Problem text={problem} />
      {loaded.next !== null && <Button tone="quiet" onClick={() => more(loaded)}>More</Button>}
    </>
  );
}
