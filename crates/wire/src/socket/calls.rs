//! What a client calls in the namespace `/v1`, and what stands beside `ok` in the ack.

use serde::{Deserialize, Serialize};

use super::ack::{AckError, True};
use crate::event::Event;
use crate::hidden::Hidden;
use crate::number::{Id, Position, Seq};

/// `open`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "socket.ts"))]
pub struct OpenGroups {
    /// One item a group.
    pub groups: Vec<OpenGroup>,
}

/// One group to open.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "socket.ts", optional_fields)
)]
pub struct OpenGroup {
    /// Which.
    pub id: Id,
    /// The last position that the client has; without it no past event is sent.
    #[serde(default)]
    pub after: Option<Position>,
}

/// The answer of `open`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "socket.ts"))]
pub struct OpenedGroups {
    /// One item for each that was asked for, in the same order.
    pub groups: Vec<OpenedGroup>,
}

/// What became of one group.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "socket.ts"))]
pub enum OpenedGroup {
    /// Subscribed; `events` is everything after the position, and it is live from there.
    Opened(Opened),
    /// Not subscribed: too much lies between. Page over REST and open again.
    Behind(Behind),
    /// Not subscribed: another log, or a position that it does not have. Discard and start anew.
    Reload(Reload),
    /// Not subscribed.
    Refused(OpenRefused),
}

/// Subscribed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "socket.ts"))]
pub struct Opened {
    /// The group.
    pub id: Id,
    /// The life of its log.
    pub epoch: Seq,
    /// Its last position.
    pub head: Seq,
    /// Everything after the client's position, in order.
    pub events: Vec<Event>,
}

/// Too far behind.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "socket.ts"))]
pub struct Behind {
    /// The group.
    pub id: Id,
    /// The life of its log.
    pub epoch: Seq,
    /// Its last position.
    pub head: Seq,
    /// Always true.
    pub behind: True,
}

/// Not this log.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "socket.ts"))]
pub struct Reload {
    /// The group.
    pub id: Id,
    /// The life of its log.
    pub epoch: Seq,
    /// Its last position.
    pub head: Seq,
    /// Always true.
    pub reload: True,
}

/// Not for this caller.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "socket.ts"))]
pub struct OpenRefused {
    /// The group as it was asked for.
    pub id: Id,
    /// Why.
    pub error: AckError,
}

/// `close`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "socket.ts"))]
pub struct CloseGroup {
    /// Which.
    pub group: Id,
}

/// `send`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "socket.ts", optional_fields)
)]
pub struct SendMessage {
    /// Where.
    pub group: Id,
    /// 1–64 visible ASCII characters, chosen by the client: a repeat with the same one is the same message.
    pub client_id: String,
    /// 1–8,000 characters.
    pub text: Hidden,
    /// The position of the message that this one answers.
    #[serde(default)]
    pub reply_to: Option<Seq>,
    /// Files that stand in it: at most 8 complete ones of this group, which the sender brought.
    #[serde(default)]
    pub files: Option<Vec<Id>>,
}

/// `edit`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "socket.ts"))]
pub struct EditCall {
    /// Where.
    pub group: Id,
    /// The position of the message.
    pub seq: Seq,
    /// 1–8,000 characters.
    pub text: Hidden,
}

/// `delete`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "socket.ts"))]
pub struct DeleteCall {
    /// Where.
    pub group: Id,
    /// The position of the message.
    pub seq: Seq,
}

/// `react`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "socket.ts"))]
pub struct ReactCall {
    /// Where.
    pub group: Id,
    /// The position of the message.
    pub seq: Seq,
    /// One emoji.
    pub emoji: String,
    /// Put it there, or take it back.
    pub on: bool,
}

/// `read`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "socket.ts"))]
pub struct ReadCall {
    /// Where.
    pub group: Id,
    /// Everything up to here is read.
    pub seq: Seq,
}

/// `typing`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "socket.ts"))]
pub struct TypingCall {
    /// Where.
    pub group: Id,
    /// Writes, or stopped.
    pub on: bool,
}

/// An answer that says nothing but `ok`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "socket.ts"))]
pub struct Done {}
