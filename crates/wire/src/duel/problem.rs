//! A problem as a player may see it: never a hidden test, never a reference solution.

use serde::{Deserialize, Serialize};

use super::state::Rank;

/// What is to be solved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelProblem {
    /// Its name in addresses: `sum-of-gaps`.
    pub id: String,
    /// One line.
    pub title: String,
    /// How hard it is.
    pub rank: Rank,
    /// Markdown; null in mode `reverse` until the round is over.
    pub statement: Option<String>,
    /// The function that is to be written.
    pub signature: DuelSignature,
    /// At least three calls and what they give.
    pub examples: Vec<DuelExample>,
    /// How many hidden tests there are.
    pub hidden_tests: u32,
    /// CPU time in milliseconds for all tests together.
    pub cpu_ms: u32,
    /// Memory in MiB.
    pub memory_mb: u32,
    /// What an empty editor may begin with.
    pub starters: DuelStarters,
}

/// The function, with types as in `int[]`, `map<string,float>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelSignature {
    /// The same in both languages.
    pub name: String,
    /// One to eight.
    pub arguments: Vec<DuelArgument>,
    /// The type of what it returns.
    pub returns: String,
}

/// An argument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelArgument {
    /// snake_case.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub value_type: String,
}

/// A call and what it gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelExample {
    /// `sum_of_gaps([3, 4])`.
    pub call: String,
    /// What it gives, written as in JSON.
    pub expected: String,
    /// Why; null in mode `reverse` until the round is over.
    pub explanation: Option<String>,
}

/// The empty function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub struct DuelStarters {
    /// In JavaScript.
    pub javascript: String,
    /// In Python.
    pub python: String,
}
