// A box to tick, with its label and a hint. The whole line is the target.
import { useId, type ReactNode } from 'react';
import styles from './check.module.css';

interface Props {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function Check({ label, hint, checked, onChange }: Props) {
  const id = useId();
  return (
    <div className={styles.check}>
      <label className={styles.label}>
        <input type="checkbox" className={styles.box} checked={checked} aria-describedby={hint ? id : undefined} onChange={(event) => onChange(event.target.checked)} />
        <span>{label}</span>
      </label>
      {hint && <p id={id} className={styles.hint}>{hint}</p>}
    </div>
  );
}
