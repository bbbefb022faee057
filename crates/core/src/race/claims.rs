//! Who may say that they have won: only whom the judge has seen solve the problem of their race, a moment ago. And which
//! race counts: one whose players were both seen to be who they claim.

use super::{Origin, Race, RaceCode, Races, Seat};
use crate::{AccountId, DisplayName, Timestamp};
use std::collections::HashMap;
use std::time::Duration;

/// For so long a program that solved a problem can be claimed.
const CLAIMABLE: Duration = Duration::from_secs(60);
/// For so long the use of a token says that its owner is where it was used from.
const RECENT: Duration = Duration::from_secs(10 * 60);
/// A use is remembered for so long, so that it proves who sat down shortly after it in a race that lasts.
const REMEMBERED: Duration = Duration::from_secs(2 * 60 * 60);
/// For so long, and so many, results wait to be written down.
const KEPT: Duration = Duration::from_secs(60 * 60);
const MOST_KEPT: usize = 4_000;
/// Most uses; when there are more, the oldest count no longer.
const MOST_USES: usize = 20_000;
/// Problems that one program is tried on: several races of one address may have the same test case.
const MOST_TRIED: usize = 3;

/// Who ran a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Solver {
    /// Somebody with a token.
    Account(AccountId),
    /// Somebody at an address.
    Origin(Origin),
}

/// A program that solved a problem.
#[derive(Clone, Debug)]
pub(super) struct Solved {
    by: Solver,
    problem: String,
    at: Timestamp,
}

/// A race that was won, as the judge saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Rises; never used twice.
    pub number: u64,
    /// Which race.
    pub code: RaceCode,
    /// Its problem.
    pub problem: String,
    /// Who won.
    pub winner: AccountId,
    /// Both players, in the order in which they came.
    pub players: [Party; 2],
    /// How long they had the problem.
    pub after: Duration,
    at: Timestamp,
}

/// A player of a race that was won.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Whom they claim to be.
    pub account: AccountId,
    /// How they call themselves.
    pub name: DisplayName,
    origin: Origin,
    since: Timestamp,
}

/// Why a claim to have won is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimRefused {
    /// The connection is in no race.
    #[error("you are in no room")]
    NotRacing,
    /// The claim is another player's.
    #[error("you can only say so of yourself")]
    NotYourself,
    /// Somebody else has won.
    #[error("this match is decided")]
    Decided,
    /// The judge has seen no such program.
    #[error("the server has not seen you solve this problem within the last minute")]
    NotSolved,
}

/// Where tokens were used from, and when last.
#[derive(Debug, Default)]
pub(super) struct Uses(HashMap<(AccountId, Origin), Timestamp>);

impl Uses {
    fn note(&mut self, account: AccountId, origin: Origin, now: Timestamp) {
        if self.0.len() >= MOST_USES {
            self.0.retain(|_, at| now.since(*at) < REMEMBERED);
        }
        if self.0.len() >= MOST_USES {
            self.0.clear();
        }
        self.0.insert((account, origin), now);
    }

    pub(super) fn was_recent(&self, account: AccountId, origin: Origin, now: Timestamp) -> bool {
        self.since(account, origin, now.minus(RECENT))
    }

    fn since(&self, account: AccountId, origin: Origin, earliest: Timestamp) -> bool {
        self.0.get(&(account, origin)).is_some_and(|at| *at >= earliest)
    }
}

impl Races {
    /// Somebody's token was used from there.
    pub fn note_use(&mut self, account: AccountId, origin: Origin, now: Timestamp) {
        self.uses.note(account, origin, now);
    }

    /// The problems that a program with this last line might solve for whoever ran it: at most three.
    #[must_use]
    pub fn problems_called(&self, by: Solver, last_line: &str) -> Vec<String> {
        let line = without_blanks(last_line);
        let mut problems: Vec<String> = Vec::new();
        for race in self.races.values().filter(|race| race.winner.is_none()) {
            let Some(question) = &race.question else { continue };
            let is_called = line.contains(&without_blanks(&question.call));
            if is_called && race.seats.iter().any(|seat| by.is(seat)) && !problems.contains(&question.problem)
            {
                problems.push(question.problem.clone());
            }
        }
        // Which of more than three is tried does not depend on the order of a table.
        problems.sort();
        problems.truncate(MOST_TRIED);
        problems
    }

