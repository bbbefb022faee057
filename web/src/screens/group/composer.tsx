// Where one writes: grows with the text, keeps a draft at every keystroke, completes names, edits, answers.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { Failure, inWords } from '../../failure.ts';
import { namesAsText } from '../../model/attachments.ts';
import { lastOwnMessage } from '../../model/log.ts';
import { plainText } from '../../model/markdown.ts';
import { matchMembers, mentionOf, mentionQuery } from '../../model/mentions.ts';
import type { Attachment, Member } from '../../shapes.ts';
import { NO_DRAFT, setDraft, useDrafts } from '../../store/drafts.ts';
import { changeEdit, endEdit, putEdit, useEditing, type Editing } from '../../store/editing.ts';
import { logOf, useLogs } from '../../store/logs.ts';
import { usePeople } from '../../store/people.ts';
import { usePreferences } from '../../store/preferences.ts';
import { toast } from '../../store/toasts.ts';
import { deleteMessage, editMessage, messageOf, sendMessage, tellTyping } from '../../sync/chat.ts';
import { useUploads } from '../../uploads/store.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { CheckIcon, ClipIcon, CloseIcon, EditIcon, ReplyIcon, SendIcon, SmileIcon } from '../../ui/icons.tsx';
import { mainKey } from '../../ui/keys.ts';
import { useMedia } from '../../ui/use-media.ts';
import { ATTACHABLE, attachFiles } from './attach.ts';
import { Attached } from './attached.tsx';
import { beginEdit, CHOOSER_ID, COMPOSER_ID, focusComposer } from './composing.ts';
import { EmojiButton } from './emoji-button.tsx';
import { COUNT_FROM, insertText, lengthOf, LONGEST, markOf, useGrowing, wrapSelection } from './text-box.ts';
import styles from './composer.module.css';

const SUGGESTIONS = 6;
const NOBODY: readonly Member[] = [];
const NO_FILES: readonly Attachment[] = [];

interface Props {
  readonly group: number;
  readonly name: string;
  readonly onSent: () => void;
}

