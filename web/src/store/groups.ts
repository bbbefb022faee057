// The groups of the reader: names, roles, read positions and unread counts, kept right by live events.
import { create } from 'zustand';
import { mentionsMe, type MentionNames } from '../model/mentions.ts';
import type { Event, Group, MyGroup, Role } from '../shapes.ts';

export interface GroupEntry {
  readonly group: Group;
  readonly role: Role;
  readonly lastRead: number;
  readonly unread: number;
  /** Unread messages that name the reader; only those that came while this page was open. */
  readonly mentions: number;
  /** `unread` counts every event up to here. */
  readonly countedTo: number;
}

interface GroupsState {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly entries: Readonly<Record<number, GroupEntry>>;
}

export const useGroups = create<GroupsState>()(() => ({ status: 'loading', entries: {} }));

/** By name: a list that reorders itself under the pointer makes people open the wrong group. */
export function sortedGroups(entries: Readonly<Record<number, GroupEntry>>): readonly GroupEntry[] {
  return Object.values(entries).sort((a, b) => a.group.name.localeCompare(b.group.name) || a.group.id - b.group.id);
}

export function setGroups(groups: readonly MyGroup[]): void {
  const before = useGroups.getState().entries;
  const entries: Record<number, GroupEntry> = {};
  for (const { group, role, head, last_read: lastRead, unread } of groups) {
    const mentions = unread === 0 ? 0 : (before[group.id]?.mentions ?? 0);
    entries[group.id] = { group, role, lastRead, unread, mentions, countedTo: head };
  }
  useGroups.setState({ status: 'ready', entries });
}

export function putGroup(group: Group, role: Role): void {
  const had = useGroups.getState().entries[group.id];
  putEntry(had ? { ...had, group: withCode(had.group, group), role } : { group, role, lastRead: group.head, unread: 0, mentions: 0, countedTo: group.head });
}

/** An answer of the server about a group that is known already. */
export function refreshGroup(group: Group): void {
  const had = useGroups.getState().entries[group.id];
  if (had) putEntry({ ...had, group: withCode(had.group, group) });
}

export function dropGroup(id: number): void {
  useGroups.setState(({ entries }) => {
    const { [id]: _gone, ...others } = entries;
    return { entries: others };
  });
}

export function setRead(id: number, lastRead: number, unread: number): void {
  const entry = useGroups.getState().entries[id];
  // A read position never goes back; an answer may overtake another.
  if (!entry || lastRead < entry.lastRead) return;
  putEntry({ ...entry, lastRead, unread, mentions: unread === 0 ? 0 : Math.min(entry.mentions, unread) });
}

/** Deleted before we saw them: they were never counted, so their deletion takes nothing away. */
const neverCounted = new Set<string>();

export function countEvent(event: Event, me: number, names: MentionNames): void {
  const entry = useGroups.getState().entries[event.group];
  if (!entry || event.seq <= entry.countedTo) return;
  const next = { ...entry, countedTo: event.seq };
  switch (event.type) {
    case 'message':
      if (event.by.id === me) {
        putEntry({ ...next, lastRead: event.seq, unread: 0, mentions: 0 });
      } else if (event.data.deleted) {
        neverCounted.add(`${event.group}:${event.seq}`);
        putEntry(next);
      } else {
        putEntry({ ...next, unread: entry.unread + 1, mentions: entry.mentions + (mentionsMe(event.data.text, names) ? 1 : 0) });
      }
      return;
    case 'delete': {
      // Everything after the read position is by others: writing reads up to what one wrote.
      const counted = event.data.seq > entry.lastRead && !neverCounted.delete(`${event.group}:${event.data.seq}`);
      const unread = counted ? Math.max(0, entry.unread - 1) : entry.unread;
      putEntry({ ...next, unread, mentions: Math.min(entry.mentions, unread) });
      return;
    }
    case 'group_updated':
      putEntry({ ...next, group: { ...entry.group, ...event.data } });
      return;
    case 'member_role':
      putEntry(event.data.account.id === me ? { ...next, role: event.data.role } : next);
      return;
    default:
      putEntry(next);
  }
}

function putEntry(entry: GroupEntry): void {
  useGroups.setState(({ entries }) => ({ entries: { ...entries, [entry.group.id]: entry } }));
}

/** A group from an answer for members without the code must not wipe the code that is known. */
function withCode(had: Group, now: Group): Group {
  return 'access_code' in now ? now : { ...now, access_code: had.access_code };
}
