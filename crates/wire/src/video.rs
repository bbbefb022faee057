//! Finding something to watch: what a search finds, what a pasted address leads to.

use serde::{Deserialize, Serialize};

use crate::time::Time;
use crate::watch::MediaKind;

/// Something that can be watched, as far as it is known: `source`, `title`, `kind` and `length_ms` are what
/// `player_command` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "video.ts"))]
pub struct FoundVideo {
    /// `youtube:<id>` or an address.
    pub source: String,
    /// What it is called: 1 to 300 characters.
    pub title: String,
    /// Who published it; null where nobody says.
    pub channel: Option<String>,
    /// Whether there is something to see.
    pub kind: MediaKind,
    /// How long it is; null where nobody says, and of what is live.
    pub length_ms: Option<u32>,
    /// It is going on or announced: there is no position that all could share.
    pub live: bool,
    /// Whether it plays within another site's page; null where only a player can tell.
    pub embeddable: Option<bool>,
    /// A picture of it, 320 by 180.
    pub thumbnail: Option<String>,
}

/// The searches that this server has a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "video.ts"))]
pub struct VideoQuota {
    /// So many were made.
    pub used: u32,
    /// So many may be.
    pub limit: u32,
    /// When they begin anew: midnight on the Pacific coast.
    pub resets_at: Time,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "video.ts"))]
pub struct VideoSearch {
    /// The best first, at most 20.
    pub videos: Vec<FoundVideo>,
    /// What is left.
    pub quota: VideoQuota,
}

/// What a pasted address leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "video.ts"))]
pub struct VideoLookup {
    /// What can be watched.
    pub video: FoundVideo,
    /// From where in it to begin, when the address said so.
    pub start_ms: u32,
    /// The type that a direct address's host named, as `major/minor`.
    pub content_type: Option<String>,
    /// The size that it named.
    pub bytes: Option<u64>,
}
