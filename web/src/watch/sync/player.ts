// What the controller needs of a player, whatever plays: a media element, an iframe of another site, a simulation.

export interface Player {
  /** What is true now, read together. */
  read(): Reading;
  /** Asks it to begin; `read` tells when it has. A browser that forbids it is read as `blocked`. */
  play(): void;
  pause(): void;
  seek(positionMs: number): void;
  setRate(rate: number): void;
  /**
   * Calls back whenever something has happened that `read` shows: begun, stopped, sought, out of data, data again. Never
   * from within one of the calls above.
   */
  onChange(listener: () => void): () => void;
}

export interface Reading {
  positionMs: number;
  /** `null` while it is not known. */
  lengthMs: number | null;
  activity: Activity;
  /** How much more than it shows it has, in milliseconds. */
  bufferedMs: number;
}

/**
 * `loading`: stands, has nothing to show at its place yet. `seeking`: on its way to another place. `paused`: stands and
 * could begin at once. `playing`: moves. `buffering`: was told to move and does not, for want of data or not yet.
 * `interrupted`: shows something else, such as an advertisement. `blocked`: the browser waits for a touch. `failed`:
 * cannot play this.
 */
export type Activity = 'loading' | 'seeking' | 'paused' | 'playing' | 'buffering' | 'ended' | 'interrupted' | 'blocked' | 'failed';

/** How finely a player can be steered. */
export interface Steering {
  /** Farthest from the common speed, as a share of it. */
  mostNudge: number;
  /** Nearer than this a music listener would hear the correction rather than the difference; see `gentleBelowMs`. */
  gentleNudge: number;
  gentleBelowMs: number;
  /** Correct from here on, in milliseconds … */
  enterMs: number;
  /** … and until here. Between them it is left alone. */
  leaveMs: number;
  /** Without nudges, go to the right place from here on. */
  seekOnlyMs: number;
  /** Without nudges, at most once in this time. */
  seekOnlyEveryMs: number;
}

/** A picture hides five per cent; `currentTime` of a media element is good to some milliseconds. */
export const VIDEO: Steering = {
  mostNudge: 0.05, gentleNudge: 0.05, gentleBelowMs: 0, enterMs: 10, leaveMs: 4, seekOnlyMs: 250, seekOnlyEveryMs: 10_000,
};

/** In music two per cent are the most that passes, and near the goal half of one. */
export const MUSIC: Steering = { ...VIDEO, mostNudge: 0.02, gentleNudge: 0.005, gentleBelowMs: 25 };

/** A player in a frame tells its time every quarter of a second and reckons in between. */
export const EMBEDDED: Steering = { ...VIDEO, enterMs: 40, leaveMs: 20, seekOnlyMs: 400, seekOnlyEveryMs: 8_000 };
