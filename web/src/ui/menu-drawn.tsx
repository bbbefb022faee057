// The menu itself, on Radix' primitive: focus, arrows, typeahead, closing.
import * as Radix from '@radix-ui/react-dropdown-menu';
import type { ReactElement } from 'react';
import { classes } from './classes.ts';
import { keysInWords } from './keys.ts';
import type { MenuEntry } from './menu.tsx';
import styles from './menu.module.css';

interface Props {
  readonly trigger: ReactElement;
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

export default function DrawnMenu({ trigger, label, entries, open, onOpenChange }: Props) {
  return (
    // Not modal: the rest of the page need not be hidden from a screen reader for a list of five actions.
    <Radix.Root open={open} onOpenChange={onOpenChange} modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles.menu} align="end" sideOffset={4} collisionPadding={8} aria-label={label}>
          {entries.map((entry, index) =>
            entry === 'line' ? (
              <Radix.Separator key={index} className={styles.line} />
            ) : entry ? (
              <Radix.Item key={index} className={classes(styles.item, entry.danger && styles.danger)} onSelect={entry.run}>
                {entry.icon}
                <span>{entry.label}</span>
                {entry.keys && <span className={styles.keys}>{keysInWords(entry.keys)}</span>}
              </Radix.Item>
            ) : null,
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
