//! What a client says of a duel, and how it is answered.

use serde::{Deserialize, Serialize};

use super::state::{Duel, DuelLine, DuelMine, DuelMode};
use crate::hidden::Hidden;
use crate::judge::Language;
use crate::number::Id;
use crate::time::Time;

/// `duel_seek`: what is missing is all the same to the caller, and agreed upon with whoever is found.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "duel.ts", optional_fields)
)]
pub struct DuelSeek {
    /// What decides a round.
    pub mode: DuelMode,
    /// The one language that may be used.
    #[serde(default)]
    pub language: Option<Language>,
    /// Best of 1, 3 or 5; 3 where nobody minds.
    #[serde(default)]
    pub rounds: Option<u32>,
    /// Minutes of each round, 1–60; 10 where nobody minds.
    #[serde(default)]
    pub minutes: Option<u32>,
}

/// The answer of `duel_seek`: one of both. Seeking ends with the socket that asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelSought {
    /// Since when the caller seeks; null where somebody was found.
    pub since: Option<Time>,
    /// The duel; `duel_found` tells it, too.
    pub duel: Option<Id>,
}

/// `duel_seek_cancel`: nothing to say.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct EndSeek {}

/// `duel_challenge`: a duel for members of a group. It starts when it is full, or when its owner says so.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "duel.ts", optional_fields)
)]
pub struct DuelChallenge {
    /// Whose members may join and watch.
    pub group: Id,
    /// How many may play, 2–8; 2 where it is missing.
    #[serde(default)]
    pub players: Option<u32>,
    /// Best of 1, 3 or 5.
    pub rounds: u32,
    /// What decides a round.
    pub mode: DuelMode,
    /// Minutes of each round, 1–60.
    pub minutes: u32,
    /// The one language that may be used; any where it is missing.
    #[serde(default)]
    pub language: Option<Language>,
    /// Whether everybody who is signed in may watch.
    #[serde(default)]
    pub public: bool,
}

/// `duel_join`, `duel_start`, `duel_leave`, `duel_open`, `duel_close`, `duel_forfeit`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct OfDuel {
    /// Which.
    pub duel: Id,
}

/// The answer of `duel_challenge`, `duel_join` and `duel_open` (`not_found` for a duel that ended more than ten minutes
/// ago, which `GET /duels/{duel_id}` still shows): everything that the caller may see, and from now on
/// its socket is told of every change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelOpened {
    /// As everybody sees it.
    pub duel: Duel,
    /// What is the caller's own; null for a spectator.
    pub mine: Option<DuelMine>,
    /// The last 50 lines that were said.
    pub lines: Vec<DuelLine>,
}

/// `duel_code`: what stands in the caller's editor, kept for coming back. At most five times in two seconds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelCode {
    /// Where.
    pub duel: Id,
    /// All of it, at most 64 KiB.
    pub code: Hidden,
    /// What it is written in.
    pub language: Language,
}

/// `duel_run`: tries a program on the examples, and on a call of one's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "duel.ts", optional_fields)
)]
pub struct DuelRun {
    /// Where.
    pub duel: Id,
    /// The program, at most 64 KiB.
    pub code: Hidden,
    /// What it is written in.
    pub language: Language,
    /// `name_of_the_function([1, 2], "x")`, its arguments written as in JSON; at most 4,000 characters.
    #[serde(default)]
    pub call: Option<Hidden>,
}

/// `duel_submit`: lets a program be judged by the hidden tests. It counts from when it was received.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelSubmit {
    /// Where.
    pub duel: Id,
    /// The program, at most 64 KiB.
    pub code: Hidden,
    /// What it is written in.
    pub language: Language,
}

/// The answer of `duel_run` and `duel_submit`: what becomes of it comes as `duel_verdict`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelQueued {
    /// Its number in the duel, in the order of receiving.
    pub job: u64,
    /// How many wait before it, at most.
    pub position: u32,
}

/// `duel_say`: players only; it is passed on and never stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelSay {
    /// Where.
    pub duel: Id,
    /// 1–500 characters.
    pub text: Hidden,
}

/// The answer of `duel_say`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelSaid {
    /// When it was passed on; it comes as `duel_said`, too.
    pub at: Time,
}

/// `duel_react`: players and spectators.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelReact {
    /// To what.
    pub duel: Id,
    /// One emoji.
    pub emoji: String,
}

/// `duel_ready`: in a round of `shortest`, that one is content with what one has (when all are, the round ends);
/// between rounds, that the next may begin (when all say so, it does).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelReady {
    /// Where.
    pub duel: Id,
    /// Is, or no more.
    pub on: bool,
}

/// `duel_rematch`: after the end; when all agree there is another duel, with other problems.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelRematch {
    /// Of which.
    pub duel: Id,
    /// Would, or no more.
    pub on: bool,
}

/// `duel_abort`: when all agree the duel ends and counts for nobody.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelAbort {
    /// Which.
    pub duel: Id,
    /// Would, or no more.
    pub on: bool,
}

/// `duel_record`: lets one's edits be kept for a replay. They are kept only where all players let them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelRecord {
    /// Where.
    pub duel: Id,
    /// May be kept, or no more.
    pub on: bool,
}
