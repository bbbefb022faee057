import { expect, test } from 'vitest';
import { editAt, momentsOf, roundsOf } from './replay.ts';

const edit = (round: number, player: number, at_ms: number) => ({ round, player, at_ms, language: 'python' as const, code: `${player}@${at_ms}` });
const edits = [edit(1, 3, 100), edit(1, 4, 100), edit(1, 3, 900), edit(2, 3, 50)];

test('what stood there', () => {
  expect(editAt(edits, 1, 3, 99)).toBeNull();
  expect(editAt(edits, 1, 3, 899)?.code).toBe('3@100');
  expect(editAt(edits, 1, 3, 5_000)?.code).toBe('3@900');
  expect(editAt(edits, 2, 4, 5_000)).toBeNull();
});

test('where the slider stops', () => {
  expect(roundsOf(edits)).toEqual([1, 2]);
  expect(momentsOf(edits, 1)).toEqual([100, 900]);
});
