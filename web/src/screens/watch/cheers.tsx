// Emojis that float up while something is watched: over our own picture, beside a frame of another site, whose makers do
// not want anything over it.
import { useWatch } from '../../watch/store.ts';
import { cheer } from '../../watch/watching.ts';
import { IconButton } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { SmileIcon } from '../../ui/icons.tsx';
import { EmojiButton } from '../group/emoji-button.tsx';
import { rememberUsed } from '../group/emoji-memory.ts';
import styles from './cheers.module.css';

const LANES = 7;

export function FloatingCheers({ beside }: { beside: boolean }) {
  const cheers = useWatch((s) => s.cheers);
  return (
    // Decoration: who reads by ear hears the chat, not a rain of emojis.
    <div className={classes(styles.sky, beside && styles.beside)} aria-hidden="true">
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
      trigger={<IconButton label="Cheer with an emoji"><SmileIcon /></IconButton>}
    />
  );
}
