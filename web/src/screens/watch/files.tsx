// The files of the group: what is on its way, what is there, and what can be done with each.
import { lazy, Suspense, useEffect, useState } from 'react';
import { api } from '../../api.ts';
import { mayDelete } from '../../model/permission.ts';
import { fullTime, relative } from '../../model/time.ts';
import type { Role, Upload, Watch } from '../../shapes.ts';
import { roleOf } from '../../store/people.ts';
import { filesChanged, useUploads } from '../../uploads/store.ts';
import { kindInWords, sizeInWords } from '../../uploads/words.ts';
import type { Allowed } from '../../watch/allowed.ts';
import { contentUrl, isFramed } from '../../watch/players/source.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { CaptionsIcon, PlayIcon, QueueIcon, TrashIcon } from '../../ui/icons.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { useMedia } from '../../ui/use-media.ts';
import { bringUpload, showCaptions } from './bring.ts';
import { FileButton } from './file-button.tsx';
import { SendingRow } from './sending-row.tsx';
import { useGroupFiles } from './use-group-files.ts';
import lists from './lists.module.css';
import styles from './files.module.css';

const ConfirmDialog = lazy(async () => ({ default: (await import('../../ui/confirm-dialog.tsx')).ConfirmDialog }));

interface Props {
  readonly watch: Watch;
  readonly may: Allowed;
  readonly me: number;
  readonly role: Role;
}

export default function Files({ watch, may, me, role }: Props) {
  const { group, item } = watch;
  const { list, failed, retry, more } = useGroupFiles(group);
  const sending = useUploads((s) => s.sending);
  const [deleting, setDeleting] = useState<Upload | null>(null);
  const touch = useMedia('(pointer: coarse)');
  useEffect(() => {
    useUploads.setState({ listed: group });
    return () => useUploads.setState({ listed: null });
  }, [group]);
  const mine = sending.filter((one) => one.group === group);
  // What is being sent from here is shown with its progress; of what is not complete, the rest was begun elsewhere.
  const shown = list?.uploads.filter(({ ready, id }) => ready || !mine.some(({ upload }) => upload === id)) ?? [];
  const off = list?.max_bytes === 0;

  return (
    <>
      <div className={styles.head}>
        <FileButton group={group} label="Bring a file" disabled={off}>Bring a file</FileButton>
        <p className={styles.about}>
          {off ? 'This server takes no files.' : list && <>{touch ? 'Films' : 'Or drop it anywhere here: films'}, sound and captions of up to {sizeInWords(list.max_bytes)}. The group’s files take {sizeInWords(list.used_bytes)} of {sizeInWords(list.quota_bytes)}.</>}
        </p>
      </div>
      {mine.length > 0 && <ul className={lists.list} aria-label="On their way">{mine.map((one) => <SendingRow key={one.key} sending={one} />)}</ul>}
      {failed ? (
        <ErrorState title="The files did not load" text="Check your connection." onRetry={retry} />
      ) : !list ? (
        <Skeleton rows={3} label="Loading the files" />
      ) : shown.length === 0 ? (
        mine.length === 0 && !off && <EmptyState title="No files yet" text="A film or a song from your device plays here for all, without anybody else’s server." />
      ) : (
        <ul className={lists.list} aria-label="Files">
          {shown.map((upload) => (
            <li key={upload.id} className={lists.entry}>
              <span className={lists.words}>
                <span className={lists.name} title={upload.name}>{upload.name}</span>
                {upload.ready ? (
                  <span className={styles.meta} title={fullTime(Date.parse(upload.created_at))}>{kindInWords(upload.kind)} · {sizeInWords(upload.size)} · <bdi>{upload.by.display_name}</bdi> · {relative(Date.parse(upload.created_at), Date.now())}</span>
                ) : (
                  <span className={styles.unfinished}>{sizeInWords(upload.received)} of {sizeInWords(upload.size)} are there. Choose the file once more, and it goes on.</span>
                )}
              </span>
              {upload.ready ? <Actions upload={upload} watch={watch} may={may} onCaptions={item && !isFramed(item.source) ? () => showCaptions(upload) : null} /> : <FileButton group={group} label={`Go on with ${upload.name}`}>Go on</FileButton>}
              {mayDelete(upload.by.id === me, role, roleOf(group, upload.by.id)) && (
                <IconButton label={upload.ready ? `Delete ${upload.name}` : `Give up ${upload.name}`} tooltip={false} onClick={() => setDeleting(upload)}><TrashIcon size={18} /></IconButton>
              )}
            </li>
          ))}
        </ul>
      )}
      {list && list.next !== null && !failed && <p className={lists.more}><Button onClick={() => void more()}>Older</Button></p>}
      <Suspense fallback={null}>
        {deleting && (
          <ConfirmDialog
            danger title={deleting.ready ? 'Delete the file?' : 'Give the file up?'} action={deleting.ready ? 'Delete' : 'Give up'}
            about={deleting.ready ? `“${deleting.name}” goes for everybody, also from the queue of those who watch. It cannot be brought back.` : `What is there of “${deleting.name}” goes.`}
            onClose={() => setDeleting(null)}
            onConfirm={async () => {
              await api.deleteUpload(group, deleting.id);
              filesChanged();
            }}
          />
        )}
      </Suspense>
    </>
  );
}

interface ActionsProps {
  readonly upload: Upload;
  readonly watch: Watch;
  readonly may: Allowed;
  /** Nothing where captions cannot be shown. */
  readonly onCaptions: (() => void) | null;
}

function Actions({ upload, watch: { group, item }, may, onCaptions }: ActionsProps) {
  const { name, kind } = upload;
  if (kind === 'subtitles') return onCaptions && <IconButton label={`Show ${name} as captions`} onClick={onCaptions}><CaptionsIcon /></IconButton>;
  if (kind === 'image') return <a className={lists.link} href={contentUrl(group, upload.id)} target="_blank" rel="noreferrer">Open</a>;
  return (
    <>
      {may.choice && <IconButton label={`Play ${name} now`} onClick={() => void bringUpload(upload, 'now')}><PlayIcon /></IconButton>}
      {may.add && (item !== null || !may.choice) && <IconButton label={`Add ${name} to the queue`} onClick={() => void bringUpload(upload, 'later')}><QueueIcon /></IconButton>}
    </>
  );
}
