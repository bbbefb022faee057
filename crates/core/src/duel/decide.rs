//! What comes of what somebody asks, or a judge says.

use super::settle::{begin_countdown, end, settle};
use super::state::{AWAY, Ending, MOST_SUBMISSIONS, Match, Phase, Player, Presence, Puzzle, Submission};
use super::terms::{Language, Mode, Verdict};
use crate::{AccountId, Timestamp};

/// What happens to a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Somebody asks for something.
    By {
        /// Who.
        who: AccountId,
        /// What.
        ask: Ask,
    },
    /// It begins with these problems: by its owner, or since it is full.
    Begin {
        /// Who says so; `None` since it is full.
        by: Option<AccountId>,
        /// At least one.
        puzzles: Vec<Puzzle>,
    },
    /// A program was judged.
    Judged {
        /// Which.
        job: u64,
        /// What it is worth.
        verdict: Verdict,
        /// How many tests it passed.
        passed: u32,
    },
    /// Nothing but time.
    Time,
}

/// What somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A place.
    Join,
    /// To give the place up before it begins.
    Leave,
    /// To have a program judged. Its number is [`Match::last_job`] afterwards.
    Submit {
        /// What it is written in.
        language: Language,
        /// Its characters.
        length: u32,
    },
    /// To try a program; the same.
    Run {
        /// What it is written in.
        language: Language,
    },
    /// To be content, or to go on.
    Ready(bool),
    /// To let edits be kept.
    Record(bool),
    /// To play again.
    Rematch(bool),
    /// To end it for nothing.
    Abort(bool),
    /// To give up.
    Forfeit,
    /// Nothing: the last connection is gone.
    Away,
    /// Nothing: is there again.
    Back,
}

/// Why something was refused. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Only its players may.
    #[error("you do not play in this duel")]
    NotAPlayer,
    /// Only who made it may.
    #[error("only who made the duel may start it")]
    NotTheOwner,
    /// It has begun already.
    #[error("the duel has begun")]
    Begun,
    /// All places are taken.
    #[error("all places are taken")]
    Full,
    /// Nobody else is there.
    #[error("nobody else has joined yet")]
    Alone,
    /// No round runs.
    #[error("no round runs now")]
    NoRound,
    /// It is not over yet.
    #[error("the duel is not over")]
    NotOver,
    /// It is over.
    #[error("the duel is over")]
    Over,
    /// Another language was agreed upon.
    #[error("another language was agreed upon")]
    OtherLanguage,
    /// They gave up.
    #[error("you have given up")]
    GaveUp,
    /// They have submitted [`MOST_SUBMISSIONS`] programs in this round.
    #[error("you have submitted a hundred programs in this round")]
    TooMany,
}

/// The next state, or `None` where everything is so already. Whatever became due by `now` has happened in it, too.
///
/// # Errors
/// [`Refused`].
pub fn decide(duel: &Match, command: Command, now: Timestamp) -> Result<Option<Match>, Refused> {
    let mut next = duel.clone();
    // What is due comes first: a program that arrives after the end of its round is too late, whoever looks later.
    settle(&mut next, now);
    match command {
        Command::By { who, ask } => asked(&mut next, who, ask, now)?,
        Command::Begin { by, puzzles } => begin(&mut next, by, puzzles, now)?,
        Command::Judged { job, verdict, passed } => judged(&mut next, job, verdict, passed, now),
        Command::Time => {}
    }
    settle(&mut next, now);
    if next == *duel {
        return Ok(None);
    }
    next.rev += 1;
    Ok(Some(next))
}

