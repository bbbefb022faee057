// Buttons. A busy one shows its spinner only when the wait is worth showing, and never changes its width.
import { useEffect, useState, type ButtonHTMLAttributes, type ReactNode, type Ref } from 'react';
import { classes } from './classes.ts';
import styles from './button.module.css';

const WORTH_SHOWING_MS = 150;

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly tone?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly busy?: boolean;
  readonly wide?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ tone = 'plain', busy = false, wide = false, className, children, disabled, type = 'button', ...rest }: ButtonProps) {
  const waiting = useLate(busy);
  return (
    <button
      {...rest}
      type={type}
      className={classes(styles.button, styles[tone], wide && styles.wide, waiting && styles.busy, className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
    >
      <span className={styles.label}>{children}</span>
      {waiting && <span className={styles.spinner} aria-hidden="true" />}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label'> {
  /** Its name and its tooltip. */
  readonly label: string;
  readonly keys?: string;
  readonly children: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
  readonly tooltip?: boolean;
}

export function IconButton({ label, keys, className, children, type = 'button', tooltip = true, ...rest }: IconButtonProps) {
  return (
    <button
      {...rest} type={type} aria-label={label} aria-keyshortcuts={keys} className={classes(styles.icon, className)}
      data-tip={tooltip ? label : undefined} data-tip-keys={keys}
    >
      {children}
    </button>
  );
}

function useLate(on: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!on) {
      setLate(false);
      return;
    }
    const timer = setTimeout(() => setLate(true), WORTH_SHOWING_MS);
    return () => clearTimeout(timer);
  }, [on]);
  return late;
}
