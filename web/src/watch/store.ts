// What the watch screen shows. `watching.ts` alone writes it.
import { create } from 'zustand';
import type { ShownViewer, Watch } from '../shapes.ts';
import type { Course } from './course.ts';
import type { Activity } from './sync/player.ts';

export interface Cheer {
  readonly id: number;
  readonly emoji: string;
  readonly by: string;
}

/** One's own player, as far as words are made of it. */
export interface Own {
  readonly activity: Activity | 'none';
  /** How far it is behind the others (above zero) or ahead; `null` while they stand, or nobody knows. */
  readonly driftMs: number | null;
  readonly silenced: boolean;
  readonly problem: string | null;
}

interface WatchStore {
  readonly status: 'opening' | 'open' | 'failed';
  readonly watch: Watch | null;
  readonly course: Course;
  readonly viewers: readonly ShownViewer[];
  readonly cheers: readonly Cheer[];
  readonly own: Own;
  /** Stopped for oneself alone; the others go on. */
  readonly solo: boolean;
  /** What was pressed and has not come back yet: it shows at once. */
  readonly pending: 'play' | 'pause' | null;
}

export const NO_PLAYER: Own = { activity: 'none', driftMs: null, silenced: false, problem: null };
export const NOTHING: WatchStore = { status: 'opening', watch: null, course: [], viewers: [], cheers: [], own: NO_PLAYER, solo: false, pending: null };

export const useWatch = create<WatchStore>()(() => NOTHING);
