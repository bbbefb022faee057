// A menu behind a button: a list of named actions, by pointer, arrows or first letters. What draws it is loaded when a
// pointer or the focus first comes near, so that the first screen does not wait for it.
import { lazy, Suspense, type ReactElement, type ReactNode } from 'react';

import { useDrawnOnDemand } from './use-drawn-on-demand.ts';

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
  const { wanted, open, change, waiting } = useDrawnOnDemand(trigger, 'menu', load, onOpenChange);
  if (!wanted) return waiting;
  return (
    <Suspense fallback={waiting}>
      <DrawnMenu trigger={trigger} label={label} entries={entries} open={open} onOpenChange={change} />
    </Suspense>
  );
}
