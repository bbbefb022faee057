// Whether code can be judged here, and why not where it cannot: in the server's own words.
import { LANGUAGES } from '../../duel/words.ts';
import type { DuelStatus } from '../../shapes.ts';
import { Button } from '../../ui/button.tsx';
import { WarnIcon } from '../../ui/icons.tsx';
import { Skeleton } from '../../ui/states.tsx';
import styles from './duel-lobby.module.css';

export function JudgeNotice({ status, onRetry }: { status: DuelStatus | 'failed' | null; onRetry: () => void }) {
  if (status === null) return <Skeleton label="Asking whether there is a judge" rows={1} />;
  if (status === 'failed') {
    return <div className={styles.notice} role="alert"><WarnIcon /><p>Whether duels can be played here is not known: the server did not answer.</p><Button onClick={onRetry}>Try again</Button></div>;
  }
  if (!status.available) {
    return (
      <div className={styles.notice} role="status">
        <WarnIcon />
        <p><strong>No duels can be played here right now.</strong> {status.reason ?? 'There is no judge.'} What was played before can still be looked at.</p>
        <Button onClick={onRetry}>Ask again</Button>
      </div>
    );
  }
  const missing = status.languages.filter((language) => language.missing !== null);
  if (missing.length === 0) return null;
  return <div className={styles.notice} role="status"><WarnIcon /><p>{missing.map(({ language, missing: why }) => `${LANGUAGES[language]} cannot be judged here: ${why}`).join(' ')}</p></div>;
}
