//! What becomes of a program, for its author alone; and the two events that say a duel begins and ends.

use serde::{Deserialize, Serialize};

use super::state::DuelOutcome;
use crate::hidden::Hidden;
use crate::judge::Verdict;
use crate::number::Id;

/// The event `duel_verdict`: `queued`, `started`, one `test` after the other, `done`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelVerdict {
    /// Where.
    pub duel: Id,
    /// In which round.
    pub round: u32,
    /// As in the answer of the call.
    pub job: u64,
    /// Tried or submitted.
    pub kind: DuelJob,
    /// What happened. A client skips a `type` that it does not know.
    #[serde(flatten)]
    pub what: DuelVerdictWhat,
}

/// Tried or submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub enum DuelJob {
    /// On the examples.
    Run,
    /// On the hidden tests.
    Submit,
}

/// What happened to a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub enum DuelVerdictWhat {
    /// It waits.
    Queued {
        /// How many wait before it, at most.
        position: u32,
    },
    /// It runs. A second time: everything before is void, it runs anew by no fault of the player.
    Started,
    /// A test was finished. Of a hidden one nothing but number, verdict and time is told.
    Test {
        /// From 1. When trying, the examples in order, then the own call.
        number: u32,
        /// What it is worth; `SHOWN` for the own call.
        verdict: Verdict,
        /// CPU time in microseconds.
        us: u64,
        /// When trying: what it returned, written as in JSON, at most 4,000 characters.
        value: Option<Hidden>,
        /// When trying: what it printed, at most 8 KiB.
        output: Option<Hidden>,
        /// When trying: why there is no value.
        error: Option<DuelError>,
    },
    /// Nothing more comes.
    Done {
        /// What it is worth. `IE` is our fault and counts for nobody; `SKIPPED` gave way to a newer one.
        verdict: Verdict,
        /// Tests passed.
        passed: u32,
        /// Tests that have an expected value.
        total: u32,
        /// CPU time in milliseconds.
        cpu_ms: u64,
        /// The largest memory in MiB, the interpreter included.
        peak_mb: u32,
        /// Why it did not get as far as a test, or what ended it.
        error: Option<DuelError>,
    },
}

/// What went wrong in a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelError {
    /// At most 1,000 characters.
    pub message: Hidden,
    /// The line of the program, from 1.
    pub line: Option<u32>,
}

/// The event `duel_found`, to all sockets of its players: a duel of theirs begins. Then `duel_open` it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelFound {
    /// Which.
    pub duel: Id,
    /// How it came.
    pub by: DuelFoundBy,
}

/// How a duel came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub enum DuelFoundBy {
    /// Both were seeking.
    Seek,
    /// A challenge is full, or its owner started it.
    Challenge,
    /// All wanted another one.
    Rematch,
}

/// The event `duel_over`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelOver {
    /// Which.
    pub duel: Id,
    /// How.
    pub outcome: DuelOutcome,
}
