// Name and password. Also inside the sheet that appears when a session has ended.
import { useState } from 'react';
import { api } from '../../api.ts';
import { entered } from '../../sync/session.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import styles from './welcome.module.css';

export function SignInForm({ username: known = '' }: { username?: string }) {
  const [username, setUsername] = useState(known);
  const [password, setPassword] = useState('');
  const submission = useSubmit(['username', 'password'], (failure) =>
    failure.code === 'unauthorized' ? 'Name or password is not right. Check both and try again.' : undefined,
  );
  return (
    <form
      className={styles.form}
      aria-label="Sign in"
      onSubmit={(event) => {
        event.preventDefault();
        submission.run(async () => entered(await api.signIn({ username: username.trim(), password })));
      }}
    >
      <Field label="Username" name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required value={username} onChange={(e) => setUsername(e.target.value)} problem={submission.problemOf('username')} />
      <Field label="Password" name="password" type="password" autoComplete="current-password" required value={password} onChange={(e) => setPassword(e.target.value)} problem={submission.problemOf('password')} />
      <Problem text={submission.problem} />
      <Button type="submit" tone="primary" wide busy={submission.busy} disabled={!username.trim() || !password}>Sign in</Button>
    </form>
  );
}
