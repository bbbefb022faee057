// Everything about a group in one dialog: what it says about itself, how others come in, who may not, and its end.
import { useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../../api.ts';
import { mayChangeGroup, mayDeleteGroup, maySeeCode, maySeeReports } from '../../model/permission.ts';
import { fullTime } from '../../model/time.ts';
import { paths } from '../../routes.ts';
import { refreshGroup, type GroupEntry } from '../../store/groups.ts';
import { usePeople } from '../../store/people.ts';
import { deleteGroup } from '../../sync/chat.ts';
import { Button } from '../../ui/button.tsx';
import { Check } from '../../ui/check.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { Access } from './access.tsx';
import { BansList } from './bans-list.tsx';
import LeaveDialog from './leave-dialog.tsx';
import { ReportsList } from './reports-list.tsx';
import styles from './group-settings.module.css';

export default function GroupSettings({ entry, onClose }: { entry: GroupEntry; onClose: () => void }) {
  const { group, role } = entry;
  const change = mayChangeGroup(role);
  return (
    <Dialog title={change ? 'Group settings' : 'About this group'} shape="wide" onClose={onClose}>
      <div className={styles.sections}>
        {change ? <Words key={group.id} entry={entry} /> : <About entry={entry} />}
        {maySeeCode(role) && <Access group={group} />}
        {maySeeReports(role) && <ReportsList group={group.id} />}
        {change && <BansList group={group.id} />}
        <Ending entry={entry} />
      </div>
    </Dialog>
  );
}

function About({ entry: { group } }: { entry: GroupEntry }) {
  const owner = usePeople((s) => s.groups[group.id]?.members.find((m) => m.account.id === group.owner_id)?.account.display_name);
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}><bdi>{group.name}</bdi></h3>
      {group.description && <p className={styles.prose}>{group.description}</p>}
      <p className={styles.hint}>Since {fullTime(Date.parse(group.created_at))}{owner && <>, owned by <bdi>{owner}</bdi></>}.</p>
      {group.rules && (
        <>
          <h3 className={styles.heading}>Rules</h3>
          <p className={styles.prose}>{group.rules}</p>
        </>
      )}
    </section>
  );
}

function Words({ entry: { group } }: { entry: GroupEntry }) {
  const [name, setName] = useState(group.name);
  const [description, setDescription] = useState(group.description);
  const [rules, setRules] = useState(group.rules);
  const [slow, setSlow] = useState(String(group.slow_mode_s));
  const [threes, setThrees] = useState(group.lobby_threes);
  const [saved, setSaved] = useState(false);
  const submission = useSubmit(['name', 'description', 'rules', 'slow_mode_s']);
  const changed = name.trim() !== group.name || description !== group.description || rules !== group.rules || Number(slow) !== group.slow_mode_s || threes !== group.lobby_threes;
  return (
    <form
      className={styles.section}
      aria-label="What the group says about itself"
      onSubmit={(event) => {
        event.preventDefault();
        submission.run(async () => {
          const { group: now } = await api.changeGroup(group.id, {
            ...(name.trim() === group.name ? {} : { name: name.trim() }),
            ...(description === group.description ? {} : { description }),
            ...(rules === group.rules ? {} : { rules }),
            ...(Number(slow) === group.slow_mode_s ? {} : { slow_mode_s: Number(slow) }),
            ...(threes === group.lobby_threes ? {} : { lobby_threes: threes }),
          });
          refreshGroup(now);
          setSaved(true);
        });
      }}
      onChange={() => setSaved(false)}
    >
      <Field label="Name" required maxLength={80} value={name} onChange={(e) => setName(e.target.value)} problem={submission.problemOf('name')} />
      <Field label="Description" maxLength={500} value={description} onChange={(e) => setDescription(e.target.value)} problem={submission.problemOf('description')} hint="One line under the name." />
      <TextField label="Rules" rows={4} maxLength={8000} value={rules} onChange={(e) => setRules(e.target.value)} problem={submission.problemOf('rules')} hint="What you ask of the members." />
      <label className={styles.select}>
        <span>Slow mode</span>
        <select value={slow} onChange={(e) => setSlow(e.target.value)}>
          {slowChoices(group.slow_mode_s).map((seconds) => <option key={seconds} value={seconds}>{slowName(seconds)}</option>)}
        </select>
      </label>
      <Check label="Threes in the lobby" hint="One who is left over joins two who talk, once nobody else has come for ten seconds." checked={threes} onChange={setThrees} />
      <Problem text={submission.problem ?? submission.problemOf('slow_mode_s')} />
      <div className={styles.row}>
        <Button type="submit" tone="primary" busy={submission.busy} disabled={!changed || !name.trim()}>Save</Button>
        <span role="status" className={styles.saved}>{saved && !changed ? 'Saved' : ''}</span>
      </div>
    </form>
  );
}

function slowChoices(now: number): readonly number[] {
  return [...new Set([0, 5, 10, 30, 60, 300, 900, now])].sort((a, b) => a - b);
}

function slowName(seconds: number): string {
  if (seconds === 0) return 'Off';
  return seconds < 60 ? `One message in ${seconds} seconds` : seconds === 60 ? 'One message a minute' : `One message in ${Math.round(seconds / 60)} minutes`;
}

function Ending({ entry }: { entry: GroupEntry }) {
  const { group, role } = entry;
  const [, navigate] = useLocation();
  const [asking, setAsking] = useState<'leave' | 'delete' | null>(null);
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>{mayDeleteGroup(role) ? 'End of the group' : 'Leave'}</h3>
      {role === 'owner' && <p className={styles.hint}>You own this group. To leave it, first hand it over to a member, in the list of members.</p>}
      <div className={styles.row}>
        {role !== 'owner' && <Button onClick={() => setAsking('leave')}>Leave group</Button>}
        {mayDeleteGroup(role) && <Button tone="danger" onClick={() => setAsking('delete')}>Delete group</Button>}
      </div>
      {asking === 'leave' && <LeaveDialog entry={entry} onClose={() => setAsking(null)} />}
      {asking === 'delete' && (
        <ConfirmDialog
          title={`Delete ${group.name}?`} about="All its messages are deleted for everybody. Nobody can bring them back." action="Delete for good" danger typed={group.name}
          onClose={() => setAsking(null)}
          onConfirm={async () => {
            await deleteGroup(group.id);
            navigate(paths.groups, { replace: true });
          }}
        />
      )}
    </section>
  );
}
