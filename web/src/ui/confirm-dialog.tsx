// Asks before something that cannot be undone by one press.
import { useState } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Field } from './field.tsx';
import { Problem } from './problem.tsx';
import { useSubmit } from './use-submit.ts';
import styles from './confirm-dialog.module.css';

interface Props {
  readonly title: string;
  readonly about: string;
  readonly action: string;
  readonly danger?: boolean;
  /** The label of a field whose text goes with the confirmation. */
  readonly ask?: string;
  /** What has to be typed before the action is possible. */
  readonly typed?: string;
  readonly onConfirm: (answer: string) => Promise<unknown>;
  readonly onClose: () => void;
}

export function ConfirmDialog({ title, about, action, danger = false, ask, typed, onConfirm, onClose }: Props) {
  const [answer, setAnswer] = useState('');
  const submission = useSubmit();
  const allowed = typed === undefined || answer.trim() === typed.trim();
  return (
    <Dialog title={title} about={about} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!allowed) return;
          submission.run(async () => {
            await onConfirm(answer.trim());
            onClose();
          });
        }}
      >
        {(ask || typed !== undefined) && (
          <Field label={ask ?? `Type “${typed}” to confirm`} value={answer} autoComplete="off" spellCheck={false} maxLength={200} onChange={(event) => setAnswer(event.target.value)} />
        )}
        <Problem text={submission.problem} />
        <div className={styles.buttons}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone={danger ? 'danger' : 'primary'} busy={submission.busy} disabled={!allowed}>{action}</Button>
        </div>
      </form>
    </Dialog>
  );
}
