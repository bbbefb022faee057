// Ctrl+K: groups, people of this group and commands, found by a few letters.
import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { mentionOf } from '../../model/mentions.ts';
import { paths } from '../../routes.ts';
import { closeDialog, openDialog } from '../../store/dialogs.ts';
import { NO_DRAFT, setDraft, useDrafts } from '../../store/drafts.ts';
import { sortedGroups, useGroups } from '../../store/groups.ts';
import { useLobby } from '../../store/lobby.ts';
import { peopleOf } from '../../store/people.ts';
import { setTheme } from '../../store/preferences.ts';
import { useSession } from '../../store/session.ts';
import { markRead } from '../../sync/chat.ts';
import { signOut } from '../../sync/session.ts';
import { toast } from '../../store/toasts.ts';
import { inWords } from '../../failure.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { CheckIcon, DuelIcon, KeyIcon, LobbyIcon, PeopleIcon, PlusIcon, SettingsIcon, WatchIcon } from '../../ui/icons.tsx';
import { focusComposer } from '../group/composing.ts';
import { rank } from './rank.ts';
import styles from './palette.module.css';

interface Choice {
  readonly id: string;
  readonly label: string;
  readonly note: string;
  readonly icon: ReactNode;
  readonly run: () => void;
}

const MOST = 50;

export default function Palette({ group }: { group: number | null }) {
  const [, navigate] = useLocation();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const entries = useGroups((s) => s.entries);
  const guest = useSession((s) => s.account?.guest ?? true);
  const inLobby = useLobby((s) => s.state.at !== 'outside');
  const list = useRef<HTMLUListElement>(null);

  const choices = useMemo<readonly Choice[]>(() => {
    const groups = sortedGroups(entries).map((entry): Choice => ({
      id: `g${entry.group.id}`,
      label: entry.group.name,
      note: entry.unread > 0 ? `${entry.unread} unread` : 'Group',
      icon: <Avatar id={entry.group.id} name={entry.group.name} size={24} />,
      run: () => navigate(paths.group(entry.group.id)),
    }));
    const people = group === null ? [] : peopleOf(group).members.map(({ account }): Choice => ({
      id: `p${account.id}`,
      label: account.display_name,
      note: 'Mention',
      icon: <Avatar id={account.id} name={account.display_name} size={24} />,
      run: () => {
        const draft = useDrafts.getState().drafts[group] ?? NO_DRAFT;
        setDraft(group, { ...draft, text: `${draft.text}${draft.text && !draft.text.endsWith(' ') ? ' ' : ''}${mentionOf(account)} ` });
        focusComposer();
      },
    }));
    const command = (id: string, label: string, icon: ReactNode, run: () => void): Choice => ({ id, label, note: 'Command', icon, run });
    const commands = [
      ...(guest ? [] : [command('create', 'Create a group', <PlusIcon />, () => openDialog('create-group'))]),
      command('join', 'Join a group with a code', <KeyIcon />, () => openDialog('join-group')),
      ...(group === null ? [] : [
        command('members', 'Show the members', <PeopleIcon />, () => navigate(paths.members(group))),
        command('find', 'Meet somebody of this group', <LobbyIcon />, () => navigate(paths.lobby(group))),
        command('watch', 'Watch with this group', <WatchIcon />, () => navigate(paths.watch(group))),
        command('challenge', 'Duels of this group', <DuelIcon />, () => navigate(paths.duelsOf(group))),
        command('group', 'Group settings', <SettingsIcon />, () => navigate(paths.groupSettings(group))),
      ]),
      ...(Object.keys(entries).length === 0 ? [] : [command('lobby', 'Lobby', <LobbyIcon />, () => navigate(paths.lobbies))]),
      ...(inLobby ? [command('leave-lobby', 'Leave the lobby', <LobbyIcon />, () => void import('../../sync/lobby.ts').then((lobby) => lobby.leaveLobby()))] : []),
      command('duels', 'Duels', <DuelIcon />, () => navigate(paths.duels)),
      command('read', 'Mark all groups as read', <CheckIcon />, () => Object.values(entries).forEach((entry) => entry.unread > 0 && markRead(entry.group.id, entry.countedTo))),
      command('settings', 'Settings', <SettingsIcon />, () => navigate(paths.settings)),
      command('keys', 'Keyboard shortcuts', <SettingsIcon />, () => openDialog('shortcuts')),
      command('light', 'Light theme', <SettingsIcon />, () => setTheme('light')),
      command('dark', 'Dark theme', <SettingsIcon />, () => setTheme('dark')),
      command('system', 'Theme of the system', <SettingsIcon />, () => setTheme('system')),
      command('out', 'Sign out', <KeyIcon />, () => void signOut(false).catch((error: unknown) => toast(`You are still signed in. ${inWords(error)}`, { tone: 'error' }))),
    ];
    return rank([...groups, ...people, ...commands], query).slice(0, MOST);
  }, [entries, group, guest, inLobby, navigate, query]);

  const run = (choice: Choice | undefined) => {
    if (!choice) return;
    closeDialog();
    choice.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && choices.length > 0) {
      event.preventDefault();
      const next = (chosen + step + choices.length) % choices.length;
      setChosen(next);
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(choices[chosen]);
    }
  };

  return (
    <Dialog title="Find anything" titleHidden shape="top" onClose={closeDialog}>
      <input
        className={styles.input} role="combobox" aria-expanded="true" aria-controls="palette-list" aria-activedescendant={choices[chosen] && `palette-${choices[chosen].id}`}
        aria-label="Find a group, a person or a command" placeholder="Group, person or command" autoFocus value={query} autoComplete="off" spellCheck={false}
        onChange={(event) => {
          setQuery(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul ref={list} className={styles.list} id="palette-list" role="listbox" aria-label="Found">
        {choices.map((choice, index) => (
          <li key={choice.id} id={`palette-${choice.id}`} role="option" aria-selected={index === chosen} className={styles.choice} onClick={() => run(choice)} onPointerMove={() => setChosen(index)}>
            <span className={styles.icon}>{choice.icon}</span>
            <bdi className={styles.label}>{choice.label}</bdi>
            <span className={styles.note}>{choice.note}</span>
          </li>
        ))}
      </ul>
      {choices.length === 0 && <p className={styles.none} role="status">Nothing of that name.</p>}
    </Dialog>
  );
}
