// The picker in its popover; loaded when a pointer or the focus first comes near the button.
import * as Popover from '@radix-ui/react-popover';
import type { ReactElement } from 'react';
import EmojiPicker from './emoji-picker.tsx';
import styles from './emoji-button.module.css';

interface Props {
  readonly trigger: ReactElement;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onPick: (emoji: string) => void;
  readonly onClosed?: (() => void) | undefined;
}

export default function EmojiPopover({ trigger, open, onOpenChange, onPick, onClosed }: Props) {
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles.popover} side="top" align="end" sideOffset={6} collisionPadding={8} aria-label="Choose an emoji"
          onCloseAutoFocus={(event) => {
            if (!onClosed) return;
            event.preventDefault();
            onClosed();
          }}
        >
          <EmojiPicker
            onPick={(emoji) => {
              onPick(emoji);
              onOpenChange(false);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
