// Who may do what with the player. Owner and moderators set it, and always may everything; all others read it.
import { useEffect, useRef } from 'react';
import type { WatchControl, Watch } from '../../shapes.ts';
import type { Allowed } from '../../watch/allowed.ts';
import { ask } from '../../watch/watching.ts';
import { Dialog } from '../../ui/dialog.tsx';
import styles from './who-may.module.css';

type Field = keyof WatchControl;

const FIELDS: readonly { readonly field: Field; readonly label: string; readonly choices: readonly (readonly [string, string])[] }[] = [
  { field: 'playback', label: 'Play, pause, go elsewhere, set the speed', choices: [['everyone', 'Everyone'], ['host', 'Who leads']] },
  { field: 'choice', label: 'Say what is on', choices: [['everyone', 'Everyone'], ['host', 'Who leads'], ['vote', 'A vote: half of the viewers skip']] },
  { field: 'queue', label: 'Fill and order the queue', choices: [['everyone', 'Everyone'], ['host', 'Who leads'], ['vote', 'All add, votes decide the order']] },
  { field: 'patience', label: 'When somebody’s picture does not come', choices: [['together', 'All wait, seldom and not for long'], ['alone', 'Each catches up alone']] },
];

export default function WhoMay({ watch, may, onClose }: { watch: Watch; may: Allowed; onClose: () => void }) {
  const { control } = watch;
  // Two choices in a row are both meant, also before the first one has come back.
  const wanted = useRef(control);
  useEffect(() => {
    wanted.current = control;
  }, [control]);
  const set = async (field: Field, value: string) => {
    wanted.current = { ...wanted.current, [field]: value };
    if (!(await ask({ do: 'set_control', control: wanted.current }))) wanted.current = control;
  };
  return (
    <Dialog title="Who may do what" about={may.control ? 'The owner and the moderators may always do everything.' : 'The owner and the moderators set this, and may always do everything.'} onClose={onClose}>
      <div className={styles.fields}>
        {FIELDS.map(({ field, label, choices }) => (
          <label key={field} className={styles.field}>
            <span>{label}</span>
            <select value={control[field]} disabled={!may.control} onChange={(event) => void set(field, event.target.value)}>
              {choices.map(([value, words]) => <option key={value} value={value}>{words}</option>)}
            </select>
          </label>
        ))}
      </div>
    </Dialog>
  );
}
