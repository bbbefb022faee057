// The server's time, again and again: for clocks on the screen.
import { useEffect, useState } from 'react';
import { serverNow } from '../../clock.ts';

export function useServerNow(everyMs = 250): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
