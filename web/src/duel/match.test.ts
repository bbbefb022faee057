import { describe, expect, test } from 'vitest';
import type { DuelVerdict } from '../shapes.ts';
import { isUnderWay, mayWrite, neededToWin, opened, withDuel, withFlag, withLine, withProgress, withVerdict, type Match } from './match.ts';
import { ADA, aDuel, BOB, iso, player, progress } from './testing/a-duel.ts';

const start = (): Match => opened(null, { duel: aDuel({ rev: 4 }), mine: null, lines: [] });
const round = (number: number) => ({ ...aDuel().round!, number });
const queued = (job: number, at = 1): DuelVerdict => ({ duel: 5, round: at, job, kind: 'submit', type: 'queued', position: 0 });

describe('documents', () => {
  test('the highest rev counts, in whatever order they come', () => {
    const [first, second, third] = [5, 6, 7].map((rev) => aDuel({ rev, spectators: rev }));
    for (const order of [[first, second, third], [third, first, second], [second, third, first], [third, second, first]]) {
      expect(order.reduce((match, duel) => withDuel(match, duel!), start()).duel).toBe(third);
    }
  });

  test('one of another duel changes nothing', () => {
    const match = start();
    expect(withDuel(match, aDuel({ id: 6, rev: 99 }))).toBe(match);
  });

  test('an answer that an event has overtaken does not turn time back', () => {
    const ahead = withDuel(start(), aDuel({ rev: 9 }));
    expect(opened(ahead, { duel: aDuel({ rev: 8 }), mine: null, lines: [] }).duel.rev).toBe(9);
  });

  test('another round begins without what was tried in the one before', () => {
    const tried = withVerdict(start(), queued(1));
    expect(tried.jobs).toHaveLength(1);
    expect(withDuel(tried, aDuel({ rev: 5 })).jobs).toHaveLength(1);
    expect(withDuel(tried, aDuel({ rev: 5, round: round(2) })).jobs).toEqual([]);
  });
});

describe('progress', () => {
  test('is taken in between two documents', () => {
    const match = withProgress(start(), progress(BOB.id, { activity: 'judged', passed: 7, submits: 1 }));
    expect(match.duel.players[1]!.progress.passed).toBe(7);
    expect(match.duel.players[0]!.progress.passed).toBe(0);
    expect(match.duel.rev).toBe(4);
  });

  test.each([progress(BOB.id, { round: 2, passed: 7 }), progress(BOB.id, { duel: 6, passed: 7 }), progress(99, { passed: 7 })])('of something else is not: %o', (told) => {
    const match = start();
    expect(withProgress(match, told)).toBe(match);
  });
});

test('what was pressed shows until the next document says otherwise', () => {
  const pressed = withFlag(start(), ADA.id, 'rematch', true);
  expect(pressed.duel.players.map(({ rematch }) => rematch)).toEqual([true, false]);
  expect(withDuel(pressed, aDuel({ rev: 5 })).duel.players[0]!.rematch).toBe(false);
  expect(withFlag(pressed, 99, 'rematch', true)).toBe(pressed);
});

test('a line that is in the answer and comes as an event stands once', () => {
  const line = { duel: 5, by: ADA, at: iso(1), text: 'hello' };
  const match = opened(null, { duel: aDuel(), mine: null, lines: [line] });
  expect(withLine(match, { ...line }).lines).toEqual([line]);
  expect(withLine(match, { ...line, text: 'again' }).lines).toHaveLength(2);
});

test('the last fifty lines are kept', () => {
  const many = Array.from({ length: 60 }, (_, index) => ({ duel: 5, by: ADA, at: iso(index), text: String(index) }));
  const { lines } = many.reduce(withLine, start());
  expect(lines).toHaveLength(50);
  expect(lines[49]!.text).toBe('59');
});

test('a verdict of another round is none of this one', () => {
  const match = start();
  expect(withVerdict(match, queued(1, 2))).toBe(match);
});

test('coming back: what ran is lost, what was submitted is known to the server', () => {
  const run: DuelVerdict = { duel: 5, round: 1, job: 1, kind: 'run', type: 'started' };
  const before = [run, queued(2), queued(3)].reduce(withVerdict, start());
  const submissions = [{ job: 2, at: iso(1), verdict: 'WA', passed: 3, total: 12 } as const, { job: 3, at: iso(2), verdict: null, passed: 0, total: 12 }];
  const after = opened(before, { duel: aDuel({ rev: 9 }), mine: { code: null, language: null, submissions: [...submissions] }, lines: [] });
  expect(after.jobs.map(({ job, phase, verdict }) => [job, phase, verdict])).toEqual([[1, 'lost', null], [2, 'done', 'WA'], [3, 'queued', null]]);
});

test('who may write, and when leaving costs something', () => {
  const running = aDuel();
  expect(mayWrite(running, ADA.id)).toBe(true);
  expect(mayWrite(running, 99)).toBe(false);
  expect(mayWrite(aDuel({ phase: 'judging' }), ADA.id)).toBe(false);
  expect(mayWrite(aDuel({ players: [player(ADA, { presence: 'forfeited' }), player(BOB)] }), ADA.id)).toBe(false);
  expect(isUnderWay(running)).toBe(true);
  expect(isUnderWay(aDuel({ phase: 'open' }))).toBe(false);
  expect(isUnderWay(aDuel({ phase: 'over' }))).toBe(false);
});

test.each([[1, 1], [3, 2], [5, 3]])('the best of %i is won by %i', (rounds, needed) => {
  expect(neededToWin(aDuel({ rounds }))).toBe(needed);
});
