// The logs that were opened since the page was loaded. They stay, so that going back to a group shows it at once.
import { create } from 'zustand';
import { reduce, type Action, type LogState } from '../model/log.ts';

export type Loading = 'idle' | 'loading' | 'failed';

interface LogsState {
  readonly logs: Readonly<Record<number, LogState>>;
  /** The state of the page request in each group. */
  readonly loading: Readonly<Record<number, Loading>>;
}

export const useLogs = create<LogsState>()(() => ({ logs: {}, loading: {} }));

export function logOf(group: number): LogState | undefined {
  return useLogs.getState().logs[group];
}

export function putLog(group: number, log: LogState): void {
  useLogs.setState(({ logs }) => ({ logs: { ...logs, [group]: log } }));
}

export function dropLog(group: number): void {
  useLogs.setState(({ logs }) => {
    const { [group]: _gone, ...others } = logs;
    return { logs: others };
  });
}

/** A group whose log was never opened has nothing to change. */
export function dispatch(group: number, action: Action): void {
  const log = logOf(group);
  if (!log) return;
  const next = reduce(log, action);
  if (next !== log) putLog(group, next);
}

export function setLoading(group: number, state: Loading): void {
  useLogs.setState(({ loading }) => ({ loading: { ...loading, [group]: state } }));
}
