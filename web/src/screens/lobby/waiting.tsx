// Waiting: how many others do, since when one does oneself, and how to be told without looking.
import { useRef, useState } from 'react';
import { newsSentence, othersSentence } from '../../model/lobby-words.ts';
import type { LobbyState } from '../../model/lobby.ts';
import { comesNext, viewSpeedChat, type SpeedChatView } from '../../model/speed-chat.ts';
import { clock, digits, digitsLeft } from '../../model/time.ts';
import type { GroupEntry } from '../../store/groups.ts';
import { useLobby } from '../../store/lobby.ts';
import { askForNotice, leaveLobby } from '../../sync/lobby.ts';
import { Button } from '../../ui/button.tsx';
import { BellIcon, CheckIcon } from '../../ui/icons.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { mayNotify } from '../../notify.ts';
import { Radar } from './radar.tsx';
import { useArrivalFocus } from './use-arrival-focus.ts';
import { useEscape } from './use-escape.ts';
import { useServerNow } from './use-server-now.ts';
import styles from './stage.module.css';

type Props = { readonly entry: GroupEntry; readonly state: Extract<LobbyState, { at: 'entering' | 'waiting' }> };

export function Waiting({ entry: { group }, state }: Props) {
  const crowd = useLobby((s) => s.crowds[group.id]);
  const leaving = useLobby((s) => s.busy === 'leave');
  const now = useServerNow();
  const title = useRef<HTMLHeadingElement>(null);
  useArrivalFocus(title);
  useEscape(() => void leaveLobby());
  const rounds = viewSpeedChat(crowd?.speed_chat);
  // The count includes the reader.
  const others = Math.max(0, (crowd?.waiting ?? 1) - 1);
  const waiting = state.at === 'waiting';

  return (
    <div className={styles.stage}>
      {waiting && state.news && <div className={styles.news}><p>{newsSentence(state.news)}</p></div>}
      <Radar looking />
      <h2 ref={title} tabIndex={-1} className={styles.title}>{!waiting ? 'One moment…' : rounds.phase === 'none' ? 'Looking for somebody' : 'You are in'}</h2>
      {waiting && (rounds.phase === 'none' || others > 0) && <p className={styles.text} role="status">{othersSentence(others)}</p>}
      {waiting && rounds.phase === 'none' && others > 0 && <p className={styles.small}>Nobody meets the same person twice in a row.</p>}
      {rounds.phase !== 'none' && <p className={styles.text}><NextRound view={rounds} now={now} /></p>}
      {waiting && (
        <p className={styles.small}>
          You wait since {clock(state.since)}
          {/* Counted for the eye only: a screen reader would never fall silent. */}
          <span aria-hidden="true" className={styles.since}> · {digits(now - state.since)}</span>
        </p>
      )}
      <div className={styles.row}>
        <Button busy={leaving} onClick={() => void leaveLobby()} aria-keyshortcuts="Escape">Cancel <span className={styles.keys}><Kbd keys="Esc" /></span></Button>
        <NoticeButton />
      </div>
      <p className={styles.small}>You can look at your groups meanwhile. The title of this page tells you when somebody is there.</p>
    </div>
  );
}

function NextRound({ view, now }: { view: Exclude<SpeedChatView, { phase: 'none' }>; now: number }) {
  switch (view.phase) {
    case 'soon':
      return <>The speed chat begins in <span className={styles.since}>{digitsLeft(view.beginsAt - now)}</span>: {comesNext(view)}</>;
    case 'round':
      if (view.round === view.rounds) return <>The last round runs. When it is over, in <span className={styles.since}>{digitsLeft(view.endsAt - now)}</span>, those who wait are put together.</>;
      return <>Round {view.round} of {view.rounds} runs. You join at the next round, in <span className={styles.since}>{digitsLeft(view.endsAt - now)}</span>.</>;
  }
}

function NoticeButton() {
  const asked = useLobby((s) => s.notify);
  const [refused, setRefused] = useState(mayNotify() === 'no');
  if (mayNotify() === 'never') return null;
  if (asked) return <p className={styles.ready} data-yes role="status"><CheckIcon size={18} />You will be told</p>;
  if (refused) return <p className={styles.small} role="status">This browser lets no notice through. You can allow it in its settings for this page.</p>;
  return <Button tone="quiet" onClick={() => void askForNotice().then((allowed) => setRefused(!allowed))}><BellIcon />Tell me when somebody is there</Button>;
}
