// A button that opens the emoji picker beside itself.
import { cloneElement, lazy, Suspense, useState, type ReactElement } from 'react';

const load = () => import('./emoji-popover.tsx');
const EmojiPopover = lazy(load);

interface Props {
  readonly trigger: ReactElement<Record<string, unknown>>;
  readonly onPick: (emoji: string) => void;
  readonly onOpenChange?: (open: boolean) => void;
  /** Takes the focus when it closes; otherwise the button gets it back. */
  readonly onClosed?: () => void;
}

export function EmojiButton({ trigger, onPick, onOpenChange, onClosed }: Props) {
  const [wanted, setWanted] = useState(false);
  const [open, setOpen] = useState(false);
  const change = (next: boolean) => {
    setOpen(next);
    onOpenChange?.(next);
  };
  const waiting = cloneElement(trigger, {
    'aria-haspopup': 'dialog',
    'aria-expanded': open,
    onPointerEnter: load,
    onFocus: load,
    onClick: () => {
      setWanted(true);
      change(true);
    },
  });
  if (!wanted) return waiting;
  return (
    <Suspense fallback={waiting}>
      <EmojiPopover trigger={trigger} open={open} onOpenChange={change} onPick={onPick} onClosed={onClosed} />
    </Suspense>
  );
}
