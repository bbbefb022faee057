//! A connection that comes back: whoever needs it while it is away is told so at once, and it is tried again from time
//! to time, not by everybody at the same moment.

use super::address::Address;
use super::session::{ConnectError, Session, reason};
use crate::{Failure, OpenError};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Between two attempts, at first and at most.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// One connection of a thread.
pub(super) struct Link {
    address: Arc<Address>,
    session: Option<Session>,
    wait: Duration,
    not_before: Instant,
}

impl Link {
    /// Connects.
    pub(super) fn open(address: &Arc<Address>) -> Result<Self, OpenError> {
        let session = Session::connect(address).map_err(|error| sentence(address, error))?;
        Ok(Self {
            address: address.clone(),
            session: Some(session),
            wait: FIRST_WAIT,
            not_before: Instant::now(),
        })
    }

    /// Which database, for messages.
    pub(super) fn shown(&self) -> &str {
        self.address.shown()
    }

    /// The session; a new one where the last was lost and it is time to try.
    pub(super) fn session(&mut self) -> Result<&mut Session, Failure> {
        if self.session.as_ref().is_some_and(|session| !session.is_alive()) {
            tracing::warn!(database = self.address.shown(), "the connection to the database was lost");
            self.session = None;
        }
        if self.session.is_none() {
            self.reconnect()?;
        }
        self.session.as_mut().ok_or_else(Failure::unavailable)
    }

    fn reconnect(&mut self) -> Result<(), Failure> {
        if Instant::now() < self.not_before {
            return Err(Failure::unavailable());
        }
        match Session::connect(&self.address) {
            Ok(session) => {
                self.session = Some(session);
                self.wait = FIRST_WAIT;
                Ok(())
            }
            Err(error) => {
                let cause = match &error {
                    ConnectError::Postgres(error) => reason(error),
                    ConnectError::Io(error) => error.to_string(),
                    ConnectError::TooOld(_) => "it is too old".to_owned(),
                    ConnectError::NoSchema => "its schema is gone".to_owned(),
                };
                tracing::warn!(database = self.address.shown(), cause, "the database can not be reached");
                // Half of it by chance: many connections lose their database in the same moment.
                self.not_before = Instant::now() + self.wait.mul_f64(0.5 + fastrand::f64() / 2.0);
                self.wait = (self.wait * 2).min(LONGEST_WAIT);
                Err(Failure::unavailable())
            }
        }
    }
}

fn sentence(address: &Address, error: ConnectError) -> OpenError {
    let shown = address.shown();
    match error {
        ConnectError::Postgres(error) => address.refused(&error),
        ConnectError::Io(error) => OpenError::new(format!("nothing can be connected to {shown} ({error})")),
        ConnectError::TooOld(version) => {
            OpenError::new(format!("the database {shown} is PostgreSQL {version}; Parlor needs 15 or newer"))
        }
        ConnectError::NoSchema => OpenError::new(format!(
            "the database {shown} has no schema for our tables; make one, or name it in the user's search_path"
        )),
    }
}
