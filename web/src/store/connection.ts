// How the connection is, and how loudly that is said: nothing for two seconds, a word in the header until ten, then a bar.
import { useEffect, useState } from 'react';
import { create } from 'zustand';
import type { LiveState } from '../live.ts';

export const useConnection = create<{ readonly state: LiveState }>()(() => ({ state: { phase: 'off' } }));

export const QUIET_MS = 2_000;
export const WORD_MS = 10_000;

export type Notice = { readonly level: 'none' | 'word' } | { readonly level: 'bar'; readonly retryInMs: number | null };

export function noticeAt(state: LiveState, now: number): Notice {
  if (state.phase === 'open' || state.phase === 'off') return { level: 'none' };
  const away = now - state.lostAt;
  if (away < QUIET_MS) return { level: 'none' };
  if (away < WORD_MS) return { level: 'word' };
  return { level: 'bar', retryInMs: state.phase === 'waiting' ? Math.max(0, state.retryAt - now) : null };
}

export function useConnectionNotice(): Notice {
  const state = useConnection((s) => s.state);
  const [now, setNow] = useState(() => Date.now());
  const away = state.phase === 'connecting' || state.phase === 'waiting';
  useEffect(() => {
    if (!away) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [away, state]);
  return noticeAt(state, now);
}
