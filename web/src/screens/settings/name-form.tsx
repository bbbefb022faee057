// The name that others see.
import { useState } from 'react';
import type { Account } from '../../shapes.ts';
import { rename } from '../../sync/session.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import styles from './settings.module.css';

export function NameForm({ account }: { account: Account }) {
  const [name, setName] = useState(account.display_name);
  const [saved, setSaved] = useState(false);
  const submission = useSubmit(['display_name']);
  const changed = name.trim() !== account.display_name;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        submission.run(async () => {
          await rename(name.trim());
          setSaved(true);
        });
      }}
    >
      <Field
        label="Display name" maxLength={40} required value={name} problem={submission.problemOf('display_name')}
        hint={account.username ? `You sign in as ${account.username}; that stays.` : undefined}
        onChange={(event) => {
          setName(event.target.value);
          setSaved(false);
        }}
      />
      <Problem text={submission.problem} />
      <div className={styles.row}>
        <Button type="submit" busy={submission.busy} disabled={!changed || !name.trim()}>Save name</Button>
        <span role="status" className={styles.saved}>{saved && !changed ? 'Saved' : ''}</span>
      </div>
    </form>
  );
}
