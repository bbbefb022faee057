//! A problem whose file was read: every rule that needs no sandbox holds.

use crate::ValueType;
use crate::fault::{Fault, Faults};
use parlor_judge::compare::Compare;
use parlor_wire::judge::{Language, Value};
use serde::Deserialize;
use std::fmt;

/// The longest file, in bytes: what is larger is a table, not a problem.
pub const MOST_FILE_BYTES: usize = 60 * 1024;
/// The most hidden cases, and the most examples. Together they stay far below what the judge takes in one job.
pub const MOST_CASES: usize = 100;

/// A problem. Made by [`Problem::parse`] alone.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Problem {
    /// 3 to 48 of `a-z`, `0-9` and `-`; the file's name without its end.
    pub id: String,
    /// One line, 3 to 60 characters.
    pub title: String,
    /// How hard it is.
    pub rank: Rank,
    /// One to five words about the method.
    pub tags: Vec<String>,
    /// An SPDX expression, for text and tests.
    pub license: String,
    /// At least one.
    pub authors: Vec<String>,
    /// Where it comes from.
    pub origin: Origin,
    /// Markdown, 200 to 3,000 characters.
    pub statement: String,
    /// The function that a player writes.
    pub signature: Signature,
    /// How an answer is compared with the expected value.
    pub compare: Compare,
    /// What a submission may use.
    pub limits: Limits,
    /// Seen by players; at least three.
    pub examples: Vec<Example>,
    /// Used to judge and never sent to a player; at least twelve.
    pub hidden: Vec<Case>,
    /// Solutions that are right; never sent to a player.
    pub references: References,
    /// Solutions that a hidden case must find out; at least two.
    pub wrong: Vec<Solution>,
}

/// How hard a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rank {
    /// A beginner needs five minutes.
    Bronze,
    /// Between.
    Silver,
    /// Between.
    Gold,
    /// A good programmer needs half an hour.
    Platinum,
}

impl Rank {
    /// From the easiest on.
    pub const ALL: [Self; 4] = [Self::Bronze, Self::Silver, Self::Gold, Self::Platinum];
}

impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Bronze => "bronze",
            Self::Silver => "silver",
            Self::Gold => "gold",
            Self::Platinum => "platinum",
        })
    }
}

/// Where a problem comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Written for Parlor: `authored`.
    Authored,
    /// Taken over under its licence: `import:exercism/two-fer`.
    Imported(String),
    /// Written by a program: `generated:` and its name.
    Generated(String),
}

/// The function that a player writes, in any language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// snake_case, at most 64 characters.
    pub name: String,
    /// One to eight.
    pub arguments: Vec<Argument>,
    /// What it returns.
    pub returns: ValueType,
}

/// An argument of the function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// snake_case.
    pub name: String,
    /// Holds no `bool`: `True` and `true` are different words in the call that players see.
    pub value_type: ValueType,
}

/// What a submission may use, over all hidden cases together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// CPU time in milliseconds, 100 to 10,000.
    pub cpu_ms: u32,
    /// Memory in MiB, 16 to 512.
    pub memory_mb: u32,
}

/// A call and what it must return; both have the types of the signature.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// One value for each argument.
    pub arguments: Vec<Value>,
    /// What it must return.
    pub expected: Value,
}

/// A case that players see.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// As it is written in either language, `f([3, 4])`: the same arguments as in the case.
    pub call: String,
    /// What is called.
    pub case: Case,
    /// Why that is the answer.
    pub explanation: String,
}

/// A right solution in each language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct References {
    /// In Python.
    pub python: String,
    /// In JavaScript.
    pub javascript: String,
}

/// A program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// What it is written in.
    pub language: Language,
    /// The program.
    pub source: String,
}

impl Problem {
    /// Reads the text of a file, whose name is given without its folder.
    ///
    /// # Errors
    /// Every rule that the file breaks; never empty.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::of(file);
        match crate::parse::problem(file, text, &mut faults) {
            Some(problem) if faults.is_empty() => Ok(problem),
            _ => Err(faults.into_list()),
        }
    }

    /// The file it is in.
    #[must_use]
    pub fn file(&self) -> String {
        format!("{}.toml", self.id)
    }
}
