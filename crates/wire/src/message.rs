//! Messages: what a client sends, and the page of history that it gets, with edits and reactions folded in.

use parlor_core::{AttachmentIds, Invalid};
use serde::{Deserialize, Serialize};

use crate::account::Author;
use crate::event::Event;
use crate::hidden::Hidden;
use crate::number::{Id, Seq};
use crate::time::Time;
use crate::upload::FileKind;

/// `POST /groups/{id}/messages`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "message.ts", optional_fields)
)]
pub struct NewMessage {
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

/// The files that a call names.
///
/// # Errors
/// `files`, see [`AttachmentIds::parse`].
pub fn named_files(files: Option<&[Id]>) -> Result<AttachmentIds, Invalid> {
    let ids: Vec<i64> = files.unwrap_or_default().iter().map(|id| id.0).collect();
    AttachmentIds::parse(&ids)
}

/// A file in a message. Its bytes are at `/groups/{id}/uploads/{file}/content`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "message.ts", optional_fields)
)]
pub struct Attachment {
    /// Which.
    pub id: Id,
    /// What its sender calls it.
    pub name: Hidden,
    /// What it is for.
    pub kind: FileKind,
    /// Bytes.
    pub size: u64,
    /// Pixels across, of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels down, of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Whether there is a small picture at `…/thumbnail`; missing where there is none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "describe", ts(optional, as = "Option<bool>"))]
    pub thumbnail: bool,
}

/// The answer of sending.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "message.ts"))]
pub struct Sent {
    /// What was added, or had been.
    pub event: Event,
    /// It had been: nothing was added now.
    pub duplicate: bool,
}

/// The answer of editing, deleting and reacting.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "message.ts"))]
pub struct Changed {
    /// What was added to the log; null where everything was as wished already.
    pub event: Option<Event>,
}

/// `PATCH /groups/{id}/messages/{seq}`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "message.ts"))]
pub struct EditMessage {
    /// 1–8,000 characters.
    pub text: Hidden,
}

/// A message in a page of history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "message.ts"))]
pub struct Message {
    /// Its position.
    pub seq: Seq,
    /// When it was accepted.
    pub at: Time,
    /// Who wrote it.
    pub by: Author,
    /// As it is now; empty when deleted.
    pub text: Hidden,
    /// As its author's client named it.
    pub client_id: String,
    /// The position of the message that it answers.
    pub reply_to: Option<Seq>,
    /// The files in it; missing where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "describe", ts(optional, as = "Option<Vec<Attachment>>"))]
    pub files: Vec<Attachment>,
    /// When it was last edited.
    pub edited_at: Option<Time>,
    /// Only its place is left.
    pub deleted: bool,
    /// In the order in which they first came.
    pub reactions: Vec<Reaction>,
}

/// One emoji under a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "message.ts"))]
pub struct Reaction {
    /// Which.
    pub emoji: String,
    /// By how many.
    pub count: u64,
    /// The caller is one of them.
    pub me: bool,
}

/// `GET /groups/{id}/messages`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "message.ts"))]
pub struct Messages {
    /// The life of the log.
    pub epoch: Seq,
    /// Its last position as of the same read: every event up to it is folded into `messages`, and none after it.
    pub head: Seq,
    /// The newest first.
    pub messages: Vec<Message>,
    /// Where the next, older page begins; null is the start of the group.
    pub next: Option<String>,
}

/// `GET /groups/{id}/events`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "message.ts"))]
pub struct Events {
    /// The life of the log.
    pub epoch: Seq,
    /// Its last position.
    pub head: Seq,
    /// The position asked for is of a foreign epoch or past the head: discard what you have and start anew.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "describe", ts(optional, as = "Option<bool>"))]
    pub reload: bool,
    /// In order, without a gap.
    pub events: Vec<Event>,
}

/// `GET /groups/{id}/messages/{seq}/edits`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "message.ts"))]
pub struct Edits {
    /// The first text first; the last one is what everybody sees.
    pub edits: Vec<Edit>,
    /// Lists of edits come whole: always null.
    pub next: Option<String>,
}

/// What a message said at a time.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "message.ts"))]
pub struct Edit {
    /// Since when it said so.
    pub at: Time,
    /// What it said.
    pub text: Hidden,
}

/// `PUT /groups/{id}/read`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "message.ts"))]
pub struct Read {
    /// Everything up to here is read; it never goes back, and past the head means the head.
    pub seq: Seq,
}

/// The answer of `PUT /groups/{id}/read`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "message.ts"))]
pub struct Unread {
    /// Messages by others that are left.
    pub unread: u64,
    /// The last position that the caller has read.
    pub last_read: Seq,
}
