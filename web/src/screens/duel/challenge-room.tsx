// A challenge that has not begun: who is there, who may still come, and who says that it begins.
import { useState } from 'react';
import { playerOf } from '../../duel/match.ts';
import { ask, say } from '../../duel/playing.ts';
import { LANGUAGES, MODES, RANKS } from '../../duel/words.ts';
import { paths } from '../../routes.ts';
import type { Duel } from '../../shapes.ts';
import { useGroups } from '../../store/groups.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Check } from '../../ui/check.tsx';
import { copyText } from '../../ui/copy.ts';
import { LinkIcon } from '../../ui/icons.tsx';
import styles from './stage.module.css';

export function ChallengeRoom({ duel, me }: { duel: Duel; me: number | null }) {
  const [busy, setBusy] = useState(false);
  const group = useGroups((s) => (duel.group === null ? undefined : s.entries[duel.group]?.group));
  const player = playerOf(duel, me);
  const free = duel.seats - duel.players.length;
  const act = (name: 'duel_join' | 'duel_start') => {
    setBusy(true);
    void ask(name).finally(() => setBusy(false));
  };
  return (
    <div className={styles.stage}>
      <section className={styles.card} aria-labelledby="challenge">
        <h2 id="challenge" className={styles.title}>{MODES[duel.mode].name}</h2>
        <p className={styles.text}>{MODES[duel.mode].about}</p>
        <dl className={styles.terms}>
          <div><dt>Rounds</dt><dd>{duel.rounds === 1 ? 'One' : `Best of ${duel.rounds}`}</dd></div>
          <div><dt>Each</dt><dd>{duel.minutes} min</dd></div>
          <div><dt>Language</dt><dd>{duel.language ? LANGUAGES[duel.language] : 'Any'}</dd></div>
        </dl>
        <ul className={styles.seats} aria-label="Who plays">
          {duel.players.map(({ account, rank, rating }) => (
            <li key={account.id} className={styles.seat}>
              <Avatar id={account.id} name={account.name} size={36} />
              <span className={styles.who}><bdi>{account.name}</bdi>{account.id === me && ' (you)'}</span>
              <span className={styles.rating}>{RANKS[rank]} · {Math.round(rating)}</span>
            </li>
          ))}
          {Array.from({ length: free }, (_, index) => <li key={`free${index}`} className={styles.seat} data-free><span className={styles.empty} aria-hidden="true" />A free place</li>)}
        </ul>
        <p className={styles.text} role="status">
          {free > 0 ? `${free} ${free === 1 ? 'place is' : 'places are'} free.` : 'All places are taken.'} {group && <>Members of <bdi>{group.name}</bdi> can join.</>} It begins when it is full{duel.seats > 2 && ', or when its owner says so'}.
        </p>
        <div className={styles.row}>
          {!player && free > 0 && <Button tone="primary" className={styles.big} busy={busy} onClick={() => act('duel_join')}>Join the duel</Button>}
          {duel.owner === me && duel.seats > 2 && <Button tone="primary" busy={busy} disabled={duel.players.length < 2} onClick={() => act('duel_start')}>Begin with {duel.players.length}</Button>}
          <Button onClick={() => void copyText(location.origin + paths.duel(duel.id), 'Link copied')}><LinkIcon size={16} />Copy the link</Button>
        </div>
        {player && <Records duel={duel} me={me} />}
      </section>
    </div>
  );
}

/** Edits are kept only where everybody lets them. */
export function Records({ duel, me }: { duel: Duel; me: number | null }) {
  const player = playerOf(duel, me);
  if (!player) return null;
  const willing = duel.players.filter(({ records }) => records).length;
  return (
    <Check
      label="Let my edits be kept for a replay" hint={`Only where all players let them; ${willing} of ${duel.players.length} do.`}
      checked={player.records} onChange={(on) => void say('duel_record', on)}
    />
  );
}
