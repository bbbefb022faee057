// Where one writes in a room: the looks and the keys of a group's box, but no draft outlives the room.
import { useRef, useState, type KeyboardEvent } from 'react';
import type { Room } from '../../model/lobby.ts';
import { partnersOf } from '../../model/lobby-words.ts';
import { usePreferences } from '../../store/preferences.ts';
import { say, tellTypingInRoom } from '../../sync/lobby.ts';
import { IconButton } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { SendIcon, SmileIcon } from '../../ui/icons.tsx';
import { mainKey } from '../../ui/keys.ts';
import { useMedia } from '../../ui/use-media.ts';
import styles from '../group/composer.module.css';
import { COMPOSER_ID, focusComposer } from '../group/composing.ts';
import { EmojiButton } from '../group/emoji-button.tsx';
import { COUNT_FROM, insertText, lengthOf, LONGEST, markOf, useGrowing, wrapSelection } from '../group/text-box.ts';
import { useArrivalFocus } from './use-arrival-focus.ts';

const NOBODY = { current: null };

export function RoomComposer({ room, onSent }: { room: Room; onSent: () => void }) {
  const [text, setOwnText] = useState('');
  const enterSends = usePreferences((s) => s.enterSends);
  const touch = useMedia('(pointer: coarse)');
  const area = useRef<HTMLTextAreaElement>(null);
  const length = lengthOf(text);
  const ready = text.trim() !== '' && length <= LONGEST;
  const name = partnersOf(room);
  useGrowing(area, text);
  // On a phone the keyboard would jump up and hide with whom one is.
  useArrivalFocus(touch ? NOBODY : area);

  const setText = (next: string) => {
    setOwnText(next);
    tellTypingInRoom(next.trim() !== '');
  };
  const send = () => {
    if (!ready) return;
    say(text.replace(/^\s*\n/, '').trimEnd());
    setOwnText('');
    onSent();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While an input method composes, Enter and Esc belong to it.
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') {
      if (!mainKey(event) && !(enterSends && !event.shiftKey && !touch)) return;
      event.preventDefault();
      send();
      return;
    }
    const mark = markOf(event);
    if (!mark || !area.current) return;
    event.preventDefault();
    wrapSelection(area.current, mark, setText);
  };

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
      <div className={styles.box}>
        <textarea
          ref={area} id={COMPOSER_ID} className={styles.text} rows={1} value={text} dir="auto" placeholder={`Message ${name}`} aria-label={`Message ${name}`}
          enterKeyHint={touch ? 'enter' : 'send'} onChange={(event) => setText(event.target.value)} onKeyDown={onKeyDown}
        />
        {length > COUNT_FROM && (
          <span className={classes(styles.count, length > LONGEST && styles.tooLong)} role={length > LONGEST ? 'alert' : undefined}>
            {length > LONGEST ? `${(length - LONGEST).toLocaleString('en')} too many` : (LONGEST - length).toLocaleString('en')}
          </span>
        )}
        <EmojiButton
          onClosed={focusComposer}
          onPick={(emoji) => area.current && insertText(area.current, emoji, area.current.selectionStart, area.current.selectionEnd, setText)}
          trigger={<IconButton label="Insert an emoji" className={styles.emoji}><SmileIcon /></IconButton>}
        />
        <IconButton type="submit" label="Send" className={classes(styles.send, ready && styles.ready)} disabled={!ready} onPointerDown={(event) => event.preventDefault()}><SendIcon /></IconButton>
      </div>
    </form>
  );
}
