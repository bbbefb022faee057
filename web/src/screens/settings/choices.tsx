// One of a few: radio buttons that look like a row of switches. They save themselves.
import { useId } from 'react';
import styles from './settings.module.css';

interface Props<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
  readonly hint?: string;
}

export function Choices<T extends string>({ label, value, choices, onChange, hint }: Props<T>) {
  const name = useId();
  return (
    <fieldset className={styles.choices}>
      <legend>{label}</legend>
      <div className={styles.choiceRow}>
        {choices.map(([of, text]) => (
          <label key={of} className={styles.choice}>
            <input type="radio" name={name} value={of} checked={value === of} onChange={() => onChange(of)} />
            <span>{text}</span>
          </label>
        ))}
      </div>
      {hint && <p className={styles.hint}>{hint}</p>}
    </fieldset>
  );
}
