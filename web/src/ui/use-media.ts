// Whether the window is as wide as a media query says; follows it.
import { useSyncExternalStore } from 'react';

export const PHONE = '(max-width: 639px)';
export const WITH_PANEL = '(min-width: 1024px)';

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    () => matchMedia(query).matches,
  );
}
