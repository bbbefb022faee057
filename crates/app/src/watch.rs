//! Watching together: one player and one queue for a group, the same for all.
//!
//! What may be done and what comes of it is decided by `parlor_core::watch` within the transaction that appends it to
//! the group's log, so every node and every latecomer has the same state. Who watches and what their players report is
//! in the memory of the nodes; it decides whom to wait for and is shown to the others, nothing else.
//!
//! Reading order: this file, what viewers do; `change`, one change in one transaction; `rooms`, what this node knows;
//! [`keep_time`], what becomes due by itself.

mod change;
pub mod keep_time;
mod rooms;
#[cfg(test)]
mod tests;

pub(crate) use rooms::Rooms;

use crate::groups::GroupError;
use crate::limits::Limit;
use crate::{App, Caller, Failure, Page, PageLimit};
use change::{Change as Ordered, command_number};
use parlor_bus::notice::ViewerNews;
use parlor_bus::{Notice, Signal, SignalKind};
use parlor_core::permission::{Action, Denied, may};
use parlor_core::watch::{Command, Refused, Report, Rev, Viewer, Watch, decide};
use parlor_core::{
    ClientId, Code, Emoji, Event, GroupId, Position, Refusal, Role, Seq, Timestamp, UploadState,
};
use parlor_store::uploads::StoredUpload;
use parlor_store::{heads, members, uploads, watches};
use std::sync::Arc;
use std::time::Duration;

/// A seek that came just after another is tried again for as long as this many waits of
/// [`BETWEEN_SEEKS`](parlor_core::watch::decide::BETWEEN_SEEKS).
const SEEK_TRIES: usize = 4;

/// A group's player as one who opens it finds it.
#[derive(Clone, Debug)]
pub struct WatchView {
    /// The state.
    pub watch: Watch,
    /// Up to which event of the group's log it holds.
    pub position: Position,
    /// When that is, by the clock that the state speaks of.
    pub now: Timestamp,
}

/// Why a command did nothing.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// There is no such group, or the caller is no member.
    #[error("there is no such group")]
    NotFound,
    /// The caller's role does not allow it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The group has no such file, or it is not complete.
    #[error("the group has no such file")]
    NoSuchUpload,
    /// The rules of watching together do not.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Too many at once.
    #[error("too many tries")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for WatchError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Denied(_) => Code::Forbidden,
            Self::NoSuchUpload => Code::Invalid,
            Self::Refused(refused) => refused.code(),
            Self::TooOften { .. } => Code::RateLimited,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NoSuchUpload => Some("source"),
            Self::Refused(refused) => refused.field(),
            _ => None,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(refused) => refused.retry_after(),
            Self::TooOften { retry_after } => Some(*retry_after),
            Self::Failure(failure) => failure.retry_after(),
            _ => None,
        }
    }
}

impl App {
    /// The clock that the players of this node speak of, in milliseconds of the wall clock, but never set: clients
    /// measure how theirs differs from it.
    #[must_use]
    pub fn media_clock(&self) -> Timestamp {
        self.inner.edges.clock.steady()
    }

    /// The same in milliseconds with a fraction.
    #[must_use]
    pub fn media_clock_millis(&self) -> f64 {
        self.inner.edges.clock.steady_millis()
    }

    /// Lets the caller watch: their player counts from now on, until [`App::leave_watch`].
    ///
    /// # Errors
    /// See [`WatchError`].
    #[tracing::instrument(
        name = "watch.enter", level = "debug", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn enter_watch(&self, caller: &Caller, group: GroupId) -> Result<WatchView, WatchError> {
        let (now, account) = (self.now(), caller.account.id);
        self.limits()
            .take(Limit::Open, self.limits().account(account), now)
            .map_err(|retry_after| WatchError::TooOften { retry_after })?;
        // Nobody but a member changes anything, were it only that the film stands where the last node left it.
        self.read_watch(caller, group).await?;
        self.bring_to_life(group).await?;
        let (role, view) = self.read_watch(caller, group).await?;
        self.inner.watches.open(group, &view, self.media_clock());
        self.tell(Notice::Viewer { group, account, news: ViewerNews::Came(role) });
        Ok(view)
    }

    /// A group's player, without watching.
    ///
    /// # Errors
    /// See [`WatchError`].
    #[tracing::instrument(
        name = "watch.show", level = "debug", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn watch(&self, caller: &Caller, group: GroupId) -> Result<WatchView, WatchError> {
        Ok(self.read_watch(caller, group).await?.1)
    }

    /// The caller's last page of this node is gone.
    pub fn leave_watch(&self, caller: &Caller, group: GroupId) {
        self.tell(Notice::Viewer { group, account: caller.account.id, news: ViewerNews::Went });
    }

