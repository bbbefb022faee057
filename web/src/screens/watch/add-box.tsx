// Where one pastes the address of something to watch.
import { useEffect, useRef, useState, type FormEvent } from 'react';
import type { Allowed } from '../../watch/allowed.ts';
import { bring } from '../../watch/watching.ts';
import { Button } from '../../ui/button.tsx';
import { useMedia } from '../../ui/use-media.ts';
import styles from './add-box.module.css';

export function AddBox({ may, idle }: { may: Allowed; idle: boolean }) {
  const [address, setAddress] = useState('');
  const [busy, setBusy] = useState<'now' | 'later' | null>(null);
  const box = useRef<HTMLInputElement>(null);
  const touch = useMedia('(pointer: coarse)');

  useEffect(() => {
    // Nothing else can be done here yet. After the message box, which asks for the focus, too.
    if (idle && !touch) requestAnimationFrame(() => box.current?.focus());
  }, [idle, touch]);

  const add = async (when: 'now' | 'later') => {
    const source = address.trim();
    if (source === '') return box.current?.focus();
    setBusy(when);
    if (await bring({ source }, when)) setAddress('');
    setBusy(null);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    // What is put on at once begins where its address says; the queue keeps no places.
    void add(may.choice && (idle || !may.add) ? 'now' : 'later');
  };

  if (!may.add && !may.choice) return <p className={styles.closed}>Who leads fills the queue here.</p>;
  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <input
        ref={box} className={styles.input} type="text" inputMode="url" autoComplete="off" spellCheck={false} maxLength={2048}
        aria-label="Address of a video" placeholder="Paste the address of a video" value={address} onChange={(event) => setAddress(event.target.value)}
      />
      {(may.add || idle) && <Button type="submit" tone="primary" busy={busy === 'later' || (idle && busy === 'now')}>{idle ? 'Watch' : 'Add'}</Button>}
      {may.choice && !idle && <Button busy={busy === 'now'} onClick={() => void add('now')}>Play now</Button>}
    </form>
  );
}
