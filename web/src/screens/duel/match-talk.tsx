// What the players say to each other; spectators read along. It is passed on and never stored.
import { useEffect, useRef, useState } from 'react';
import { sayLine } from '../../duel/playing.ts';
import { NO_NAMES } from '../../model/mentions.ts';
import { clock } from '../../model/time.ts';
import type { DuelLine } from '../../shapes.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { SendIcon } from '../../ui/icons.tsx';
import { MarkdownView } from '../group/markdown-view.tsx';
import styles from './match-talk.module.css';

/** `DuelSay::text`. */
const LONGEST = 500;

export function MatchTalk({ lines, plays }: { lines: readonly DuelLine[]; plays: boolean }) {
  const [text, setText] = useState('');
  const [sending, setSending] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [lines]);

  const send = async () => {
    const line = text.trim();
    if (line === '' || sending) return;
    setSending(true);
    // What was not passed on stays in the box.
    if (await sayLine(line)) setText('');
    setSending(false);
  };

  return (
    <section className={styles.talk} aria-label="Talk" data-region>
      <div ref={list} className={styles.lines} tabIndex={0} role="group" aria-label="What was said">
        {lines.length === 0 && <p className={styles.none}>{plays ? 'Nothing was said yet. Wish them luck!' : 'The players have said nothing yet.'}</p>}
        {lines.map((line, index) => (
          <article key={`${line.at}.${line.by.id}.${index}`} className={styles.line}>
            <Avatar id={line.by.id} name={line.by.name} size={24} />
            <div className={styles.said}>
              <p className={styles.by}><bdi>{line.by.name}</bdi><time dateTime={line.at}>{clock(Date.parse(line.at))}</time></p>
              <MarkdownView text={line.text} names={NO_NAMES} />
            </div>
          </article>
        ))}
      </div>
      {plays && (
        <form
          className={styles.box}
          onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}
        >
          <input className={styles.text} aria-label="Say something to all who are here" placeholder="Say something" value={text} maxLength={LONGEST} autoComplete="off" onChange={(event) => setText(event.target.value)} />
          <IconButton type="submit" label="Say it" disabled={text.trim() === '' || sending}><SendIcon /></IconButton>
        </form>
      )}
    </section>
  );
}
