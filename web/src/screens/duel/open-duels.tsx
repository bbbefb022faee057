// What can be joined or watched now: in the reader's groups, and what everybody may watch. Nobody tells changes of these
// lists, so they are asked for again while they are looked at.
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { api } from '../../api.ts';
import { MODES, termsInWords } from '../../duel/words.ts';
import { listOf } from '../../model/sentences.ts';
import { paths } from '../../routes.ts';
import type { DuelCard } from '../../shapes.ts';
import { sortedGroups, useGroups } from '../../store/groups.ts';
import { useSession } from '../../store/session.ts';
import { DuelIcon, EyeIcon } from '../../ui/icons.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import styles from './duel-lobby.module.css';

const ASK_EVERY_MS = 8_000;
/** More groups than this are not asked each time. */
const MOST_GROUPS = 20;

export function OpenDuels({ first }: { first: number | null }) {
  const entries = useGroups((s) => s.entries);
  const ready = useGroups((s) => s.status !== 'loading');
  const me = useSession((s) => s.account?.id ?? null);
  const [cards, setCards] = useState<readonly DuelCard[] | 'failed' | null>(null);
  const [attempt, setAttempt] = useState(0);
  const ids = sortedGroups(entries).map(({ group }) => group.id).sort((a, b) => Number(b === first) - Number(a === first)).slice(0, MOST_GROUPS);
  const key = ids.join();

  useEffect(() => {
    if (!ready) return;
    let mine = true;
    const ask = () => {
      if (document.visibilityState === 'hidden') return;
      load(key === '' ? [] : key.split(',').map(Number)).then((found) => mine && setCards(found), () => mine && setCards((before) => (Array.isArray(before) ? before : 'failed')));
    };
    ask();
    const timer = setInterval(ask, ASK_EVERY_MS);
    return () => {
      mine = false;
      clearInterval(timer);
    };
  }, [key, ready, attempt]);

  if (cards === null) return <Skeleton label="Loading the duels" rows={3} />;
  if (cards === 'failed') return <ErrorState title="The duels did not load" text="Check your connection." onRetry={() => setAttempt((count) => count + 1)} />;
  if (cards.length === 0) return <EmptyState title="Nothing is open" text="Challenge a group, or find an opponent." />;
  return (
    <ul className={styles.cards}>
      {cards.map((card) => <Card key={card.id} card={card} me={me} group={card.group === null ? null : (entries[card.group]?.group.name ?? null)} />)}
    </ul>
  );
}

function Card({ card, me, group }: { card: DuelCard; me: number | null; group: string | null }) {
  const mine = card.players.some(({ id }) => id === me);
  const free = card.seats - card.players.length;
  const joinable = card.phase === 'open' && free > 0 && !mine;
  const state = card.phase === 'open' ? (free > 0 ? `${free} ${free === 1 ? 'place' : 'places'} free` : 'begins at once') : card.phase === 'over' ? 'over' : `round ${card.round}`;
  return (
    <li>
      <Link href={paths.duel(card.id)} className={styles.card}>
        <span className={styles.icon}>{card.phase === 'open' ? <DuelIcon /> : <EyeIcon />}</span>
        <span className={styles.words}>
          <span className={styles.who}><bdi>{listOf(card.players.map(({ name }) => name))}</bdi></span>
          <span className={styles.terms}>{MODES[card.mode].name} · {termsInWords(card)}{group !== null && <> · <bdi>{group}</bdi></>}</span>
        </span>
        <span className={styles.state}>
          {state}
          <strong>{mine ? 'Yours: go there' : joinable ? 'Join' : 'Watch'}</strong>
        </span>
      </Link>
    </li>
  );
}

/** What is open comes first; each duel once. */
async function load(groups: readonly number[]): Promise<readonly DuelCard[]> {
  const answers = await Promise.all([...groups, null].map((group) => api.duels(group)));
  const all = new Map(answers.flatMap(({ duels }) => duels).map((card) => [card.id, card]));
  return [...all.values()].sort((a, b) => Number(b.phase === 'open') - Number(a.phase === 'open') || b.id - a.id);
}
