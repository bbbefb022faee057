//! Coming back: everything after a position, in order, or a plain word that it is not everything.

use crate::groups::GroupError;
use crate::{App, Caller, Failure, PageLimit};
use parlor_core::permission::{Action, may};
use parlor_core::{AccountId, Event, GroupId, Position, Role, Seq, Timestamp};
use parlor_store::heads::Head;
use parlor_store::tx::Tx;
use parlor_store::{groups, heads, log, members};
use std::sync::Arc;

/// Most events that [`App::resume`] answers with.
pub const MOST_EVENTS: usize = 1_000;
/// Most bytes of text that [`App::resume`] answers with.
pub const MOST_BYTES: usize = 256 * 1024;

/// A group as one comes back to it.
#[derive(Clone, Debug)]
pub struct Resumed {
    /// The caller's role.
    pub role: Role,
    /// The end of the log; with [`Since::Events`] the place of the last of them.
    pub position: Position,
    /// What happened since.
    pub since: Since,
}

/// What happened after the position that was asked for.
#[derive(Clone, Debug)]
pub enum Since {
    /// This, and nothing else.
    Events(Vec<Arc<Event>>),
    /// More than fits: page over it with [`App::events_page`] and come again.
    Behind,
    /// The position is of another life of the log, or past its end: discard everything and start anew.
    Reload,
}

/// A part of the log.
#[derive(Clone, Debug)]
pub struct LogPage {
    /// The end of the log.
    pub position: Position,
    /// Whether the position that was asked for is of another life of the log or past its end; then no events.
    pub reload: bool,
    /// The events, in order.
    pub events: Vec<Arc<Event>>,
}

/// Most bytes of text on one page of the log: more than 200 messages of 8,000 characters of 4 bytes, so that `limit`
/// alone decides how long a page is.
const PAGE_BYTES: usize = 8 * 1024 * 1024;
/// Most bytes of text that fill a gap at once.
const GAP_BYTES: usize = 1024 * 1024;

impl App {
    /// What happened after `after` (without it: nothing, from the head on). Membership is checked first.
    ///
    /// # Errors
    /// See [`GroupError`].
    #[tracing::instrument(
        name = "chat.resume", level = "debug", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn resume(
        &self,
        caller: &Caller,
        group: GroupId,
        after: Option<Position>,
    ) -> Result<Resumed, GroupError> {
        let (now, account) = (self.now(), caller.account.id);
        self.store()
            .read(move |tx| {
                let (role, head) = standing(tx, group, account, now)?;
                let position = head.position;
                let since = match after {
                    None => Since::Events(Vec::new()),
                    Some(after) => since(tx, group, &head, after)?,
                };
                Ok(Resumed { role, position, since })
            })
            .await
    }

    /// A page of the log after `after` (without it: from the beginning).
    ///
    /// # Errors
    /// See [`GroupError`].
    #[tracing::instrument(
        name = "chat.events_page", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn events_page(
        &self,
        caller: &Caller,
        group: GroupId,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<LogPage, GroupError> {
        let (now, account) = (self.now(), caller.account.id);
        self.store()
            .read(move |tx| {
                let (_, head) = standing(tx, group, account, now)?;
                let position = head.position;
                let after = after.unwrap_or(Position { seq: Seq::START, ..position });
                if is_foreign(after, position) {
                    return Ok(LogPage { position, reload: true, events: Vec::new() });
                }
                let slice = log::events_after(tx, group, &head, after.seq, limit.get(), PAGE_BYTES)?;
                Ok(LogPage { position, reload: false, events: slice.events })
            })
            .await
    }

    /// The log after `after`, for the fan-out of a node, which fills gaps with it: no caller, no check of membership.
    /// At most [`MOST_EVENTS`]; ask again from the last one until `position` is reached. `None`: the group is gone.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(
        name = "chat.events_after", level = "debug", skip_all,
        fields(group.id = group.get())
    )]
    pub async fn events_after(&self, group: GroupId, after: Seq) -> Result<Option<LogPage>, Failure> {
        let now = self.now();
        self.store()
            .read(move |tx| {
                if groups::load(tx, group, now)?.is_none() {
                    return Ok(None);
                }
                let Some(head) = heads::load(tx, group)? else { return Ok(None) };
                let slice = log::events_after(tx, group, &head, after, MOST_EVENTS, GAP_BYTES)?;
                Ok(Some(LogPage { position: head.position, reload: false, events: slice.events }))
            })
            .await
    }

    /// The ends of the logs of `groups`, for the slow tick that finds a lost last event. Groups that are gone are
    /// missing from the answer.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "chat.heads", level = "debug", skip_all)]
    pub async fn heads(&self, groups: Vec<GroupId>) -> Result<Vec<(GroupId, Position)>, Failure> {
        self.store().read(move |tx| heads::positions(tx, &groups)).await
    }
}

fn standing(
    tx: &mut dyn Tx,
    group: GroupId,
    account: AccountId,
    now: Timestamp,
) -> Result<(Role, Head), GroupError> {
    let role = members::role_in_live_group(tx, group, account, now)?.ok_or(GroupError::NotFound)?;
    may(role, Action::Read, None)?;
    let head = heads::load(tx, group)?.ok_or(GroupError::NotFound)?;
    Ok((role, head))
}

fn is_foreign(after: Position, head: Position) -> bool {
    after.epoch != head.epoch || after.seq > head.seq
}

/// Everything after `after`, or a plain word that it is not everything; never a part.
fn since(tx: &mut dyn Tx, group: GroupId, head: &Head, after: Position) -> Result<Since, Failure> {
    if is_foreign(after, head.position) {
        return Ok(Since::Reload);
    }
    let missing = head.position.seq.get() - after.seq.get();
    if usize::try_from(missing).is_ok_and(|missing| missing > MOST_EVENTS) {
        return Ok(Since::Behind);
    }
    let slice = log::events_after(tx, group, head, after.seq, MOST_EVENTS, MOST_BYTES)?;
    let whole = slice.events.last().map_or(after.seq, |event| event.seq) == head.position.seq;
    Ok(if whole { Since::Events(slice.events) } else { Since::Behind })
}

#[cfg(test)]
mod tests;
