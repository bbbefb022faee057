// A room: who is there, what is said, and what can be done: keep it, go on, leave, report, block. When it is over it says
// why, and finds the next one.
import { useEffect, useRef, useState } from 'react';
import { everMet, namesOf, type Room } from '../../model/lobby.ts';
import { departureSentence, keepSentence, partnersOf } from '../../model/lobby-words.ts';
import { listOf } from '../../model/sentences.ts';
import { comesNext, viewSpeedChat } from '../../model/speed-chat.ts';
import type { Somebody } from '../../shapes.ts';
import { announce } from '../../store/announcer.ts';
import type { GroupEntry } from '../../store/groups.ts';
import { useLobby } from '../../store/lobby.ts';
import { setAutoNext, usePreferences } from '../../store/preferences.ts';
import { block, goOn, keepRoom, leaveLobby, tellTypingInRoom } from '../../sync/lobby.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Check } from '../../ui/check.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { BlockIcon, CloseIcon, FlagIcon, KeepIcon, MoreIcon, NextIcon } from '../../ui/icons.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { Menu } from '../../ui/menu.tsx';
import { TypingNames } from '../group/typing-line.tsx';
import { colourOf } from './colour.ts';
import { ReportDialog } from './report-dialog.tsx';
import { RoomComposer } from './room-composer.tsx';
import { RoomLog, type RoomLogHandle } from './room-log.tsx';
import { useArrivalFocus } from './use-arrival-focus.ts';
import { TWICE_WITHIN_MS, useEscapeTwice } from './use-escape.ts';
import styles from './room-view.module.css';

type Question = { readonly what: 'report' | 'block'; readonly about: Somebody };

export function RoomView({ entry: { group }, room }: { entry: GroupEntry; room: Room }) {
  const busy = useLobby((s) => s.busy);
  const rounds = viewSpeedChat(useLobby((s) => s.crowds[group.id]?.speed_chat));
  const [question, setQuestion] = useState<Question | null>(null);
  const log = useRef<RoomLogHandle>(null);
  const isTable = room.roundEndsAt !== null;
  const mayGoOn = !isTable || room.over !== null;
  const hint = useOnceMore(() => {
    if (mayGoOn) void goOn();
  }, mayGoOn ? 'Press Esc again to go on to somebody else.' : 'The clock of the speed chat brings the next one.');
  const people = everMet(room);
  const typing = room.typing.flatMap(({ key }) => room.partners.filter((partner) => partner.key === key));

  useEffect(() => () => tellTypingInRoom(false), []);

  return (
    <div className={styles.room}>
      <div className={styles.head} data-region>
        <span className={styles.faces}>{room.partners.map((partner) => <Avatar key={partner.key} id={colourOf(partner)} name={partner.name} size={32} />)}</span>
        <div className={styles.who}>
          <h2 className={styles.names}><bdi>{partnersOf(room)}</bdi></h2>
          {isTable && <p className={styles.next}>{comesNext(rounds)}</p>}
        </div>
        {!room.over && <KeepButton room={room} />}
        {!room.over && mayGoOn && (
          <Button className={styles.onward} busy={busy === 'next'} onClick={() => void goOn()} data-tip="Somebody else" data-tip-keys="Esc Esc"><NextIcon />Next</Button>
        )}
        {!room.over && <Button className={styles.leave} busy={busy === 'leave'} onClick={() => void leaveLobby()}>Leave</Button>}
        <Menu
          label="Room"
          trigger={<IconButton label="More"><MoreIcon /></IconButton>}
          entries={[
            ...people.map((about) => ({ label: `Report ${about.name}`, icon: <FlagIcon />, run: () => setQuestion({ what: 'report', about }) })),
            ...people.map((about) => ({ label: `Block ${about.name}`, icon: <BlockIcon />, run: () => setQuestion({ what: 'block', about }) })),
            'line',
            { label: 'Leave the lobby', icon: <CloseIcon />, danger: true, run: () => void leaveLobby() },
          ]}
        />
      </div>
      <KeepBanner room={room} />
      <RoomLog ref={log} room={room} group={group.name} />
      {room.over ? (
        <Over room={room} />
      ) : (
        <>
          {hint ? <p className={styles.hint}>{hint}</p> : <TypingNames names={namesOf(typing)} />}
          <RoomComposer room={room} onSent={() => log.current?.stickToEnd()} />
        </>
      )}
      {question?.what === 'report' && <ReportDialog room={room} group={group.name} about={question.about} onClose={() => setQuestion(null)} />}
      {question?.what === 'block' && (
        <ConfirmDialog
          title={`Block ${question.about.name}?`} danger action={mayGoOn ? 'Block and go on' : 'Block and leave'}
          about={`You two are never put together again, in no lobby. ${question.about.name} is not told. Your settings list whom you have blocked, and take it back.`}
          onClose={() => setQuestion(null)} onConfirm={() => block(question.about.key, question.about.name, mayGoOn ? 'next' : 'leave')}
        />
      )}
    </div>
  );
}

