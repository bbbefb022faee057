// What stands where content is missing: none yet, still coming, or not to be had.
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { classes } from './classes.ts';
import styles from './states.module.css';

export function EmptyState({ title, text, children, full = false, heading = 'h2' }: { title: string; text?: ReactNode; children?: ReactNode; full?: boolean; heading?: 'h1' | 'h2' }) {
  const Heading = heading;
  return (
    <div className={classes(styles.state, full && styles.full)}>
      <Heading className={styles.title}>{title}</Heading>
      {text && <p>{text}</p>}
      {children && <div className={styles.actions}>{children}</div>}
    </div>
  );
}

export function ErrorState({ title, text, onRetry, full = false, heading = 'h2' }: { title: string; text: string; onRetry?: () => void; full?: boolean; heading?: 'h1' | 'h2' }) {
  return (
    <div role="alert">
      <EmptyState title={title} text={text} full={full} heading={heading}>
        {onRetry && <Button onClick={onRetry}>Try again</Button>}
      </EmptyState>
    </div>
  );
}

export function Skeleton({ rows = 6, label }: { rows?: number; label: string }) {
  return (
    <div className={styles.bones} role="status">
      <span className="hidden-visually">{label}</span>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className={styles.bone} aria-hidden="true"><i /><i /></div>
      ))}
    </div>
  );
}
