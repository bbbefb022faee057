//! Lobbies, rooms and speed chat: what a client sends and gets.
//!
//! A room is `{room}` in every call; those in it are told apart by `key`, since not everybody has an account.

mod report;

pub use report::{Block, Blocks, Report, ReportedLine, ReportedPerson, Reports};

use serde::{Deserialize, Serialize};

use crate::hidden::Hidden;
use crate::number::Id;
use crate::time::Time;

/// `lobby_enter`, `lobby_state`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct OfLobby {
    /// Whose lobby.
    pub group: Id,
}

/// `lobby_leave`: nothing to say.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct LeaveLobby {}

/// Where the caller is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct Standing {
    /// In whose lobby.
    pub group: Id,
    /// Since when they wait; null in a room.
    pub waiting_since: Option<Time>,
    /// The room; null while they wait. The event `room` tells it, too.
    pub room: Option<Room>,
}

/// A place for two or three, as one of them sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct Room {
    /// Which.
    pub room: Id,
    /// In whose lobby they met.
    pub group: Id,
    /// The caller.
    pub me: Occupant,
    /// The others: one, or two.
    pub partners: Vec<Occupant>,
    /// Since when.
    pub began_at: Time,
    /// At a table of speed chat: when the round ends.
    pub round_ends_at: Option<Time>,
    /// How many of the last lines go along with a report; nothing else of a room is ever stored.
    pub reported_lines: u32,
}

/// Somebody in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct Occupant {
    /// Tells those of a room apart.
    pub key: String,
    /// The account; null for one who came without.
    pub id: Option<Id>,
    /// What they are called there.
    pub name: String,
    /// Whether they would keep the room.
    pub keeps: bool,
}

/// Somebody who said or did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct Somebody {
    /// As in the room.
    pub key: String,
    /// The account; null for one who came without.
    pub id: Option<Id>,
    /// What they are called there.
    pub name: String,
}

/// `room_send`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct RoomSend {
    /// Where.
    pub room: Id,
    /// 1–8,000 characters.
    pub text: Hidden,
}

/// The answer of `room_send`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct RoomSent {
    /// When it was passed on; it comes as `room_message`, too.
    pub at: Time,
}

/// `room_signal`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct RoomSignalCall {
    /// Where.
    pub room: Id,
    /// What.
    #[serde(rename = "type")]
    pub kind: RoomSignalKind,
    /// Begins, or has stopped.
    #[serde(default)]
    pub on: bool,
}

/// What a client may signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub enum RoomSignalKind {
    /// Writes.
    Typing,
    /// Has seen with whom they are and would talk; `on` says nothing.
    Ready,
}

/// `room_leave`, `room_next`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct OfRoom {
    /// Which.
    pub room: Id,
}

/// `room_keep`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct RoomKeep {
    /// Which.
    pub room: Id,
    /// Would keep it, or no more.
    pub on: bool,
}

/// The answer of `room_keep`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct RoomKept {
    /// The group that the room has become; null while somebody has not pressed keep.
    pub group: Option<Id>,
}

/// `room_report`: the caller's own view of the last lines goes along.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "lobby.ts", optional_fields)
)]
pub struct RoomReport {
    /// Where.
    pub room: Id,
    /// The `key` of one who is or was there; may be missing where only one other was.
    #[serde(default)]
    pub about: Option<String>,
    /// Up to 500 characters.
    #[serde(default)]
    pub reason: Option<Hidden>,
}

/// The answer of `room_report`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct RoomReported {
    /// The report.
    pub report: Id,
}

/// `room_block`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "lobby.ts", optional_fields)
)]
pub struct RoomBlock {
    /// Where.
    pub room: Id,
    /// The `key` of one who is or was there; may be missing where only one other was.
    #[serde(default)]
    pub about: Option<String>,
}

/// The event `room_message`: the one who said it gets it, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct RoomMessage {
    /// Where.
    pub room: Id,
    /// Who.
    pub by: Somebody,
    /// When.
    pub at: Time,
    /// What.
    pub text: Hidden,
}

/// The event `room_signal`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct RoomSignal {
    /// Where.
    pub room: Id,
    /// The `key` of who.
    pub by: String,
    /// What. A client skips a `type` that it does not know.
    #[serde(flatten)]
    pub what: RoomSignalWhat,
}

/// What a signal of a room says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub enum RoomSignalWhat {
    /// Writes, or stopped; forget it after six seconds without another.
    Typing {
        /// Writes, or stopped.
        on: bool,
    },
    /// Has seen with whom they are and would talk: clients show the room when all have, or after 20 seconds.
    Ready,
    /// Would keep the room, or no more.
    Keep {
        /// Would.
        on: bool,
    },
}

/// Why somebody left, or a room ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub enum Departure {
    /// They left.
    Left,
    /// They went on to somebody else.
    Next,
    /// Their connection was lost and did not come back in time.
    Vanished,
    /// Their time was over.
    Expired,
    /// They are no longer in the group, or there is no such group any more.
    GroupLeft,
    /// A round of speed chat ended.
    RoundOver,
    /// They joined two others, since their partner left a table of speed chat.
    Moved,
    /// All of them kept it: it is a group now.
    Kept,
}

/// The event `room_left`: of three, one left; the room goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct RoomLeft {
    /// Which.
    pub room: Id,
    /// Who.
    pub who: Somebody,
    /// Why.
    pub reason: Departure,
}

/// The event `room_ended`: nobody else is there any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct RoomEnded {
    /// Which.
    pub room: Id,
    /// Why.
    pub reason: Departure,
    /// The group that it has become, with `kept`.
    pub group: Option<Id>,
    /// Whether the caller waits again already, as between two rounds of speed chat.
    pub waiting: bool,
}

/// The event `lobby_left`: the caller is in no lobby any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct LobbyLeft {
    /// Which it was.
    pub group: Id,
    /// Why.
    pub reason: Departure,
}

/// A lobby from outside: the answer of `lobby_state`, the event of the same name, `GET /groups/{id}/lobby`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct LobbyState {
    /// Whose.
    pub group: Id,
    /// How many wait.
    pub waiting: u64,
    /// Since when the first of them does.
    pub since: Option<Time>,
    /// The speed chat that runs, or the last one; null where there never was one.
    pub speed_chat: Option<SpeedChat>,
}

/// Rounds in which everybody in the lobby is put together anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct SpeedChat {
    /// How many there are.
    pub rounds: u32,
    /// How long one takes.
    pub minutes: u32,
    /// The one that runs, from 1; 0 before the first.
    pub round: u32,
    /// When the first begins.
    pub started_at: Time,
    /// When the next begins or the last ends; null when it is over.
    pub next_at: Option<Time>,
    /// Why it is over; null while it is not.
    pub ending: Option<SpeedChatEnding>,
    /// Who sits together, for owners who ask over REST; otherwise empty.
    pub tables: Vec<Vec<Somebody>>,
    /// Who sits out this round, for the same.
    pub sitting_out: Vec<Somebody>,
}

/// Why a speed chat is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub enum SpeedChatEnding {
    /// After its last round.
    Finished,
    /// An owner stopped it.
    Stopped,
}

/// `POST /groups/{id}/speed_chat`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "lobby.ts", optional_fields)
)]
pub struct NewSpeedChat {
    /// 1–50.
    pub rounds: u32,
    /// Minutes of each round, 1–60.
    pub minutes: u32,
    /// Seconds until the first round, 0–3600; 0 where it is missing.
    #[serde(default)]
    pub starts_in_s: Option<u32>,
}
