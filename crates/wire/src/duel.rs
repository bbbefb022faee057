//! Duels: two to eight people write the same function, and the server says who was first.
//!
//! `calls` is what a client says, `state` the match as everybody sees it, `verdict` what becomes of a program, `record`
//! what is left of a duel. A match is one document with a `rev`: each change sends it anew, the highest `rev` counts,
//! and there is nothing to put together. No shape of a client holds an outcome, and none of ours a hidden test.

mod calls;
mod problem;
mod record;
mod state;
mod verdict;

pub use calls::{
    DuelAbort, DuelChallenge, DuelCode, DuelOpened, DuelQueued, DuelReact, DuelReady, DuelRecord,
    DuelRematch, DuelRun, DuelSaid, DuelSay, DuelSeek, DuelSought, DuelSubmit, EndSeek, OfDuel,
};
pub use problem::{DuelArgument, DuelExample, DuelProblem, DuelSignature, DuelStarters};
pub use record::{
    DuelCard, DuelEdit, DuelHistoryItem, DuelLanguage, DuelProfile, DuelReplay, DuelReview, DuelReviewRound,
    DuelSolution, DuelStatus, Duels, Leaderboard, LeaderboardRow, ProblemCount, RatingPoint,
};
pub use state::{
    Duel, DuelActivity, DuelEnding, DuelLine, DuelMine, DuelMode, DuelOutcome, DuelPhase, DuelPlace,
    DuelPlayer, DuelPresence, DuelProgress, DuelReacted, DuelRound, DuelRoundEnding, DuelRoundPlace,
    DuelRoundResult, DuelSubmission, DuelUnranked, Rank,
};
pub use verdict::{DuelError, DuelFound, DuelFoundBy, DuelJob, DuelOver, DuelVerdict, DuelVerdictWhat};
