// What the match screen shows. `playing.ts` alone writes it.
import { create } from 'zustand';
import type { DuelReview, DuelStatus } from '../shapes.ts';
import type { Match } from './match.ts';
import type { OwnCode } from './own-code.ts';

export interface Cheer {
  readonly id: number;
  readonly emoji: string;
  readonly by: string;
}

interface DuelStore {
  /** `gone`: there is no such duel, or the reader may not see it. */
  readonly status: 'opening' | 'open' | 'gone' | 'failed';
  readonly match: Match | null;
  /** The reader's own code of this round; null for who does not play, and before it is known. */
  readonly own: OwnCode | null;
  /** Counts up when the code comes from elsewhere than the editor, which then begins anew. */
  readonly ownFrom: number;
  /** A program that is being handed in. */
  readonly handing: 'run' | 'submit' | null;
  /** Why the last one was not taken. */
  readonly refusal: string | null;
  readonly cheers: readonly Cheer[];
  /** Of the rounds that are over. */
  readonly review: DuelReview | null;
  /** Whether there is a judge, and for which languages. */
  readonly judge: DuelStatus | null;
}

export const NO_DUEL: DuelStore = { status: 'opening', match: null, own: null, ownFrom: 0, handing: null, refusal: null, cheers: [], review: null, judge: null };

export const useDuel = create<DuelStore>()(() => NO_DUEL);
