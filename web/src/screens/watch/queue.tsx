// What comes next: dragged by its handle, moved by Alt and arrows, voted for, taken out.
import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { QueueEntry, Watch } from '../../shapes.ts';
import { digits } from '../../model/time.ts';
import { announce } from '../../store/announcer.ts';
import type { Allowed } from '../../watch/allowed.ts';
import { inOrder } from '../../watch/apply.ts';
import { whence } from '../../watch/players/source.ts';
import { ask } from '../../watch/watching.ts';
import { IconButton } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { CloseIcon, GripIcon, VoteIcon } from '../../ui/icons.tsx';
import { EmptyState } from '../../ui/states.tsx';
import styles from './lists.module.css';

export function Queue({ watch, may, me }: { watch: Watch; may: Allowed; me: number }) {
  const entries = inOrder(watch);
  const byVotes = watch.control.queue === 'vote';
  const list = useRef<HTMLOListElement>(null);
  const [dragged, setDragged] = useState<{ readonly item: number; readonly to: number } | null>(null);
  // In an order that votes make, a place by hand would not hold.
  const arranges = may.arrange && !byVotes && entries.length > 1;

  /** `to` is the place among all, the dragged one counted, before which it goes. */
  const move = (item: number, to: number) => {
    const from = entries.findIndex((entry) => entry.item.id === item);
    if (from < 0 || to === from || to === from + 1) return;
    const before = entries[to]?.item.id;
    void ask({ do: 'move', item, ...(before === undefined ? {} : { before }) });
  };
  const onKeyDown = (event: KeyboardEvent, { item }: QueueEntry, index: number) => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (step === 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // With Alt these would go to another group.
    event.preventDefault();
    if (event.altKey) {
      const to = index + step;
      if (!arranges || to < 0 || to >= entries.length) return;
      move(item.id, step < 0 ? to : to + 1);
      announce(`${item.title}: place ${to + 1} of ${entries.length}`);
    } else if (event.target instanceof HTMLElement && event.target.matches('li')) {
      (list.current?.children[index + step] as HTMLElement | undefined)?.focus();
    }
  };
  const placeUnder = (y: number) => {
    const rows = [...(list.current?.children ?? [])].map((row) => row.getBoundingClientRect());
    const under = rows.findIndex((row) => y < row.top + row.height / 2);
    return under < 0 ? rows.length : under;
  };
  const onGrab = (event: PointerEvent, item: number) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    setDragged({ item, to: placeUnder(event.clientY) });
  };
  const onDrag = (event: PointerEvent) => {
    if (dragged) setDragged({ ...dragged, to: placeUnder(event.clientY) });
  };
  const onDrop = () => {
    if (dragged) move(dragged.item, dragged.to);
    setDragged(null);
  };

  if (entries.length === 0) return <EmptyState title="The queue is empty" text={watch.item ? 'What is added here plays next.' : 'What is added here plays at once.'} />;
  return (
    <ol ref={list} className={styles.list} aria-label="Queue">
      {entries.map((entry, index) => {
        const { item, votes } = entry;
        const voted = votes.includes(me);
        return (
          <li
            key={item.id} tabIndex={0} aria-keyshortcuts={arranges ? 'Alt+ArrowUp Alt+ArrowDown' : undefined} onKeyDown={(event) => onKeyDown(event, entry, index)}
            className={classes(styles.entry, dragged?.item === item.id && styles.dragged, dragged?.to === index && styles.dropBefore, dragged?.to === entries.length && index === entries.length - 1 && styles.dropAfter)}
          >
            {arranges && (
              <span className={styles.grip} aria-hidden="true" onPointerDown={(event) => onGrab(event, item.id)} onPointerMove={onDrag} onPointerUp={onDrop} onPointerCancel={() => setDragged(null)}><GripIcon /></span>
            )}
            <span className={styles.words}>
              <span className={styles.name} title={item.title}>{item.title}</span>
              <span className={styles.about}>{whence(item.source)}{item.length_ms !== null && ` · ${digits(item.length_ms)}`}</span>
            </span>
            <button
              type="button" className={styles.vote} aria-pressed={voted} aria-label={`Vote for ${item.title}, ${votes.length} so far`} data-tip={voted ? 'Take your vote back' : 'Vote for it'}
              onClick={() => void ask({ do: 'vote', item: item.id, on: !voted })}
            >
              <VoteIcon size={16} />{votes.length}
            </button>
            {(may.arrange || item.added_by === me) && (
              <IconButton label={`Take ${item.title} out of the queue`} tooltip={false} onClick={() => void ask({ do: 'remove', item: item.id })}><CloseIcon size={16} /></IconButton>
            )}
          </li>
        );
      })}
    </ol>
  );
}
