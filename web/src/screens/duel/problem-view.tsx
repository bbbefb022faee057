// What is to be solved: the statement, the function, the examples.
import { NO_NAMES } from '../../model/mentions.ts';
import { MODES, RANKS, signatureInWords } from '../../duel/words.ts';
import type { DuelMode, DuelProblem } from '../../shapes.ts';
import { MarkdownView } from '../group/markdown-view.tsx';
import styles from './problem-view.module.css';

export function ProblemView({ problem, mode }: { problem: DuelProblem; mode: DuelMode }) {
  return (
    <article className={styles.problem} aria-label="Problem">
      <header className={styles.head}>
        <h2 className={styles.title}>{problem.title}</h2>
        <span className={styles.rank}>{RANKS[problem.rank]}</span>
      </header>
      {problem.statement === null ? <p className={styles.hidden}>{MODES[mode].about}</p> : <MarkdownView text={problem.statement} names={NO_NAMES} />}
      <section>
        <h3 className={styles.heading}>The function</h3>
        <pre className={styles.signature}><code>{signatureInWords(problem.signature)}</code></pre>
      </section>
      <section>
        <h3 className={styles.heading}>Examples</h3>
        <ol className={styles.examples}>
          {problem.examples.map(({ call, expected, explanation }) => (
            <li key={call} className={styles.example}>
              <code className={styles.call}>{call}</code>
              <p className={styles.gives}><span className={styles.arrow}>gives</span> <code>{expected}</code></p>
              {explanation && <p className={styles.why}>{explanation}</p>}
            </li>
          ))}
        </ol>
      </section>
      <p className={styles.limits}>
        {problem.hidden_tests} hidden tests, {problem.cpu_ms < 1000 ? `${problem.cpu_ms} ms` : `${problem.cpu_ms / 1000} s`} of CPU time for all of them together, {problem.memory_mb} MiB.
      </p>
    </article>
  );
}
