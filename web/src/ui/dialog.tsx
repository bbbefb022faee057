// A dialog over the page: focus goes in, Esc and the scrim close it, focus goes back. On a phone the wide ones and the
// side sheet fill the screen.
import * as Radix from '@radix-ui/react-dialog';
import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { classes } from './classes.ts';
import { CloseIcon } from './icons.tsx';
import styles from './dialog.module.css';

interface DialogProps {
  readonly title: string;
  readonly about?: ReactNode;
  readonly shape?: 'small' | 'wide' | 'side' | 'top';
  readonly titleHidden?: boolean;
  /** Without it the dialog cannot be waved away. */
  readonly onClose?: () => void;
  readonly children: ReactNode;
}

export function Dialog({ title, about, shape = 'small', titleHidden = false, onClose, children }: DialogProps) {
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose?.()}>
      <Radix.Portal>
        <Radix.Overlay className={styles.scrim} />
        <Radix.Content
          // A field that asks for the focus has it; otherwise the dialog itself, not its first button.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            const box = event.target as HTMLElement;
            if (!box.contains(document.activeElement)) box.focus();
          }}
          className={classes(styles.box, shape !== 'small' && styles[shape])} {...(about ? {} : { 'aria-describedby': undefined })}>
          {titleHidden ? (
            <Radix.Title className="hidden-visually">{title}</Radix.Title>
          ) : (
            <div className={styles.head}>
              <Radix.Title className={styles.title}>{title}</Radix.Title>
              {onClose && <IconButton label="Close" tooltip={false} onClick={onClose}><CloseIcon /></IconButton>}
            </div>
          )}
          {titleHidden ? children : (
            <div className={styles.body} tabIndex={shape === 'wide' ? 0 : undefined}>
              {about && <Radix.Description className={styles.about}>{about}</Radix.Description>}
              {children}
            </div>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
