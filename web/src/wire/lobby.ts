// Made from crates/wire by its tests. Do not edit.
import type { Account } from "./account";
import type { Id } from "./numbers";

/** Somebody whom the caller never meets again. */
export type Block = {
  /** Who. */
  account: Account,
  /** Since when. */
  at: string,
};

/** `GET /me/blocks`. */
export type Blocks = {
  /** By account id. */
  blocks: Array<Block>,
  /** Where the next page begins; null is the end. */
  next: string | null,
};

/** Why somebody left, or a room ended. */
export type Departure = "left" | "next" | "vanished" | "expired" | "group_left" | "round_over" | "moved" | "kept";

/** `lobby_leave`: nothing to say. */
export type LeaveLobby = Record<symbol, never>;

/** The event `lobby_left`: the caller is in no lobby any more. */
export type LobbyLeft = {
  /** Which it was. */
  group: Id,
  /** Why. */
  reason: Departure,
};

/** A lobby from outside: the answer of `lobby_state`, the event of the same name, `GET /groups/{id}/lobby`. */
export type LobbyState = {
  /** Whose. */
  group: Id,
  /** How many wait. */
  waiting: number,
  /** Since when the first of them does. */
  since: string | null,
  /** The speed chat that runs, or the last one; null where there never was one. */
  speed_chat: SpeedChat | null,
};

/** `POST /groups/{id}/speed_chat`. */
export type NewSpeedChat = {
  /** 1–50. */
  rounds: number,
  /** Minutes of each round, 1–60. */
  minutes: number,
  /** Seconds until the first round, 0–3600; 0 where it is missing. */
  starts_in_s?: number,
};

/** Somebody in a room. */
export type Occupant = {
  /** Tells those of a room apart. */
  key: string,
  /** The account; null for one who came without. */
  id: Id | null,
  /** What they are called there. */
  name: string,
  /** Whether they would keep the room. */
  keeps: boolean,
};

/** `lobby_enter`, `lobby_state`. */
export type OfLobby = {
  /** Whose lobby. */
  group: Id,
};

/** `room_leave`, `room_next`. */
export type OfRoom = {
  /** Which. */
  room: Id,
};

/** What somebody reported of a room. */
export type Report = {
  /** Which. */
  id: Id,
  /** When. */
  at: string,
  /** Who reports. */
  by: ReportedPerson,
  /** About whom. */
  about: ReportedPerson,
  /** Why, in the reporter's words. */
  reason: string,
  /** What the reporter saw, oldest first. */
  lines: Array<ReportedLine>,
};

/** One line of a room. */
export type ReportedLine = {
  /** When. */
  at: string,
  /** Who. */
  by: ReportedPerson,
  /** What. */
  text: string,
};

/** Somebody in a report, as they were called then. */
export type ReportedPerson = {
  /** The account; null for one who came without. */
  id: Id | null,
  /** The name. */
  name: string,
};

/** `GET /groups/{id}/reports`. */
export type Reports = {
  /** The newest first. */
  reports: Array<Report>,
  /** Where the next page begins; null is the end. */
  next: string | null,
};

/** A place for two or three, as one of them sees it. */
export type Room = {
  /** Which. */
  room: Id,
  /** In whose lobby they met. */
  group: Id,
  /** The caller. */
  me: Occupant,
  /** The others: one, or two. */
  partners: Array<Occupant>,
  /** Since when. */
  began_at: string,
  /** At a table of speed chat: when the round ends. */
  round_ends_at: string | null,
  /** How many of the last lines go along with a report; nothing else of a room is ever stored. */
  reported_lines: number,
};

/** `room_block`. */
export type RoomBlock = {
  /** Where. */
  room: Id,
  /** The `key` of one who is or was there; may be missing where only one other was. */
  about?: string,
};

/** The event `room_ended`: nobody else is there any more. */
export type RoomEnded = {
  /** Which. */
  room: Id,
  /** Why. */
  reason: Departure,
  /** The group that it has become, with `kept`. */
  group: Id | null,
  /** Whether the caller waits again already, as between two rounds of speed chat. */
  waiting: boolean,
};

/** `room_keep`. */
export type RoomKeep = {
  /** Which. */
  room: Id,
  /** Would keep it, or no more. */
  on: boolean,
};

/** The answer of `room_keep`. */
export type RoomKept = {
  /** The group that the room has become; null while somebody has not pressed keep. */
  group: Id | null,
};

/** The event `room_left`: of three, one left; the room goes on. */
export type RoomLeft = {
  /** Which. */
  room: Id,
  /** Who. */
  who: Somebody,
  /** Why. */
  reason: Departure,
};

/** The event `room_message`: the one who said it gets it, too. */
export type RoomMessage = {
  /** Where. */
  room: Id,
  /** Who. */
  by: Somebody,
  /** When. */
  at: string,
  /** What. */
  text: string,
};

/** `room_report`: the caller's own view of the last lines goes along. */
export type RoomReport = {
  /** Where. */
  room: Id,
  /** The `key` of one who is or was there; may be missing where only one other was. */
  about?: string,
  /** Up to 500 characters. */
  reason?: string,
};

/** The answer of `room_report`. */
export type RoomReported = {
  /** The report. */
  report: Id,
};

/** `room_send`. */
export type RoomSend = {
  /** Where. */
  room: Id,
  /** 1–8,000 characters. */
  text: string,
};

/** The answer of `room_send`. */
export type RoomSent = {
  /** When it was passed on; it comes as `room_message`, too. */
  at: string,
};

/** The event `room_signal`. */
export type RoomSignal = {
  /** Where. */
  room: Id,
  /** The `key` of who. */
  by: string,
} & ({ "type": "typing",
  /** Writes, or stopped. */
  on: boolean,
}
| { "type": "ready" }
| { "type": "keep",
  /** Would. */
  on: boolean, });

/** `room_signal`. */
export type RoomSignalCall = {
  /** Where. */
  room: Id,
  /** What. */
  type: RoomSignalKind,
  /** Begins, or has stopped. */
  on: boolean,
};

/** What a client may signal. */
export type RoomSignalKind = "typing" | "ready";

/** Somebody who said or did something. */
export type Somebody = {
  /** As in the room. */
  key: string,
  /** The account; null for one who came without. */
  id: Id | null,
  /** What they are called there. */
  name: string,
};

/** Rounds in which everybody in the lobby is put together anew. */
export type SpeedChat = {
  /** How many there are. */
  rounds: number,
  /** How long one takes. */
  minutes: number,
  /** The one that runs, from 1; 0 before the first. */
  round: number,
  /** When the first begins. */
  started_at: string,
  /** When the next begins or the last ends; null when it is over. */
  next_at: string | null,
  /** Why it is over; null while it is not. */
  ending: SpeedChatEnding | null,
  /** Who sits together, for owners who ask over REST; otherwise empty. */
  tables: Array<Array<Somebody>>,
  /** Who sits out this round, for the same. */
  sitting_out: Array<Somebody>,
};

/** Why a speed chat is over. */
export type SpeedChatEnding = "finished" | "stopped";

/** Where the caller is. */
export type Standing = {
  /** In whose lobby. */
  group: Id,
  /** Since when they wait; null in a room. */
  waiting_since: string | null,
  /** The room; null while they wait. The event `room` tells it, too. */
  room: Room | null,
};
