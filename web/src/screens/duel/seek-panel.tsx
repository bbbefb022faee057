// One press, and the server looks for somebody of about the same strength; the longer one waits, the further it looks.
import { useState } from 'react';
import { serverNow } from '../../clock.ts';
import { seekOpponent, stopSeeking } from '../../duel/seeking.ts';
import { LANGUAGES, MODES } from '../../duel/words.ts';
import { digits } from '../../model/time.ts';
import type { DuelMode, DuelSeek, DuelStatus, Language } from '../../shapes.ts';
import { useDuels } from '../../store/duels.ts';
import { Button } from '../../ui/button.tsx';
import { Radar } from '../lobby/radar.tsx';
import { useServerNow } from '../lobby/use-server-now.ts';
import { Choices } from '../settings/choices.tsx';
import frame from './frame.module.css';
import styles from './duel-lobby.module.css';

const ANY = 'any';

export function SeekPanel({ status }: { status: DuelStatus }) {
  const seek = useDuels((s) => s.seek);
  return (
    <section className={styles.seek} aria-label="Find an opponent">
      {seek ? <Seeking wish={seek.wish} since={seek.since} /> : <Wish status={status} />}
    </section>
  );
}

function Wish({ status }: { status: DuelStatus }) {
  const [mode, setMode] = useState<DuelMode>('fastest');
  const [language, setLanguage] = useState<Language | typeof ANY>(ANY);
  const [rounds, setRounds] = useState<string>(ANY);
  const [busy, setBusy] = useState(false);
  const judged = status.languages.filter(({ missing }) => missing === null).map((one) => one.language);
  const wish: DuelSeek = { mode, ...(language === ANY ? {} : { language }), ...(rounds === ANY ? {} : { rounds: Number(rounds) }) };
  return (
    <form
      className={styles.wish}
      onSubmit={(event) => {
        event.preventDefault();
        setBusy(true);
        void seekOpponent(wish).finally(() => setBusy(false));
      }}
    >
      <h2 className={frame.heading}>Find an opponent</h2>
      <Choices label="What decides a round" value={mode} choices={(Object.keys(MODES) as DuelMode[]).map((of) => [of, MODES[of].name] as const)} onChange={setMode} hint={MODES[mode].about} />
      <Choices label="Language" value={language} choices={[[ANY, 'Any'] as const, ...judged.map((of) => [of, LANGUAGES[of]] as const)]} onChange={setLanguage} />
      <Choices label="Rounds" value={rounds} choices={[[ANY, 'Any'], ['1', '1'], ['3', 'Best of 3'], ['5', 'Best of 5']]} onChange={setRounds} />
      <div className={frame.row}>
        <Button type="submit" tone="primary" className={styles.big} busy={busy}>Find an opponent</Button>
        <span className={frame.text} role="status">{status.seeking > 0 ? `${status.seeking} ${status.seeking === 1 ? 'person seeks' : 'people seek'} right now. ` : ''}{status.running > 0 && `${status.running} ${status.running === 1 ? 'duel runs' : 'duels run'}.`}</span>
      </div>
    </form>
  );
}

function Seeking({ wish, since }: { wish: DuelSeek; since: number }) {
  const now = useServerNow(500);
  const words = [MODES[wish.mode].name, wish.language ? LANGUAGES[wish.language] : 'any language', wish.rounds ? (wish.rounds === 1 ? 'one round' : `best of ${wish.rounds}`) : 'any number of rounds'];
  return (
    <div className={styles.seeking}>
      <Radar looking />
      <h2 className={frame.heading}>Looking for an opponent</h2>
      <p className={frame.text}>{words.join(' · ')}</p>
      <p className={styles.waited} role="timer" aria-label="Waiting for">{digits(Math.max(0, Math.min(now, serverNow()) - since))}</p>
      <p className={frame.text}>The longer you wait, the further we look. You can go on reading; you are told wherever you are.</p>
      <Button onClick={() => void stopSeeking()}>Stop looking</Button>
    </div>
  );
}
