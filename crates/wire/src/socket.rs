//! The Socket.IO namespace `/v1`: what a client calls, what it is answered, what it is told.
//!
//! Every call takes one object and is acknowledged with `{ok: true, …}` or `{ok: false, error}`. `CALLS` and `TOLD`
//! list them once; the TypeScript maps and the docs page are made from these lists.

use serde::{Deserialize, Serialize};

use crate::hidden::Hidden;
use crate::number::Id;
use crate::problem::Code;

mod ack;
mod calls;

pub use ack::{Ack, AckError, AckOk, AckRefused, False, True};
pub use calls::{
    Behind, CloseGroup, DeleteCall, Done, EditCall, OpenGroup, OpenGroups, OpenRefused, Opened, OpenedGroup,
    OpenedGroups, ReactCall, ReadCall, Reload, SendMessage, TypingCall,
};

/// One call of a client: its name, its body, the answer inside the ack, what it is for.
pub struct Call {
    /// The Socket.IO event name.
    pub name: &'static str,
    /// The type of its one argument.
    pub body: &'static str,
    /// The type of what the ack carries beside `ok`.
    pub answer: &'static str,
    /// One sentence.
    pub summary: &'static str,
}

/// Everything that a client may call.
pub const CALLS: &[Call] = &[
    Call {
        name: "open",
        body: "OpenGroups",
        answer: "OpenedGroups",
        summary: "Subscribe to groups and get everything after the positions that are known, without a hole.",
    },
    Call { name: "close", body: "CloseGroup", answer: "Done", summary: "Stop hearing a group." },
    Call { name: "send", body: "SendMessage", answer: "Sent", summary: "Write a message; safe to repeat." },
    Call { name: "edit", body: "EditCall", answer: "Changed", summary: "Change a message." },
    Call { name: "delete", body: "DeleteCall", answer: "Changed", summary: "Take a message away." },
    Call {
        name: "react",
        body: "ReactCall",
        answer: "Changed",
        summary: "Put an emoji under a message, or take it back.",
    },
    Call { name: "read", body: "ReadCall", answer: "Unread", summary: "Move the read position." },
    Call {
        name: "typing",
        body: "TypingCall",
        answer: "Done",
        summary: "Tell the others; a signal, never stored.",
    },
    Call {
        name: "lobby_enter",
        body: "OfLobby",
        answer: "Standing",
        summary: "Wait in a group's lobby to be put together with somebody; a second time finds the same place.",
    },
    Call {
        name: "lobby_leave",
        body: "LeaveLobby",
        answer: "Done",
        summary: "Leave the lobby, and the room if there is one.",
    },
    Call {
        name: "lobby_state",
        body: "OfLobby",
        answer: "LobbyState",
        summary: "How many wait, since when.",
    },
    Call {
        name: "room_send",
        body: "RoomSend",
        answer: "RoomSent",
        summary: "Say something in a room; it is passed on and never stored.",
    },
    Call {
        name: "room_signal",
        body: "RoomSignalCall",
        answer: "Done",
        summary: "Tell the others of a room.",
    },
    Call { name: "room_leave", body: "OfRoom", answer: "Done", summary: "Leave a room, and the lobby." },
    Call {
        name: "room_next",
        body: "OfRoom",
        answer: "Standing",
        summary: "Leave a room for somebody else, who may be there at once.",
    },
    Call {
        name: "room_keep",
        body: "RoomKeep",
        answer: "RoomKept",
        summary: "Press keep: when all have, the room becomes a group that all of them own.",
    },
    Call {
        name: "room_report",
        body: "RoomReport",
        answer: "RoomReported",
        summary: "Report somebody to those who keep order in the group, with the last lines that the caller saw.",
    },
    Call {
        name: "room_block",
        body: "RoomBlock",
        answer: "Done",
        summary: "Never be put together with somebody again.",
    },
    Call {
        name: "watch_open",
        body: "OfWatch",
        answer: "Watch",
        summary: "Watch along with a group: its player, which the group's events `player` change.",
    },
    Call { name: "watch_close", body: "OfWatch", answer: "Done", summary: "Watch along no more." },
    Call {
        name: "player_command",
        body: "PlayerCommand",
        answer: "Commanded",
        summary: "Play, pause, seek, load, fill the queue, vote …; safe to repeat.",
    },
    Call {
        name: "player_report",
        body: "PlayerReport",
        answer: "Done",
        summary: "Say how one's player is; never a command.",
    },
    Call {
        name: "player_ready",
        body: "PlayerReady",
        answer: "Done",
        summary: "Say that one's player stands where it should and has data.",
    },
    Call {
        name: "player_cheer",
        body: "PlayerCheer",
        answer: "Done",
        summary: "Let an emoji float over what is watched; a signal, never stored.",
    },
    Call {
        name: "time",
        body: "AskTime",
        answer: "TimeAnswer",
        summary: "The server's media clock, to measure how one's own differs.",
    },
    Call {
        name: "duel_seek",
        body: "DuelSeek",
        answer: "DuelSought",
        summary: "Be put together with somebody of about the same strength; a second time changes what is sought.",
    },
    Call { name: "duel_seek_cancel", body: "EndSeek", answer: "Done", summary: "Seek no more." },
    Call {
        name: "duel_challenge",
        body: "DuelChallenge",
        answer: "DuelOpened",
        summary: "Make a duel that members of a group may join.",
    },
    Call {
        name: "duel_join",
        body: "OfDuel",
        answer: "DuelOpened",
        summary: "Take a place in a duel that has not begun.",
    },
    Call {
        name: "duel_start",
        body: "OfDuel",
        answer: "Done",
        summary: "Begin with those who are there; its owner only.",
    },
    Call {
        name: "duel_leave",
        body: "OfDuel",
        answer: "Done",
        summary: "Give up a place in a duel that has not begun; with its owner the duel goes.",
    },
    Call {
        name: "duel_open",
        body: "OfDuel",
        answer: "DuelOpened",
        summary: "See a duel, as a player who comes back or as a spectator, and hear of every change.",
    },
    Call { name: "duel_close", body: "OfDuel", answer: "Done", summary: "Hear of it no more." },
    Call {
        name: "duel_code",
        body: "DuelCode",
        answer: "Done",
        summary: "Keep what stands in the editor, for coming back.",
    },
    Call {
        name: "duel_run",
        body: "DuelRun",
        answer: "DuelQueued",
        summary: "Try a program on the examples and on a call of one's own.",
    },
    Call {
        name: "duel_submit",
        body: "DuelSubmit",
        answer: "DuelQueued",
        summary: "Let a program be judged by the hidden tests.",
    },
    Call {
        name: "duel_say",
        body: "DuelSay",
        answer: "DuelSaid",
        summary: "Say something to all who are there; players only.",
    },
    Call {
        name: "duel_react",
        body: "DuelReact",
        answer: "Done",
        summary: "Let an emoji float over it; a signal, never stored.",
    },
    Call {
        name: "duel_ready",
        body: "DuelReady",
        answer: "Done",
        summary: "Be content with one's shortest program, or go on to the next round: when all are, it happens.",
    },
    Call {
        name: "duel_record",
        body: "DuelRecord",
        answer: "Done",
        summary: "Let one's edits be kept for a replay.",
    },
    Call {
        name: "duel_rematch",
        body: "DuelRematch",
        answer: "Done",
        summary: "Play again: when all would, there is a new duel.",
    },
    Call {
        name: "duel_abort",
        body: "DuelAbort",
        answer: "Done",
        summary: "End it for nothing: when all would, it is void.",
    },
    Call { name: "duel_forfeit", body: "OfDuel", answer: "Done", summary: "Give up." },
];

