// The first letter of a name on a colour that belongs to the account; with a dot where presence matters.
import { classes } from './classes.ts';
import styles from './avatar.module.css';

const COLOURS = 6;

export function Avatar({ id, name, size = 36, online }: { id: number; name: string; size?: number; online?: boolean | undefined }) {
  const first = [...name.trim()][0]?.toLocaleUpperCase() ?? '?';
  return (
    <span className={styles.avatar} style={{ width: size, height: size, fontSize: size * 0.42, background: `var(--avatar${Math.abs(id) % COLOURS})` }}>
      <span aria-hidden="true">{first}</span>
      {online !== undefined && <span className={classes(styles.dot, !online && styles.off)} />}
    </span>
  );
}