export function Composer({ group, name, onSent }: Props) {
  const draft = useDrafts((s) => s.drafts[group] ?? NO_DRAFT);
  const editing = useEditing((s) => (s.current?.group === group ? s.current : null));
  const members = usePeople((s) => s.groups[group]?.members ?? NOBODY);
  const enterSends = usePreferences((s) => s.enterSends);
  const touch = useMedia('(pointer: coarse)');
  const area = useRef<HTMLTextAreaElement>(null);
  const [mention, setMention] = useState<{ from: number; query: string; chosen: number } | null>(null);

  const text = editing ? editing.text : draft.text;
  const length = lengthOf(text);
  const sending = useUploads(useShallow((s) => s.sending.filter((one) => one.group === group && one.inMessage)));
  const files = editing ? NO_FILES : draft.files;
  // What is still on its way would be missing in it.
  const ready = (text.trim() !== '' || files.length > 0) && length <= LONGEST && (editing !== null || sending.length === 0);
  const suggested = mention ? matchMembers(members, mention.query, SUGGESTIONS) : NOBODY;

  useGrowing(area, text);
  useEffect(() => {
    // On a phone the keyboard would jump up and hide what one came to read.
    if (!touch) area.current?.focus();
  }, [group, touch]);

  const setText = (next: string) => {
    if (editing) {
      changeEdit(next);
    } else {
      setDraft(group, { ...draft, text: next });
      tellTyping(group, next.trim() !== '');
    }
  };

  const insert = (inserted: string, from: number, to: number, select?: [number, number]) => {
    if (area.current) insertText(area.current, inserted, from, to, setText, select);
  };

  const wrap = (mark: string) => {
    if (area.current) wrapSelection(area.current, mark, setText);
  };

  const complete = (member: Member | undefined) => {
    if (!mention || !member || !area.current) return;
    insert(`${mentionOf(member.account)} `, mention.from, area.current.selectionStart);
    setMention(null);
  };

  const send = () => {
    if (!ready) return;
    const said = text.replace(/^\s*\n/, '').trimEnd();
    if (editing) {
      saveEdit(editing, said);
    } else {
      sendMessage(group, said === '' ? namesAsText(files) : said, draft.replyTo, files);
      setDraft(group, NO_DRAFT);
      onSent();
    }
    setMention(null);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While an input method composes, Enter and Esc belong to it.
    if (event.nativeEvent.isComposing) return;
    if (mention && suggested.length > 0) {
      const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (move !== 0) {
        event.preventDefault();
        setMention({ ...mention, chosen: (mention.chosen + move + suggested.length) % suggested.length });
        return;
      }
      if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') {
        event.preventDefault();
        complete(suggested[mention.chosen]);
        return;
      }
      if (event.key === 'Escape') {
        event.preventDefault();
        setMention(null);
        return;
      }
    }
    if (event.key === 'Enter') {
      const sends = mainKey(event) || (enterSends && !event.shiftKey && !touch);
      if (!sends) return;
      event.preventDefault();
      send();
    } else if (event.key === 'Escape' && (editing || draft.replyTo !== null)) {
      event.preventDefault();
      if (editing) endEdit();
      else setDraft(group, { ...draft, replyTo: null });
    } else if (event.key === 'ArrowUp' && text === '' && !editing && !event.altKey && !event.shiftKey && !mainKey(event)) {
      const log = logOf(group);
      const last = log && lastOwnMessage(log);
      if (last) {
        event.preventDefault();
        beginEdit(group, last.seq, last.text);
      }
    } else if (mainKey(event) && event.shiftKey && event.key.toLowerCase() === 'u') {
      event.preventDefault();
      openChooser();
    } else {
      const mark = markOf(event);
      if (!mark) return;
      event.preventDefault();
      wrap(mark);
    }
  };

  const onCaret = () => {
    const element = area.current;
    if (!element) return;
    const query = element.selectionStart === element.selectionEnd ? mentionQuery(element.value, element.selectionStart) : undefined;
    setMention((before) => (query ? { ...query, chosen: before?.query === query.query ? before.chosen : 0 } : null));
  };

  const listId = `${COMPOSER_ID}-names`;
  return (
    <form
      className={styles.composer}
      data-region
      onSubmit={(event) => {
        event.preventDefault();
        send();
        if (touch) area.current?.focus();
      }}
    >
      {mention && suggested.length > 0 && (
        <ul className={styles.names} id={listId} role="listbox" aria-label="Members">
          {suggested.map((member, index) => (
            <li
              key={member.account.id} id={`${listId}-${index}`} role="option" aria-selected={index === mention.chosen}
              className={styles.nameOption}
              onPointerDown={(event) => {
                event.preventDefault();
                complete(member);
              }}
            >
              <Avatar id={member.account.id} name={member.account.display_name} size={24} />
              <bdi>{member.account.display_name}</bdi>
              {member.account.username && <span className={styles.username}>@{member.account.username}</span>}
            </li>
          ))}
        </ul>
      )}
      {editing ? (
        <Above icon={<EditIcon size={16} />} label="Editing your message" text={editing.problem ?? plainText(editing.original)} problem={!!editing.problem} cancel="Cancel editing" onCancel={endEdit} />
      ) : draft.replyTo !== null ? (
        <ReplyBar group={group} seq={draft.replyTo} onCancel={() => setDraft(group, { ...draft, replyTo: null })} />
      ) : null}
      {!editing && <Attached group={group} files={draft.files} sending={sending} />}
      <div className={styles.box}>
        <textarea
          ref={area}
          id={COMPOSER_ID}
          className={styles.text}
          rows={1}
          value={text}
          placeholder={editing ? 'Say it differently' : `Message ${name}`}
          aria-label={editing ? 'Edit message' : `Message ${name}`}
          aria-autocomplete="list"
          aria-controls={mention && suggested.length > 0 ? listId : undefined}
          aria-activedescendant={mention && suggested.length > 0 ? `${listId}-${mention.chosen}` : undefined}
          enterKeyHint={touch ? 'enter' : 'send'}
          dir="auto"
          onChange={(event) => {
            setText(event.target.value);
            onCaret();
          }}
          onPaste={(event) => {
            const pasted = [...event.clipboardData.files];
            if (pasted.length === 0 || editing) return;
            event.preventDefault();
            void attachFiles(group, pasted);
          }}
          onSelect={onCaret}
          onBlur={() => setMention(null)}
          onKeyDown={onKeyDown}
        />
        {length > COUNT_FROM && (
          <span className={classes(styles.count, length > LONGEST && styles.tooLong)} role={length > LONGEST ? 'alert' : undefined}>
            {length > LONGEST ? `${(length - LONGEST).toLocaleString('en')} too many` : (LONGEST - length).toLocaleString('en')}
          </span>
        )}
        {!editing && <AttachButton group={group} />}
        <EmojiButton
          onClosed={focusComposer}
          onPick={(emoji) => {
            const element = area.current;
            insert(emoji, element?.selectionStart ?? text.length, element?.selectionEnd ?? text.length);
          }}
          trigger={<IconButton label="Insert an emoji" className={styles.emoji}><SmileIcon /></IconButton>}
        />
        <IconButton type="submit" label={editing ? 'Save' : 'Send'} className={classes(styles.send, ready && styles.ready)} disabled={!ready} onPointerDown={(event) => event.preventDefault()}>
          {editing ? <CheckIcon /> : <SendIcon />}
        </IconButton>
      </div>
    </form>
  );
}

