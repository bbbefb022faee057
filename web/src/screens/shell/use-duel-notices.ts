// A duel of one's own begins while one looks elsewhere: a toast that leads there, and the title. Whoever waits for it in
// the duel lobby, or at the end of the duel before, is there at once.
import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { paths, type Place } from '../../routes.ts';
import { useDuels } from '../../store/duels.ts';
import { dismissToast, toast } from '../../store/toasts.ts';

const WORDS = { seek: 'An opponent was found.', challenge: 'Your duel begins.', rematch: 'The rematch begins.' } as const;

/** Answers with what the title has to say. */
export function useDuelNotices(place: Place): string | null {
  const [, navigate] = useLocation();
  const found = useDuels((s) => s.found);
  const waits = place.screen === 'duels' || (place.screen === 'duel' && found?.by === 'rematch');
  const isThere = place.screen === 'duel' && place.id === found?.duel;
  const go = useRef(navigate);
  go.current = navigate;

  useEffect(() => {
    if (!found || isThere) return;
    if (waits) return go.current(paths.duel(found.duel));
    const shown = toast(WORDS[found.by], { lastsMs: null, action: { label: 'Go there', run: () => go.current(paths.duel(found.duel)) } });
    return () => dismissToast(shown);
  }, [found, isThere, waits]);

  return found && !isThere ? WORDS[found.by] : null;
}
