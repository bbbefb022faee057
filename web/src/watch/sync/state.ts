// The state of the common player as the server sends it, and where it is at a moment of the server's clock.

/** Times in milliseconds: `pos_ms` within the item, `at_ms` by the server's clock, where it may lie ahead. */
export interface PlayState {
  epoch: number;
  rev: number;
  item: number | null;
  phase: 'idle' | 'preparing' | 'playing' | 'paused' | 'ended';
  pos_ms: number;
  at_ms: number;
  rate: number;
}

/** Where the item is when the server's clock says `server`; before a start that lies ahead it stands. */
export function positionAt(state: PlayState, server: number, lengthMs: number | null): number {
  const played = state.phase === 'playing' ? Math.max(0, server - state.at_ms) * state.rate : 0;
  return Math.min(state.pos_ms + played, lengthMs ?? Infinity);
}

/** When the item is at `positionMs`, by the server's clock, if it plays on. */
export function timeOf(state: PlayState, positionMs: number): number {
  return state.at_ms + (positionMs - state.pos_ms) / state.rate;
}

/** Whether `next` is to be followed instead of `before`: a repeat or a straggler is not. */
export function isNewer(next: PlayState, before: PlayState | null): boolean {
  return !before || next.epoch !== before.epoch || next.rev > before.rev;
}
