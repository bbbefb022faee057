// A calm picture of looking for somebody; under reduced motion the same rings stand still.
import styles from './stage.module.css';

export function Radar({ looking }: { looking: boolean }) {
  return <div className={styles.radar} data-looking={looking || undefined} aria-hidden="true"><i /><i /><i /><b /></div>;
}
