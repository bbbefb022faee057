//! What viewers' players say of themselves, what the others are shown of it, and the clock that they are steered by.

use serde::{Deserialize, Serialize};

use crate::number::Id;

/// `player_report`: one every two seconds, and at once when something changes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "watch.ts", optional_fields)
)]
pub struct PlayerReport {
    /// With which group.
    pub group: Id,
    /// The newest `rev` that the player follows.
    pub rev: u64,
    /// What it does.
    pub state: PlayerActivity,
    /// How far it is behind (above zero) or ahead.
    pub drift_ms: f64,
    /// How much more than it shows it has.
    #[serde(default)]
    pub buffered_ms: Option<f64>,
    /// Half a round trip to the server.
    #[serde(default)]
    pub delay_ms: Option<f64>,
    /// How long it finds the item to be.
    #[serde(default)]
    pub length_ms: Option<f64>,
    /// Whether its page is out of sight.
    #[serde(default)]
    pub hidden: bool,
    /// Whether its user chose to be ahead or behind.
    #[serde(default)]
    pub solo: bool,
}

/// What somebody's player does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub enum PlayerActivity {
    /// Nothing yet.
    Idle,
    /// It plays.
    Playing,
    /// It stands, as it should.
    Paused,
    /// It would play and has no data.
    Buffering,
    /// Something else is shown, such as an advertisement.
    Interrupted,
    /// The browser wants its user to do something first.
    Blocked,
    /// It cannot play this.
    Failed,
}

/// `player_ready`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct PlayerReady {
    /// With which group.
    pub group: Id,
    /// For which change of the player.
    pub rev: u64,
}

/// `player_cheer`: an emoji floats over what is watched.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct PlayerCheer {
    /// In which group.
    pub group: Id,
    /// One emoji.
    pub emoji: String,
}

/// `time`: nothing to say.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct AskTime {}

/// The answer of `time`, by the media clock, in milliseconds with a fraction.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct TimeAnswer {
    /// When the question came.
    pub received_ms: f64,
    /// When the answer left.
    pub answered_ms: f64,
}

/// The event `viewers`: who watches, at most once a second, whenever that has changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct Viewers {
    /// With which group.
    pub group: Id,
    /// All of them, by account id.
    pub viewers: Vec<ShownViewer>,
}

/// Somebody who watches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct ShownViewer {
    /// Who.
    pub account: Id,
    /// What their player does; null while nothing was heard of it lately.
    pub state: Option<PlayerActivity>,
    /// How far it is behind (above zero) or ahead.
    pub drift_ms: Option<i32>,
    /// Whether their page is out of sight.
    pub hidden: bool,
    /// Whether they chose to be ahead or behind.
    pub solo: bool,
}