function AttachButton({ group }: { group: number }) {
  return (
    <>
      <IconButton label="Attach files" keys="Control+Shift+U" className={styles.emoji} onClick={openChooser}><ClipIcon /></IconButton>
      <input
        id={CHOOSER_ID} type="file" multiple accept={ATTACHABLE} hidden
        onChange={(event) => {
          void attachFiles(group, [...(event.target.files ?? [])]);
          // The same one once more is a choice, too.
          event.target.value = '';
        }}
      />
    </>
  );
}

function openChooser(): void {
  document.getElementById(CHOOSER_ID)?.click();
}

function saveEdit(editing: Editing, text: string): void {
  endEdit();
  if (text === editing.original) return;
  if (text === '') {
    deleteMessage(editing.group, editing.seq);
    return;
  }
  editMessage(editing.group, editing.seq, text).catch((error: unknown) => {
    const problem = error instanceof Failure && error.code === 'not_found' ? 'This message is not there any more.' : inWords(error);
    // Back into the composer with what was typed, unless something else is being changed there by now.
    if (useEditing.getState().current === null) putEdit({ ...editing, text, problem });
    else toast(`Your edit was not saved. ${problem}`, { tone: 'error' });
  });
}

function ReplyBar({ group, seq, onCancel }: { group: number; seq: number; onCancel: () => void }) {
  const answered = useLogs((s) => messageOf(s.logs[group], seq));
  return (
    <Above
      icon={<ReplyIcon size={16} />}
      label={answered ? `Answering ${answered.by.name}` : 'Answering an earlier message'}
      text={answered ? (answered.deleted ? 'This message was deleted.' : plainText(answered.text)) : ''}
      cancel="Do not answer" onCancel={onCancel}
    />
  );
}

function Above({ icon, label, text, problem = false, cancel, onCancel }: { icon: React.ReactNode; label: string; text: string; problem?: boolean; cancel: string; onCancel: () => void }) {
  return (
    <div className={classes(styles.above, problem && styles.problem)} role={problem ? 'alert' : undefined}>
      {icon}
      <span className={styles.aboveText}><bdi className={styles.aboveLabel}>{label}</bdi> <span dir="auto">{text.slice(0, 200)}</span></span>
      <IconButton label={cancel} keys="Esc" tooltip={false} onClick={() => {
        onCancel();
        focusComposer();
      }}><CloseIcon size={16} /></IconButton>
    </div>
  );
}
