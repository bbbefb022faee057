// What a message said before it was changed; for its author and those who keep order.
import { useEffect, useState } from 'react';
import { api } from '../../api.ts';
import { inWords } from '../../failure.ts';
import { NO_NAMES } from '../../model/mentions.ts';
import { clock, dayName } from '../../model/time.ts';
import type { Edit } from '../../shapes.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { MarkdownView } from './markdown-view.tsx';
import styles from './edit-history.module.css';

export default function EditHistory({ group, seq, onClose }: { group: number; seq: number; onClose: () => void }) {
  const [edits, setEdits] = useState<readonly Edit[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    setProblem(null);
    api.edits(group, seq).then((answer) => setEdits(answer.edits.toReversed()), (error: unknown) => setProblem(inWords(error)));
  }, [group, seq, attempt]);
  return (
    <Dialog title="Earlier versions" shape="wide" onClose={onClose}>
      {problem ? (
        <ErrorState title="The versions did not load" text={problem} onRetry={() => setAttempt(attempt + 1)} />
      ) : !edits ? (
        <Skeleton rows={2} label="Loading" />
      ) : (
        <ol className={styles.list}>
          {edits.map((edit, index) => {
            const at = Date.parse(edit.at);
            return (
              <li key={index} className={styles.edit}>
                <p className={styles.when}>{dayName(at, Date.now())}, {clock(at)}{index === 0 ? ' · now' : index === edits.length - 1 ? ' · first' : ''}</p>
                <MarkdownView text={edit.text} names={NO_NAMES} />
              </li>
            );
          })}
        </ol>
      )}
    </Dialog>
  );
}
