// A menu behind a button: a list of named actions, by pointer, arrows or first letters. What draws it is loaded when a
// pointer or the focus first comes near, so that the first screen does not wait for it.
import { cloneElement, lazy, Suspense, useState, type ReactElement, type ReactNode } from 'react';

export interface MenuAction {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly keys?: string;
  readonly danger?: boolean;
  readonly run: () => void;
}

export type MenuEntry = MenuAction | 'line' | false | null | undefined;

interface MenuProps {
  readonly trigger: ReactElement<Record<string, unknown>>;
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly onOpenChange?: (open: boolean) => void;
}

const load = () => import('./menu-drawn.tsx');
const DrawnMenu = lazy(load);

export function Menu({ trigger, label, entries, onOpenChange }: MenuProps) {
  const [wanted, setWanted] = useState(false);
  const [open, setOpen] = useState(false);
  const change = (next: boolean) => {
    setOpen(next);
    onOpenChange?.(next);
  };
  const waiting = cloneElement(trigger, {
    'aria-haspopup': 'menu',
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
      <DrawnMenu trigger={trigger} label={label} entries={entries} open={open} onOpenChange={change} />
    </Suspense>
  );
}
