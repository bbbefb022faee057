// A file on its way: how far, how long still, and what can be done about it.
import type { Sending } from '../../uploads/store.ts';
import { cancelUpload, pauseUpload, resumeUpload } from '../../uploads/uploads.ts';
import { sendingInWords } from '../../uploads/words.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { CloseIcon, PauseIcon, PlayIcon } from '../../ui/icons.tsx';
import lists from './lists.module.css';
import styles from './files.module.css';

export function SendingRow({ sending }: { sending: Sending }) {
  const { key, name, size, sent, state, mayRetry } = sending;
  const failed = state === 'failed';
  const stopped = state === 'paused';
  return (
    <li className={lists.entry}>
      <span className={lists.words}>
        <span className={lists.name} title={name}>{name}</span>
        {!failed && <progress className={styles.progress} max={size} value={sent} aria-label={`${name} on its way`} />}
        <span className={classes(styles.state, failed && styles.failed)} role={failed ? 'alert' : undefined}>{sendingInWords(sending)}</span>
      </span>
      {failed && mayRetry && <Button onClick={() => resumeUpload(key)}>Try again</Button>}
      {stopped && <IconButton label={`Go on with ${name}`} onClick={() => resumeUpload(key)}><PlayIcon size={18} /></IconButton>}
      {!failed && !stopped && <IconButton label={`Pause ${name}`} disabled={state === 'looking'} onClick={() => pauseUpload(key)}><PauseIcon size={18} /></IconButton>}
      <IconButton label={failed ? `Take ${name} off this list` : `Give up ${name}`} tooltip={false} onClick={() => cancelUpload(key)}><CloseIcon size={16} /></IconButton>
    </li>
  );
}
