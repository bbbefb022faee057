// The reader's own settings: how it looks, who one is, where one is signed in, which keys there are.
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { paths } from '../../routes.ts';
import { setDensity, setEnterSends, setTheme, usePreferences } from '../../store/preferences.ts';
import { useSession } from '../../store/session.ts';
import { BackIcon } from '../../ui/icons.tsx';
import { ShortcutList } from '../dialogs/shortcut-list.tsx';
import { BlocksList } from './blocks-list.tsx';
import { Choices } from './choices.tsx';
import { NameForm } from './name-form.tsx';
import { PasswordForm } from './password-form.tsx';
import { SessionsList } from './sessions-list.tsx';
import styles from './settings.module.css';

export default function Settings() {
  const { theme, density, enterSends } = usePreferences();
  const account = useSession((s) => s.account);
  const server = useSession((s) => s.server);
  return (
    <main className={styles.page} data-region tabIndex={-1}>
      <header className={styles.head}>
        <Link href={paths.groups} className={styles.back} aria-label="All groups"><BackIcon /></Link>
        <h1 className={styles.title}>Settings</h1>
      </header>
      <div className={styles.column}>
        <Section title="Appearance">
          <Choices label="Theme" value={theme} onChange={setTheme} choices={[['system', 'System'], ['light', 'Light'], ['dark', 'Dark']]} />
          <Choices label="Density" value={density} onChange={setDensity} choices={[['comfortable', 'Comfortable'], ['compact', 'Compact']]} />
        </Section>
        <Section title="Writing">
          <Choices
            label="The Enter key" value={enterSends ? 'send' : 'newline'} onChange={(value) => setEnterSends(value === 'send')}
            choices={[['send', 'Sends'], ['newline', 'Breaks the line']]}
            hint="Ctrl+Enter always sends. On a touch screen Enter breaks the line and the button sends."
          />
        </Section>
        {account && (
          <Section title="Profile">
            <NameForm account={account} />
          </Section>
        )}
        {account && !account.guest && (
          <Section title="Password">
            <PasswordForm />
          </Section>
        )}
        <Section title="Whom you have blocked">
          <BlocksList />
        </Section>
        <Section title="Where you are signed in">
          {account?.guest && <p className={styles.hint}>You are a guest: after signing out you cannot come back under this name.</p>}
          <SessionsList />
        </Section>
        <Section title="Keyboard">
          <ShortcutList />
        </Section>
        {server && <p className={styles.version}>Parlor {server.version}</p>}
      </div>
    </main>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.section} aria-label={title}>
      <h2 className={styles.heading}>{title}</h2>
      {children}
    </section>
  );
}
