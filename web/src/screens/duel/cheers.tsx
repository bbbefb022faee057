// Emojis that float up over a match, from players and spectators.
import { cheer } from '../../duel/playing.ts';
import { useDuel } from '../../duel/store.ts';
import { IconButton } from '../../ui/button.tsx';
import { SmileIcon } from '../../ui/icons.tsx';
import { EmojiButton } from '../group/emoji-button.tsx';
import { rememberUsed } from '../group/emoji-memory.ts';
import styles from '../watch/cheers.module.css';

const LANES = 7;

export function FloatingCheers() {
  const cheers = useDuel((s) => s.cheers);
  return (
    // Decoration: who reads by ear hears verdicts, not a rain of emojis.
    <div className={styles.sky} aria-hidden="true">
      {cheers.map(({ id, emoji, by }) => (
        <span key={id} className={styles.cheer} style={{ '--lane': (id * 3) % LANES, '--lanes': LANES } as React.CSSProperties}>
          <span className={styles.emoji}>{emoji}</span>
          <bdi className={styles.by}>{by}</bdi>
        </span>
      ))}
    </div>
  );
}

export function CheerButton() {
  return (
    <EmojiButton
      onPick={(emoji) => {
        rememberUsed(emoji);
        cheer(emoji);
      }}
      trigger={<IconButton label="React with an emoji"><SmileIcon /></IconButton>}
    />
  );
}
