//! What is agreed upon before a duel, parsed once at the border; and the words for what a program is worth.

use crate::Invalid;
use std::time::Duration;

/// What decides a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The accepted program that was received first.
    Fastest,
    /// The accepted program with the fewest characters; of the same length, the one received first.
    Shortest,
    /// As `Fastest`, but the statement is not shown: the function is to be found out from the examples.
    Reverse,
}

impl Mode {
    /// The mode as it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fastest => "fastest",
            Self::Shortest => "shortest",
            Self::Reverse => "reverse",
        }
    }

    /// Reads what [`Mode::as_str`] wrote.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Fastest, Self::Shortest, Self::Reverse].into_iter().find(|mode| mode.as_str() == name)
    }
}

/// A language that a program may be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// JavaScript.
    JavaScript,
    /// Python.
    Python,
}

impl Language {
    /// The language as it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::JavaScript => "javascript",
            Self::Python => "python",
        }
    }

    /// Reads what [`Language::as_str`] wrote.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::JavaScript, Self::Python].into_iter().find(|language| language.as_str() == name)
    }
}

/// What a program is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Every test gave what it should.
    Accepted,
    /// A test gave something else.
    WrongAnswer,
    /// Too much CPU time.
    TimeLimit,
    /// Too much memory.
    MemoryLimit,
    /// Too much output.
    OutputLimit,
    /// An exception, a crash, something forbidden.
    RuntimeError,
    /// It can not be parsed, or the function is missing.
    CompileError,
    /// It waits for what never comes.
    Idle,
    /// A fault of ours.
    Fault,
}

impl Verdict {
    const NAMES: [(Self, &'static str); 9] = [
        (Self::Accepted, "AC"),
        (Self::WrongAnswer, "WA"),
        (Self::TimeLimit, "TLE"),
        (Self::MemoryLimit, "MLE"),
        (Self::OutputLimit, "OLE"),
        (Self::RuntimeError, "RE"),
        (Self::CompileError, "CE"),
        (Self::Idle, "ILE"),
        (Self::Fault, "IE"),
    ];

    /// The verdict as it is stored: two or three letters, as contests have them.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(verdict, _)| *verdict == self).map_or("IE", |(_, name)| name)
    }

    /// Reads what [`Verdict::as_str`] wrote.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, other)| *other == name).map(|(verdict, _)| *verdict)
    }
}

/// Best of 1, 3 or 5 rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BestOf(u8);

impl BestOf {
    /// Where nobody minds.
    pub const USUAL: Self = Self(3);

    /// # Errors
    /// `rounds`.
    pub fn parse(rounds: u32) -> Result<Self, Invalid> {
        match rounds {
            1 | 3 | 5 => Ok(Self(rounds as u8)),
            _ => Err(Invalid { field: "rounds", rule: "must be 1, 3 or 5" }),
        }
    }

    /// How many rounds at most; void ones are not counted.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0 as u32
    }

    /// How many of them win the duel.
    #[must_use]
    pub const fn needed(self) -> u32 {
        self.get() / 2 + 1
    }
}

/// Minutes of a round, 1 to 60.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Minutes(u8);

impl Minutes {
    /// Where nobody minds.
    pub const USUAL: Self = Self(10);

    /// # Errors
    /// `minutes`.
    pub fn parse(minutes: u32) -> Result<Self, Invalid> {
        match u8::try_from(minutes) {
            Ok(minutes @ 1..=60) => Ok(Self(minutes)),
            _ => Err(Invalid { field: "minutes", rule: "must be 1 to 60" }),
        }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0 as u32
    }

    /// As a span.
    #[must_use]
    pub const fn span(self) -> Duration {
        Duration::from_secs(self.0 as u64 * 60)
    }
}

/// How many may play, 2 to 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seats(u8);

impl Seats {
    /// One against one.
    pub const TWO: Self = Self(2);

    /// # Errors
    /// `players`.
    pub fn parse(players: u32) -> Result<Self, Invalid> {
        match u8::try_from(players) {
            Ok(players @ 2..=8) => Ok(Self(players)),
            _ => Err(Invalid { field: "players", rule: "must be 2 to 8" }),
        }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0 as usize
    }
}

/// What was agreed upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// What decides a round.
    pub mode: Mode,
    /// The one language that may be used; `None` for any.
    pub language: Option<Language>,
    /// How many rounds.
    pub best_of: BestOf,
    /// How long one takes.
    pub minutes: Minutes,
}
