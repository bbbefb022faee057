// A button that opens the emoji picker beside itself.
import { lazy, Suspense, type ReactElement } from 'react';

import { useDrawnOnDemand } from '../../ui/use-drawn-on-demand.ts';

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
  const { wanted, open, change, waiting } = useDrawnOnDemand(trigger, 'dialog', load, onOpenChange);
  if (!wanted) return waiting;
  return (
    <Suspense fallback={waiting}>
      <EmojiPopover trigger={trigger} open={open} onOpenChange={change} onPick={onPick} onClosed={onClosed} />
    </Suspense>
  );
}
