// What a new state of the lobby asks of the reader gets the focus, unless they are busy with something else.
import { useEffect, type RefObject } from 'react';

export function useArrivalFocus(target: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const elsewhere = document.querySelector('[role="dialog"]') ?? document.activeElement?.closest('aside');
    if (!elsewhere) target.current?.focus({ preventScroll: true });
  }, [target]);
}
