//! Files in groups: what a client sends and gets.
//!
//! The bytes of a file travel beside this, as they are: `PATCH` with `application/offset+octet-stream` brings them, as
//! the protocol tus 1.0 has it, and `GET …/content` gives them.

use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::number::Id;
use crate::time::Time;

/// `POST /groups/{id}/uploads`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "upload.ts", optional_fields)
)]
pub struct NewUpload {
    /// What it is called; cut to 200 characters, without a path and without what cannot be seen.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// What it is meant to be: where its content is something else, it is refused.
    #[serde(default)]
    pub kind: Option<FileKind>,
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "upload.ts"))]
pub enum FileKind {
    /// MP4, WebM or Ogg.
    Video,
    /// MP3, M4A, WAV, Ogg, or one of those for video.
    Audio,
    /// JPEG, PNG, GIF or WebP; up to 32 MiB and 50 million pixels.
    Image,
    /// WebVTT; up to 2 MiB.
    Subtitles,
}

/// A file in a group, or one that is on its way there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "upload.ts"))]
pub struct Upload {
    /// Never reused.
    pub id: Id,
    /// Where it is.
    pub group: Id,
    /// Who brought it.
    pub by: Account,
    /// What it is called.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// How many of them are here. Until all are, and were looked at, its sender alone sees it.
    pub received: u64,
    /// Whether it is complete, and seen by every member. It never changes again.
    pub ready: bool,
    /// What it is for: of a file that is not ready, what its sender said.
    pub kind: Option<FileKind>,
    /// What its bytes are; null until it is ready.
    pub media_type: Option<String>,
    /// Pixels across, of a picture that is ready.
    pub width: Option<u32>,
    /// Pixels down, of a picture that is ready.
    pub height: Option<u32>,
    /// Whether there is a small picture at `…/thumbnail`.
    pub thumbnail: bool,
    /// When it was announced.
    pub created_at: Time,
    /// When it is forgotten unless more of it comes; null when it is ready.
    pub expires_at: Option<Time>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "upload.ts"))]
pub struct UploadAnswer {
    /// The file.
    pub upload: Upload,
}

/// `GET /groups/{id}/uploads`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "upload.ts"))]
pub struct Uploads {
    /// The newest first; those that are not ready only where they are the caller's own.
    pub uploads: Vec<Upload>,
    /// Where the next page begins; null is the end.
    pub next: Option<String>,
    /// What all files of the group count, in bytes; each counts as at least 64 KiB.
    pub used_bytes: u64,
    /// What they may count.
    pub quota_bytes: u64,
    /// The longest file that is taken; 0 where none are.
    pub max_bytes: u64,
}
