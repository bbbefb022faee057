// The door: join as a guest, sign in, make an account; on a server that nobody runs yet, make its first admin.
import { useEffect, useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { paths } from '../../routes.ts';
import { useSession } from '../../store/session.ts';
import { joinGroup } from '../../sync/chat.ts';
import { loadServer } from '../../sync/session.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { ChatIcon, KeyIcon } from '../../ui/icons.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { GuestForm } from './guest-form.tsx';
import { RegisterForm } from './register-form.tsx';
import { SignInForm } from './sign-in-form.tsx';
import styles from './welcome.module.css';

type Way = 'guest' | 'sign-in' | 'register';

export function Welcome() {
  const server = useSession((s) => s.server);
  const signedIn = useSession((s) => s.status === 'signed_in');
  const search = new URLSearchParams(window.location.search);
  const adminToken = search.get('admin');
  const code = search.get('code') ?? '';
  const [way, setWay] = useState<Way>(code || !search.has('next') ? 'guest' : 'sign-in');
  const name = server?.name ?? 'Parlor';

  useEffect(() => {
    document.title = name;
  }, [name]);

  if (signedIn && code) return <Page name={name}><AcceptInvitation code={code} /></Page>;
  if (adminToken) {
    return (
      <Page name={name}>
        <section className={styles.card} aria-labelledby="first">
          <h2 id="first" className={styles.heading}><KeyIcon />Create the first admin</h2>
          <p className={styles.about}>This account will run the server. The link works once.</p>
          <RegisterForm adminToken={adminToken} label="Create admin account" />
        </section>
      </Page>
    );
  }
  const mayRegister = server?.open_registration ?? true;
  const ways: readonly { way: Way; label: string }[] = [
    { way: 'guest', label: 'Join as guest' },
    { way: 'sign-in', label: 'Sign in' },
    ...(mayRegister ? [{ way: 'register' as const, label: 'Create account' }] : []),
  ];
  return (
    <Page name={name}>
      {server?.needs_admin && (
        <p className={styles.first}>
          <KeyIcon />
          <span>Nobody runs this server yet. Open the link that it printed when it started: it makes the first admin.</span>
        </p>
      )}
      <div className={styles.card}>
        <div className={styles.ways} role="group" aria-label="How to come in">
          {ways.map((choice) => (
            <button key={choice.way} type="button" aria-pressed={way === choice.way} className={styles.way} onClick={() => setWay(choice.way)}>
              {choice.label}
            </button>
          ))}
        </div>
        {way === 'guest' && <GuestForm code={code} />}
        {way === 'sign-in' && <SignInForm />}
        {way === 'register' && <RegisterForm label="Create account" />}
      </div>
      {!server && <p className={styles.foot}><Button tone="quiet" onClick={() => void loadServer()}>Ask the server again</Button></p>}
    </Page>
  );
}

function Page({ name, children }: { name: string; children: ReactNode }) {
  return (
    <main className={styles.page}>
      <div className={styles.column}>
        <header className={styles.head}>
          <span className={styles.mark}><ChatIcon size={28} /></span>
          <h1 className={classes(styles.title)}><bdi>{name}</bdi></h1>
          <p className={styles.about}>A place for your group to talk.</p>
        </header>
        {children}
      </div>
    </main>
  );
}

/** Somebody who is signed in follows an invitation. */
function AcceptInvitation({ code }: { code: string }) {
  const [, navigate] = useLocation();
  const account = useSession((s) => s.account);
  const submission = useSubmit([], (failure) => (failure.code === 'not_found' ? 'This invitation does not work any more. Ask for a new one.' : undefined));
  return (
    <section className={styles.card} aria-labelledby="invited">
      <h2 id="invited" className={styles.heading}>You are invited to a group</h2>
      <p className={styles.about}>You are signed in as <strong><bdi>{account?.display_name}</bdi></strong>.</p>
      <div className={styles.form}>
        <Problem text={submission.problem} />
        <Button tone="primary" wide busy={submission.busy} onClick={() => submission.run(async () => navigate(paths.group((await joinGroup(code)).id), { replace: true }))}>
          Join the group
        </Button>
        <Button wide onClick={() => navigate(paths.groups, { replace: true })}>Not now</Button>
      </div>
    </section>
  );
}
