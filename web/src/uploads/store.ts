// The files that are on their way. `uploads.ts` alone writes it; it outlives the screens, so that nobody has to stay.
import { create } from 'zustand';
import type { FileKind } from '../shapes.ts';
import { KEY } from './remembered.ts';

export interface Sending {
  readonly key: number;
  readonly group: number;
  readonly name: string;
  readonly size: number;
  readonly kind: FileKind;
  /** It will stand in a message that is being written. */
  readonly inMessage: boolean;
  /** The server's number for it; nothing before it is announced. */
  readonly upload: number | null;
  readonly sent: number;
  readonly state: 'waiting' | 'sending' | 'looking' | 'away' | 'paused' | 'failed';
  /** How long the rest will take; nothing before that is known. */
  readonly leftMs: number | null;
  readonly problem: string | null;
  /** Whether trying again could help. */
  readonly mayRetry: boolean;
}

interface UploadsState {
  readonly sending: readonly Sending[];
  /** Grows whenever the files of a group are others than before, as far as this page knows. */
  readonly changes: number;
  /** The group whose files are listed on the screen. */
  readonly listed: number | null;
}

export const useUploads = create<UploadsState>()(() => ({ sending: [], changes: 0, listed: null }));

/** After signing out by hand: the next person at this screen finds nothing. */
export function forgetUploads(): void {
  useUploads.setState({ sending: [] });
  localStorage.removeItem(KEY);
}

export function filesChanged(): void {
  useUploads.setState(({ changes }) => ({ changes: changes + 1 }));
}
