// What is said beside the player, and of those who watch. Pure, so that its grammar is tested.
import type { ShownViewer } from '../shapes.ts';
import type { Own } from './store.ts';

export type NoticeAction = 'sound' | 'catch-up' | 'retry';

export interface PlayerNotice {
  readonly text: string;
  readonly tone: 'plain' | 'problem';
  readonly action?: { readonly do: NoticeAction; readonly label: string };
}

interface Situation {
  readonly own: Own;
  readonly solo: boolean;
  /** How many have no data yet while all wait; `null` while nobody waits. */
  readonly waitedFor: number | null;
  /** Off by more than a second, and not only for a moment. */
  readonly isAway: boolean;
}

/** The one thing that is most in the way. */
export function noticeOf({ own, solo, waitedFor, isAway }: Situation): PlayerNotice | null {
  const catchUp = { do: 'catch-up', label: 'Catch up' } as const;
  if (own.activity === 'failed') return { text: own.problem ?? 'This cannot be played.', tone: 'problem', action: { do: 'retry', label: 'Try again' } };
  if (own.activity === 'blocked') return { text: 'Your browser waits for you before it plays anything.', tone: 'plain', action: { do: 'sound', label: 'Tap to play' } };
  if (own.silenced) return { text: 'Your browser plays without sound until you ask for it.', tone: 'plain', action: { do: 'sound', label: 'Tap for sound' } };
  if (solo) return { text: own.driftMs === null ? 'You have stopped just for yourself.' : `You have stopped just for yourself; the others are ${seconds(own.driftMs)} ahead.`, tone: 'plain', action: catchUp };
  if (own.activity === 'interrupted') return { text: 'Something else is shown to you, maybe an advertisement. You will be with the others right after it.', tone: 'plain' };
  if (isAway && own.driftMs !== null) return { text: `You are ${away(own.driftMs)}.`, tone: 'plain', action: catchUp };
  if (waitedFor !== null) return { text: waitedFor > 0 ? `Waiting for ${waitedFor} ${waitedFor === 1 ? 'viewer' : 'viewers'} to get the picture…` : 'All begin together in a moment…', tone: 'plain' };
  return null;
}

/** "1.5 s behind the others". */
export function away(driftMs: number): string {
  return `${seconds(driftMs)} ${driftMs > 0 ? 'behind' : 'ahead of'} the others`;
}

/** How a viewer is, in a few words, and whether that is worth a colour. */
export function stateOf({ state, drift_ms, hidden, solo }: ShownViewer): { readonly words: string; readonly tone: 'good' | 'plain' | 'off' } {
  if (solo) return { words: 'stopped for themselves', tone: 'off' };
  switch (state) {
    case null:
      return { words: 'nothing heard lately', tone: 'off' };
    case 'idle':
      return { words: hidden ? 'looks elsewhere' : 'here', tone: 'plain' };
    case 'paused':
      return { words: hidden ? 'ready, looks elsewhere' : 'ready', tone: 'plain' };
    case 'buffering':
      return { words: 'waits for data', tone: 'off' };
    case 'interrupted':
      return { words: 'sees something else, maybe an advertisement', tone: 'off' };
    case 'blocked':
      return { words: 'has yet to allow it', tone: 'off' };
    case 'failed':
      return { words: 'cannot play this', tone: 'off' };
    case 'playing': {
      const drift = Math.round(drift_ms ?? 0);
      const inStep = Math.abs(drift) < NOTABLE_MS;
      const size = Math.abs(drift) < 1_000 ? `${Math.abs(drift)} ms` : seconds(drift);
      const words = `${inStep ? 'in step' : ''}${inStep && drift !== 0 ? ', ' : ''}${drift === 0 ? '' : `${size} ${drift > 0 ? 'behind' : 'ahead'}`}`;
      return { words: hidden ? `${words}, looks elsewhere` : words, tone: inStep ? 'good' : 'off' };
    }
  }
}

/** Nobody notices less, not even in one room with both. */
const NOTABLE_MS = 40;

function seconds(ms: number): string {
  const size = Math.abs(ms) / 1_000;
  return size < 60 ? `${size.toFixed(1)} s` : `${Math.floor(size / 60)} min ${Math.round(size % 60)} s`;
}
