// Which controls a member is offered. The server decides; this only keeps buttons away that it would refuse.
import type { Role } from '../shapes.ts';

const RANK: Record<Role, number> = { owner: 3, moderator: 2, member: 1, guest: 0 };

export function mayChangeGroup(role: Role): boolean {
  return RANK[role] >= RANK.moderator;
}

export function maySeeCode(role: Role): boolean {
  return RANK[role] >= RANK.moderator;
}

export function mayDeleteGroup(role: Role): boolean {
  return role === 'owner';
}

/** Kick and ban: those who keep order, and only downwards. */
export function mayRemove(mine: Role, theirs: Role): boolean {
  return RANK[mine] >= RANK.moderator && RANK[mine] > RANK[theirs];
}

export function mayChangeRole(mine: Role, theirs: Role): boolean {
  return mine === 'owner' && (theirs === 'moderator' || theirs === 'member');
}

/** A guest has no password to come back with and cannot own a group. */
export function mayHandOverTo(mine: Role, theirs: Role): boolean {
  return mine === 'owner' && (theirs === 'moderator' || theirs === 'member');
}

export function mayEdit(mine: boolean): boolean {
  return mine;
}

/** `theirs` is missing where the author has left: then they rank lowest. */
export function mayDelete(mine: boolean, role: Role, theirs: Role | undefined): boolean {
  return mine || role === 'owner' || (role === 'moderator' && (!theirs || RANK[theirs] < RANK.moderator));
}

export function maySeeEdits(mine: boolean, role: Role): boolean {
  return mine || RANK[role] >= RANK.moderator;
}

/** What was said in a room of the lobby, as the one who reports saw it. */
export function maySeeReports(role: Role): boolean {
  return RANK[role] >= RANK.moderator;
}

export function mayRunSpeedChat(role: Role): boolean {
  return role === 'owner';
}

export function roleName(role: Role): string {
  return { owner: 'Owner', moderator: 'Moderator', member: 'Member', guest: 'Guest' }[role];
}
