//! Races: two players, one problem, and whoever solves it first, as the face of Codemaze plays them. Who is put together,
//! whose place is held, which problem counts, and whose claim to have won is true.
//!
//! Pure: time, chance and what the judge said are parameters. Must never know: what a program is, the database.

mod claims;
#[cfg(test)]
mod tests;

pub use claims::{ClaimRefused, Judged, Party, Solver};

use crate::{AccountId, DisplayName, Timestamp};
use claims::{Solved, Uses};
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// For so long the place of somebody who went without a word is theirs.
pub const HELD: Duration = Duration::from_secs(60);
/// Races at once; beyond that nobody begins another.
const MOST_RACES: usize = 2_000;

/// By what a race is called: four capital letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RaceCode([u8; 4]);

impl RaceCode {
    /// One by chance.
    #[must_use]
    pub fn from_random(random: [u8; 4]) -> Self {
        let mut rest = u32::from_le_bytes(random);
        Self([0; 4].map(|_: u8| {
            let letter = b'A' + (rest % 26) as u8;
            rest /= 26;
            letter
        }))
    }
}

impl fmt::Display for RaceCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|letter| write!(out, "{}", char::from(*letter)))
    }
}

/// Where somebody comes from. Equal for all whom limits count as one: people behind one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Origin(pub u64);

/// Somebody who wants to race: what they say of themselves, and where they come from.
#[derive(Clone, Debug)]
pub struct Racer {
    /// Their connection.
    pub socket: Arc<str>,
    /// Whom they claim to be.
    pub account: AccountId,
    /// How they call themselves.
    pub name: DisplayName,
    /// Where they come from.
    pub origin: Origin,
}

/// A place in a race.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Whose, by their own claim.
    pub account: AccountId,
    /// How they call themselves.
    pub name: DisplayName,
    origin: Origin,
    since: Timestamp,
    presence: Presence,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Presence {
    Here(Arc<str>),
    Away(Timestamp),
}

/// The problem of a race, and how it was put: three JSON values as they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Which problem.
    pub problem: String,
    /// The call that a claim must have made.
    pub call: String,
    /// What the client named it by.
    pub asked: Box<str>,
    /// Its test case.
    pub test_case: Box<str>,
    /// What that gives.
    pub expected: Box<str>,
}

/// A race.
#[derive(Clone, Debug)]
pub struct Race {
    /// What it is called.
    pub code: RaceCode,
    /// Its players, at most two, in the order in which they came.
    pub seats: Vec<Seat>,
    /// Whoever left for good while the problem was open: leaving does not save a race that is being lost.
    deserter: Option<Seat>,
    /// The problem, once it is known.
    pub question: Option<Question>,
    question_at: Timestamp,
    /// Who won.
    pub winner: Option<AccountId>,
}

/// Everybody who races on a node.
#[derive(Debug, Default)]
pub struct Races {
    races: HashMap<RaceCode, Race>,
    of_socket: HashMap<Arc<str>, RaceCode>,
    uses: Uses,
    solved: VecDeque<Solved>,
    judged: VecDeque<Judged>,
    last_number: u64,
}

/// Somebody is in a race.
#[derive(Clone, Debug)]
pub struct Entered {
    /// The race as it is now.
    pub race: Race,
    /// Whether they were not there a moment ago: the others should hear of it.
    pub is_news: bool,
    /// The race that they left for it.
    pub left: Option<Departed>,
    /// Their former connection, which is in the race no more.
    pub displaced: Option<Arc<str>>,
}

/// Somebody is away from a race.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departed {
    /// From which.
    pub code: RaceCode,
    /// Who, by their name.
    pub name: DisplayName,
}

/// No more races at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many races are running")]
pub struct Full;

impl Races {
    /// Lets somebody into a race: back into their own, to one who waits, or into a new one of their own.
    ///
    /// # Errors
    /// [`Full`].
    pub fn enter(
        &mut self,
        who: Racer,
        mut new_code: impl FnMut() -> RaceCode,
        now: Timestamp,
    ) -> Result<Entered, Full> {
        self.tidy(now);
        if let Some(race) = self.of(&who.socket)
            && race.winner.is_none()
            && race.seat(&who.socket).is_some_and(|seat| seat.account == who.account)
        {
            return Ok(Entered { race: race.clone(), is_news: false, left: None, displaced: None });
        }
        let left = self.leave(&who.socket);
        if let Some(back) = self.come_back(&who, now) {
            return Ok(Entered { left, ..back });
        }
        let waiting = self.races.values().filter(|race| race.waits_for(who.account));
        let code = match waiting.min_by_key(|race| (race.seats[0].since, race.code)) {
            Some(race) => race.code,
            None if self.races.len() >= MOST_RACES => return Err(Full),
            // There are two hundred times as many codes as races.
            None => loop {
                let code = new_code();
                if !self.races.contains_key(&code) {
                    break code;
                }
            },
        };
        let race = self.races.entry(code).or_insert_with(|| Race::new(code, now));
        // What was solved alone was solved against nobody.
        race.question_at = now;
        race.seats.push(Seat {
            account: who.account,
            name: who.name,
            origin: who.origin,
            since: now,
            presence: Presence::Here(who.socket.clone()),
        });
        let race = race.clone();
        self.of_socket.insert(who.socket, code);
        Ok(Entered { race, is_news: true, left, displaced: None })
    }

