// Made from crates/wire by its tests. Do not edit.
import type { Author } from "./account";
import type { Event } from "./event";
import type { Id, Seq } from "./numbers";
import type { FileKind } from "./upload";

/** A file in a message. Its bytes are at `/groups/{id}/uploads/{file}/content`. */
export type Attachment = {
  /** Which. */
  id: Id,
  /** What its sender calls it. */
  name: string,
  /** What it is for. */
  kind: FileKind,
  /** Bytes. */
  size: number,
  /** Pixels across, of a picture. */
  width?: number,
  /** Pixels down, of a picture. */
  height?: number,
  /** Whether there is a small picture at `…/thumbnail`; missing where there is none. */
  thumbnail?: boolean,
};

/** The answer of editing, deleting and reacting. */
export type Changed = {
  /** What was added to the log; null where everything was as wished already. */
  event: Event | null,
};

/** What a message said at a time. */
export type Edit = {
  /** Since when it said so. */
  at: string,
  /** What it said. */
  text: string,
};

/** `PATCH /groups/{id}/messages/{seq}`. */
export type EditMessage = {
  /** 1–8,000 characters. */
  text: string,
};

/** `GET /groups/{id}/messages/{seq}/edits`. */
export type Edits = {
  /** The first text first; the last one is what everybody sees. */
  edits: Array<Edit>,
  /** Lists of edits come whole: always null. */
  next: string | null,
};

/** `GET /groups/{id}/events`. */
export type Events = {
  /** The life of the log. */
  epoch: Seq,
  /** Its last position. */
  head: Seq,
  /** The position asked for is of a foreign epoch or past the head: discard what you have and start anew. */
  reload?: boolean,
  /** In order, without a gap. */
  events: Array<Event>,
};

/** A message in a page of history. */
export type Message = {
  /** Its position. */
  seq: Seq,
  /** When it was accepted. */
  at: string,
  /** Who wrote it. */
  by: Author,
  /** As it is now; empty when deleted. */
  text: string,
  /** As its author's client named it. */
  client_id: string,
  /** The position of the message that it answers. */
  reply_to: Seq | null,
  /** The files in it; missing where there are none. */
  files?: Array<Attachment>,
  /** When it was last edited. */
  edited_at: string | null,
  /** Only its place is left. */
  deleted: boolean,
  /** In the order in which they first came. */
  reactions: Array<Reaction>,
};

/** `GET /groups/{id}/messages`. */
export type Messages = {
  /** The life of the log. */
  epoch: Seq,
  /** Its last position as of the same read: every event up to it is folded into `messages`, and none after it. */
  head: Seq,
  /** The newest first. */
  messages: Array<Message>,
  /** Where the next, older page begins; null is the start of the group. */
  next: string | null,
};

/** `POST /groups/{id}/messages`. */
export type NewMessage = {
  /** 1–64 visible ASCII characters, chosen by the client: a repeat with the same one is the same message. */
  client_id: string,
  /** 1–8,000 characters. */
  text: string,
  /** The position of the message that this one answers. */
  reply_to?: Seq,
  /** Files that stand in it: at most 8 complete ones of this group, which the sender brought. */
  files?: Array<Id>,
};

/** One emoji under a message. */
export type Reaction = {
  /** Which. */
  emoji: string,
  /** By how many. */
  count: number,
  /** The caller is one of them. */
  me: boolean,
};

/** `PUT /groups/{id}/read`. */
export type Read = {
  /** Everything up to here is read; it never goes back, and past the head means the head. */
  seq: Seq,
};

/** The answer of sending. */
export type Sent = {
  /** What was added, or had been. */
  event: Event,
  /** It had been: nothing was added now. */
  duplicate: boolean,
};

/** The answer of `PUT /groups/{id}/read`. */
export type Unread = {
  /** Messages by others that are left. */
  unread: number,
  /** The last position that the caller has read. */
  last_read: Seq,
};
