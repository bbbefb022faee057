//! Races: what the face of Codemaze plays. Two players are put together, get one problem, write their programs wherever
//! they like and run them here; whoever was seen to solve it may say that they have won.
//!
//! Races live in the memory of this node (`core::race` decides), under one lock that is never held across an await. One
//! that is decided becomes a duel like any other when its result is recorded. [`run`] runs programs, [`record`] writes
//! results down, [`people`] is who races.

pub mod people;
pub mod record;
pub mod run;
#[cfg(test)]
mod tests;

pub use parlor_core::race::{ClaimRefused, Departed, Entered, Full, Question, Race, RaceCode, Racer, Seat};

use super::DuelError;
use super::arena::lock;
use crate::limits::Limit;
use crate::sessions::AuthenticateError;
use crate::{App, Caller, Client};
use parlor_core::race::{Origin, Races};
use parlor_core::{AccountId, DisplayName, DuelId};
use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use tokio::sync::OnceCell;

/// Everything of races that a node has in memory. Of the two locks only one is held at a time.
#[derive(Default)]
pub(crate) struct Memory {
    races: Mutex<Races>,
    /// As what results were recorded, by their numbers.
    recorded: Mutex<HashMap<u64, Arc<OnceCell<DuelId>>>>,
    /// Programs that were run.
    runs: AtomicU64,
}

/// Somebody who connects to race: what they say of themselves.
#[derive(Clone, Debug)]
pub struct NewRacer {
    /// Their connection.
    pub socket: Arc<str>,
    /// Whom they claim to be.
    pub account: AccountId,
    /// How they call themselves.
    pub name: DisplayName,
}

impl App {
    /// Who `token` stands for, and that they are where it was used from: a race against them counts.
    ///
    /// # Errors
    /// See [`AuthenticateError`].
    pub async fn racing_caller(&self, token: &str, from: &Client) -> Result<Caller, AuthenticateError> {
        let caller = self.authenticate(token).await?;
        let (now, origin) = (self.now(), self.origin(from));
        lock(&self.inner.duels.races.races).note_use(caller.account.id, origin, now);
        Ok(caller)
    }

    /// Lets somebody into a race.
    ///
    /// # Errors
    /// [`Full`].
    pub fn enter_race(&self, new: NewRacer, from: &Client) -> Result<Entered, Full> {
        let NewRacer { socket, account, name } = new;
        let racer = Racer { socket, account, name, origin: self.origin(from) };
        let new_code = || RaceCode::from_random(self.random());
        lock(&self.inner.duels.races.races).enter(racer, new_code, self.now())
    }

    /// Takes somebody out of their race for good.
    #[must_use]
    pub fn leave_race(&self, socket: &str) -> Option<Departed> {
        lock(&self.inner.duels.races.races).leave(socket)
    }

    /// A connection is gone; the place is held for a minute.
    #[must_use]
    pub fn vanish_from_race(&self, socket: &str) -> Option<Departed> {
        lock(&self.inner.duels.races.races).vanish(socket, self.now())
    }

    /// The race that a connection is in.
    #[must_use]
    pub fn race_of(&self, socket: &str) -> Option<Race> {
        lock(&self.inner.duels.races.races).of(socket).cloned()
    }

    /// Whether a connection may say one more thing now.
    #[must_use]
    pub fn may_step_in_race(&self, socket: &str) -> bool {
        self.limits().take(Limit::RaceStep, self.limits().text(socket), self.now()).is_ok()
    }

    /// Sets the problem of a connection's race. The first one counts: false for a later one.
    pub fn ask_in_race(&self, socket: &str, question: Question) -> bool {
        lock(&self.inner.duels.races.races).ask(socket, question, self.now())
    }

    /// Believes somebody that they have won, or not. `None` where that was known already.
    ///
    /// # Errors
    /// See [`ClaimRefused`].
    pub fn claim_race(&self, socket: &str, id: AccountId) -> Result<Option<RaceCode>, ClaimRefused> {
        lock(&self.inner.duels.races.races).claim(socket, id, self.now())
    }

    fn origin(&self, from: &Client) -> Origin {
        Origin(self.limits().address(from.address).number())
    }

    fn take_from_address(&self, limit: Limit, from: &Client) -> Result<(), DuelError> {
        let key = self.limits().address(from.address);
        self.limits().take(limit, key, self.now()).map_err(|retry_after| DuelError::TooOften { retry_after })
    }
}
