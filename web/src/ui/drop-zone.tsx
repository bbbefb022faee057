// A part of the page that takes files which are dropped on it, and says so while they are above it.
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import { useFileDrop } from './use-file-drop.ts';
import styles from './drop-zone.module.css';

interface Props {
  readonly className: string | undefined;
  /** What will happen to them. */
  readonly words: string;
  readonly onFiles: (files: readonly File[]) => void;
  readonly children: ReactNode;
}

export function DropZone({ className, words, onFiles, children }: Props) {
  const { isOver, handlers } = useFileDrop(onFiles);
  return (
    <div className={classes(className, styles.zone)} {...handlers}>
      {isOver && <p className={styles.words}>{words}</p>}
      {children}
    </div>
  );
}
