import { describe, expect, test } from 'vitest';
import type { DuelVerdict, Verdict } from '../shapes.ts';
import { accepted, applyVerdict, firstFailing, isPending, type Job } from './jobs.ts';
import { jobDetail, jobSpoken, jobTitle } from './words.ts';

type Told = DuelVerdict extends infer V ? (V extends { type: string } ? Omit<V, 'duel' | 'round' | 'job' | 'kind'> : never) : never;
const told = (what: Told, job = 1, kind: 'run' | 'submit' = 'submit') => ({ duel: 5, round: 1, job, kind, ...what }) as DuelVerdict;
const one = (number: number, verdict: Verdict): Told => ({ type: 'test', number, verdict, us: 900, value: null, output: null, error: null });
const done = (verdict: Verdict, passed = 0, line: number | null = null): Told => ({
  type: 'done', verdict, passed, total: 12, cpu_ms: 4, peak_mb: 11, error: line === null ? null : { message: 'oh', line },
});
const after = (kind: 'run' | 'submit', ...stream: readonly Told[]): Job => stream.reduce<readonly Job[]>((jobs, what) => applyVerdict(jobs, told(what, 1, kind)), [])[0]!;

test('a stream becomes what is shown', () => {
  const job = after('submit', { type: 'queued', position: 2 }, { type: 'started' }, one(1, 'AC'), one(2, 'WA'), done('WA', 1));
  expect(job).toMatchObject({ phase: 'done', verdict: 'WA', passed: 1, total: 12, cpuMs: 4 });
  expect(firstFailing(job)?.number).toBe(2);
  expect(isPending(job)).toBe(false);
});

test('what is done stays done', () => {
  expect(after('submit', done('AC', 12), { type: 'started' }, one(1, 'WA')).verdict).toBe('AC');
});

test('judged once more: its tests begin anew', () => {
  expect(after('run', { type: 'started' }, one(1, 'AC'), one(2, 'AC'), { type: 'started' }, one(1, 'AC')).tests).toHaveLength(1);
});

test('the answer of the call may be overtaken by its verdicts', () => {
  const early = applyVerdict([], told(done('SHOWN'), 1, 'run'));
  expect(accepted(early, 1, 'run', 'f(1)', 3)).toMatchObject([{ phase: 'done', call: 'f(1)', verdict: 'SHOWN' }]);
  expect(accepted([], 1, 'run', null, 3)).toMatchObject([{ phase: 'queued', position: 3 }]);
});

test('at most thirty are kept, the newest', () => {
  const all = Array.from({ length: 40 }, (_, index) => index + 1).reduce<readonly Job[]>((jobs, job) => accepted(jobs, job, 'run', null, 0), []);
  expect(all.map(({ job }) => job)).toEqual(Array.from({ length: 30 }, (_, index) => index + 11));
});

describe('in words', () => {
  test.each<[string, Job, string, string]>([
    ['waiting', after('submit', { type: 'queued', position: 1 }), 'Submission: 1 waits before it', ''],
    ['started', after('run', { type: 'started' }), 'Run: starting', ''],
    ['running', after('submit', { type: 'started' }, one(1, 'AC'), one(2, 'AC')), 'Submission: test 2', ''],
    ['accepted', after('submit', done('AC', 12)), 'Submission: accepted', '12 of 12 tests passed.'],
    ['wrong', after('submit', one(1, 'AC'), one(2, 'WA'), done('WA', 1)), 'Submission: wrong answer', '1 of 12 tests passed. The first that did not: test 2.'],
    ['wrong, after a reload', after('submit', done('WA', 1)), 'Submission: wrong answer', '1 of 12 tests passed.'],
    ['crashed', after('run', one(1, 'RE'), done('RE', 0, 3)), 'Run: it crashed', '0 of 12 examples passed. The first that did not: example 1. Look at line 3.'],
    ['not parsed', after('run', done('CE', 0, 2)), 'Run: it does not compile', 'Look at line 2.'],
    ['slow', after('submit', done('TLE', 4)), 'Submission: too slow', '4 of 12 tests passed. All tests together took more CPU time than is allowed.'],
    ['ours', after('submit', done('IE')), 'Submission: our fault', 'The judge failed, not your program. It counts for nobody, and the time is given back.'],
    ['replaced', after('submit', done('SKIPPED')), 'Submission: replaced by a newer one', 'A newer one of yours took its place.'],
  ])('%s', (_name, job, title, detail) => {
    expect(jobTitle(job)).toBe(title);
    expect(jobDetail(job)).toBe(detail);
    expect(jobSpoken(job).startsWith(`${title}.`)).toBe(true);
  });
});
