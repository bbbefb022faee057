// Above the log: where one is, how the connection is, and what can be done with the group.
import { lazy, Suspense, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { mayChangeGroup } from '../../model/permission.ts';
import { inviteLink, paths } from '../../routes.ts';
import { useConnectionNotice } from '../../store/connection.ts';
import type { GroupEntry } from '../../store/groups.ts';
import { usePeople } from '../../store/people.ts';
import { logOf } from '../../store/logs.ts';
import { useSignals } from '../../store/signals.ts';
import { markRead } from '../../sync/chat.ts';
import { IconButton } from '../../ui/button.tsx';
import { copyText } from '../../ui/copy.ts';
import { BackIcon, CheckIcon, CloseIcon, DuelIcon, LinkIcon, LobbyIcon, MoreIcon, PeopleIcon, SearchIcon, SettingsIcon, WatchIcon } from '../../ui/icons.tsx';
import { Menu } from '../../ui/menu.tsx';
import styles from './group-header.module.css';

const LeaveDialog = lazy(() => import('../group-settings/leave-dialog.tsx'));

interface Props {
  readonly entry: GroupEntry;
  readonly panelOpen: boolean;
  readonly onPanel: () => void;
  readonly onSearch: () => void;
}

export function GroupHeader({ entry, panelOpen, onPanel, onSearch }: Props) {
  const { group, role } = entry;
  const [, navigate] = useLocation();
  const [leaving, setLeaving] = useState(false);
  const notice = useConnectionNotice();
  const count = usePeople((s) => s.groups[group.id]?.members.length ?? 0);
  const waiting = useSignals((s) => s.waiting[group.id] ?? 0);
  const code = group.access_code;
  return (
    <header className={styles.header} data-region>
      <Link href={paths.groups} className={styles.back} aria-label="All groups"><BackIcon /></Link>
      <div className={styles.names}>
        <h1 className={styles.name}><bdi>{group.name}</bdi></h1>
        <p className={styles.about} role="status">
          {notice.level !== 'word' ? <span title={group.description || undefined}>{group.description}</span> : <span className={styles.reconnecting}>Reconnecting…</span>}
        </p>
      </div>
      <IconButton className={styles.lobby} label={waiting > 0 ? `Lobby, ${waiting} ${waiting === 1 ? 'waits' : 'wait'}` : 'Lobby'} onClick={() => navigate(paths.lobby(group.id))}>
        <LobbyIcon />{waiting > 0 && <span className={styles.waiting} aria-hidden="true">{waiting > 99 ? '99+' : waiting}</span>}
      </IconButton>
      <IconButton className={styles.watch} label="Watch together" onClick={() => navigate(paths.watch(group.id))}><WatchIcon /></IconButton>
      <IconButton className={styles.watch} label="Duels" onClick={() => navigate(paths.duelsOf(group.id))}><DuelIcon /></IconButton>
      <IconButton label="Search in this group" keys="Control+F" onClick={onSearch}><SearchIcon /></IconButton>
      <IconButton label={count > 0 ? `Members, ${count}` : 'Members'} aria-pressed={panelOpen} onClick={onPanel}><PeopleIcon /></IconButton>
      <Menu
        label="Group"
        trigger={<IconButton label="More"><MoreIcon /></IconButton>}
        entries={[
          { label: mayChangeGroup(role) ? 'Group settings' : 'About this group', icon: <SettingsIcon />, run: () => navigate(paths.groupSettings(group.id)) },
          { label: 'Watch together', icon: <WatchIcon />, run: () => navigate(paths.watch(group.id)) },
          { label: 'Duels', icon: <DuelIcon />, run: () => navigate(paths.duelsOf(group.id)) },
          code ? { label: 'Copy invite link', icon: <LinkIcon />, run: () => void copyText(inviteLink(code), 'Invite link copied') } : null,
          { label: 'Mark as read', icon: <CheckIcon />, run: () => markRead(group.id, logOf(group.id)?.position ?? group.head) },
          role !== 'owner' && 'line',
          role !== 'owner' && { label: 'Leave group', icon: <CloseIcon />, danger: true, run: () => setLeaving(true) },
        ]}
      />
      <Suspense fallback={null}>{leaving && <LeaveDialog entry={entry} onClose={() => setLeaving(false)} />}</Suspense>
    </header>
  );
}
