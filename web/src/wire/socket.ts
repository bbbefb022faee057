// Made from crates/wire by its tests. Do not edit.
import type { Event } from "./event";
import type { Id, Position, Seq } from "./numbers";
import type { Code } from "./problem";

/** What a call is acknowledged with. */
export type Ack<T> = AckOk<T> | AckRefused;

/** The same codes as over REST. */
export type AckError = {
  /** For programs. */
  code: Code,
  /** For people. */
  message: string,
  /** With `invalid`: which field. */
  field?: string,
  /** With `rate_limited` and `unavailable`: seconds to wait. */
  retry_after?: number,
};

/** `{ok: true, …}`. */
export type AckOk<T> = {
  /** Always true. */
  ok: true,
} & T;

/** `{ok: false, error}`. */
export type AckRefused = {
  /** Always false. */
  ok: false,
  /** Why. */
  error: AckError,
};

/** Too far behind. */
export type Behind = {
  /** The group. */
  id: Id,
  /** The life of its log. */
  epoch: Seq,
  /** Its last position. */
  head: Seq,
  /** Always true. */
  behind: true,
};

/** `close`. */
export type CloseGroup = {
  /** Which. */
  group: Id,
};

/** `CONNECT`: `auth: {token}`. Without a token the cookie counts, where the origin is the server's own. */
export type Connect = {
  /** The bearer token. */
  token?: string,
};

/** `CONNECT_ERROR`. */
export type ConnectError = {
  /** For people. */
  message: string,
  /** For programs. */
  data: ConnectErrorData,
};

/** The part of `CONNECT_ERROR` for programs. */
export type ConnectErrorData = {
  /** Why. */
  code: Code,
  /** With `rate_limited` and `unavailable`: seconds to wait. */
  retry_after?: number,
};

/** `delete`. */
export type DeleteCall = {
  /** Where. */
  group: Id,
  /** The position of the message. */
  seq: Seq,
};

/** An answer that says nothing but `ok`. */
export type Done = Record<symbol, never>;

/** `edit`. */
export type EditCall = {
  /** Where. */
  group: Id,
  /** The position of the message. */
  seq: Seq,
  /** 1–8,000 characters. */
  text: string,
};

/** One group to open. */
export type OpenGroup = {
  /** Which. */
  id: Id,
  /** The last position that the client has; without it no past event is sent. */
  after?: Position,
};

/** `open`. */
export type OpenGroups = {
  /** One item a group. */
  groups: Array<OpenGroup>,
};

/** Not for this caller. */
export type OpenRefused = {
  /** The group as it was asked for. */
  id: Id,
  /** Why. */
  error: AckError,
};

/** Subscribed. */
export type Opened = {
  /** The group. */
  id: Id,
  /** The life of its log. */
  epoch: Seq,
  /** Its last position. */
  head: Seq,
  /** Everything after the client's position, in order. */
  events: Array<Event>,
};

/** What became of one group. */
export type OpenedGroup = Opened | Behind | Reload | OpenRefused;

/** The answer of `open`. */
export type OpenedGroups = {
  /** One item for each that was asked for, in the same order. */
  groups: Array<OpenedGroup>,
};

/** `react`. */
export type ReactCall = {
  /** Where. */
  group: Id,
  /** The position of the message. */
  seq: Seq,
  /** One emoji. */
  emoji: string,
  /** Put it there, or take it back. */
  on: boolean,
};

/** `read`. */
export type ReadCall = {
  /** Where. */
  group: Id,
  /** Everything up to here is read. */
  seq: Seq,
};

/** Not this log. */
export type Reload = {
  /** The group. */
  id: Id,
  /** The life of its log. */
  epoch: Seq,
  /** Its last position. */
  head: Seq,
  /** Always true. */
  reload: true,
};

/** What the server emits as `resume`. */
export type Resume = {
  /** Which. */
  group: Id,
} | {
  /** Milliseconds. */
  in_ms: number,
};

/** `send`. */
export type SendMessage = {
  /** Where. */
  group: Id,
  /** 1–64 visible ASCII characters, chosen by the client: a repeat with the same one is the same message. */
  client_id: string,
  /** 1–8,000 characters. */
  text: string,
  /** The position of the message that this one answers. */
  reply_to?: Seq,
  /** Files that stand in it: at most 8 complete ones of this group, which the sender brought. */
  files?: Array<Id>,
};

/** `typing`. */
export type TypingCall = {
  /** Where. */
  group: Id,
  /** Writes, or stopped. */
  on: boolean,
};
