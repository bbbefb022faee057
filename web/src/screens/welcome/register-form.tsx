// A new account; with the one-time token of a fresh server, its first admin.
import { useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../../api.ts';
import { paths } from '../../routes.ts';
import { entered } from '../../sync/session.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import styles from './welcome.module.css';

export function RegisterForm({ adminToken, label }: { adminToken?: string; label: string }) {
  const [, navigate] = useLocation();
  const [username, setUsername] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [password, setPassword] = useState('');
  const submission = useSubmit(['username', 'password', 'display_name'], (failure) => {
    if (failure.code === 'conflict') return 'Somebody has this username already. Choose another one.';
    if (failure.code === 'forbidden') return adminToken ? 'This link has been used, or it is not from this server. Restart the server to get a new one.' : 'This server does not take new accounts. Ask whoever runs it.';
    return undefined;
  });
  return (
    <form
      className={styles.form}
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        submission.run(async () => {
          const answer = await api.register({
            username: username.trim(),
            password,
            ...(displayName.trim() ? { display_name: displayName.trim() } : {}),
            ...(adminToken ? { admin_token: adminToken } : {}),
          });
          // The token has done its work: it has no business in the address bar or the history.
          if (adminToken) navigate(paths.welcome, { replace: true });
          await entered(answer);
        });
      }}
    >
      <Field label="Username" name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required minLength={3} maxLength={32} value={username} onChange={(e) => setUsername(e.target.value)} problem={submission.problemOf('username')} hint="3 to 32 letters, digits, dots, dashes or underscores. You sign in with it." />
      <Field label="Display name" name="display_name" autoComplete="nickname" maxLength={40} value={displayName} onChange={(e) => setDisplayName(e.target.value)} problem={submission.problemOf('display_name')} hint="What the others see. You can change it later." />
      <Field label="Password" name="password" type="password" autoComplete="new-password" required minLength={8} maxLength={256} value={password} onChange={(e) => setPassword(e.target.value)} problem={submission.problemOf('password')} hint="At least 8 characters." />
      <Problem text={submission.problem} />
      <Button type="submit" tone="primary" wide busy={submission.busy} disabled={!username.trim() || password.length < 8}>{label}</Button>
    </form>
  );
}
