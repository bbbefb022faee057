// Two have met: each says that they are there, within 20 seconds.
import { useRef } from 'react';
import { DECIDE_MS, decideUntil, isReady, type Room } from '../../model/lobby.ts';
import { partnersOf } from '../../model/lobby-words.ts';
import type { GroupEntry } from '../../store/groups.ts';
import { useLobby } from '../../store/lobby.ts';
import { announce } from '../../store/announcer.ts';
import { goOn, leaveLobby, startTalking } from '../../sync/lobby.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { CheckIcon } from '../../ui/icons.tsx';
import { colourOf } from './colour.ts';
import { PrivacyNote } from './privacy-note.tsx';
import { useArrivalFocus } from './use-arrival-focus.ts';
import { useEscapeTwice } from './use-escape.ts';
import { useServerNow } from './use-server-now.ts';
import styles from './stage.module.css';

const LATE_MS = 5_000;

export function MetCard({ entry: { group }, room }: { entry: GroupEntry; room: Room }) {
  const now = useServerNow();
  const busy = useLobby((s) => s.busy);
  const button = useRef<HTMLButtonElement>(null);
  useArrivalFocus(button);
  useEscapeTwice(() => announce('Press Escape again to go on to somebody else.'), () => void goOn());
  const left = Math.min(DECIDE_MS, Math.max(0, decideUntil(room) - now));
  const late = left < LATE_MS;
  const pressed = isReady(room, room.me);
  const partners = partnersOf(room);

  return (
    <div className={styles.stage}>
      <section className={styles.card} aria-labelledby="met">
        <span className={styles.faces}>{room.partners.map((partner) => <Avatar key={partner.key} id={colourOf(partner)} name={partner.name} size={72} />)}</span>
        <h2 id="met" className={styles.title}>You have met <bdi>{partners}</bdi></h2>
        <p className={styles.text} role="status">{pressed ? `Waiting for ${partners} to press Start.` : 'Press Start, and you can write to each other.'}</p>
        {room.partners.map((partner) => (
          <span key={partner.key} className={styles.ready} data-yes={isReady(room, partner) || undefined}>
            {isReady(room, partner) ? <><CheckIcon size={18} /><span><bdi>{partner.name}</bdi> is ready</span></> : <span><bdi>{partner.name}</bdi> has not pressed Start yet</span>}
          </span>
        ))}
        <div className={styles.left}>
          <span className={styles.bar} data-late={late || undefined} aria-hidden="true"><i style={{ width: `${(left / DECIDE_MS) * 100}%` }} /></span>
          <span className={classes(styles.seconds, late && styles.late)} role="timer" aria-label="Time left to press Start">{Math.ceil(left / 1000)} s left</span>
        </div>
        <Button ref={button} tone="primary" className={styles.big} disabled={pressed} onClick={startTalking}>{pressed ? 'You are ready' : 'Start'}</Button>
        <div className={styles.row}>
          <Button tone="quiet" busy={busy === 'next'} aria-keyshortcuts="Escape" onClick={() => void goOn()}>Somebody else</Button>
          <Button tone="quiet" busy={busy === 'leave'} onClick={() => void leaveLobby()}>Leave the lobby</Button>
        </div>
        <p className={styles.small}><PrivacyNote lines={room.reportedLines} group={group.name} /></p>
      </section>
    </div>
  );
}
