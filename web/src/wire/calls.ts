// Made from crates/wire by its tests. Do not edit.
import type { Ack, Changed, CloseGroup, DeleteCall, Done, EditCall, Event, OpenGroups, OpenedGroups, ReactCall, ReadCall, Resume, SendMessage, Sent, Signal, TypingCall, Unread } from "./index";

/** What a client may call in the namespace `/v1`. */
export type Calls = {
  /** Subscribe to groups and get everything after the positions that are known, without a hole. */
  open: (body: OpenGroups, ack: (ack: Ack<OpenedGroups>) => void) => void;
  /** Stop hearing a group. */
  close: (body: CloseGroup, ack: (ack: Ack<Done>) => void) => void;
  /** Write a message; safe to repeat. */
  send: (body: SendMessage, ack: (ack: Ack<Sent>) => void) => void;
  /** Change a message. */
  edit: (body: EditCall, ack: (ack: Ack<Changed>) => void) => void;
  /** Take a message away. */
  delete: (body: DeleteCall, ack: (ack: Ack<Changed>) => void) => void;
  /** Put an emoji under a message, or take it back. */
  react: (body: ReactCall, ack: (ack: Ack<Changed>) => void) => void;
  /** Move the read position. */
  read: (body: ReadCall, ack: (ack: Ack<Unread>) => void) => void;
  /** Tell the others; a signal, never stored. */
  typing: (body: TypingCall, ack: (ack: Ack<Done>) => void) => void;
};

/** What the server tells a client in the namespace `/v1`. */
export type Told = {
  /** Something happened in an open group: in order, each once. */
  event: (body: Event) => void;
  /** Typing, presence and the like: may be lost. */
  signal: (body: Signal) => void;
  /** A group fell behind (open it again), or the node goes down (reconnect after `in_ms`). */
  resume: (body: Resume) => void;
};
