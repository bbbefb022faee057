// A new group: a name, perhaps a line about it. Everything else can wait for its settings.
import { useState } from 'react';
import { useLocation } from 'wouter';
import { paths } from '../../routes.ts';
import { createGroup } from '../../sync/chat.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import styles from './dialogs.module.css';

export default function CreateGroup({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const submission = useSubmit(['name', 'description']);
  return (
    <Dialog title="Create a group" about="You own it. Others join with its access code, which you find in its settings." onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          submission.run(async () => {
            const group = await createGroup(name.trim(), description.trim());
            onClose();
            navigate(paths.group(group.id));
          });
        }}
      >
        <Field label="Name" required maxLength={80} autoFocus value={name} onChange={(e) => setName(e.target.value)} problem={submission.problemOf('name')} />
        <Field label="Description (optional)" maxLength={500} value={description} onChange={(e) => setDescription(e.target.value)} problem={submission.problemOf('description')} />
        <Problem text={submission.problem} />
        <div className={styles.buttons}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" busy={submission.busy} disabled={!name.trim()}>Create</Button>
        </div>
      </form>
    </Dialog>
  );
}
