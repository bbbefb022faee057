// The left column: the reader's groups with what is unread and what is half written, and the way to everything else.
import { memo, useMemo } from 'react';
import { Link } from 'wouter';
import { paths } from '../../routes.ts';
import { openDialog } from '../../store/dialogs.ts';
import { useDrafts } from '../../store/drafts.ts';
import { useDuels } from '../../store/duels.ts';
import { sortedGroups, useGroups, type GroupEntry } from '../../store/groups.ts';
import { useLobby } from '../../store/lobby.ts';
import { useSession } from '../../store/session.ts';
import { refreshGroups } from '../../sync/chat.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { DuelIcon, EditIcon, KeyIcon, LobbyIcon, PlusIcon, SearchIcon, SettingsIcon, WatchIcon } from '../../ui/icons.tsx';
import { Menu } from '../../ui/menu.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import styles from './groups-nav.module.css';

export function GroupsNav({ current, onLobby, onWatch, onDuels, isScreen }: { current: number | null; onLobby: boolean; onWatch: boolean; onDuels: boolean; isScreen: boolean }) {
  const { status, entries } = useGroups();
  const account = useSession((s) => s.account);
  const server = useSession((s) => s.server?.name ?? 'Parlor');
  // As one string: a keystroke in the composer must not draw this list anew.
  const written = useDrafts((s) => Object.keys(s.drafts).filter((id) => s.drafts[Number(id)]!.text.trim() !== '').join());
  const drafts = useMemo(() => new Set(written.split(',').map(Number)), [written]);
  const groups = useMemo(() => sortedGroups(entries), [entries]);
  const Title = isScreen ? 'h1' : 'p';

  return (
    <nav className={styles.nav} aria-label="Groups" data-region>
      <div className={styles.head}>
        <Title className={styles.server}><bdi>{server}</bdi></Title>
        <IconButton label="Find anything" keys="Control+K" onClick={() => openDialog('palette')}><SearchIcon /></IconButton>
        {account?.guest ? (
          <IconButton label="Join a group" onClick={() => openDialog('join-group')}><PlusIcon /></IconButton>
        ) : (
          <Menu
            label="New"
            trigger={<IconButton label="Create or join a group"><PlusIcon /></IconButton>}
            entries={[
              { label: 'Create a group', icon: <PlusIcon />, run: () => openDialog('create-group') },
              { label: 'Join with a code', icon: <KeyIcon />, run: () => openDialog('join-group') },
            ]}
          />
        )}
      </div>
      <div className={styles.scroll}>
        {groups.length > 0 ? (
          <ul className={styles.list}>
            {groups.map((entry) => (
              <GroupLink key={entry.group.id} entry={entry} current={entry.group.id === current} draft={entry.group.id !== current && drafts.has(entry.group.id)} />
            ))}
          </ul>
        ) : status === 'loading' ? (
          <Skeleton label="Loading your groups" />
        ) : status === 'failed' ? (
          <ErrorState title="Your groups did not load" text="Check your connection." onRetry={() => void refreshGroups()} />
        ) : (
          <EmptyState title="No groups yet">
            {!account?.guest && <Button tone="primary" onClick={() => openDialog('create-group')}>Create a group</Button>}
            <Button onClick={() => openDialog('join-group')}>Join with a code</Button>
          </EmptyState>
        )}
        {groups.length > 0 && (
          <>
            <h2 className={styles.heading} id="activities">Activities</h2>
            <ul className={styles.list} aria-labelledby="activities">
              <li><LobbyLink current={onLobby} /></li>
              <li>
                <Link href={paths.watches} className={styles.group} aria-current={onWatch ? 'page' : undefined}>
                  <span className={styles.activity}><WatchIcon /></span>
                  <span className={styles.name}>Watch</span>
                </Link>
              </li>
              <li><DuelLink current={onDuels} /></li>
            </ul>
          </>
        )}
      </div>
      {account && (
        <div className={styles.foot}>
          <Avatar id={account.id} name={account.display_name} size={32} />
          <span className={styles.me}>
            <bdi className={styles.name}>{account.display_name}</bdi>
            <span className={styles.sub}>{account.guest ? 'Guest' : `@${account.username}`}</span>
          </span>
          <Link href={paths.settings} className={styles.settings} aria-label="Settings" aria-keyshortcuts="Control+,"><SettingsIcon /></Link>
        </div>
      )}
    </nav>
  );
}

const PHASES = { entering: 'waiting', waiting: 'waiting', deciding: 'met', talking: 'talking', over: 'over' } as const;

function LobbyLink({ current }: { current: boolean }) {
  const state = useLobby((s) => s.state);
  const unseen = useLobby((s) => s.unseen);
  const phase = state.at === 'room' ? state.room.phase : state.at;
  return (
    <Link href={state.at === 'outside' ? paths.lobbies : paths.lobby(state.group)} className={classes(styles.group, phase === 'deciding' && styles.unread)} aria-current={current ? 'page' : undefined}>
      <span className={styles.activity}><LobbyIcon /></span>
      <span className={styles.name}>Lobby</span>
      {phase !== 'outside' && <span className={styles.how}>{PHASES[phase]}</span>}
      {unseen > 0 && <span className={styles.count}>{unseen > 99 ? '99+' : unseen}<span className="hidden-visually"> new</span></span>}
    </Link>
  );
}

function DuelLink({ current }: { current: boolean }) {
  const seeks = useDuels((s) => s.seek !== null);
  const found = useDuels((s) => s.found?.duel ?? null);
  const aside = useDuels((s) => s.aside);
  const own = found ?? aside;
  return (
    <Link href={own === null ? paths.duels : paths.duel(own)} className={classes(styles.group, found !== null && styles.unread)} aria-current={current ? 'page' : undefined}>
      <span className={styles.activity}><DuelIcon /></span>
      <span className={styles.name}>Duels</span>
      {(own !== null || seeks) && <span className={styles.how}>{found !== null ? 'found' : aside !== null ? 'yours' : 'looking'}</span>}
    </Link>
  );
}

const GroupLink = memo(function GroupLink({ entry, current, draft }: { entry: GroupEntry; current: boolean; draft: boolean }) {
  const { group, unread, mentions } = entry;
  return (
    <li>
      <Link href={paths.group(group.id)} className={classes(styles.group, unread > 0 && styles.unread)} aria-current={current ? 'page' : undefined}>
        <Avatar id={group.id} name={group.name} size={32} />
        <bdi className={styles.name}>{group.name}</bdi>
        {draft && <span className={styles.pencil}><EditIcon size={16} /><span className="hidden-visually">, unsent draft</span></span>}
        {mentions > 0 && <span className={styles.mention}>@<span className="hidden-visually">, {mentions === 1 ? 'you are mentioned' : `you are mentioned ${mentions} times`}</span></span>}
        {unread > 0 && <span className={styles.count}>{unread > 99 ? '99+' : unread}<span className="hidden-visually"> unread</span></span>}
      </Link>
    </li>
  );
});
