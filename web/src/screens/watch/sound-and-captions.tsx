// What concerns oneself alone: how late one's headphones are, and a file of captions with its own shift.
import { useId, useState } from 'react';
import { MOST_LATE_MS, setOwn, useOwnSettings } from '../../watch/own-settings.ts';
import { Button } from '../../ui/button.tsx';
import { Check } from '../../ui/check.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Problem } from '../../ui/problem.tsx';
import type { Subtitles } from './use-subtitles.ts';
import styles from './who-may.module.css';

const SHIFT_MS = 250;

export default function SoundAndCaptions({ subtitles, onClose }: { subtitles: Subtitles; onClose: () => void }) {
  const late = useOwnSettings((s) => s.soundLateMs);
  const [problem, setProblem] = useState<string | undefined>();
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
          <div className={styles.field} role="group" aria-label="Captions">
            <span>Captions from a file (.vtt or .srt)</span>
            <input
              type="file" accept=".vtt,.srt,text/vtt,application/x-subrip" aria-label="File of captions"
              onChange={(event) => {
                const file = event.target.files?.[0];
                if (file) subtitles.load(file).then(setProblem, () => setProblem('The file could not be read.'));
              }}
            />
            <Problem text={problem} />
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
        ) : (
          <p className={styles.hint}>Captions of your own can be shown on files, not on what another site shows in its frame.</p>
        )}
      </div>
    </Dialog>
  );
}
