// After ten seconds without a connection: since when, how long until the next try, and a button that does not wait.
import { countdown } from '../../model/time.ts';
import { useConnectionNotice } from '../../store/connection.ts';
import { retryNow } from '../../sync/chat.ts';
import { Button } from '../../ui/button.tsx';
import { WarnIcon } from '../../ui/icons.tsx';
import styles from './connection-bar.module.css';

export function ConnectionBar() {
  const notice = useConnectionNotice();
  return (
    <div role="status">
      {notice.level === 'bar' && (
        <div className={styles.bar}>
          <WarnIcon size={18} />
          <span className={styles.text}>
            No connection. What you write is kept and sent when it is back.{' '}
            {/* Counted down for the eye only: a screen reader would never fall silent. */}
            <span aria-hidden="true" className={styles.count}>{notice.retryInMs === null ? 'Trying…' : `Next try in ${countdown(notice.retryInMs)}.`}</span>
          </span>
          <Button tone="plain" disabled={notice.retryInMs === null} onClick={retryNow}>Retry now</Button>
        </div>
      )}
    </div>
  );
}
