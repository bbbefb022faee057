// What stood in the editors at a moment of a round that was recorded. Pure.
import type { DuelEdit } from '../shapes.ts';

/** The last edit of one player up to a time; null before the first. */
export function editAt(edits: readonly DuelEdit[], round: number, player: number, atMs: number): DuelEdit | null {
  return edits.findLast((edit) => edit.round === round && edit.player === player && edit.at_ms <= atMs) ?? null;
}

/** When something changed in a round, in order, each once: where the slider stops. */
export function momentsOf(edits: readonly DuelEdit[], round: number): readonly number[] {
  return [...new Set(edits.filter((edit) => edit.round === round).map((edit) => edit.at_ms))].sort((a, b) => a - b);
}

export function roundsOf(edits: readonly DuelEdit[]): readonly number[] {
  return [...new Set(edits.map((edit) => edit.round))].sort((a, b) => a - b);
}
