// A button whose popup is code of its own, loaded when somebody comes near and drawn from the first click on.
import { cloneElement, useState, type ReactElement } from 'react';

export function useDrawnOnDemand(
  trigger: ReactElement<Record<string, unknown>>,
  popup: 'menu' | 'dialog',
  load: () => unknown,
  onOpenChange?: (open: boolean) => void,
) {
  const [wanted, setWanted] = useState(false);
  const [open, setOpen] = useState(false);
  const change = (next: boolean) => {
    setOpen(next);
    onOpenChange?.(next);
  };
  const waiting = cloneElement(trigger, {
    'aria-haspopup': popup,
    'aria-expanded': open,
    onPointerEnter: load,
    onFocus: load,
    onClick: () => {
      setWanted(true);
      change(true);
    },
  });
  return { wanted, open, change, waiting };
}
