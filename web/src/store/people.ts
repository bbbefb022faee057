// Who is in a group. Apart from logs, so that somebody joining renders no message anew.
import { create } from 'zustand';
import { mentionNames, NO_NAMES, type MentionNames } from '../model/mentions.ts';
import type { Event, Member, Role } from '../shapes.ts';

export interface People {
  readonly members: readonly Member[];
  /** Made anew only when a name changes: message rows depend on it. */
  readonly names: MentionNames;
  readonly next: string | null;
  readonly status: 'loading' | 'ready' | 'failed';
}

export const usePeople = create<{ readonly groups: Readonly<Record<number, People>> }>()(() => ({ groups: {} }));

const NOBODY: People = { members: [], names: NO_NAMES, next: null, status: 'loading' };

export function peopleOf(group: number): People {
  return usePeople.getState().groups[group] ?? NOBODY;
}

export function roleOf(group: number, account: number): Role | undefined {
  return peopleOf(group).members.find((member) => member.account.id === account)?.role;
}

export function setPeople(group: number, change: Partial<People>, me: number): void {
  const before = peopleOf(group);
  const people = { ...before, ...change };
  if (change.members) {
    const names = mentionNames(change.members.map((member) => member.account), me);
    const same = names.names.length === before.names.names.length && names.names.every((name, i) => name === before.names.names[i]);
    people.names = same ? before.names : names;
  }
  usePeople.setState(({ groups }) => ({ groups: { ...groups, [group]: people } }));
}

export function applyToPeople(event: Event, me: number): void {
  const people = usePeople.getState().groups[event.group];
  if (!people) return;
  const others = (id: number) => people.members.filter((member) => member.account.id !== id);
  switch (event.type) {
    case 'member_joined': {
      const member: Member = { account: event.data.account, role: event.data.role, last_read: 0, joined_at: event.at };
      setPeople(event.group, { members: [...others(event.data.account.id), member] }, me);
      return;
    }
    case 'member_left':
      setPeople(event.group, { members: others(event.data.account.id) }, me);
      return;
    case 'member_role': {
      const { account, role } = event.data;
      setPeople(event.group, { members: people.members.map((m) => (m.account.id === account.id ? { ...m, account, role } : m)) }, me);
      return;
    }
    default:
  }
}

export function putMember(group: number, member: Member, me: number): void {
  const members = peopleOf(group).members.map((m) => (m.account.id === member.account.id ? member : m));
  setPeople(group, { members }, me);
}