/** After the first Esc: what a second one would do, for as long as it would. */
function useOnceMore(second: () => void, words: string): string | null {
  const [hint, setHint] = useState<string | null>(null);
  useEscapeTwice(
    () => {
      setHint(words);
      announce(words);
    },
    () => {
      setHint(null);
      second();
    },
  );
  useEffect(() => {
    if (hint === null) return;
    const timer = setTimeout(() => setHint(null), TWICE_WITHIN_MS);
    return () => clearTimeout(timer);
  }, [hint]);
  return hint;
}

function KeepButton({ room }: { room: Room }) {
  const busy = useLobby((s) => s.busy === 'keep');
  const possible = room.partners.every((partner) => partner.id !== null);
  const wanted = room.partners.some((partner) => partner.keeps);
  return (
    <Button
      className={styles.keep} tone={wanted && !room.me.keeps ? 'primary' : 'plain'} aria-pressed={room.me.keeps} disabled={!possible} busy={busy} onClick={() => void keepRoom(!room.me.keeps)}
      data-tip={possible ? 'Make a group of this room' : 'Somebody here has no account, so this cannot become a group'}
    >
      <KeepIcon /><span className={styles.word}>Keep</span>
    </Button>
  );
}

/** Who would keep the room, and what keeping it means. */
function KeepBanner({ room }: { room: Room }) {
  const keepers = room.partners.filter((partner) => partner.keeps);
  const missing = room.partners.filter((partner) => !partner.keeps);
  if (room.over || (keepers.length === 0 && !room.me.keeps)) return null;
  const meaning = `the room becomes a group that ${room.partners.length > 1 ? 'all of you' : 'both of you'} own. What was said here is not taken along.`;
  return (
    <div className={styles.banner}>
      <KeepIcon />
      <p>
        {keepers.length > 0 && <strong>{keepers.map((keeper) => keepSentence(keeper.name)).join(' ')} </strong>}
        {room.me.keeps ? <>You would like to keep this. When {listOf(namesOf(missing))} {missing.length > 1 ? 'press' : 'presses'} Keep, too, {meaning} Press it once more to take it back.</> : <>If you press Keep, too, {meaning}</>}
      </p>
    </div>
  );
}

function Over({ room }: { room: Room }) {
  const busy = useLobby((s) => s.busy);
  const autoNext = usePreferences((s) => s.autoNext);
  const button = useRef<HTMLButtonElement>(null);
  useArrivalFocus(button);
  if (!room.over) return null;
  return (
    <div className={styles.over}>
      <p className={styles.why}><bdi>{departureSentence(room.over.reason, namesOf(room.partners))}</bdi></p>
      <div className={styles.buttons}>
        <Button ref={button} tone="primary" busy={busy === 'next'} onClick={() => void goOn()}>Find next <span className={styles.keys}><Kbd keys="Esc" /> <Kbd keys="Esc" /></span></Button>
        <Button busy={busy === 'leave'} onClick={() => void leaveLobby()}>Leave the lobby</Button>
      </div>
      <Check label="Find the next one without asking" checked={autoNext} onChange={setAutoNext} hint={autoNext ? 'We look in a moment.' : undefined} />
    </div>
  );
}
