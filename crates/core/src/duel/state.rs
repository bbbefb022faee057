//! What there is of a match. Nothing here decides; `decide` and `settle` do.

use super::terms::{Language, Seats, Terms, Verdict};
use crate::{AccountId, Timestamp};
use std::time::Duration;

/// From the start of a round's countdown until its problem is shown.
pub const COUNTDOWN: Duration = Duration::from_secs(3);
/// Between the end of a round and the next countdown, to look at what the others wrote.
pub const PAUSE: Duration = Duration::from_secs(10);
/// Whoever is away this long has given up.
pub const AWAY: Duration = Duration::from_secs(60);
/// A challenge that nobody starts is forgotten after this.
pub const OPEN: Duration = Duration::from_secs(30 * 60);
/// Programs that a player submits in a round at most: all of them are kept until it is over, and then for ever.
pub const MOST_SUBMISSIONS: usize = 100;
/// Problems beyond those of the agreed rounds, for rounds that become void. When they are spent, the duel is.
pub const SPARE_PUZZLES: usize = 3;

/// A duel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// What was agreed upon.
    pub terms: Terms,
    /// How many may play.
    pub seats: Seats,
    /// Who made the challenge; `None` where two were put together.
    pub owner: Option<AccountId>,
    /// What happens now.
    pub phase: Phase,
    /// In the order in which they came.
    pub players: Vec<Player>,
    /// The problems of its rounds, in order; empty until it begins.
    pub puzzles: Vec<Puzzle>,
    /// The round that is about to begin, runs or was the last.
    pub round: Option<Round>,
    /// What came of those that are over.
    pub results: Vec<RoundResult>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Grows with each change.
    pub rev: u64,
    /// The number of the last program that was received, tried or submitted.
    pub last_job: u64,
}

/// What happens now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Players are awaited.
    Open {
        /// Until then.
        until: Timestamp,
    },
    /// The round is about to begin.
    Countdown,
    /// They write.
    Running,
    /// Nothing is received any more; what was is being judged.
    Judging,
    /// Between two rounds.
    Pause {
        /// When the next countdown begins.
        until: Timestamp,
    },
    /// It is over.
    Over,
}

/// One who plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Player {
    /// Who.
    pub account: AccountId,
    /// Whether they are there.
    pub presence: Presence,
    /// Rounds that they won.
    pub won: u32,
    /// Let their edits be kept.
    pub records: bool,
    /// Are content, or would go on.
    pub ready: bool,
    /// Would play again.
    pub rematch: bool,
    /// Would end it for nothing.
    pub abort: bool,
}

impl Player {
    /// One who has just come.
    #[must_use]
    pub const fn new(account: AccountId) -> Self {
        Self {
            account,
            presence: Presence::Here,
            won: 0,
            records: false,
            ready: false,
            rematch: false,
            abort: false,
        }
    }

    /// One who was put into a duel and has not come yet: gives up unless they do.
    #[must_use]
    pub fn awaited(account: AccountId, now: Timestamp) -> Self {
        Self { presence: Presence::Away { until: now.plus(AWAY) }, ..Self::new(account) }
    }

    /// Whether they have not given up.
    #[must_use]
    pub fn plays(&self) -> bool {
        self.presence != Presence::Forfeited
    }
}

/// Whether a player is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Is.
    Here,
    /// Is not, and has given up unless they come back.
    Away {
        /// Until then.
        until: Timestamp,
    },
    /// Gave up.
    Forfeited,
}

/// A problem as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Puzzle {
    /// Its name.
    pub id: String,
    /// How many hidden tests it has.
    pub tests: u32,
}

/// A round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// From 1; its problem is the one at this place.
    pub number: u32,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When nothing is received any more.
    pub ends_at: Timestamp,
    /// In the order in which they were received.
    pub submissions: Vec<Submission>,
}

/// A program that was submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Its number: a later one was received later.
    pub job: u64,
    /// By whom.
    pub by: AccountId,
    /// When it was received.
    pub at: Timestamp,
    /// What it is written in.
    pub language: Language,
    /// Characters.
    pub length: u32,
    /// What it is worth; `None` while it is judged.
    pub verdict: Option<Verdict>,
    /// Hidden tests passed.
    pub passed: u32,
}

/// What came of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundResult {
    /// From 1.
    pub number: u32,
    /// `None` for a draw and where it is void.
    pub winner: Option<AccountId>,
    /// Why it ended.
    pub ending: RoundEnding,
    /// The best first.
    pub places: Vec<RoundPlace>,
}

