//! Duels: two to eight people write the same function, and who was first is decided here.
//!
//! [`decide`] is the whole match: it takes the state, what somebody asks or a judge says, and the time, and answers the
//! next state. [`terms`] are what was agreed upon, [`state`] what there is, `settle` what follows by itself, `round` who
//! won one, [`pairing`] who is put with whom, [`points`] what a win is worth.
//!
//! **The accepted program that was received first wins.** A later one waits until all before it are judged, so neither
//! luck in the queue nor a short program changes the order. A fault of ours costs nobody: the time it took is given
//! back, or, where somebody else's program came later and was accepted, the round is void and another one is played.
//!
//! Must never know: programs, problems' texts, who the players are.

mod decide;
pub mod pairing;
pub mod points;
#[cfg(test)]
mod properties;
mod round;
mod settle;
pub mod state;
pub mod terms;

pub use decide::{Ask, Command, Refused, decide};
pub use pairing::{Pair, Seeker, Wish};
pub use points::DuelRank;
pub use state::{
    Ending, Match, Outcome, Phase, Place, Player, Presence, Puzzle, Round, RoundEnding, RoundPlace,
    RoundResult, Standing, Submission,
};
pub use terms::{BestOf, Language, Minutes, Mode, Seats, Terms, Verdict};
