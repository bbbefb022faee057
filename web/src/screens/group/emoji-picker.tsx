// Chooses an emoji: those used last, a search, a few groups. Loaded when it is opened for the first time.
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { EMOJI_GROUPS, findEmojis, type Emoji } from './emoji-list.ts';
import { lastUsed, rememberUsed } from './emoji-memory.ts';
import styles from './emoji-picker.module.css';

const COLUMNS = 8;

export default function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const [query, setQuery] = useState('');
  const grid = useRef<HTMLDivElement>(null);
  const found = useMemo(() => (query.trim() ? findEmojis(query) : null), [query]);
  const recent = useMemo(() => lastUsed().map((emoji): Emoji => ({ emoji, words: 'used lately' })), []);
  const groups = found ? [{ name: found.length > 0 ? 'Found' : 'Nothing found', emojis: found }] : [{ name: 'Used lately', emojis: recent }, ...EMOJI_GROUPS];

  const pick = (emoji: string) => {
    rememberUsed(emoji);
    onPick(emoji);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS };
    const step = steps[event.key];
    if (step === undefined) return;
    const buttons = [...(grid.current?.querySelectorAll('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    // From the search field only downwards: there the other arrows belong to the text.
    if (at < 0 && event.key !== 'ArrowDown') return;
    event.preventDefault();
    buttons[at < 0 ? 0 : Math.min(buttons.length - 1, Math.max(0, at + step))]?.focus();
  };

  return (
    <div className={styles.picker} onKeyDown={onKeyDown}>
      <input
        className={styles.search} type="search" placeholder="Search emoji" aria-label="Search emoji" value={query} autoFocus
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && found?.[0]) pick(found[0].emoji);
        }}
      />
      <div className={styles.scroll} ref={grid}>
        {groups.map((group) => (
          <section key={group.name} aria-label={group.name}>
            <p className={styles.name} aria-hidden="true">{group.name}</p>
            <div className={styles.grid}>
              {group.emojis.map(({ emoji, words }) => (
                <button key={emoji} type="button" className={styles.emoji} aria-label={`${emoji} ${words}`} title={words} onClick={() => pick(emoji)}>{emoji}</button>
              ))}
            </div>
          </section>
        ))}
      </div>
    </div>
  );
}
