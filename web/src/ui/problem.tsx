// The problem of a whole form, read out when it appears.
import { WarnIcon } from './icons.tsx';
import styles from './problem.module.css';

export function Problem({ text }: { text: string | undefined }) {
  return (
    <div role="alert" className={styles.box}>
      {text && <p className={styles.problem}><WarnIcon size={18} /><span>{text}</span></p>}
    </div>
  );
}
