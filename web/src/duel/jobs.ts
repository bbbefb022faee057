// What becomes of programs that were tried or submitted: a stream of verdicts folded into what is shown. Pure.
import type { DuelError, DuelJob, DuelSubmission, DuelVerdict, Verdict } from '../shapes.ts';

export interface ShownTest {
  readonly number: number;
  readonly verdict: Verdict;
  readonly us: number;
  readonly value: string | null;
  readonly output: string | null;
  readonly error: DuelError | null;
}

export interface Job {
  /** Its number in the duel. */
  readonly job: number;
  readonly kind: DuelJob;
  /** The reader's own call that went with a try. */
  readonly call: string | null;
  /** `lost`: the connection was gone while it was tried, and nobody will tell what came of it. */
  readonly phase: 'queued' | 'started' | 'done' | 'lost';
  /** How many wait before it. */
  readonly position: number;
  readonly tests: readonly ShownTest[];
  readonly verdict: Verdict | null;
  readonly passed: number;
  readonly total: number;
  readonly cpuMs: number | null;
  readonly peakMb: number | null;
  readonly error: DuelError | null;
}

/** Older ones are forgotten; what was submitted comes again with a reload. */
const MOST_JOBS = 30;

export function newJob(job: number, kind: DuelJob): Job {
  return { job, kind, call: null, phase: 'queued', position: 0, tests: [], verdict: null, passed: 0, total: 0, cpuMs: null, peakMb: null, error: null };
}

/** The call was answered; its verdicts may have overtaken the answer. */
export function accepted(jobs: readonly Job[], job: number, kind: DuelJob, call: string | null, position: number): readonly Job[] {
  const known = jobs.find((other) => other.job === job);
  return put(jobs, known ? { ...known, call } : { ...newJob(job, kind), call, position });
}

export function applyVerdict(jobs: readonly Job[], told: DuelVerdict): readonly Job[] {
  const before = jobs.find((other) => other.job === told.job) ?? newJob(told.job, told.kind);
  // What is done stays done, whatever comes late.
  if (before.phase === 'done') return jobs;
  switch (told.type) {
    case 'queued':
      return put(jobs, { ...before, phase: 'queued', position: told.position });
    case 'started':
      // Judged once more after a judge has died: it begins anew.
      return put(jobs, { ...before, phase: 'started', position: 0, tests: [] });
    case 'test': {
      const { number, verdict, us, value, output, error } = told;
      const tests = [...before.tests.filter((test) => test.number !== number), { number, verdict, us, value, output, error }];
      return put(jobs, { ...before, phase: 'started', position: 0, tests: tests.sort((a, b) => a.number - b.number) });
    }
    case 'done':
      return put(jobs, {
        ...before, phase: 'done', verdict: told.verdict, passed: told.passed, total: told.total, cpuMs: told.cpu_ms, peakMb: told.peak_mb, error: told.error,
      });
  }
}

/** After the connection was gone: a try that ran meanwhile has ended unheard. Submissions are told by the server. */
export function losePending(jobs: readonly Job[]): readonly Job[] {
  return jobs.map((job) => (job.kind === 'run' && job.phase !== 'done' ? { ...job, phase: 'lost' } : job));
}

/** Takes in what the server remembers of what was submitted. */
export function fromSubmissions(jobs: readonly Job[], submissions: readonly DuelSubmission[]): readonly Job[] {
  return submissions.reduce<readonly Job[]>((all, { job, verdict, passed, total }) => {
    const known = all.find((other) => other.job === job) ?? newJob(job, 'submit');
    if (known.phase === 'done') return all;
    return put(all, verdict === null ? { ...known, total } : { ...known, phase: 'done', verdict, passed, total });
  }, jobs);
}

export function isPending(job: Job): boolean {
  return job.phase === 'queued' || job.phase === 'started';
}

/** The one that tells most: of the tests that are known, the first that is not as it should be. */
export function firstFailing(job: Job): ShownTest | null {
  return job.tests.find(({ verdict }) => verdict !== 'AC' && verdict !== 'SHOWN' && verdict !== 'SKIPPED') ?? null;
}

function put(jobs: readonly Job[], job: Job): readonly Job[] {
  const at = jobs.findIndex((other) => other.job === job.job);
  if (at >= 0) return jobs.with(at, job);
  return [...jobs, job].sort((a, b) => a.job - b.job).slice(-MOST_JOBS);
}
