// The files of a message: pictures are seen at once, in the room that was kept for them; all others are named.
import { useState } from 'react';
import { drawnSize } from '../../model/attachments.ts';
import type { Attachment } from '../../shapes.ts';
import { kindInWords, sizeInWords } from '../../uploads/words.ts';
import { FileIcon } from '../../ui/icons.tsx';
import styles from './message-files.module.css';

export function MessageFiles({ group, files }: { group: number; files: readonly Attachment[] }) {
  return (
    <ul className={styles.files} aria-label="Files">
      {files.map((file) => <li key={file.id}>{drawnSize(file) ? <Picture group={group} file={file} /> : <Named group={group} file={file} />}</li>)}
    </ul>
  );
}

function Picture({ group, file }: { group: number; file: Attachment }) {
  const [gone, setGone] = useState(false);
  const { width, height } = drawnSize(file)!;
  const place = `/api/v1/groups/${group}/uploads/${file.id}`;
  return (
    <a className={styles.picture} href={`${place}/content`} target="_blank" rel="noreferrer" style={{ width, aspectRatio: `${width} / ${height}` }}>
      {gone ? (
        <span className={styles.gone}>This picture is not there any more.</span>
      ) : (
        <img src={`${place}/${file.thumbnail ? 'thumbnail' : 'content'}`} alt={file.name} width={width} height={height} loading="lazy" decoding="async" onError={() => setGone(true)} />
      )}
    </a>
  );
}

function Named({ group, file: { id, name, kind, size } }: { group: number; file: Attachment }) {
  return (
    <a className={styles.named} href={`/api/v1/groups/${group}/uploads/${id}/content`} target="_blank" rel="noreferrer">
      <FileIcon />
      <span className={styles.words}>
        <span className={styles.name} title={name}>{name}</span>
        <span className={styles.about}>{kindInWords(kind)} · {sizeInWords(size)}</span>
      </span>
    </a>
  );
}
