// One message: who, when, what, the message it answers, reactions, and what can be done with it. Memoised on the message
// object: it is drawn again only when it changed. An unsent message is the same row in another state.
import { memo, useRef, useState } from 'react';
import { writtenBeside } from '../../model/attachments.ts';
import type { LogMessage, Outgoing } from '../../model/log.ts';
import { plainText } from '../../model/markdown.ts';
import type { MentionNames } from '../../model/mentions.ts';
import { mentionsMe } from '../../model/mentions.ts';
import { maySeeEdits } from '../../model/permission.ts';
import { clock, fullTime, shortClock } from '../../model/time.ts';
import type { Role } from '../../shapes.ts';
import { useLogs } from '../../store/logs.ts';
import { discardMessage, messageOf, retryMessage } from '../../sync/chat.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { classes } from '../../ui/classes.ts';
import { copyText } from '../../ui/copy.ts';
import { ClockIcon, ReplyIcon, WarnIcon } from '../../ui/icons.tsx';
import { MarkdownView } from './markdown-view.tsx';
import { MessageActions } from './message-actions.tsx';
import { MessageFiles } from './message-files.tsx';
import { Reactions } from './reactions.tsx';
import styles from './message-row.module.css';

export interface RowContext {
  readonly group: number;
  readonly role: Role;
  readonly names: MentionNames;
  /** Shows another message of the log. */
  readonly jump: (seq: number) => void;
  readonly showEdits: (seq: number) => void;
  /** Beside what is watched: at which second of it a message was written, and of what. */
  readonly stamp?: (message: LogMessage) => { readonly text: string; readonly title: string } | null;
}

interface Props {
  readonly message: LogMessage;
  readonly outgoing: Outgoing | null;
  readonly lead: boolean;
  readonly mine: boolean;
  readonly position: number;
  readonly mark: 'none' | 'found' | 'current' | 'flash';
  readonly context: RowContext;
  readonly rowKey: string;
}

export const MessageRow = memo(function MessageRow({ message, outgoing, lead, mine, position, mark, context, rowKey }: Props) {
  const [active, setActive] = useState(false);
  const [held, setHeld] = useState(false);
  const row = useRef<HTMLElement>(null);
  const wasActive = useRef(false);
  const { group, role, names } = context;
  const forMe = !mine && mentionsMe(message.text, names);
  const canAct = !outgoing && !message.deleted;
  const written = writtenBeside(message.text, message.files);
  const stamp = outgoing ? null : context.stamp?.(message);

  return (
    <article
      ref={row}
      className={classes(styles.row, lead && styles.lead, forMe && styles.forMe, mark !== 'none' && styles[mark], outgoing && styles.unsent)}
      data-row={rowKey}
      data-seq={message.seq || undefined}
      tabIndex={-1}
      aria-posinset={position}
      aria-setsize={-1}
      aria-label={`${mine ? 'You' : message.by.name}, ${clock(message.at)}`}
      onPointerEnter={(event) => event.pointerType === 'mouse' && setActive(true)}
      onPointerLeave={(event) => event.pointerType === 'mouse' && setActive(false)}
      onFocus={() => setActive(true)}
      onBlur={(event) => !row.current?.contains(event.relatedTarget) && setActive(false)}
      // A finger has no hover: a tap shows what can be done, another one hides it.
      // The focus that comes with it has shown it already by then, so what counts is how it was before.
      onPointerDown={() => (wasActive.current = active)}
      onClick={(event) => {
        const onSomething = (event.target as Element).closest('a, button, pre') !== null;
        if ((event.nativeEvent as PointerEvent).pointerType === 'touch' && !onSomething) setActive(!wasActive.current);
      }}
    >
      <div className={styles.side} aria-hidden="true">
        {lead ? <Avatar id={message.by.id} name={message.by.name} /> : <time className={styles.sideTime}>{shortClock(message.at)}</time>}
      </div>
      <div className={styles.main}>
        {message.replyTo !== null && !message.deleted && <Quote group={group} seq={message.replyTo} jump={context.jump} />}
        {lead && (
          <p className={styles.head}>
            <bdi className={styles.author}>{message.by.name}</bdi>
            <time className={styles.time} dateTime={new Date(message.at).toISOString()} title={fullTime(message.at)}>{clock(message.at)}</time>
          </p>
        )}
        {message.deleted ? (
          <p className={styles.gone}>This message was deleted.</p>
        ) : (
          <>
            {written !== '' && <MarkdownView text={written} names={names} />}
            {message.files.length > 0 && <MessageFiles group={group} files={message.files} />}
          </>
        )}
        {message.editedAt !== null && !message.deleted && (
          maySeeEdits(mine, role) ? (
            <button type="button" className={styles.edited} title={`Edited ${fullTime(message.editedAt)}. Show what it said before.`} onClick={() => context.showEdits(message.seq)}>(edited)</button>
          ) : (
            <span className={styles.editedPlain} title={`Edited ${fullTime(message.editedAt)}`}>(edited)</span>
          )
        )}
        {message.reactions.length > 0 && <Reactions group={group} seq={message.seq} reactions={message.reactions} />}
        {outgoing && <SendState group={group} outgoing={outgoing} />}
      </div>
      {stamp && <span className={styles.stamp} title={stamp.title}><span className="hidden-visually">at </span>{stamp.text}</span>}
      {canAct && (active || held) && (
        <MessageActions group={group} message={message} mine={mine} role={role} showEdits={context.showEdits} onHold={setHeld} />
      )}
    </article>
  );
});

function SendState({ group, outgoing }: { group: number; outgoing: Outgoing }) {
  if (outgoing.state !== 'failed') {
    return <p className={styles.sending}><ClockIcon size={14} /><span>{outgoing.state === 'queued' ? 'Waiting for the connection' : 'Sending'}</span></p>;
  }
  return (
    <p className={styles.failed} role="alert">
      <WarnIcon size={16} />
      <span>Not sent. {outgoing.problem}</span>
      <span className={styles.failedActions}>
        <button type="button" onClick={() => retryMessage(outgoing.clientId)}>Retry</button>
        <button type="button" onClick={() => void copyText(outgoing.text, 'Message copied')}>Copy</button>
        <button type="button" onClick={() => discardMessage(group, outgoing.clientId)}>Delete</button>
      </span>
    </p>
  );
}

function Quote({ group, seq, jump }: { group: number; seq: number; jump: (seq: number) => void }) {
  const answered = useLogs((s) => messageOf(s.logs[group], seq));
  const text = !answered ? 'An earlier message' : answered.deleted ? 'A deleted message' : plainText(answered.text).slice(0, 160);
  return (
    <button type="button" className={styles.quote} onClick={() => jump(seq)}>
      <ReplyIcon size={14} />
      <span className="hidden-visually">Answer to </span>
      {answered && <bdi className={styles.quoteAuthor}>{answered.by.name}</bdi>}
      <span className={styles.quoteText} dir="auto">{text}</span>
    </button>
  );
}
