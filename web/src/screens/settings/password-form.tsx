// A new password. Every other sign-in ends with the old one.
import { useState } from 'react';
import { api } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { useSession } from '../../store/session.ts';
import styles from './settings.module.css';

export function PasswordForm() {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [saved, setSaved] = useState(false);
  const username = useSession((s) => s.account?.username ?? '');
  const submission = useSubmit(['current', 'password'], (failure) => (failure.code === 'forbidden' ? 'The current password is not right.' : undefined));
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        submission.run(async () => {
          await api.changePassword({ current, password });
          setCurrent('');
          setPassword('');
          setSaved(true);
        });
      }}
    >
      {/* For password managers: which account this is about. */}
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <Field label="Current password" type="password" autoComplete="current-password" required value={current} onChange={(e) => setCurrent(e.target.value)} problem={submission.problemOf('current')} />
      <Field label="New password" type="password" autoComplete="new-password" required minLength={8} maxLength={256} value={password} onChange={(e) => setPassword(e.target.value)} problem={submission.problemOf('password')} hint="At least 8 characters. Everywhere else you are signed out." />
      <Problem text={submission.problem} />
      <div className={styles.row}>
        <Button type="submit" busy={submission.busy} disabled={!current || password.length < 8}>Change password</Button>
        <span role="status" className={styles.saved}>{saved && !current ? 'Changed' : ''}</span>
      </div>
    </form>
  );
}
