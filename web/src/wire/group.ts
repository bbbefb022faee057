// Made from crates/wire by its tests. Do not edit.
import type { Account } from "./account";
import type { Id, Seq } from "./numbers";

/** Someone who may not come back, not even with the code. */
export type Ban = {
  /** Who. */
  account: Account,
  /** Why, where somebody said so. */
  reason: string | null,
  /** Which moderator. */
  by_id: Id,
  /** Since when. */
  at: string,
};

/** The answer of a ban. */
export type BanAnswer = {
  /** The ban. */
  ban: Ban,
};

/** `GET /groups/{id}/bans`. */
export type Bans = {
  /** The newest first. */
  bans: Array<Ban>,
  /** Where the next page begins; null is the end. */
  next: string | null,
};

/** `PATCH /groups/{id}`: a field that is missing stays as it is. */
export type ChangeGroup = {
  /** 1–80 characters. */
  name?: string,
  /** What it is about. */
  description?: string,
  /** What its owner asks of its members. */
  rules?: string,
  /** Seconds that a member waits between two messages; 0 turns it off. */
  slow_mode_s?: number,
  /** Whether one who is left over in the lobby may join two others. */
  lobby_threes?: boolean,
  /** It ends after this many seconds from now; null is never. */
  expires_in_s?: number | null,
};

/** `PATCH /groups/{id}/members/{account_id}`. */
export type ChangeMember = {
  /** `moderator` or `member`. */
  role: Role,
};

/** The durable place. */
export type Group = {
  /** Never reused. */
  id: Id,
  /** 1–80 characters. */
  name: string,
  /** What it is about. */
  description: string,
  /** What its owner asks of its members. */
  rules: string,
  /** The account that owns it. */
  owner_id: Id,
  /** Owner and moderators only: the code with which others join, null while it is turned off. */
  access_code?: string | null,
  /** Seconds that a member waits between two messages; 0 is off. */
  slow_mode_s: number,
  /** Whether one who is left over in the lobby may join two others. */
  lobby_threes: boolean,
  /** When it was made. */
  created_at: string,
  /** When it ends by itself; null is never. */
  expires_at: string | null,
  /** The life of its log. */
  epoch: Seq,
  /** The last position of its log. */
  head: Seq,
};

/** The answer of every call that makes or changes a group. */
export type GroupAnswer = {
  /** The group as it is now. */
  group: Group,
};

/** `GET /groups`. */
export type Groups = {
  /** The caller's groups. */
  groups: Array<Group>,
  /** Where the next page begins; null is the end. */
  next: string | null,
};

/** `POST /groups/{id}/owner`. */
export type HandOver = {
  /** The member who owns the group from now on. */
  account_id: Id,
};

/** `POST /groups/join`. */
export type JoinGroup = {
  /** The code that a member passed on. */
  access_code: string,
};

/** Someone's place in a group. */
export type Member = {
  /** Who. */
  account: Account,
  /** As what. */
  role: Role,
  /** The last position that they have read. */
  last_read: Seq,
  /** Since when. */
  joined_at: string,
};

/** The answer of a change of role. */
export type MemberAnswer = {
  /** The member as it is now. */
  member: Member,
};

/** `GET /groups/{id}/members`. */
export type Members = {
  /** In the order in which they joined. */
  members: Array<Member>,
  /** Where the next page begins; null is the end. */
  next: string | null,
};

/** `POST /groups/{id}/bans`. */
export type NewBan = {
  /** Who may not be here. */
  account_id: Id,
  /** Shown to owner and moderators. */
  reason?: string,
};

/** `POST /groups`. */
export type NewGroup = {
  /** 1–80 characters. */
  name: string,
  /** What it is about. */
  description?: string,
  /** What its owner asks of its members. */
  rules?: string,
  /** It ends by itself after this many seconds. */
  expires_in_s?: number,
};

/** What a member may do; a table in `core::permission` says which is what. */
export type Role = "owner" | "moderator" | "member" | "guest";
