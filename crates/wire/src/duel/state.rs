//! A match as everybody sees it, and the part of it that is a player's own.

use serde::{Deserialize, Serialize};

use super::problem::DuelProblem;
use crate::account::Author;
use crate::hidden::Hidden;
use crate::judge::{Language, Verdict};
use crate::number::Id;
use crate::time::Time;

/// A duel: the event `duel`, sent anew with each change. Of two, the one with the higher `rev` is the newer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct Duel {
    /// Never reused.
    pub id: Id,
    /// Grows with each change.
    pub rev: u64,
    /// The server's time when this was written, to show clocks by.
    pub now: Time,
    /// Whose members play; null where the server put them together.
    pub group: Option<Id>,
    /// Who made the challenge; null where the server put them together.
    pub owner: Option<Id>,
    /// Whether everybody who is signed in may watch.
    pub public: bool,
    /// What decides a round.
    pub mode: DuelMode,
    /// The one language that may be used; null for any.
    pub language: Option<Language>,
    /// Best of how many rounds: 1, 3 or 5.
    pub rounds: u32,
    /// Minutes of each round.
    pub minutes: u32,
    /// How many may play.
    pub seats: u32,
    /// What happens now.
    pub phase: DuelPhase,
    /// In the order in which they came.
    pub players: Vec<DuelPlayer>,
    /// How many watch.
    pub spectators: u32,
    /// The round that is about to begin, runs, or was the last; null before the first.
    pub round: Option<DuelRound>,
    /// What came of the rounds that are over, in order. Void ones are in it, too.
    pub results: Vec<DuelRoundResult>,
    /// How it ended; null while it has not.
    pub outcome: Option<DuelOutcome>,
    /// The duel that came of a rematch.
    pub rematch: Option<Id>,
}

/// What decides a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub enum DuelMode {
    /// The accepted program that was received first.
    Fastest,
    /// The accepted program with the fewest characters; of the same length, the one received first.
    Shortest,
    /// As `fastest`, but there is no statement: what the function does is to be found out from the examples.
    Reverse,
}

/// What happens now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub enum DuelPhase {
    /// Players are awaited.
    Open,
    /// The round begins at `round.starts_at`; its problem is not shown yet.
    Countdown,
    /// They write, until `round.ends_at`.
    Running,
    /// Nothing is received any more; what was received is still being judged.
    Judging,
    /// Between two rounds; the countdown of the next begins at `round.next_at`.
    Pause,
    /// It is over.
    Over,
}

/// One who plays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelPlayer {
    /// Who.
    pub account: Author,
    /// Their points when the duel began.
    pub xp: u32,
    /// What these points are.
    pub rank: Rank,
    /// Their rating when the duel began (Glicko-2, 1500 for a newcomer).
    pub rating: f64,
    /// Rounds that they won.
    pub won: u32,
    /// Whether they are there.
    pub presence: DuelPresence,
    /// When they forfeit unless they come back; null where they are there.
    pub away_until: Option<Time>,
    /// How far they are in this round.
    pub progress: DuelProgress,
    /// Let their edits be kept.
    pub records: bool,
    /// Are content, or would go on.
    pub ready: bool,
    /// Would play again.
    pub rematch: bool,
    /// Would end it for nothing.
    pub abort: bool,
}

/// Points in words: up to 250 bronze, 500 silver, 750 gold, then platinum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub enum Rank {
    /// 0–250.
    Bronze,
    /// 251–500.
    Silver,
    /// 501–750.
    Gold,
    /// 751 and more.
    Platinum,
}

/// Whether a player is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub enum DuelPresence {
    /// With at least one socket.
    Here,
    /// Without one; the place is held.
    Away,
    /// Gave up, or did not come back in time.
    Forfeited,
}

/// How far a player is: what others may know of it. Also the event `duel_progress`, at most ten a second and player.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelProgress {
    /// Where.
    pub duel: Id,
    /// In which round, from 1.
    pub round: u32,
    /// Who.
    pub player: Id,
    /// What they do.
    pub activity: DuelActivity,
    /// Hidden tests that the program which is, or was last, judged has passed.
    pub passed: u32,
    /// How many there are.
    pub total: u32,
    /// What it was worth; null while it is judged, and before the first.
    pub verdict: Option<Verdict>,
    /// Programs submitted in this round.
    pub submits: u32,
}

