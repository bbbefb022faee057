// Esc in the lobby: once to stop waiting, twice within a moment to go on to somebody else. Popups and dialogs come first,
// and whoever fills in the panel at the side means that.
import { useEffect, useEffectEvent, useRef } from 'react';

/** Between two presses that belong together. */
export const TWICE_WITHIN_MS = 1_500;

export function useEscape(action: () => void): void {
  const act = useEffectEvent(action);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing || event.repeat) return;
      const inPanel = event.target instanceof Element && event.target.closest('aside') !== null;
      if (inPanel || document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]')) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

export function useEscapeTwice(first: () => void, second: () => void): void {
  const pressedAt = useRef(-Infinity);
  useEscape(() => {
    const now = performance.now();
    if (now - pressedAt.current < TWICE_WITHIN_MS) {
      pressedAt.current = -Infinity;
      second();
    } else {
      pressedAt.current = now;
      first();
    }
  });
}
