// Who is in the group, who is here now, and what the reader may do with them.
import { useMemo, useState } from 'react';
import { api } from '../../api.ts';
import { inWords } from '../../failure.ts';
import { mayChangeRole, mayHandOverTo, mayRemove, roleName } from '../../model/permission.ts';
import type { Member, Role } from '../../shapes.ts';
import { refreshGroup, type GroupEntry } from '../../store/groups.ts';
import { usePeople } from '../../store/people.ts';
import { useSession } from '../../store/session.ts';
import { useSignals } from '../../store/signals.ts';
import { toast } from '../../store/toasts.ts';
import { changeRole, loadPeople } from '../../sync/chat.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { CloseIcon, KeyIcon, MoreIcon, PeopleIcon, WarnIcon } from '../../ui/icons.tsx';
import { Menu } from '../../ui/menu.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import styles from './member-panel.module.css';

const ORDER: readonly Role[] = ['owner', 'moderator', 'member', 'guest'];
const PLURAL: Record<Role, string> = { owner: 'Owner', moderator: 'Moderators', member: 'Members', guest: 'Guests' };
const FILTER_FROM = 12;

type Question = { readonly what: 'remove' | 'ban' | 'hand-over'; readonly member: Member };

export default function MemberPanel({ entry }: { entry: GroupEntry }) {
  const { group, role } = entry;
  const people = usePeople((s) => s.groups[group.id]);
  const here = useSignals((s) => s.here[group.id]);
  const me = useSession((s) => s.account?.id ?? 0);
  const [query, setQuery] = useState('');
  const [question, setQuestion] = useState<Question | null>(null);
  const members = people?.members;

  const sections = useMemo(() => {
    const wanted = query.trim().toLocaleLowerCase();
    const shown = (members ?? []).filter(({ account }) => !wanted || `${account.display_name} ${account.username ?? ''}`.toLocaleLowerCase().includes(wanted));
    return ORDER.map((of) => ({
      role: of,
      members: shown.filter((member) => member.role === of).sort((a, b) => a.account.display_name.localeCompare(b.account.display_name)),
    })).filter((section) => section.members.length > 0);
  }, [members, query]);

  if (!people || (people.status === 'loading' && people.members.length === 0)) return <Skeleton label="Loading the members" />;
  if (people.status === 'failed') return <ErrorState title="The members did not load" text="Check your connection." onRetry={() => void loadPeople(group.id)} />;

  const setRole = (member: Member, to: Role) => {
    changeRole(group.id, member.account.id, to).catch((error: unknown) => toast(`The role was not changed. ${inWords(error)}`, { tone: 'error' }));
  };

  return (
    <div className={styles.panel}>
      <p className={styles.summary}>
        {people.members.length}{people.next ? '+' : ''} {people.members.length === 1 ? 'member' : 'members'}
        {here && <span>, {people.members.filter((m) => here.has(m.account.id)).length} here now</span>}
      </p>
      {people.members.length >= FILTER_FROM && (
        <input type="search" className={styles.filter} placeholder="Find a member" aria-label="Find a member" value={query} onChange={(event) => setQuery(event.target.value)} />
      )}
      {sections.length === 0 && <p className={styles.none}>Nobody of that name is here.</p>}
      {sections.map((section) => (
        <section key={section.role} aria-label={PLURAL[section.role]}>
          <h2 className={styles.heading}>{PLURAL[section.role]}{section.role !== 'owner' && ` – ${section.members.length}`}</h2>
          <ul>
            {section.members.map((member) => (
              <MemberRow key={member.account.id} member={member} mine={role} isMe={member.account.id === me} online={here?.has(member.account.id)} onAsk={setQuestion} onRole={setRole} />
            ))}
          </ul>
        </section>
      ))}
      {people.next && <p className={styles.none}>More people are in this group than are listed here.</p>}
      {question && <Ask group={group.id} groupName={group.name} question={question} onClose={() => setQuestion(null)} />}
    </div>
  );
}

interface RowProps {
  readonly member: Member;
  readonly mine: Role;
  readonly isMe: boolean;
  readonly online: boolean | undefined;
  readonly onAsk: (question: Question) => void;
  readonly onRole: (member: Member, to: Role) => void;
}

function MemberRow({ member, mine, isMe, online, onAsk, onRole }: RowProps) {
  const { account, role } = member;
  const remove = !isMe && mayRemove(mine, role);
  const change = !isMe && mayChangeRole(mine, role);
  const handOver = !isMe && mayHandOverTo(mine, role);
  return (
    <li className={styles.member}>
      <Avatar id={account.id} name={account.display_name} size={32} online={online} />
      <span className={styles.names}>
        <span className={styles.name}><bdi>{account.display_name}</bdi>{isMe && <span className={styles.you}> (you)</span>}</span>
        <span className={styles.sub}>
          {account.username ? `@${account.username}` : roleName('guest')}
          {online !== undefined && <span className="hidden-visually">, {online ? 'here now' : 'away'}</span>}
        </span>
      </span>
      {(remove || change || handOver) && (
        <Menu
          label={`Actions for ${account.display_name}`}
          trigger={<IconButton label={`Actions for ${account.display_name}`} tooltip={false}><MoreIcon /></IconButton>}
          entries={[
            change && role === 'member' && { label: 'Make moderator', icon: <KeyIcon />, run: () => onRole(member, 'moderator') },
            change && role === 'moderator' && { label: 'Make ordinary member', icon: <PeopleIcon />, run: () => onRole(member, 'member') },
            handOver && { label: 'Hand the group over', icon: <KeyIcon />, run: () => onAsk({ what: 'hand-over', member }) },
            remove && change && 'line',
            remove && { label: 'Remove from group', icon: <CloseIcon />, danger: true, run: () => onAsk({ what: 'remove', member }) },
            remove && { label: 'Ban from group', icon: <WarnIcon />, danger: true, run: () => onAsk({ what: 'ban', member }) },
          ]}
        />
      )}
    </li>
  );
}

function Ask({ group, groupName, question, onClose }: { group: number; groupName: string; question: Question; onClose: () => void }) {
  const { account } = question.member;
  const name = account.display_name;
  switch (question.what) {
    case 'remove':
      return <ConfirmDialog title={`Remove ${name}?`} about={`${name} stops seeing ${groupName} at once, and may come back with the access code.`} action="Remove" danger onClose={onClose} onConfirm={() => api.removeMember(group, account.id)} />;
    case 'ban':
      return (
        <ConfirmDialog
          title={`Ban ${name}?`} about={`${name} stops seeing ${groupName} at once and cannot come back, not even with the code, until somebody lifts the ban.`} action="Ban" danger ask="Reason (optional)"
          onClose={onClose} onConfirm={(reason) => api.ban(group, { account_id: account.id, ...(reason ? { reason } : {}) })}
        />
      );
    case 'hand-over':
      return (
        <ConfirmDialog
          title={`Hand ${groupName} over to ${name}?`} about={`${name} will own the group. You stay in it without the owner's rights, and cannot take it back yourself.`} action="Hand over" danger onClose={onClose}
          onConfirm={async () => {
            refreshGroup((await api.handOver(group, account.id)).group);
            await loadPeople(group);
          }}
        />
      );
  }
}
