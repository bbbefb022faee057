// Made from crates/wire by its tests. Do not edit.
import type { Group, Role } from "./group";
import type { Id, Seq } from "./numbers";

/** Someone known to the server. */
export type Account = {
  /** Never reused. */
  id: Id,
  /** What one signs in with; guests have none. */
  username: string | null,
  /** What others see. */
  display_name: string,
  /** Known by display name only, without a password. */
  guest: boolean,
};

/** The answer of `PATCH /me`. */
export type AccountAnswer = {
  /** The account as it is now. */
  account: Account,
};

/** Who did something, as it stands in events and messages. */
export type Author = {
  /** The account. */
  id: Id,
  /** Its display name. */
  name: string,
};

/** `PATCH /me`. */
export type ChangeMe = {
  /** 1–40 characters. */
  display_name: string,
};

/** `PUT /me/password`. Every other session of the account ends. */
export type ChangePassword = {
  /** The password as it was. */
  current: string,
  /** 8–256 characters. */
  password: string,
};

/** `GET /me`. */
export type Me = {
  /** The caller. */
  account: Account,
  /** Whether the caller runs this server. */
  admin: boolean,
  /** The caller's groups. */
  groups: Array<MyGroup>,
  /** Where `GET /groups` goes on, for somebody in more than two thousand; else null. */
  next: string | null,
};

/** One of the caller's groups. */
export type MyGroup = {
  /** The group. */
  group: Group,
  /** The caller's role in it. */
  role: Role,
  /** The last position of its log. */
  head: Seq,
  /** The last position that the caller has read. */
  last_read: Seq,
  /** Messages by others after it, without the deleted ones. */
  unread: number,
};

/** `POST /accounts`. */
export type NewAccount = {
  /** 3–32 letters, digits, `.`, `_`, `-`; compared without regard to case. */
  username: string,
  /** 8–256 characters. */
  password: string,
  /** 1–40 characters; the username where it is missing. */
  display_name?: string,
  /** The one-time token of the first start; makes this account the server's admin. */
  admin_token?: string,
};

/** `POST /guests`. */
export type NewGuest = {
  /** 1–40 characters. */
  display_name: string,
  /** A group's code: the guest becomes a member of it at once. */
  access_code?: string,
};

/** One sign-in of the caller. The token itself is never shown again. */
export type Session = {
  /** A number to tell them apart, and to end one. */
  id: Id,
  /** When it was made. */
  created_at: string,
  /** When it was last used, to within an hour. */
  last_used_at: string,
  /** When it ends by itself, unless it is used before. */
  expires_at: string,
  /** How the program that signed in named itself. */
  agent: string | null,
  /** The one that this call was made with. */
  current: boolean,
};

/** `GET /sessions`. */
export type Sessions = {
  /** The newest first. */
  sessions: Array<Session>,
  /** Lists of sessions are short: always null. */
  next: string | null,
};

/** `POST /sessions`. */
export type SignIn = {
  /** The name of the account. */
  username: string,
  /** Its password. */
  password: string,
};

/** The answer of the three calls above. */
export type SignedIn = {
  /** Who is signed in now. */
  account: Account,
  /** The bearer token; it is not shown again. */
  token: string,
  /** The group that a guest entered by its code. */
  group?: Group,
};
