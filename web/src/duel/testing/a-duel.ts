// A duel of Ada and Bob, for tests to vary.
import type { Duel, DuelPlayer, DuelProblem, DuelProgress } from '../../shapes.ts';

export const ADA = { id: 3, name: 'Ada' };
export const BOB = { id: 4, name: 'Bob' };
export const START = Date.parse('2026-11-20T10:00:00.000Z');

export const iso = (ms: number) => new Date(START + ms).toISOString();

export const PROBLEM: DuelProblem = {
  id: 'last-one', title: 'The last one', rank: 'bronze', statement: 'Return the last of `xs`.',
  signature: { name: 'last_one', arguments: [{ name: 'xs', type: 'int[]' }], returns: 'int' },
  examples: [{ call: 'last_one([1, 2])', expected: '2', explanation: null }],
  hidden_tests: 12, cpu_ms: 2000, memory_mb: 128,
  starters: { javascript: 'function last_one(xs) {\n}\n', python: 'def last_one(xs):\n    pass\n' },
};

export function progress(player: number, values: Partial<DuelProgress> = {}): DuelProgress {
  return { duel: 5, round: 1, player, activity: 'idle', passed: 0, total: 12, verdict: null, submits: 0, ...values };
}

export function player(account: { id: number; name: string }, values: Partial<DuelPlayer> = {}): DuelPlayer {
  return {
    account, xp: 250, rank: 'bronze', rating: 1500, won: 0, presence: 'here', away_until: null, progress: progress(account.id),
    records: false, ready: false, rematch: false, abort: false, ...values,
  };
}

export function aDuel(values: Partial<Duel> = {}): Duel {
  return {
    id: 5, rev: 1, now: iso(0), group: 7, owner: ADA.id, public: false, mode: 'fastest', language: null, rounds: 3, minutes: 10, seats: 2, phase: 'running',
    players: [player(ADA), player(BOB)], spectators: 0,
    round: { number: 1, starts_at: iso(0), ends_at: iso(600_000), next_at: null, problem: PROBLEM },
    results: [], outcome: null, rematch: null, ...values,
  };
}
