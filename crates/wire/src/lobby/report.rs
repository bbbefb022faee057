//! What was reported of rooms, and whom somebody blocked.

use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::hidden::Hidden;
use crate::number::Id;
use crate::time::Time;

/// What somebody reported of a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct Report {
    /// Which.
    pub id: Id,
    /// When.
    pub at: Time,
    /// Who reports.
    pub by: ReportedPerson,
    /// About whom.
    pub about: ReportedPerson,
    /// Why, in the reporter's words.
    pub reason: Hidden,
    /// What the reporter saw, oldest first.
    pub lines: Vec<ReportedLine>,
}

/// Somebody in a report, as they were called then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct ReportedPerson {
    /// The account; null for one who came without.
    pub id: Option<Id>,
    /// The name.
    pub name: String,
}

/// One line of a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct ReportedLine {
    /// When.
    pub at: Time,
    /// Who.
    pub by: ReportedPerson,
    /// What.
    pub text: Hidden,
}

/// `GET /groups/{id}/reports`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct Reports {
    /// The newest first.
    pub reports: Vec<Report>,
    /// Where the next page begins; null is the end.
    pub next: Option<String>,
}

/// Somebody whom the caller never meets again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct Block {
    /// Who.
    pub account: Account,
    /// Since when.
    pub at: Time,
}

/// `GET /me/blocks`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "lobby.ts"))]
pub struct Blocks {
    /// By account id.
    pub blocks: Vec<Block>,
    /// Where the next page begins; null is the end.
    pub next: Option<String>,
}
