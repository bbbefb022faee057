// A row of tabs: arrows move between them, and what is hidden is not drawn.
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { classes } from '../../ui/classes.ts';
import styles from './tabs.module.css';

export interface Tab {
  readonly id: string;
  readonly name: string;
  readonly count?: number;
  readonly content: ReactNode;
  /** It has its own scrolling. */
  readonly fills?: boolean;
}

interface Props {
  readonly label: string;
  readonly tabs: readonly Tab[];
  /** Is shown until one is chosen. */
  readonly preferred: string;
  /** Both, where somebody else chooses, too. */
  readonly shown?: string | null;
  readonly onShow?: (id: string) => void;
}

export function Tabs({ label, tabs, preferred, shown, onShow }: Props) {
  const [own, setOwn] = useState<string | null>(null);
  const [chosen, setChosen] = onShow ? [shown, onShow] : [own, setOwn];
  const list = useRef<HTMLDivElement>(null);
  const current = tabs.find((tab) => tab.id === (chosen ?? preferred)) ?? tabs[0]!;

  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(current) + step + tabs.length) % tabs.length]!;
    setChosen(next.id);
    list.current?.querySelector<HTMLElement>(`#tab-${next.id}`)?.focus();
  };

  return (
    <div className={styles.tabs}>
      <div ref={list} role="tablist" aria-label={label} className={styles.list} onKeyDown={onKeyDown}>
        {tabs.map(({ id, name, count }) => (
          <button
            key={id} type="button" role="tab" id={`tab-${id}`} aria-selected={id === current.id} aria-controls={id === current.id ? `panel-${id}` : undefined}
            tabIndex={id === current.id ? 0 : -1} className={styles.tab} onClick={() => setChosen(id)}
          >
            {name}{count ? <span className={styles.count}>{count}</span> : null}
          </button>
        ))}
      </div>
      <div key={current.id} role="tabpanel" id={`panel-${current.id}`} aria-labelledby={`tab-${current.id}`} className={classes(styles.panel, current.fills && styles.fills)} tabIndex={current.fills ? undefined : 0}>
        {current.content}
      </div>
    </div>
  );
}
