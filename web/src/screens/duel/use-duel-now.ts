// The server's time by the documents of the match, again and again: for clocks on the screen.
import { useEffect, useState } from 'react';
import { duelNow } from '../../duel/playing.ts';

export function useDuelNow(everyMs = 200): number | null {
  const [now, setNow] = useState(duelNow);
  useEffect(() => {
    setNow(duelNow());
    const timer = setInterval(() => setNow(duelNow()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
