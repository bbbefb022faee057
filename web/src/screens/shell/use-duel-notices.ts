// What happens in one's duels while one looks elsewhere: a toast that leads there, and the title. Whoever waits for it in
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
  const { found, aside, ended } = useDuels();
  const waits = place.screen === 'duels' || (place.screen === 'duel' && found?.by === 'rematch');
  const isThere = place.screen === 'duel' && place.id === found?.duel;
  const go = useRef(navigate);
  go.current = navigate;

  useEffect(() => {
    if (!found || isThere) return;
    if (waits) return go.current(paths.duel(found.duel));
    return tell(WORDS[found.by], null, 'Go there', () => go.current(paths.duel(found.duel)));
  }, [found, isThere, waits]);

  useEffect(() => {
    if (aside !== null) return tell('You keep your place in the duel.', undefined, 'Go back', () => go.current(paths.duel(aside)));
  }, [aside]);

  useEffect(() => {
    if (!ended) return;
    toast(ended.how, { action: { label: 'See the duel', run: () => go.current(paths.duel(ended.duel)) } });
    useDuels.setState({ ended: null });
  }, [ended]);

  return found && !isThere ? WORDS[found.by] : null;
}

/** Until what it gives back is called. */
function tell(text: string, lastsMs: number | null | undefined, label: string, run: () => void): () => void {
  const shown = toast(text, { lastsMs, action: { label, run } });
  return () => dismissToast(shown);
}
