//! Duels, from `core` to the wire.

use parlor_core::duel as core;

use crate::duel::{DuelEnding, DuelMode, DuelPlace, DuelPresence, DuelRoundEnding, DuelRoundPlace, Rank};
use crate::judge::{Language, Verdict};
use crate::number::Id;

impl From<parlor_core::DuelId> for Id {
    fn from(id: parlor_core::DuelId) -> Self {
        Self(id.get())
    }
}

impl From<core::Mode> for DuelMode {
    fn from(mode: core::Mode) -> Self {
        match mode {
            core::Mode::Fastest => Self::Fastest,
            core::Mode::Shortest => Self::Shortest,
            core::Mode::Reverse => Self::Reverse,
        }
    }
}

impl From<DuelMode> for core::Mode {
    fn from(mode: DuelMode) -> Self {
        match mode {
            DuelMode::Fastest => Self::Fastest,
            DuelMode::Shortest => Self::Shortest,
            DuelMode::Reverse => Self::Reverse,
        }
    }
}

impl From<core::Language> for Language {
    fn from(language: core::Language) -> Self {
        match language {
            core::Language::JavaScript => Self::JavaScript,
            core::Language::Python => Self::Python,
        }
    }
}

impl From<Language> for core::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::JavaScript => Self::JavaScript,
            Language::Python => Self::Python,
        }
    }
}

impl From<core::Verdict> for Verdict {
    fn from(verdict: core::Verdict) -> Self {
        match verdict {
            core::Verdict::Accepted => Self::Accepted,
            core::Verdict::WrongAnswer => Self::WrongAnswer,
            core::Verdict::TimeLimit => Self::TimeLimit,
            core::Verdict::MemoryLimit => Self::MemoryLimit,
            core::Verdict::OutputLimit => Self::OutputLimit,
            core::Verdict::RuntimeError => Self::RuntimeError,
            core::Verdict::CompileError => Self::CompileError,
            core::Verdict::Idle => Self::Idle,
            core::Verdict::Fault => Self::InternalError,
        }
    }
}

impl From<core::DuelRank> for Rank {
    fn from(rank: core::DuelRank) -> Self {
        match rank {
            core::DuelRank::Bronze => Self::Bronze,
            core::DuelRank::Silver => Self::Silver,
            core::DuelRank::Gold => Self::Gold,
            core::DuelRank::Platinum => Self::Platinum,
        }
    }
}

impl From<core::Presence> for DuelPresence {
    fn from(presence: core::Presence) -> Self {
        match presence {
            core::Presence::Here => Self::Here,
            core::Presence::Away { .. } => Self::Away,
            core::Presence::Forfeited => Self::Forfeited,
        }
    }
}

impl From<core::RoundEnding> for DuelRoundEnding {
    fn from(ending: core::RoundEnding) -> Self {
        match ending {
            core::RoundEnding::Solved => Self::Solved,
            core::RoundEnding::TimeUp => Self::TimeUp,
            core::RoundEnding::Forfeit => Self::Forfeit,
            core::RoundEnding::Void => Self::Void,
        }
    }
}

impl From<core::Ending> for DuelEnding {
    fn from(ending: core::Ending) -> Self {
        match ending {
            core::Ending::Won => Self::Won,
            core::Ending::Draw => Self::Draw,
            core::Ending::Forfeit => Self::Forfeit,
            core::Ending::Aborted => Self::Aborted,
            core::Ending::Deserted => Self::Deserted,
            core::Ending::Cancelled => Self::Cancelled,
            core::Ending::Fault => Self::Fault,
        }
    }
}

impl From<&core::RoundPlace> for DuelRoundPlace {
    fn from(place: &core::RoundPlace) -> Self {
        let standing = &place.standing;
        Self {
            player: place.player.into(),
            place: place.place,
            passed: standing.passed,
            total: standing.total,
            wrong: standing.wrong,
            solved_ms: standing.solved_ms,
            length: standing.length,
        }
    }
}

impl DuelPlace {
    /// Where somebody stood, and what it did to them: points and rating before and after.
    #[must_use]
    pub fn new(place: &core::Place, xp: [u32; 2], rating: [f64; 2]) -> Self {
        Self {
            player: place.player.into(),
            place: place.place,
            won: place.won,
            xp_before: xp[0],
            xp: xp[1],
            rating_before: rating[0],
            rating: rating[1],
        }
    }
}
