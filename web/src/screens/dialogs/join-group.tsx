// Into a group by its code, or by a whole link that was pasted.
import { useState } from 'react';
import { useLocation } from 'wouter';
import { paths } from '../../routes.ts';
import { joinGroup } from '../../sync/chat.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import styles from './dialogs.module.css';

export default function JoinGroup({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation();
  const [code, setCode] = useState('');
  const submission = useSubmit(['access_code'], (failure) => {
    if (failure.code === 'not_found') return 'No group has this code. Check it, or ask for a new one.';
    if (failure.code === 'forbidden') return 'You cannot join this group.';
    return undefined;
  });
  return (
    <Dialog title="Join a group" about="Whoever invited you has the code. A whole invite link works too." onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          submission.run(async () => {
            const group = await joinGroup(codeIn(code));
            onClose();
            navigate(paths.group(group.id));
          });
        }}
      >
        <Field label="Access code" required autoFocus autoComplete="off" spellCheck={false} value={code} onChange={(e) => setCode(e.target.value)} problem={submission.problemOf('access_code') ?? submission.problem} />
        <div className={styles.buttons}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" busy={submission.busy} disabled={!code.trim()}>Join</Button>
        </div>
      </form>
    </Dialog>
  );
}

function codeIn(text: string): string {
  try {
    return new URL(text.trim()).searchParams.get('code') ?? text.trim();
  } catch {
    return text.trim();
  }
}