/// What a player does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub enum DuelActivity {
    /// Nothing that is seen here.
    Idle,
    /// Writes; idle after five seconds without another.
    Typing,
    /// Tries something.
    Running,
    /// Is being judged.
    Judged,
    /// Has an accepted program.
    Solved,
}

/// A round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelRound {
    /// From 1; a void round is played again under the next number.
    pub number: u32,
    /// When it begins, or began.
    pub starts_at: Time,
    /// When nothing is received any more.
    pub ends_at: Time,
    /// In `pause`: when the next countdown begins.
    pub next_at: Option<Time>,
    /// What is to be solved; null until it begins.
    pub problem: Option<DuelProblem>,
}

/// What came of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelRoundResult {
    /// From 1.
    pub number: u32,
    /// Who won it; null for a draw and where it is void.
    pub winner: Option<Id>,
    /// Why it ended.
    pub reason: DuelRoundEnding,
    /// `id` of the problem.
    pub problem: String,
    /// How it is called.
    pub title: String,
    /// The best first.
    pub places: Vec<DuelRoundPlace>,
}

/// Why a round ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub enum DuelRoundEnding {
    /// Somebody's program was accepted, or the shortest of them is known.
    Solved,
    /// Time was over: whoever passed the most tests won, then whoever submitted less; else it is a draw.
    TimeUp,
    /// Only one was left.
    Forfeit,
    /// A fault of ours: it counts for nobody and another round is played.
    Void,
}

/// How a player stood at the end of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelRoundPlace {
    /// Who.
    pub player: Id,
    /// 1 is the best; two that are alike have the same.
    pub place: u32,
    /// The most hidden tests that a program of theirs passed.
    pub passed: u32,
    /// How many there were.
    pub total: u32,
    /// Programs that were judged and not accepted.
    pub wrong: u32,
    /// When their accepted program was received, in milliseconds of the round.
    pub solved_ms: Option<u64>,
    /// How many characters it has.
    pub length: Option<u32>,
}

/// How a duel ended. The event `duel_over` carries it, too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelOutcome {
    /// When.
    pub at: Time,
    /// Why.
    pub reason: DuelEnding,
    /// Who won; null for a draw and where it is void.
    pub winner: Option<Id>,
    /// The best first; empty where it is void.
    pub places: Vec<DuelPlace>,
    /// Why it moves no points and no rating; null where it does.
    pub unranked: Option<DuelUnranked>,
}

/// Why a duel ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub enum DuelEnding {
    /// Somebody has won the rounds that are needed.
    Won,
    /// All rounds were played and nobody is ahead.
    Draw,
    /// All others gave up or did not come back.
    Forfeit,
    /// All agreed to end it: void.
    Aborted,
    /// Nobody came back: void.
    Deserted,
    /// A challenge that never began.
    Cancelled,
    /// A fault of ours, or this server was started anew: void.
    Fault,
}

/// Why a duel moves no points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub enum DuelUnranked {
    /// It is void.
    Void,
    /// A guest played: anybody can be any number of guests.
    Guest,
    /// The winner has won against the same player too often today.
    TooOften,
}

/// How a player stands at the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelPlace {
    /// Who.
    pub player: Id,
    /// 1 is the best; two that are alike have the same.
    pub place: u32,
    /// Rounds that they won.
    pub won: u32,
    /// Points before.
    pub xp_before: u32,
    /// Points now.
    pub xp: u32,
    /// Rating before.
    pub rating_before: f64,
    /// Rating now.
    pub rating: f64,
}

/// What is a player's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelMine {
    /// What stood in the editor; null where nothing was kept in this round.
    pub code: Option<Hidden>,
    /// What it is written in.
    pub language: Option<Language>,
    /// What was submitted in this round, in order.
    pub submissions: Vec<DuelSubmission>,
}

/// A program of one's own that was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelSubmission {
    /// As in the answer of `duel_submit`.
    pub job: u64,
    /// When it was received.
    pub at: Time,
    /// What it is worth; null while it is judged.
    pub verdict: Option<Verdict>,
    /// Hidden tests passed.
    pub passed: u32,
    /// How many there are.
    pub total: u32,
}

/// A line that was said: the event `duel_said`, also to whoever said it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelLine {
    /// Where.
    pub duel: Id,
    /// Who.
    pub by: Author,
    /// When.
    pub at: Time,
    /// What.
    pub text: Hidden,
}

/// The event `duel_reacted`: may be lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelReacted {
    /// Where.
    pub duel: Id,
    /// Who.
    pub by: Author,
    /// Which.
    pub emoji: String,
}
