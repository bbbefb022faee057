// What a page knows of duels wherever its reader is: whether an opponent is sought, and a duel that begins. The match
// itself is in `duel/store.ts`, which only those load who go there.
import { create } from 'zustand';
import type { DuelFound, DuelSeek } from '../shapes.ts';

interface DuelsStore {
  /** What is sought and since when, by the server's time; null where nothing is. */
  readonly seek: { readonly wish: DuelSeek; readonly since: number } | null;
  /** A duel of the reader's own that begins and was not opened yet. */
  readonly found: DuelFound | null;
  /** One that the reader plays in, or waits in, while another screen is shown. */
  readonly aside: number | null;
  /** That one is over, and how. */
  readonly ended: { readonly duel: number; readonly how: string } | null;
}

const NONE: DuelsStore = { seek: null, found: null, aside: null, ended: null };

export const useDuels = create<DuelsStore>()(() => NONE);

export function noteFound(found: DuelFound): void {
  useDuels.setState(({ seek }) => ({ found, seek: found.by === 'seek' ? null : seek }));
}

/** It is on the screen now. */
export function forgetFound(duel: number): void {
  useDuels.setState(({ found }) => (found?.duel === duel ? { found: null } : {}));
}

export function resetDuels(): void {
  useDuels.setState(NONE);
}
