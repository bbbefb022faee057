// Reporting somebody: what goes along is said first; then one leaves.
import { useState } from 'react';
import type { Room } from '../../model/lobby.ts';
import type { Somebody } from '../../shapes.ts';
import { report } from '../../sync/lobby.ts';
import { Button } from '../../ui/button.tsx';
import { Check } from '../../ui/check.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import styles from '../dialogs/dialogs.module.css';

/** Characters (`ReportReason`). */
const LONGEST_REASON = 500;

export function ReportDialog({ room, group, about, onClose }: { room: Room; group: string; about: Somebody; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [blocks, setBlocks] = useState(true);
  const submission = useSubmit(['reason']);
  return (
    <Dialog
      title={`Report ${about.name}`} onClose={onClose}
      about={<>With it go the last {room.reportedLines} lines of this room as you saw them, your own too, to those who keep order in <bdi>{group}</bdi>. <bdi>{about.name}</bdi> is not told. Then you leave the room.</>}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          submission.run(() => report(about.key, about.name, reason.trim(), blocks));
        }}
      >
        <TextField
          label="What happened? (optional)" rows={4} maxLength={LONGEST_REASON} autoFocus value={reason} onChange={(event) => setReason(event.target.value)}
          problem={submission.problemOf('reason')} hint={`Up to ${LONGEST_REASON} characters.`}
        />
        <Check label={`Never put me together with ${about.name} again`} checked={blocks} onChange={setBlocks} />
        <Problem text={submission.problem} />
        <div className={styles.buttons}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="danger" busy={submission.busy}>Report and leave</Button>
        </div>
      </form>
    </Dialog>
  );
}
