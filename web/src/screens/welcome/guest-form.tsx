// A name and an access code: in a group within ten seconds, without an account.
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

export function GuestForm({ code: invited }: { code: string }) {
  const [, navigate] = useLocation();
  const [name, setName] = useState('');
  const [code, setCode] = useState(invited);
  const [wrongCode, setWrongCode] = useState(false);
  const submission = useSubmit(['display_name', 'access_code']);
  const submit = () =>
    submission.run(async () => {
      setWrongCode(false);
      const answer = await api.enterAsGuest({ display_name: name.trim(), access_code: code.trim() }).catch((error: { code?: string }) => {
        if (error.code !== 'not_found') throw error;
        setWrongCode(true);
        return null;
      });
      if (!answer) return;
      // Where to go once the session is known; said first, so that no other screen flashes by.
      if (answer.group) navigate(`${paths.welcome}?next=${paths.group(answer.group.id)}`, { replace: true });
      await entered(answer);
    });
  return (
    <form
      className={styles.form}
      aria-label="Join as guest"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field label="Your name" name="display_name" autoComplete="nickname" required maxLength={40} autoFocus={!!invited} value={name} onChange={(e) => setName(e.target.value)} problem={submission.problemOf('display_name')} hint="What the others will see." />
      <Field
        label="Access code" name="access_code" autoComplete="off" autoCapitalize="characters" spellCheck={false} required value={code}
        onChange={(e) => {
          setCode(e.target.value);
          setWrongCode(false);
        }}
        problem={wrongCode ? 'No group has this code. Check it, or ask for a new one; your name is kept.' : submission.problemOf('access_code')}
        hint="Whoever invited you has it."
      />
      <Problem text={submission.problem} />
      <Button type="submit" tone="primary" wide busy={submission.busy} disabled={!name.trim() || !code.trim()}>Join</Button>
    </form>
  );
}
