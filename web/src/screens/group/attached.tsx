// The files of the message that is being written: those that are with the server, and those on their way.
import type { Attachment } from '../../shapes.ts';
import type { Sending } from '../../uploads/store.ts';
import { sendingInWords, sizeInWords } from '../../uploads/words.ts';
import { IconButton } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { CloseIcon, FileIcon } from '../../ui/icons.tsx';
import { detachFile } from './attach.ts';
import styles from './attached.module.css';

const uploads = () => import('../../uploads/uploads.ts');

export function Attached({ group, files, sending }: { group: number; files: readonly Attachment[]; sending: readonly Sending[] }) {
  if (files.length === 0 && sending.length === 0) return null;
  return (
    <ul className={styles.tiles} aria-label="Files of this message">
      {files.map(({ id, name, size, thumbnail }) => (
        <li key={id} className={styles.tile}>
          {thumbnail ? <img className={styles.picture} src={`/api/v1/groups/${group}/uploads/${id}/thumbnail`} alt="" width={36} height={36} /> : <span className={styles.picture}><FileIcon /></span>}
          <Words name={name} about={sizeInWords(size)} />
          <IconButton label={`Take ${name} out of the message`} tooltip={false} onClick={() => void detachFile(group, id)}><CloseIcon size={16} /></IconButton>
        </li>
      ))}
      {sending.map((one) => (
        <li key={`s${one.key}`} className={classes(styles.tile, one.state === 'failed' && styles.failed)}>
          <span className={styles.picture}><FileIcon /></span>
          <span className={styles.words}>
            <Words name={one.name} about={sendingInWords(one)} alert={one.state === 'failed'} />
            {one.state !== 'failed' && <progress className={styles.progress} max={one.size} value={one.sent} aria-label={`${one.name} on its way`} />}
          </span>
          {one.state === 'failed' && one.mayRetry && <button type="button" className={styles.retry} onClick={() => void uploads().then(({ resumeUpload }) => resumeUpload(one.key))}>Retry</button>}
          <IconButton label={`Give up ${one.name}`} tooltip={false} onClick={() => void uploads().then(({ cancelUpload }) => cancelUpload(one.key))}><CloseIcon size={16} /></IconButton>
        </li>
      ))}
    </ul>
  );
}

function Words({ name, about, alert = false }: { name: string; about: string; alert?: boolean }) {
  return (
    <span className={styles.words}>
      <span className={styles.name} title={name}>{name}</span>
      <span className={styles.about} role={alert ? 'alert' : undefined}>{about}</span>
    </span>
  );
}