/// One event that the server emits.
pub struct Told {
    /// The Socket.IO event name.
    pub name: &'static str,
    /// The type of its one argument.
    pub body: &'static str,
    /// One sentence.
    pub summary: &'static str,
}

/// Everything that a client may be told.
pub const TOLD: &[Told] = &[
    Told {
        name: "event",
        body: "Event",
        summary: "Something happened in an open group: in order, each once.",
    },
    Told { name: "signal", body: "Signal", summary: "Typing, presence and the like: may be lost." },
    Told {
        name: "resume",
        body: "Resume",
        summary: "A group fell behind (open it again), or the node goes down (reconnect after `in_ms`).",
    },
    Told {
        name: "room",
        body: "Room",
        summary: "The caller is in this room, with these people: at the beginning, when a third comes, after coming back.",
    },
    Told { name: "room_message", body: "RoomMessage", summary: "Something was said, by the caller too." },
    Told { name: "room_signal", body: "RoomSignal", summary: "Somebody writes, or would keep the room." },
    Told { name: "room_left", body: "RoomLeft", summary: "Of three, one left." },
    Told { name: "room_ended", body: "RoomEnded", summary: "Nobody else is there any more, and why." },
    Told {
        name: "lobby_state",
        body: "LobbyState",
        summary: "How many wait, and the speed chat: to all in the lobby, a few times a second at most.",
    },
    Told { name: "lobby_left", body: "LobbyLeft", summary: "The caller is in the lobby no more, and why." },
    Told {
        name: "viewers",
        body: "Viewers",
        summary: "Who watches along and how their players are: at most once a second, may be lost.",
    },
    Told {
        name: "duel",
        body: "Duel",
        summary: "A duel has changed: all of it, to everybody who has opened it. The highest `rev` counts.",
    },
    Told {
        name: "duel_verdict",
        body: "DuelVerdict",
        summary: "What becomes of a program, to all sockets of its author that have opened the duel.",
    },
    Told {
        name: "duel_progress",
        body: "DuelProgress",
        summary: "How far a player is: at most ten a second and player, may be lost.",
    },
    Told { name: "duel_said", body: "DuelLine", summary: "Something was said in a duel, by the caller too." },
    Told { name: "duel_reacted", body: "DuelReacted", summary: "An emoji floats over a duel: may be lost." },
    Told { name: "duel_found", body: "DuelFound", summary: "A duel of the caller begins: open it." },
    Told { name: "duel_over", body: "DuelOver", summary: "A duel is over, and how." },
];

/// `CONNECT`: `auth: {token}`. Without a token the cookie counts, where the origin is the server's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "socket.ts", optional_fields)
)]
pub struct Connect {
    /// The bearer token.
    #[serde(default)]
    pub token: Option<Hidden>,
}

/// `CONNECT_ERROR`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "socket.ts"))]
pub struct ConnectError {
    /// For people.
    pub message: String,
    /// For programs.
    pub data: ConnectErrorData,
}

/// The part of `CONNECT_ERROR` for programs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "socket.ts"))]
pub struct ConnectErrorData {
    /// Why.
    pub code: Code,
    /// With `rate_limited` and `unavailable`: seconds to wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional))]
    pub retry_after: Option<u64>,
}

/// What the server emits as `resume`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "socket.ts"))]
pub enum Resume {
    /// No further event of this group comes until it is opened again.
    Group {
        /// Which.
        group: Id,
    },
    /// This node goes down: reconnect after that time.
    Node {
        /// Milliseconds.
        in_ms: u64,
    },
}