    /// The judge has seen a program solve a problem.
    pub fn note_solved(&mut self, by: Solver, problem: String, now: Timestamp) {
        self.solved.retain(|solved| now.since(solved.at) <= CLAIMABLE);
        if self.solved.len() >= MOST_KEPT {
            self.solved.pop_front();
        }
        self.solved.push_back(Solved { by, problem, at: now });
    }

    /// Believes that the one at this connection has won, or not. `None` where that was known.
    ///
    /// # Errors
    /// See [`ClaimRefused`].
    pub fn claim(
        &mut self,
        socket: &str,
        id: AccountId,
        now: Timestamp,
    ) -> Result<Option<RaceCode>, ClaimRefused> {
        self.tidy(now);
        let race = self.of_socket.get(socket).and_then(|code| self.races.get_mut(code));
        let race = race.ok_or(ClaimRefused::NotRacing)?;
        let seat = race.seat(socket).ok_or(ClaimRefused::NotRacing)?;
        if seat.account != id {
            return Err(ClaimRefused::NotYourself);
        }
        match race.winner {
            Some(winner) if winner == id => return Ok(None),
            Some(_) => return Err(ClaimRefused::Decided),
            None => {}
        }
        let problem = race.question.as_ref().map(|question| question.problem.clone());
        let problem = problem.ok_or(ClaimRefused::NotSolved)?;
        let counts = |solved: &Solved| {
            solved.problem == problem
                && solved.by.is(seat)
                && solved.at >= race.question_at
                && now.since(solved.at) <= CLAIMABLE
        };
        let at = self.solved.iter().position(counts).ok_or(ClaimRefused::NotSolved)?;
        // A class shares its address: one run there is one win. A token's run is its owner's, whoever claims it.
        if matches!(self.solved[at].by, Solver::Origin(_)) {
            self.solved.remove(at);
        }
        race.winner = Some(id);
        let (code, players, after) = (race.code, parties(race), now.since(race.question_at));
        if let Some(players) = players {
            self.last_number += 1;
            self.judged.retain(|judged| now.since(judged.at) <= KEPT);
            if self.judged.len() >= MOST_KEPT {
                self.judged.pop_front();
            }
            let number = self.last_number;
            self.judged.push_back(Judged { number, code, problem, winner: id, players, after, at: now });
        }
        Ok(Some(code))
    }

    /// The latest race that these two ended like this.
    #[must_use]
    pub fn judged(&self, problem: &str, players: [AccountId; 2], winner: AccountId) -> Option<&Judged> {
        let has = |judged: &Judged, account| judged.players.iter().any(|party| party.account == account);
        self.judged.iter().rev().find(|judged| {
            judged.problem == problem
                && judged.winner == winner
                && players[0] != players[1]
                && players.iter().all(|account| has(judged, *account))
        })
    }

    /// The number of the oldest result that is kept.
    #[must_use]
    pub fn oldest_judged(&self) -> u64 {
        self.judged.front().map_or(self.last_number + 1, |judged| judged.number)
    }

    /// Whether both players were seen to be who they claim: the token of each was used from where they play, shortly
    /// before they sat down or since.
    #[must_use]
    pub fn is_proven(&self, judged: &Judged) -> bool {
        judged
            .players
            .iter()
            .all(|party| self.uses.since(party.account, party.origin, party.since.minus(RECENT)))
    }
}

impl Solver {
    fn is(self, seat: &Seat) -> bool {
        match self {
            Self::Account(account) => seat.account == account,
            Self::Origin(origin) => seat.origin == origin,
        }
    }
}

/// Both players of a race, one of whom may have left meanwhile, in the order in which they came.
fn parties(race: &Race) -> Option<[Party; 2]> {
    let deserter = race.deserter.iter().filter(|_| race.seats.len() == 1);
    let mut seats: Vec<&Seat> = race.seats.iter().chain(deserter).collect();
    seats.sort_by_key(|seat| seat.since);
    let party = |seat: &Seat| Party {
        account: seat.account,
        name: seat.name.clone(),
        origin: seat.origin,
        since: seat.since,
    };
    match &seats[..] {
        [first, second] => Some([party(first), party(second)]),
        _ => None,
    }
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}