    /// Puts somebody back where they were: who is the same by address, or by a token that was used from where they are.
    fn come_back(&mut self, who: &Racer, now: Timestamp) -> Option<Entered> {
        let by_token = self.uses.was_recent(who.account, who.origin, now);
        let is_theirs = |race: &Race, seat: &Seat| {
            let same = seat.account == who.account && (seat.origin == who.origin || by_token);
            // A race that is over holds only the place of one who is not there.
            same && (race.winner.is_none() || matches!(seat.presence, Presence::Away(_)))
        };
        let race =
            self.races.values_mut().find(|race| race.seats.iter().any(|seat| is_theirs(race, seat)))?;
        let at = race.seats.iter().position(|seat| is_theirs(race, seat))?;
        let seat = &mut race.seats[at];
        (seat.name, seat.origin) = (who.name.clone(), who.origin);
        let before = std::mem::replace(&mut seat.presence, Presence::Here(who.socket.clone()));
        let displaced = match before {
            Presence::Here(socket) => Some(socket),
            Presence::Away(_) => None,
        };
        let entered = Entered {
            race: race.clone(),
            is_news: displaced.is_none(),
            left: None,
            displaced: displaced.clone(),
        };
        if let Some(socket) = displaced {
            self.of_socket.remove(&socket);
        }
        self.of_socket.insert(who.socket.clone(), entered.race.code);
        Some(entered)
    }

    /// Takes somebody out of their race for good.
    pub fn leave(&mut self, socket: &str) -> Option<Departed> {
        let code = self.of_socket.remove(socket)?;
        let race = self.races.get_mut(&code)?;
        let at = race.seats.iter().position(|seat| seat.is_at(socket))?;
        let seat = race.seats.remove(at);
        let departed = Departed { code, name: seat.name.clone() };
        race.gone(seat);
        if race.seats.is_empty() {
            self.races.remove(&code);
        }
        Some(departed)
    }

    /// A connection is gone; the place is held.
    pub fn vanish(&mut self, socket: &str, now: Timestamp) -> Option<Departed> {
        let code = self.of_socket.remove(socket)?;
        let race = self.races.get_mut(&code)?;
        let seat = race.seats.iter_mut().find(|seat| seat.is_at(socket))?;
        seat.presence = Presence::Away(now);
        let departed = Departed { code, name: seat.name.clone() };
        self.tidy(now);
        Some(departed)
    }

    /// The race that a connection is in.
    #[must_use]
    pub fn of(&self, socket: &str) -> Option<&Race> {
        self.races.get(self.of_socket.get(socket)?)
    }

    /// Sets the problem of a connection's race; false where there is one already, or no race.
    pub fn ask(&mut self, socket: &str, question: Question, now: Timestamp) -> bool {
        let Some(race) = self.of_socket.get(socket).and_then(|code| self.races.get_mut(code)) else {
            return false;
        };
        if race.question.is_some() {
            return false;
        }
        (race.question, race.question_at) = (Some(question), now);
        true
    }

    /// Gives up the places of those who did not come back, and the races in which nobody is left.
    fn tidy(&mut self, now: Timestamp) {
        for race in self.races.values_mut() {
            while let Some(at) = race.seats.iter().position(|seat| seat.is_given_up(now)) {
                let seat = race.seats.remove(at);
                race.gone(seat);
            }
        }
        self.races.retain(|_, race| !race.seats.is_empty());
    }
}

impl Race {
    fn new(code: RaceCode, now: Timestamp) -> Self {
        Self { code, seats: Vec::new(), deserter: None, question: None, question_at: now, winner: None }
    }

    /// Whether somebody is here alone, and would be put together with this player. A held place is nobody else's.
    fn waits_for(&self, account: AccountId) -> bool {
        match &self.seats[..] {
            [alone] => {
                // Against one who ran away it is still to be won, and nobody may come back as somebody else.
                self.winner.is_none()
                    && self.deserter.as_ref().is_none_or(|seat| matches!(seat.presence, Presence::Away(_)))
                    && matches!(alone.presence, Presence::Here(_))
                    && alone.account != account
            }
            _ => false,
        }
    }

    fn seat(&self, socket: &str) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.is_at(socket))
    }

    /// Who sits at a connection.
    #[must_use]
    pub fn player(&self, socket: &str) -> Option<AccountId> {
        self.seat(socket).map(|seat| seat.account)
    }

    /// The one against whom somebody plays.
    #[must_use]
    pub fn opponent(&self, socket: &str) -> Option<&Seat> {
        self.seats.iter().find(|seat| !seat.is_at(socket))
    }

    fn gone(&mut self, seat: Seat) {
        if self.question.is_some() && self.winner.is_none() {
            self.deserter = Some(seat);
        }
    }
}

impl Seat {
    fn is_at(&self, socket: &str) -> bool {
        matches!(&self.presence, Presence::Here(here) if **here == *socket)
    }

    fn is_given_up(&self, now: Timestamp) -> bool {
        matches!(self.presence, Presence::Away(since) if now.since(since) >= HELD)
    }
}
