// A duel for the members of a group.
import { useState } from 'react';
import { useLocation } from 'wouter';
import { challenge } from '../../duel/seeking.ts';
import { LANGUAGES, MODES } from '../../duel/words.ts';
import { paths } from '../../routes.ts';
import type { DuelMode, DuelStatus, Language } from '../../shapes.ts';
import { sortedGroups, useGroups } from '../../store/groups.ts';
import { Button } from '../../ui/button.tsx';
import { Check } from '../../ui/check.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { Choices } from '../settings/choices.tsx';
import styles from './duel-lobby.module.css';

const ANY = 'any';
/** `DuelChallenge`. */
const [LEAST_PLAYERS, MOST_PLAYERS, MOST_MINUTES] = [2, 8, 60];

export function ChallengeForm({ first, status, onClose }: { first: number | null; status: DuelStatus; onClose: () => void }) {
  const [, navigate] = useLocation();
  const groups = sortedGroups(useGroups((s) => s.entries));
  const [group, setGroup] = useState(groups.some((entry) => entry.group.id === first) ? first! : groups[0]!.group.id);
  const [mode, setMode] = useState<DuelMode>('fastest');
  const [language, setLanguage] = useState<Language | typeof ANY>(ANY);
  const [rounds, setRounds] = useState('3');
  const [minutes, setMinutes] = useState('10');
  const [players, setPlayers] = useState('2');
  const [isPublic, setPublic] = useState(false);
  const submission = useSubmit(['minutes', 'players']);
  const judged = status.languages.filter(({ missing }) => missing === null).map((one) => one.language);
  return (
    <Dialog title="Challenge a group" about="Whoever of the group comes first takes the free place." shape="wide" onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          submission.run(async () => {
            const id = await challenge({ group, mode, rounds: Number(rounds), minutes: Number(minutes), players: Number(players), public: isPublic, ...(language === ANY ? {} : { language }) });
            onClose();
            navigate(paths.duel(id));
          });
        }}
      >
        <label className={styles.select}>
          <span>Group</span>
          <select value={group} onChange={(event) => setGroup(Number(event.target.value))}>
            {groups.map((entry) => <option key={entry.group.id} value={entry.group.id}>{entry.group.name}</option>)}
          </select>
        </label>
        <Choices label="What decides a round" value={mode} choices={(Object.keys(MODES) as DuelMode[]).map((of) => [of, MODES[of].name] as const)} onChange={setMode} hint={MODES[mode].about} />
        <Choices label="Language" value={language} choices={[[ANY, 'Any'] as const, ...judged.map((of) => [of, LANGUAGES[of]] as const)]} onChange={setLanguage} />
        <Choices label="Rounds" value={rounds} choices={[['1', 'One'], ['3', 'Best of 3'], ['5', 'Best of 5']]} onChange={setRounds} />
        <div className={styles.pair}>
          <Field label="Minutes each" type="number" inputMode="numeric" required min={1} max={MOST_MINUTES} value={minutes} onChange={(event) => setMinutes(event.target.value)} problem={submission.problemOf('minutes')} />
          <Field label="Players" type="number" inputMode="numeric" required min={LEAST_PLAYERS} max={MOST_PLAYERS} value={players} onChange={(event) => setPlayers(event.target.value)} problem={submission.problemOf('players')} />
        </div>
        <Check label="Everybody who is signed in may watch" hint="Otherwise only members of the group may." checked={isPublic} onChange={setPublic} />
        <Problem text={submission.problem} />
        <div className={styles.buttons}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" busy={submission.busy}>Make the challenge</Button>
        </div>
      </form>
    </Dialog>
  );
}