fn asked(duel: &mut Match, who: AccountId, ask: Ask, now: Timestamp) -> Result<(), Refused> {
    let is_open = matches!(duel.phase, Phase::Open { .. });
    if let Ask::Join = ask {
        return join(duel, who);
    }
    let at = duel.players.iter().position(|player| player.account == who).ok_or(Refused::NotAPlayer)?;
    if !duel.players[at].plays() && !matches!(ask, Ask::Away | Ask::Back | Ask::Rematch(_)) {
        return Err(Refused::GaveUp);
    }
    let is_over = duel.phase == Phase::Over;
    match ask {
        Ask::Join => {}
        Ask::Leave if !is_open => return Err(Refused::Begun),
        Ask::Leave if duel.owner == Some(who) => end(duel, Ending::Cancelled, None, now),
        Ask::Leave => {
            duel.players.remove(at);
        }
        Ask::Run { language } => may_write(duel, language).map(|()| duel.last_job += 1)?,
        Ask::Submit { language, length } => {
            may_write(duel, language)?;
            let own = duel.round.iter().flat_map(|round| &round.submissions).filter(|one| one.by == who);
            if own.count() >= MOST_SUBMISSIONS {
                return Err(Refused::TooMany);
            }
            duel.last_job += 1;
            let job = duel.last_job;
            let submission = Submission { job, by: who, at: now, language, length, verdict: None, passed: 0 };
            duel.round.as_mut().ok_or(Refused::NoRound)?.submissions.push(submission);
            // Who writes on is not content.
            duel.players[at].ready = false;
        }
        Ask::Ready(on) => {
            let counts = match duel.phase {
                Phase::Running => duel.terms.mode == Mode::Shortest,
                Phase::Pause { .. } => true,
                _ => false,
            };
            if !counts {
                return Err(if is_over { Refused::Over } else { Refused::NoRound });
            }
            duel.players[at].ready = on;
        }
        Ask::Record(on) => {
            if is_over {
                return Err(Refused::Over);
            }
            duel.players[at].records = on;
        }
        Ask::Rematch(on) => {
            if !is_over {
                return Err(Refused::NotOver);
            }
            duel.players[at].rematch = on;
        }
        Ask::Abort(_) | Ask::Forfeit if is_over => return Err(Refused::Over),
        Ask::Abort(_) | Ask::Forfeit if is_open => return Err(Refused::NoRound),
        Ask::Abort(on) => duel.players[at].abort = on,
        Ask::Forfeit => duel.players[at].presence = Presence::Forfeited,
        Ask::Away => {
            let player = &mut duel.players[at];
            if player.presence == Presence::Here {
                player.presence = Presence::Away { until: now.plus(AWAY) };
            }
            player.rematch = false;
        }
        Ask::Back => {
            let player = &mut duel.players[at];
            if player.plays() {
                player.presence = Presence::Here;
            }
        }
    }
    Ok(())
}

fn join(duel: &mut Match, who: AccountId) -> Result<(), Refused> {
    let is_open = matches!(duel.phase, Phase::Open { .. });
    if let Some(player) = duel.players.iter_mut().find(|player| player.account == who) {
        // A second time is the same place.
        if player.plays() {
            player.presence = Presence::Here;
        }
        return Ok(());
    }
    if !is_open {
        return Err(if duel.phase == Phase::Over { Refused::Over } else { Refused::Begun });
    }
    if duel.is_full() {
        return Err(Refused::Full);
    }
    duel.players.push(Player::new(who));
    Ok(())
}

fn begin(
    duel: &mut Match,
    by: Option<AccountId>,
    puzzles: Vec<Puzzle>,
    now: Timestamp,
) -> Result<(), Refused> {
    match duel.phase {
        Phase::Open { .. } => {}
        Phase::Over => return Err(Refused::Over),
        _ => return Err(Refused::Begun),
    }
    match by {
        Some(by) if duel.owner != Some(by) => return Err(Refused::NotTheOwner),
        None if !duel.is_full() => return Err(Refused::Alone),
        _ => {}
    }
    if duel.players.len() < 2 {
        return Err(Refused::Alone);
    }
    duel.puzzles = puzzles;
    begin_countdown(duel, now);
    Ok(())
}

fn may_write(duel: &Match, language: Language) -> Result<(), Refused> {
    match duel.phase {
        Phase::Running => {}
        Phase::Over => return Err(Refused::Over),
        _ => return Err(Refused::NoRound),
    }
    if duel.terms.language.is_some_and(|agreed| agreed != language) {
        return Err(Refused::OtherLanguage);
    }
    Ok(())
}

fn judged(duel: &mut Match, job: u64, verdict: Verdict, passed: u32, now: Timestamp) {
    let Some(submission) = submission(duel, job) else { return };
    submission.verdict = Some(verdict);
    submission.passed = passed;
    let received = submission.at;
    if verdict != Verdict::Fault {
        return;
    }
    // The player gets back what our fault took: they may have waited instead of mending the program.
    let lost = now.since(received);
    if let Some(round) = duel.round.as_mut() {
        round.ends_at = round.ends_at.max(now).plus(lost);
    }
    if duel.phase == Phase::Judging {
        duel.phase = Phase::Running;
    }
}

impl Match {
    /// A program has passed so many tests so far. Changes nothing that is decided, so `rev` stays.
    pub fn note_passed(&mut self, job: u64, passed: u32) {
        if let Some(submission) = submission(self, job) {
            submission.passed = passed;
        }
    }
}

/// A program of this round that is not judged yet.
fn submission(duel: &mut Match, job: u64) -> Option<&mut Submission> {
    if !matches!(duel.phase, Phase::Running | Phase::Judging) {
        return None;
    }
    let submissions = &mut duel.round.as_mut()?.submissions;
    submissions.iter_mut().find(|submission| submission.job == job && submission.verdict.is_none())
}
