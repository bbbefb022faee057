//! What is left of duels, over REST: lists, reviews, replays, profiles, the leaderboard, and whether there is a judge.

use serde::{Deserialize, Serialize};

use super::problem::DuelProblem;
use super::state::{Duel, DuelEnding, DuelMode, DuelPhase, DuelRoundResult, DuelUnranked, Rank};
use crate::account::Author;
use crate::hidden::Hidden;
use crate::judge::{Language, Tier, Verdict};
use crate::number::Id;
use crate::time::Time;

/// `GET /duels`: what can be joined or watched now, the newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct Duels {
    /// With `group`: those of its members that are open or running; without: those that everybody may watch.
    pub duels: Vec<DuelCard>,
    /// These lists are short: always null.
    pub next: Option<String>,
}

/// A duel in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelCard {
    /// Never reused.
    pub id: Id,
    /// Whose members play.
    pub group: Option<Id>,
    /// Who made the challenge.
    pub owner: Option<Id>,
    /// What decides a round.
    pub mode: DuelMode,
    /// The one language that may be used.
    pub language: Option<Language>,
    /// Best of how many.
    pub rounds: u32,
    /// Minutes of each round.
    pub minutes: u32,
    /// How many may play.
    pub seats: u32,
    /// Who plays.
    pub players: Vec<Author>,
    /// What happens now.
    pub phase: DuelPhase,
    /// The number of the round.
    pub round: u32,
    /// How many watch.
    pub spectators: u32,
    /// When it was made.
    pub created_at: Time,
}

/// `GET /duels/{duel_id}`: the match, and of each round that is over the problem and all programs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelReview {
    /// The match.
    pub duel: Duel,
    /// Its rounds that are over.
    pub rounds: Vec<DuelReviewRound>,
    /// Whether there is a replay.
    pub replay: bool,
}

/// A round that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelReviewRound {
    /// What came of it.
    pub result: DuelRoundResult,
    /// What was to be solved; null where this server has it no more.
    pub problem: Option<DuelProblem>,
    /// Everything that was submitted, in the order of receiving.
    pub solutions: Vec<DuelSolution>,
}

/// A program that was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelSolution {
    /// By whom.
    pub player: Id,
    /// When it was received, in milliseconds of the round.
    pub at_ms: u64,
    /// What it is written in.
    pub language: Language,
    /// All of it.
    pub code: Hidden,
    /// What it was worth; null where the round ended before it was judged.
    pub verdict: Option<Verdict>,
    /// Hidden tests passed.
    pub passed: u32,
    /// How many there were.
    pub total: u32,
    /// CPU time in milliseconds.
    pub cpu_ms: u64,
}

/// `GET /duels/{duel_id}/replay`: what stood in the editors, where all players let it be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelReplay {
    /// In order of rounds and time.
    pub edits: Vec<DuelEdit>,
}

/// What stood in an editor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelEdit {
    /// In which round.
    pub round: u32,
    /// Whose.
    pub player: Id,
    /// When, in milliseconds of the round.
    pub at_ms: u64,
    /// What it is written in.
    pub language: Language,
    /// All of it.
    pub code: Hidden,
}

/// `GET /leaderboard`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct Leaderboard {
    /// The most points first, then the higher rating.
    pub players: Vec<LeaderboardRow>,
    /// Where the next page begins; null is the end.
    pub next: Option<String>,
}

/// Somebody who has played.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct LeaderboardRow {
    /// 1 is the best.
    pub place: u64,
    /// Who.
    pub account: Author,
    /// Points: ten for each duel that is won.
    pub xp: u32,
    /// What these points are.
    pub rank: Rank,
    /// Duels won.
    pub wins: u32,
    /// Duels lost.
    pub losses: u32,
    /// Duels without a winner.
    pub draws: u32,
    /// Glicko-2.
    pub rating: f64,
    /// How sure that is: the true strength lies within twice of it, as a rule.
    pub deviation: f64,
}

/// `GET /accounts/{account_id}/duels`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelProfile {
    /// Who.
    pub account: Author,
    /// Points: ten for each duel that is won.
    pub xp: u32,
    /// What these points are.
    pub rank: Rank,
    /// Duels won.
    pub wins: u32,
    /// Duels lost.
    pub losses: u32,
    /// Duels without a winner.
    pub draws: u32,
    /// Glicko-2; 1500 for who has not played.
    pub rating: f64,
    /// How sure that is; 350 for who has not played.
    pub deviation: f64,
    /// The rating after each of the last 200 duels that counted, the oldest first.
    pub ratings: Vec<RatingPoint>,
    /// The last duels, the newest first; of those that the caller may not see, without opponents.
    pub history: Vec<DuelHistoryItem>,
    /// Where `history` goes on; null is the end.
    pub next: Option<String>,
}

/// A rating at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct RatingPoint {
    /// When.
    pub at: Time,
    /// What it became.
    pub rating: f64,
    /// How sure that was.
    pub deviation: f64,
    /// What the points became.
    pub xp: u32,
}

/// A duel that somebody played.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelHistoryItem {
    /// Which; null where the caller may not see it.
    pub duel: Option<Id>,
    /// When it ended.
    pub at: Time,
    /// What decided a round.
    pub mode: DuelMode,
    /// Against whom; empty where the caller may not see it.
    pub opponents: Vec<Author>,
    /// The place, 1 is the best; null where it was void.
    pub place: Option<u32>,
    /// Whether it was won: null for a draw and where it was void.
    pub won: Option<bool>,
    /// Why it ended.
    pub reason: DuelEnding,
    /// Why it moved no points.
    pub unranked: Option<DuelUnranked>,
    /// How the rating changed.
    pub rating_change: f64,
    /// How the points changed.
    pub xp_change: i32,
}

/// `GET /duels/status`: whether code can be judged here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelStatus {
    /// Whether duels can be played.
    pub available: bool,
    /// Why not; null where they can.
    pub reason: Option<String>,
    /// How programs are locked in; null where they are not.
    pub tier: Option<Tier>,
    /// What can be judged, and what not and why.
    pub languages: Vec<DuelLanguage>,
    /// How many problems there are.
    pub problems: Vec<ProblemCount>,
    /// How many people seek an opponent.
    pub seeking: u32,
    /// How many duels run.
    pub running: u32,
}

/// Whether a language can be judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelLanguage {
    /// Which.
    pub language: Language,
    /// The interpreter's own name and version.
    pub version: Option<String>,
    /// Why it can not be judged; null where it can.
    pub missing: Option<String>,
}

/// How many problems a rank has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct ProblemCount {
    /// Which rank.
    pub rank: Rank,
    /// How many.
    pub count: u32,
}
