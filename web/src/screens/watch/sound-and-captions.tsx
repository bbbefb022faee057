// What concerns oneself alone: how late one's headphones are, and which captions one reads, with a shift of their own.
import { useEffect, useId, useState } from 'react';
import { inWords } from '../../failure.ts';
import type { Upload } from '../../shapes.ts';
import { useUploads } from '../../uploads/store.ts';
import { captionFiles, fitting } from '../../watch/caption-files.ts';
import { MOST_LATE_MS, setOwn, useOwnSettings } from '../../watch/own-settings.ts';
import { Button } from '../../ui/button.tsx';
import { Check } from '../../ui/check.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Problem } from '../../ui/problem.tsx';
import type { Subtitles } from './use-subtitles.ts';
import styles from './who-may.module.css';

const SHIFT_MS = 250;

interface Props {
  readonly group: number;
  /** What is on. */
  readonly title: string | null;
  readonly subtitles: Subtitles;
  readonly onClose: () => void;
}

export default function SoundAndCaptions({ group, title, subtitles, onClose }: Props) {
  const late = useOwnSettings((s) => s.soundLateMs);
  const id = useId();
  return (
    <Dialog title="Sound and captions" about="These are yours alone; nobody else sees or hears them." onClose={onClose}>
      <div className={styles.fields}>
        <label className={styles.field}>
          <span>My sound comes out late by {late} ms</span>
          <input
            type="range" min={0} max={MOST_LATE_MS / 2} step={10} value={late} aria-describedby={id} aria-valuetext={`${late} milliseconds`}
            onChange={(event) => setOwn({ soundLateMs: Number(event.target.value) })}
          />
          <span id={id} className={styles.hint}>Headphones without a cord are often 100 to 300 ms late, and no browser knows. You are then played that much ahead.</span>
        </label>
        {subtitles.possible ? (
          <Captions group={group} title={title} subtitles={subtitles} />
        ) : (
          <p className={styles.hint}>Captions of your own can be shown on files, not on what another site shows in its frame.</p>
        )}
      </div>
    </Dialog>
  );
}

function Captions({ group, title, subtitles }: { group: number; title: string | null; subtitles: Subtitles }) {
  const changes = useUploads((s) => s.changes);
  const [files, setFiles] = useState<readonly Upload[] | null>(null);
  const [problem, setProblem] = useState<string | undefined>();
  const { own } = subtitles;

  useEffect(() => {
    let mine = true;
    captionFiles(group).then((found) => mine && setFiles(fitting(found, title)), (error: unknown) => mine && setProblem(inWords(error)));
    return () => {
      mine = false;
    };
  }, [group, title, changes]);

  return (
    <div className={styles.group} role="group" aria-label="Captions">
      <label className={styles.field}>
        <span>Captions of the group</span>
        <select
          value={own ? 'own' : (subtitles.chosen ?? 'none')} disabled={files === null}
          onChange={(event) => subtitles.choose(event.target.value === 'none' ? null : Number(event.target.value))}
        >
          <option value="none">{files?.length === 0 ? 'None here yet' : 'None'}</option>
          {own && <option value="own">Yours: {own.name}</option>}
          {subtitles.chosen !== null && !files?.some(({ id }) => id === subtitles.chosen) && <option value={subtitles.chosen}>The one you chose</option>}
          {files?.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
        </select>
      </label>
      <label className={styles.field}>
        <span>Captions from a file (.vtt or .srt)</span>
        <input
          type="file" accept=".vtt,.srt,text/vtt,application/x-subrip" aria-label="File of captions"
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) subtitles.load(file).then(setProblem, () => setProblem('The file could not be read.'));
          }}
        />
      </label>
      <Problem text={problem ?? subtitles.problem ?? undefined} />
      {own && <Share group={group} file={own} onShared={({ id }) => subtitles.choose(id)} onProblem={setProblem} />}
      {subtitles.any && (
        <>
          <Check label="Show them" checked={subtitles.shown} onChange={subtitles.toggle} />
          <div className={styles.shift}>
            <Button onClick={() => subtitles.shift(-SHIFT_MS)}>Earlier</Button>
            <span role="status">{subtitles.shiftMs === 0 ? 'As in the file' : `${(Math.abs(subtitles.shiftMs) / 1_000).toFixed(2)} s ${subtitles.shiftMs > 0 ? 'later' : 'earlier'}`}</span>
            <Button onClick={() => subtitles.shift(SHIFT_MS)}>Later</Button>
          </div>
        </>
      )}
    </div>
  );
}

/** One's own file, for the others to choose, too. */
function Share({ group, file, onShared, onProblem }: { group: number; file: File; onShared: (upload: Upload) => void; onProblem: (words: string | undefined) => void }) {
  const sending = useUploads((s) => s.sending.find((one) => one.group === group && one.name === file.name && one.kind === 'subtitles'));
  const share = async () => {
    const { bringFiles } = await import('../../uploads/uploads.ts');
    const [problem] = await bringFiles(group, [file], ['subtitles'], onShared);
    onProblem(problem);
  };
  return (
    <div className={styles.shift}>
      <Button busy={sending !== undefined && sending.problem === null} onClick={() => void share()}>Give it to the group</Button>
      <span className={styles.hint}>{sending?.problem ?? 'Then all can choose it.'}</span>
    </div>
  );
}
