// Shortcuts that work everywhere behind the door. Those of one part of the screen live with that part.
import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { paths } from '../../routes.ts';
import { openDialog, useDialogs } from '../../store/dialogs.ts';
import { sortedGroups, useGroups } from '../../store/groups.ts';
import { isWriting, mainKey } from '../../ui/keys.ts';

export function useGlobalKeys(current: number | null): void {
  const [, navigate] = useLocation();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      if (mainKey(event) && !event.altKey && !event.shiftKey) {
        if (event.key === 'k') return done(event, () => openDialog('palette'));
        if (event.key === ',') return done(event, () => navigate(paths.settings));
        if (event.key === '/') return done(event, () => openDialog('shortcuts'));
      }
      if (event.key === 'F6' && mainKey(event)) return done(event, () => nextRegion(event.shiftKey ? -1 : 1));
      if (useDialogs.getState().open !== 'none' || document.querySelector('[role="dialog"]')) return;
      if (event.altKey && !mainKey(event) && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
        const step = event.key === 'ArrowUp' ? -1 : 1;
        return done(event, () => goBy(step, event.shiftKey));
      }
      if (isWriting(event.target) || event.altKey || mainKey(event)) return;
      if (event.key === '?') return done(event, () => openDialog('shortcuts'));
      if (event.key === 'n') return done(event, () => goBy(1, true));
    };
    const goBy = (step: 1 | -1, unreadOnly: boolean) => {
      const all = sortedGroups(useGroups.getState().entries);
      const at = all.findIndex((entry) => entry.group.id === current);
      for (let tries = 1; tries <= all.length; tries++) {
        const start = at < 0 && step < 0 ? 0 : at;
        const entry = all[(((start + step * tries) % all.length) + all.length) % all.length]!;
        if (!unreadOnly || (entry.unread > 0 && entry.group.id !== current)) {
          navigate(paths.group(entry.group.id));
          return;
        }
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [current, navigate]);
}

function done(event: KeyboardEvent, action: () => void): void {
  event.preventDefault();
  action();
}

/** List → header → log → composer → panel, as marked in the page. */
function nextRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter((region) => region.offsetParent !== null || region.getClientRects().length > 0);
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const region = regions[(at + step + regions.length) % regions.length];
  if (!region) return;
  const target = region.matches('[tabindex], textarea') ? region : region.querySelector<HTMLElement>('a[href], button:not(:disabled), textarea, input, [tabindex="0"]');
  target?.focus();
}
