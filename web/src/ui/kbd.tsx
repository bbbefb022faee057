// A key, as it is written on the keyboard of this machine.
import { keysInWords } from './keys.ts';
import styles from './kbd.module.css';

export function Kbd({ keys }: { keys: string }) {
  return <kbd className={styles.kbd}>{keysInWords(keys)}</kbd>;
}
