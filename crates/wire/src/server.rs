//! What anybody may know about this server.

use serde::{Deserialize, Serialize};

/// `GET /server`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "server.ts"))]
pub struct Server {
    /// What its owner calls it.
    pub name: String,
    /// The version of Parlor.
    pub version: String,
    /// Anybody may make an account.
    pub open_registration: bool,
    /// Nobody runs it yet: the link of the first start makes the first admin.
    pub needs_admin: bool,
    /// The origin of the frame that shows videos of YouTube.
    pub youtube_player: String,
    /// `GET /videos/search` finds something: whoever runs the server has given it a key.
    pub video_search: bool,
}
