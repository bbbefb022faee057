// A labelled input with its hint and its problem, which are read out with it.
import { useId, type InputHTMLAttributes, type ReactNode, type Ref, type TextareaHTMLAttributes } from 'react';
import { WarnIcon } from './icons.tsx';
import styles from './field.module.css';

interface Common {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly problem?: string | undefined;
}

export function Field({ label, hint, problem, ref, ...input }: Common & InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> }) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>{label}</label>
      <input {...input} ref={ref} id={id} className={styles.input} aria-invalid={problem ? true : undefined} aria-describedby={`${id}h ${id}p`} />
      <Below id={id} hint={hint} problem={problem} />
    </div>
  );
}

export function TextField({ label, hint, problem, ...input }: Common & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>{label}</label>
      <textarea {...input} id={id} className={styles.input} aria-invalid={problem ? true : undefined} aria-describedby={`${id}h ${id}p`} />
      <Below id={id} hint={hint} problem={problem} />
    </div>
  );
}

function Below({ id, hint, problem }: { id: string; hint: ReactNode; problem: string | undefined }) {
  return (
    <>
      {hint && <p id={`${id}h`} className={styles.hint}>{hint}</p>}
      <div id={`${id}p`} role="alert" className={styles.box}>
        {problem && <p className={styles.problem}><WarnIcon size={16} />{problem}</p>}
      </div>
    </>
  );
}
