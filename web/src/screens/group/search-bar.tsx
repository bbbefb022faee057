// Search within what is loaded of this group; more of it can be loaded from here.
import { useEffect, useRef } from 'react';
import { reachesStart, type LogState } from '../../model/log.ts';
import { dayName } from '../../model/time.ts';
import type { Loading } from '../../store/logs.ts';
import { loadOlder } from '../../sync/chat.ts';
import { IconButton } from '../../ui/button.tsx';
import { CloseIcon, DownIcon, SearchIcon, UpIcon } from '../../ui/icons.tsx';
import styles from './search-bar.module.css';

interface Props {
  readonly group: number;
  readonly log: LogState;
  readonly loading: Loading;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly found: readonly number[];
  readonly at: number;
  readonly onStep: (step: 1 | -1) => void;
  readonly onClose: () => void;
}

export function SearchBar({ group, log, loading, query, onQuery, found, at, onStep, onClose }: Props) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const oldest = log.items[0];
  return (
    <search className={styles.bar}>
      <SearchIcon size={18} />
      <input
        ref={input} type="search" className={styles.input} value={query} placeholder="Search the loaded messages" aria-label="Search in this group" autoFocus
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            onStep(event.shiftKey ? 1 : -1);
          } else if (event.key === 'Escape') {
            event.preventDefault();
            onClose();
          }
        }}
      />
      <span className={styles.count} role="status">{query.trim() === '' ? '' : found.length === 0 ? 'Nothing found' : `${found.length - at} of ${found.length}`}</span>
      <IconButton label="Older match" keys="Enter" disabled={found.length === 0} onClick={() => onStep(-1)}><UpIcon /></IconButton>
      <IconButton label="Newer match" keys="Shift+Enter" disabled={found.length === 0} onClick={() => onStep(1)}><DownIcon /></IconButton>
      <IconButton label="Close search" keys="Escape" onClick={onClose}><CloseIcon /></IconButton>
      {!reachesStart(log) && oldest && (
        <p className={styles.more}>
          Searched back to {dayName(oldest.at, Date.now())}.{' '}
          <button type="button" disabled={loading === 'loading'} onClick={() => void loadOlder(group)}>{loading === 'loading' ? 'Loading…' : 'Load more'}</button>
        </p>
      )}
    </search>
  );
}
