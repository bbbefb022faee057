// What the screen needs of a player beyond what steers it: something to draw, a volume, a sentence when it fails.
import type { Player } from '../sync/player.ts';

export interface ShownPlayer extends Player {
  readonly element: HTMLElement;
  /** Why it cannot play this, in words for people; only while `read` says `failed`. */
  readonly problem: string | null;
  /** The browser lets it play only without sound until somebody touches the page. */
  readonly silenced: boolean;
  /** To be called from within a click: now sound is allowed. */
  allowSound(): void;
  setVolume(volume: number, muted: boolean): void;
  /** What is loaded, in milliseconds within the item. */
  loaded(): readonly { readonly fromMs: number; readonly toMs: number }[];
  dispose(): void;
}
