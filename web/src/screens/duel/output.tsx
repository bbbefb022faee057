// What became of what was tried and submitted: the newest first, its tests below it.
import { firstFailing, isPending, type Job, type ShownTest } from '../../duel/jobs.ts';
import { jobDetail, jobTitle, VERDICTS } from '../../duel/words.ts';
import type { DuelProblem } from '../../shapes.ts';
import { classes } from '../../ui/classes.ts';
import { CheckIcon, ClockIcon, CloseIcon, WarnIcon } from '../../ui/icons.tsx';
import styles from './output.module.css';

export function Output({ jobs, problem }: { jobs: readonly Job[]; problem: DuelProblem }) {
  const [newest, ...older] = [...jobs].reverse();
  if (!newest) return <p className={styles.none}>Run tries your program on the examples. Submit lets it be judged by the hidden tests.</p>;
  return (
    <div className={styles.output}>
      <Whole job={newest} problem={problem} />
      {older.length > 0 && (
        <details className={styles.older}>
          <summary>Before that ({older.length})</summary>
          <ul>{older.map((job) => <li key={job.job} className={styles.line}><Mark job={job} /><span>{jobTitle(job)}. {jobDetail(job)}</span></li>)}</ul>
        </details>
      )}
    </div>
  );
}

/** One line, wherever the reader is: the newest verdict. */
export function LastVerdict({ job }: { job: Job }) {
  return <p className={styles.last}><Mark job={job} /><span><strong>{jobTitle(job)}</strong> {jobDetail(job)}</span></p>;
}

function Whole({ job, problem }: { job: Job; problem: DuelProblem }) {
  const failing = firstFailing(job);
  return (
    <section className={styles.job} aria-label="Newest result">
      <h3 className={styles.title} data-tone={toneOf(job)}><Mark job={job} />{jobTitle(job)}</h3>
      {jobDetail(job) && <p className={styles.detail}>{jobDetail(job)}</p>}
      {job.error && <Trace text={job.error.line ? `Line ${job.error.line}: ${job.error.message}` : job.error.message} />}
      {job.kind === 'submit' && job.tests.length > 0 && (
        <ol className={styles.dots} aria-label="Tests">
          {job.tests.map((test) => (
            <li key={test.number} className={styles.dot} data-tone={test.verdict === 'AC' ? 'good' : 'bad'} title={`Test ${test.number}: ${VERDICTS[test.verdict].toLocaleLowerCase()}`}>
              {test.verdict === 'AC' ? <CheckIcon size={12} /> : <CloseIcon size={12} />}
              <span className="hidden-visually">Test {test.number}: {VERDICTS[test.verdict]}</span>
            </li>
          ))}
        </ol>
      )}
      {job.kind === 'run' && (
        <ol className={styles.tests}>
          {job.tests.map((test) => <Tried key={test.number} test={test} job={job} problem={problem} open={test === failing || test.verdict === 'SHOWN'} />)}
        </ol>
      )}
      {job.phase === 'done' && job.cpuMs !== null && <p className={styles.cost}>{job.cpuMs} ms of CPU time, {job.peakMb} MiB at most</p>}
    </section>
  );
}

/** An example, or the own call behind the last of them. */
function Tried({ test, job, problem, open }: { test: ShownTest; job: Job; problem: DuelProblem; open: boolean }) {
  const example = problem.examples[test.number - 1];
  const good = test.verdict === 'AC' || test.verdict === 'SHOWN';
  return (
    <li>
      <details className={styles.test} open={open || undefined}>
        <summary className={styles.summary} data-tone={good ? 'good' : 'bad'}>
          {good ? <CheckIcon size={16} /> : <CloseIcon size={16} />}
          <span>{test.verdict === 'SHOWN' ? 'Your own call' : `Example ${test.number}: ${VERDICTS[test.verdict].toLocaleLowerCase()}`}</span>
        </summary>
        <dl className={styles.values}>
          <Row name="Call" value={example?.call ?? job.call ?? ''} />
          {example && <Row name="Expected" value={example.expected} />}
          {test.value !== null && <Row name="Returned" value={test.value} />}
          {test.output && <Row name="Printed" value={test.output} />}
          {test.error && <Row name="Error" value={test.error.line ? `Line ${test.error.line}: ${test.error.message}` : test.error.message} />}
        </dl>
      </details>
    </li>
  );
}

function Row({ name, value }: { name: string; value: string }) {
  return (
    <div className={styles.row}>
      <dt>{name}</dt>
      <dd><pre tabIndex={value.length > 60 || value.includes('\n') ? 0 : undefined}>{value}</pre></dd>
    </div>
  );
}

function Trace({ text }: { text: string }) {
  return <pre className={styles.trace} tabIndex={0} aria-label="Error">{text}</pre>;
}

function toneOf(job: Job): 'good' | 'bad' | 'open' {
  if (job.phase === 'lost') return 'bad';
  if (isPending(job)) return 'open';
  return job.verdict === 'AC' || job.verdict === 'SHOWN' ? 'good' : 'bad';
}

function Mark({ job }: { job: Job }) {
  const tone = toneOf(job);
  return <span className={classes(styles.mark, styles[tone])}>{tone === 'open' ? <ClockIcon size={18} /> : tone === 'good' ? <CheckIcon size={18} /> : <WarnIcon size={18} />}</span>;
}
