//! One thing that happened in a group, at a position in its log. REST pages, acks and the socket event `event` carry
//! this same shape.
//!
//! A client must skip a `type` that it does not know and still count its position: other capabilities add theirs.

use serde::{Deserialize, Serialize};

use crate::account::{Account, Author};
use crate::group::{Role, present};
use crate::hidden::Hidden;
use crate::message::Attachment;
use crate::number::{Id, Seq};
use crate::time::Time;
use crate::watch::PlayerChange;

/// `{group, epoch, seq, at, by, type, data}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "event.ts"))]
pub struct Event {
    /// Where.
    pub group: Id,
    /// The life of the group's log.
    pub epoch: Seq,
    /// The position in it.
    pub seq: Seq,
    /// When it was accepted.
    pub at: Time,
    /// Who did it.
    pub by: Author,
    /// What: `type` and `data`.
    #[serde(flatten)]
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "event.ts"))]
pub enum What {
    /// Somebody wrote.
    Message(MessageData),
    /// Somebody changed what they wrote.
    Edit(EditData),
    /// A message was taken away.
    Delete(DeleteData),
    /// Somebody put an emoji under a message, or took it back.
    Reaction(ReactionData),
    /// Somebody came.
    MemberJoined(MemberJoinedData),
    /// Somebody went, or was sent.
    MemberLeft(MemberLeftData),
    /// Somebody's role changed.
    MemberRole(MemberRoleData),
    /// The group itself changed.
    GroupUpdated(GroupUpdatedData),
    /// What the group watches, or how, has changed.
    Player(PlayerChange),
    /// Something that this version does not know, written by a newer node: passed on as it is.
    #[serde(untagged)]
    #[cfg_attr(feature = "describe", ts(skip), schemars(skip))]
    Other(OtherEvent),
}

/// An event of a type that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherEvent {
    /// Its name.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its data.
    pub data: serde_json::Value,
}

/// `data` of `message`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "event.ts"))]
pub struct MessageData {
    /// As it was written; empty once deleted.
    pub text: Hidden,
    /// As its author's client named it.
    pub client_id: String,
    /// The position of the message that it answers.
    pub reply_to: Option<Seq>,
    /// The files in it; missing where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "describe", ts(optional, as = "Option<Vec<Attachment>>"))]
    pub files: Vec<Attachment>,
    /// It has been deleted since: the position stays, the text is gone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "describe", ts(optional, as = "Option<bool>"))]
    pub deleted: bool,
}

/// `data` of `edit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "event.ts"))]
pub struct EditData {
    /// The position of the message.
    pub seq: Seq,
    /// What it says now; empty once deleted.
    pub text: Hidden,
}

/// `data` of `delete`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "event.ts"))]
pub struct DeleteData {
    /// The position of the message.
    pub seq: Seq,
}

/// `data` of `reaction`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "event.ts"))]
pub struct ReactionData {
    /// The position of the message.
    pub seq: Seq,
    /// Which emoji.
    pub emoji: String,
    /// Put there, or taken back.
    pub on: bool,
}

/// `data` of `member_joined`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "event.ts"))]
pub struct MemberJoinedData {
    /// Who.
    pub account: Account,
    /// As what.
    pub role: Role,
}

/// `data` of `member_left`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "event.ts"))]
pub struct MemberLeftData {
    /// Who.
    pub account: Account,
    /// How.
    pub reason: LeaveReason,
}

/// How somebody left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "event.ts"))]
pub enum LeaveReason {
    /// By themselves.
    Left,
    /// Sent away; may come back with the code.
    Kicked,
    /// Sent away for good.
    Banned,
}

/// `data` of `member_role`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "event.ts"))]
pub struct MemberRoleData {
    /// Who.
    pub account: Account,
    /// As what from now on.
    pub role: Role,
}

/// `data` of `group_updated`: what changed, with its new value. The access code is never in the log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "event.ts"))]
pub struct GroupUpdatedData {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional))]
    pub name: Option<String>,
    /// The description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional))]
    pub description: Option<String>,
    /// The rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional))]
    pub rules: Option<String>,
    /// The owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional))]
    pub owner_id: Option<Id>,
    /// Seconds between two messages of a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional))]
    pub slow_mode_s: Option<u32>,
    /// Whether one who is left over in the lobby may join two others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional))]
    pub lobby_threes: Option<bool>,
    /// When it ends by itself; null is never.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional))]
    pub expires_at: Option<Option<Time>>,
}