    /// Does what a viewer asks of the player; `None` where it is so already, or was done before under this `client_id`.
    ///
    /// # Errors
    /// See [`WatchError`].
    #[tracing::instrument(
        name = "watch.command", level = "debug", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn command_player(
        &self,
        caller: &Caller,
        group: GroupId,
        client_id: &ClientId,
        command: Command,
    ) -> Result<Option<Arc<Event>>, WatchError> {
        let account = caller.account.id;
        self.inner.watches.pace(group, account, self.media_clock())?;
        let number = command_number(account, client_id);
        let command = Arc::new(command);
        let mut tries = 0;
        loop {
            let (wanted, app) = (command.clone(), self.clone());
            let ordered = Ordered { group, by: Some(caller.account.author()), number: Some(number) };
            let done = self
                .change_watch(ordered, move |write, watch| {
                    let role = members::role_in_live_group(write, group, account, app.now())?;
                    let role = role.ok_or(WatchError::NotFound)?;
                    may(role, Action::Send, None)?;
                    if let Some(upload) = wanted.ask.upload() {
                        let stored = uploads::load(write, group, upload, app.now())?;
                        let is_whole =
                            |stored: &StoredUpload| matches!(stored.upload.state, UploadState::Ready { .. });
                        if !stored.as_ref().is_some_and(is_whole) {
                            return Err(WatchError::NoSuchUpload);
                        }
                    }
                    let viewer = Viewer { account, role };
                    Ok::<_, WatchError>(decide(watch, &wanted, viewer, app.media_clock())?)
                })
                .await;
            tries += 1;
            match done {
                Err(WatchError::Refused(Refused::SoughtJustNow { retry_after })) if tries < SEEK_TRIES => {
                    tokio::time::sleep(retry_after).await;
                }
                done => return done,
            }
        }
    }

    /// Takes what the caller's player says of itself. More than a few a second are dropped in silence.
    pub fn report_player(&self, caller: &Caller, group: GroupId, report: Report) {
        self.say_of_viewer(caller, group, ViewerNews::Reported(report));
    }

    /// Takes that the caller's player is ready for a change.
    pub fn player_is_ready(&self, caller: &Caller, group: GroupId, rev: Rev) {
        self.say_of_viewer(caller, group, ViewerNews::Ready(rev));
    }

    /// Lets an emoji float over what the group watches. Too many are dropped in silence.
    ///
    /// # Errors
    /// See [`GroupError`].
    pub async fn cheer(&self, caller: &Caller, group: GroupId, emoji: Emoji) -> Result<(), GroupError> {
        let (now, account) = (self.now(), caller.account.id);
        let limited = self.limits().take(Limit::Typing, self.limits().account(account), now).is_err();
        let role = self
            .store()
            .read::<_, Failure>(move |tx| members::role_in_live_group(tx, group, account, now))
            .await?;
        may(role.ok_or(GroupError::NotFound)?, Action::React, None)?;
        if !limited {
            let signal = Signal { group, by: caller.account.author(), kind: SignalKind::Cheer { emoji } };
            self.tell(Notice::Signal(Arc::new(signal)));
        }
        Ok(())
    }

    /// What the group has watched, newest first.
    ///
    /// # Errors
    /// See [`GroupError`].
    #[tracing::instrument(
        name = "watch.watched", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn watched(
        &self,
        caller: &Caller,
        group: GroupId,
        before: Option<Seq>,
        limit: PageLimit,
    ) -> Result<Page<watches::Watched, Seq>, GroupError> {
        let (now, account) = (self.now(), caller.account.id);
        let found = self
            .store()
            .read(move |tx| {
                let role =
                    members::role_in_live_group(tx, group, account, now)?.ok_or(GroupError::NotFound)?;
                may(role, Action::Read, None)?;
                Ok::<_, GroupError>(watches::watched(tx, group, before, limit.get() + 1)?)
            })
            .await?;
        Ok(Page::cut(found, limit, |watched: &watches::Watched| watched.from))
    }

    async fn read_watch(&self, caller: &Caller, group: GroupId) -> Result<(Role, WatchView), WatchError> {
        let (now, account, epoch) = (self.now(), caller.account.id, self.media_epoch());
        let steady = self.media_clock();
        self.store()
            .read(move |tx| {
                let role =
                    members::role_in_live_group(tx, group, account, now)?.ok_or(WatchError::NotFound)?;
                may(role, Action::Read, None)?;
                let head = heads::load(tx, group)?.ok_or(WatchError::NotFound)?;
                let stored = watches::load(tx, group)?;
                let watch = stored.map_or_else(|| Watch::new(epoch, steady), |stored| stored.watch);
                Ok((role, WatchView { watch, position: head.position, now: steady }))
            })
            .await
    }

    fn say_of_viewer(&self, caller: &Caller, group: GroupId, news: ViewerNews) {
        let account = caller.account.id;
        let key = self.limits().account(account);
        if self.limits().take(Limit::PlayerReport, key, self.now()).is_ok() {
            self.tell(Notice::Viewer { group, account, news });
        }
    }
}