/// Why a round ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundEnding {
    /// An accepted program won it.
    Solved,
    /// Time was over.
    TimeUp,
    /// Only one was left.
    Forfeit,
    /// A fault of ours; it is played again with another problem.
    Void,
}

/// How a player stood at the end of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundPlace {
    /// Who.
    pub player: AccountId,
    /// 1 is the best; two that are alike have the same.
    pub place: u32,
    /// What it follows from.
    pub standing: Standing,
}

/// What a player has done in a round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The most hidden tests that a program of theirs passed.
    pub passed: u32,
    /// How many there are.
    pub total: u32,
    /// Programs that were judged and not accepted.
    pub wrong: u32,
    /// The accepted program that counts, after how many milliseconds of the round it was received.
    pub solved_ms: Option<u64>,
    /// Its characters.
    pub length: Option<u32>,
}

/// How a duel ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub ending: Ending,
    /// `None` for a draw and where it is void.
    pub winner: Option<AccountId>,
    /// The best first; empty where it is void.
    pub places: Vec<Place>,
}

/// Why a duel ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Somebody has won the rounds that are needed.
    Won,
    /// All rounds were played and nobody is ahead.
    Draw,
    /// All others gave up.
    Forfeit,
    /// All agreed to end it: void.
    Aborted,
    /// Nobody came back: void.
    Deserted,
    /// It never began.
    Cancelled,
    /// A fault of ours: void.
    Fault,
}

impl Ending {
    const NAMES: [(Self, &'static str); 7] = [
        (Self::Won, "won"),
        (Self::Draw, "draw"),
        (Self::Forfeit, "forfeit"),
        (Self::Aborted, "aborted"),
        (Self::Deserted, "deserted"),
        (Self::Cancelled, "cancelled"),
        (Self::Fault, "fault"),
    ];

    /// Whether it counts for nobody.
    #[must_use]
    pub const fn is_void(self) -> bool {
        !matches!(self, Self::Won | Self::Draw | Self::Forfeit)
    }

    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(ending, _)| *ending == self).map_or("fault", |(_, name)| name)
    }

    /// Reads what [`Ending::as_str`] wrote.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, other)| *other == name).map(|(ending, _)| *ending)
    }
}

impl RoundEnding {
    const NAMES: [(Self, &'static str); 4] = [
        (Self::Solved, "solved"),
        (Self::TimeUp, "time_up"),
        (Self::Forfeit, "forfeit"),
        (Self::Void, "void"),
    ];

    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(ending, _)| *ending == self).map_or("void", |(_, name)| name)
    }

    /// Reads what [`RoundEnding::as_str`] wrote.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, other)| *other == name).map(|(ending, _)| *ending)
    }
}

/// How a player stands at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Who.
    pub player: AccountId,
    /// 1 is the best; two that are alike have the same.
    pub place: u32,
    /// Rounds that they won.
    pub won: u32,
}

impl Match {
    /// A duel that awaits its players; its owner is the first.
    #[must_use]
    pub fn new(terms: Terms, seats: Seats, owner: Option<AccountId>, now: Timestamp) -> Self {
        Self {
            terms,
            seats,
            owner,
            phase: Phase::Open { until: now.plus(OPEN) },
            players: owner.into_iter().map(Player::new).collect(),
            puzzles: Vec::new(),
            round: None,
            results: Vec::new(),
            outcome: None,
            rev: 1,
            last_job: 0,
        }
    }

    /// One who plays in it.
    #[must_use]
    pub fn player(&self, account: AccountId) -> Option<&Player> {
        self.players.iter().find(|player| player.account == account)
    }

    /// Whether no place is left.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.players.len() >= self.seats.get()
    }

    /// The problem of a round.
    #[must_use]
    pub fn puzzle(&self, round: u32) -> Option<&Puzzle> {
        self.puzzles.get((round as usize).checked_sub(1)?)
    }

    /// The next moment at which something happens by itself; `None` when nothing does.
    #[must_use]
    pub fn next_at(&self) -> Option<Timestamp> {
        let round = self.round.as_ref();
        let phase = match self.phase {
            Phase::Open { until } | Phase::Pause { until } => Some(until),
            Phase::Countdown => round.map(|round| round.starts_at),
            Phase::Running => round.map(|round| round.ends_at),
            Phase::Judging => None,
            Phase::Over => return None,
        };
        let away = self.players.iter().filter_map(|player| match player.presence {
            Presence::Away { until } => Some(until),
            _ => None,
        });
        away.chain(phase).min()
    }

    /// How many problems it needs: for all rounds, and some that become void.
    #[must_use]
    pub fn puzzles_needed(&self) -> usize {
        self.terms.best_of.get() as usize + SPARE_PUZZLES
    }
}
