// Outside a lobby: one big button, how many wait, and why one is outside again where that is worth saying.
import { useRef } from 'react';
import { Link } from 'wouter';
import { partingSentence, waitingSentence } from '../../model/lobby-words.ts';
import { comesNext, viewSpeedChat, type SpeedChatView } from '../../model/speed-chat.ts';
import { digitsLeft } from '../../model/time.ts';
import { paths } from '../../routes.ts';
import { useGroups, type GroupEntry } from '../../store/groups.ts';
import { useLobby } from '../../store/lobby.ts';
import { enterLobby } from '../../sync/lobby.ts';
import { Button } from '../../ui/button.tsx';
import { CheckIcon, WarnIcon } from '../../ui/icons.tsx';
import { Radar } from './radar.tsx';
import { useArrivalFocus } from './use-arrival-focus.ts';
import { useServerNow } from './use-server-now.ts';
import styles from './stage.module.css';

export function Door({ entry: { group } }: { entry: GroupEntry }) {
  const state = useLobby((s) => s.state);
  const crowd = useLobby((s) => s.crowds[group.id]);
  const busy = useLobby((s) => s.busy === 'enter');
  const elsewhere = useGroups((s) => (state.at === 'outside' ? undefined : s.entries[state.group]?.group));
  const button = useRef<HTMLButtonElement>(null);
  useArrivalFocus(button);
  const rounds = viewSpeedChat(crowd?.speed_chat);
  const talks = state.at === 'room';

  return (
    <div className={styles.stage}>
      <Parting group={group.id} />
      <Radar looking={false} />
      <h2 className={styles.title}>Meet somebody of <bdi>{group.name}</bdi></h2>
      <p className={styles.text}>You are put together with somebody who is looking, too, and talk one to one. Those whom you have not met yet come first.</p>
      {elsewhere ? (
        <>
          <p className={styles.text}>You {talks ? 'are in a room' : 'wait'} in the lobby of <bdi>{elsewhere.name}</bdi>.</p>
          <div className={styles.row}>
            <Link href={paths.lobby(elsewhere.id)}>Go back there</Link>
          </div>
        </>
      ) : null}
      {!(elsewhere && talks) && (
        <Button ref={button} tone="primary" className={styles.big} busy={busy} onClick={() => void enterLobby(group.id)}>
          {elsewhere ? 'Find someone here instead' : rounds.phase === 'none' ? 'Find someone' : 'Join the speed chat'}
        </Button>
      )}
      <p className={styles.text} role="status">{crowd && (rounds.phase === 'none' || crowd.waiting > 0) && waitingSentence(crowd.waiting)}</p>
      <Rounds view={rounds} />
    </div>
  );
}

function Parting({ group }: { group: number }) {
  const parting = useLobby((s) => (s.state.at === 'outside' && s.state.group === group ? s.state.parting : null));
  if (!parting || parting.what === 'kept') return null;
  return (
    <div className={styles.news}>
      {parting.what === 'reported' || parting.what === 'blocked' ? <CheckIcon /> : <WarnIcon />}
      <p>{parting.what === 'unconfirmed' && <strong>Are you still there?</strong>}{partingSentence(parting)}</p>
    </div>
  );
}

/** What a speed chat means for somebody who is not in it yet. */
function Rounds({ view }: { view: SpeedChatView }) {
  const now = useServerNow();
  switch (view.phase) {
    case 'none':
      return null;
    case 'soon':
      return <p className={styles.text}>A speed chat begins in <span className={styles.since}>{digitsLeft(view.beginsAt - now)}</span>: {comesNext(view)}</p>;
    case 'round':
      return (
        <p className={styles.text}>
          Speed chat: round {view.round} of {view.rounds} runs. {view.round < view.rounds ? <>You join at the next round, in <span className={styles.since}>{digitsLeft(view.endsAt - now)}</span>.</> : <>It is the last one; it ends in <span className={styles.since}>{digitsLeft(view.endsAt - now)}</span>.</>}
        </p>
      );
  }
}
