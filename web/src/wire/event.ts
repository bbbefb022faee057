// Made from crates/wire by its tests. Do not edit.
import type { Account, Author } from "./account";
import type { Role } from "./group";
import type { Attachment } from "./message";
import type { Id, Seq } from "./numbers";
import type { PlayerChange } from "./watch";

/** `data` of `delete`. */
export type DeleteData = {
  /** The position of the message. */
  seq: Seq,
};

/** `data` of `edit`. */
export type EditData = {
  /** The position of the message. */
  seq: Seq,
  /** What it says now; empty once deleted. */
  text: string,
};

/** `{group, epoch, seq, at, by, type, data}`. */
export type Event = {
  /** Where. */
  group: Id,
  /** The life of the group's log. */
  epoch: Seq,
  /** The position in it. */
  seq: Seq,
  /** When it was accepted. */
  at: string,
  /** Who did it. */
  by: Author,
} & ({ "type": "message", "data": MessageData }
| { "type": "edit", "data": EditData }
| { "type": "delete", "data": DeleteData }
| { "type": "reaction", "data": ReactionData }
| { "type": "member_joined", "data": MemberJoinedData }
| { "type": "member_left", "data": MemberLeftData }
| { "type": "member_role", "data": MemberRoleData }
| { "type": "group_updated", "data": GroupUpdatedData }
| { "type": "player", "data": PlayerChange });

/** `data` of `group_updated`: what changed, with its new value. The access code is never in the log. */
export type GroupUpdatedData = {
  /** The name. */
  name?: string,
  /** The description. */
  description?: string,
  /** The rules. */
  rules?: string,
  /** The owner. */
  owner_id?: Id,
  /** Seconds between two messages of a member. */
  slow_mode_s?: number,
  /** Whether one who is left over in the lobby may join two others. */
  lobby_threes?: boolean,
  /** When it ends by itself; null is never. */
  expires_at?: string | null,
};

/** How somebody left. */
export type LeaveReason = "left" | "kicked" | "banned";

/** `data` of `member_joined`. */
export type MemberJoinedData = {
  /** Who. */
  account: Account,
  /** As what. */
  role: Role,
};

/** `data` of `member_left`. */
export type MemberLeftData = {
  /** Who. */
  account: Account,
  /** How. */
  reason: LeaveReason,
};

/** `data` of `member_role`. */
export type MemberRoleData = {
  /** Who. */
  account: Account,
  /** As what from now on. */
  role: Role,
};

/** `data` of `message`. */
export type MessageData = {
  /** As it was written; empty once deleted. */
  text: string,
  /** As its author's client named it. */
  client_id: string,
  /** The position of the message that it answers. */
  reply_to: Seq | null,
  /** The files in it; missing where there are none. */
  files?: Array<Attachment>,
  /** It has been deleted since: the position stays, the text is gone. */
  deleted?: boolean,
};

/** `data` of `reaction`. */
export type ReactionData = {
  /** The position of the message. */
  seq: Seq,
  /** Which emoji. */
  emoji: string,
  /** Put there, or taken back. */
  on: boolean,
};
