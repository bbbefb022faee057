//! Duels: people are put together or challenge each other, write the same function, and the judge says who was first.
//!
//! A running duel lives in the memory of the node that made it (`arena`), under a lock of its own, and its row names that
//! node. What `core::duel` decides is told to the faces in the order in which it was decided; what must outlive the node
//! is written when a round or the duel is over. A server that starts anew ends what was running, for nobody.
//!
//! Reading order: `arena`, what there is of a running duel and the one way to change it; [`seek`] and [`challenge`],
//! how one comes about; [`problems`], what there is to play; `begin`, with which of it; [`play`], what its players do; `judging`, what becomes of a
//! program; `finish`, what a result does; `ratings`; [`keep_time`], what is due by the clock; [`records`], what is left.
//! [`race`] is what the face of Codemaze plays: a duel that is written down like any other once it is decided.

mod arena;
mod begin;
pub mod challenge;
mod finish;
mod judging;
pub mod keep_time;
pub mod play;
pub mod problems;
pub mod race;
mod ratings;
pub mod records;
pub mod seek;
#[cfg(test)]
mod tests;

pub use arena::{Activity, DuelView, Finish, Finished, Line, Mine, OwnSubmission, Person, Progress};
pub use judging::{Happened, JobKind, JobNews, Problematic};
pub use play::{CallText, Program};

pub(crate) use arena::Duels;

use crate::{App, Failure};
use parlor_core::duel::Refused;
use parlor_core::permission::Denied;
use parlor_core::{AccountId, Author, Code, DuelId, Emoji, Invalid, Refusal};
use parlor_judge::client::{Judge, RunError};
use parlor_problems::Problem;
use std::time::Duration;

/// A face through which duels are played. Must not wait: it is called while the duel is locked, so that everybody hears
/// of everything in one order.
pub trait DuelFace: Send + Sync {
    /// Something has changed.
    fn changed(&self, view: &DuelView);
    /// Somebody got on, for all but themselves; at most ten a second and player.
    fn progressed(&self, duel: DuelId, progress: &Progress);
    /// Something happened to a program, for its author alone.
    fn judged(&self, duel: DuelId, author: AccountId, news: &JobNews);
    /// Something was said.
    fn said(&self, duel: DuelId, line: &Line);
    /// An emoji floats over it.
    fn reacted(&self, duel: DuelId, by: &Author, emoji: &Emoji);
    /// A duel of these people begins.
    fn found(&self, duel: DuelId, players: &[AccountId], by: FoundBy);
    /// It is over, and its result is written down.
    fn over(&self, view: &DuelView);
}

/// No duel lasts as long: half an hour until it begins, then at most eight rounds of an hour.
const LONGEST: Duration = Duration::from_secs(12 * 60 * 60);

/// How a duel came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundBy {
    /// Its players were seeking.
    Seek,
    /// A challenge is full, or was started.
    Challenge,
    /// All wanted another one.
    Rematch,
}

/// Why something was refused. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum DuelError {
    /// There is no such duel, or it is not for the caller to see.
    #[error("there is no such duel")]
    NotFound,
    /// The rules of the match.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The caller's role does not allow it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A field is wrong.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The caller plays in another one.
    #[error("you play in another duel: end it first")]
    PlaysElsewhere,
    /// There is no judge.
    #[error("{0}")]
    NoJudge(String),
    /// The judge is being started.
    #[error("the judge is being started")]
    JudgeStarts,
    /// That language can not be judged here.
    #[error("{0}")]
    NoLanguage(String),
    /// A submission of the caller waits already.
    #[error("a submission of yours is waiting already")]
    Waiting,
    /// Too many programs or duels wait.
    #[error("too much is going on")]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// There is no problem to play with.
    #[error("this server has no problems")]
    NoProblems,
    /// Nothing writes problems here.
    #[error("this server has no service that makes problems: ai.base_url and ai.model name one")]
    NoWriter,
    /// What was written did not pass, or nothing was.
    #[error("the service that makes problems gave none that is right; please try again later")]
    NotWritten,
    /// Too often.
    #[error("too many tries")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for DuelError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Refused(Refused::NotAPlayer | Refused::NotTheOwner) | Self::Denied(_) => Code::Forbidden,
            Self::Refused(_) | Self::PlaysElsewhere | Self::Waiting => Code::Conflict,
            Self::Invalid(_) => Code::Invalid,
            Self::NoJudge(_)
            | Self::JudgeStarts
            | Self::NoLanguage(_)
            | Self::Busy { .. }
            | Self::NoProblems
            | Self::NoWriter
            | Self::NotWritten => Code::Unavailable,
            Self::TooOften { .. } => Code::RateLimited,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Invalid(invalid) => Some(invalid.field),
            _ => None,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooOften { retry_after } | Self::Busy { retry_after } => Some(*retry_after),
            Self::JudgeStarts => Some(Duration::from_secs(1)),
            Self::Failure(failure) => failure.retry_after(),
            _ => None,
        }
    }

    /// What is missing was said at the start.
    fn is_fault(&self) -> bool {
        matches!(self, Self::Failure(failure) if failure.is_fault())
    }
}

impl From<RunError> for DuelError {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Invalid(rule) => Self::Invalid(Invalid { field: "code", rule }),
            RunError::NoLanguage(reason) => Self::NoLanguage(reason),
            RunError::Waiting => Self::Waiting,
            RunError::Busy { retry_after } => Self::Busy { retry_after },
        }
    }
}

/// Whether programs can be judged.
#[derive(Clone)]
pub enum JudgeState {
    /// Not known yet.
    Starting,
    /// They can.
    Ready(Judge),
    /// They can not: why.
    Off(String),
}

impl App {
    /// Sets what duels are about and who judges; before that they are being started. Called once.
    pub fn open_duels(&self, problems: Vec<Problem>, judge: JudgeState) {
        self.set_own_problems(problems);
        *self.inner.duels.judge() = judge;
    }

    /// Ends what a server left behind that is no more. Called once, before anybody plays. Where other nodes may have
    /// duels in the same database, only what is older than a duel can be.
    ///
    /// # Errors
    /// What the database says.
    pub async fn void_unfinished_duels(&self) -> Result<(), Failure> {
        let now = self.now();
        let before = if self.store().is_alone() { now } else { now.minus(LONGEST) };
        let ended = self
            .store()
            .write::<_, Failure>(move |write| parlor_store::duels::void_unfinished(write, before, now))
            .await?;
        if ended > 0 {
            tracing::info!(ended, "duels that ran when the server ended are void");
        }
        Ok(())
    }

    /// Whether programs can be judged.
    #[must_use]
    pub fn judge_state(&self) -> JudgeState {
        self.inner.duels.judge().clone()
    }

    pub(crate) fn judge(&self) -> Result<Judge, DuelError> {
        match self.judge_state() {
            JudgeState::Ready(judge) => Ok(judge),
            JudgeState::Starting => Err(DuelError::JudgeStarts),
            JudgeState::Off(reason) => Err(DuelError::NoJudge(reason)),
        }
    }
}
