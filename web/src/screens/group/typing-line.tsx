// Who is writing; a line of fixed height, so that nothing moves when somebody starts.
import { useSignals } from '../../store/signals.ts';
import { typingSentence } from '../../model/sentences.ts';
import styles from './typing-line.module.css';

export function TypingLine({ group }: { group: number }) {
  const typing = useSignals((s) => s.typing[group]);
  return <TypingNames names={typing?.map((typist) => typist.name) ?? []} />;
}

export function TypingNames({ names }: { names: readonly string[] }) {
  return (
    <div className={styles.line}>
      {names.length > 0 && <span className={styles.dots} aria-hidden="true"><i /><i /><i /></span>}
      <span className={styles.text}>{typingSentence(names)}</span>
    </div>
  );
}
