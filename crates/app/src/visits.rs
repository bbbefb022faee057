//! Reading onwards in a face: what somebody has not read, by the time when they last did; or all there is.

use crate::groups::GroupError;
use crate::{App, Caller, Failure};
use parlor_core::permission::{Action, may};
use parlor_core::{AccountId, GroupId, Message, Position, Seq, Timestamp};
use parlor_store::heads::Head;
use parlor_store::tx::Tx;
use parlor_store::{heads, log, members, pages, visits as store};

pub use parlor_store::visits::Visited;

/// Messages before the last read one that are shown with what is unread.
const BEFORE: usize = 100;
/// Events that are gone through for what is unread, at once.
const AT_ONCE: usize = 500;
/// What the unread messages of one answer may weigh in JSON, and what those before them may: together they fit beside
/// what may wait for a slow reader (1 MiB).
const MOST_UNREAD_BYTES: usize = 640 * 1024;
const MOST_READ_BYTES: usize = 256 * 1024;

/// Where somebody stands in a group.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// The end of the log.
    pub position: Position,
    /// When they last read.
    pub last_read: Option<Timestamp>,
}

/// What somebody has not read, and what came before it.
#[derive(Clone, Debug)]
pub struct CaughtUp {
    /// The end of the log.
    pub position: Position,
    /// What they have not read, oldest first; where it is more than one answer holds, the oldest of it.
    pub unread: Vec<Message>,
    /// The newest up to 100 before that, oldest first.
    pub read: Vec<Message>,
    /// Up to where they have read with this, and when: to be noted once they have it.
    pub mark: (Seq, Timestamp),
}

impl App {
    /// Where the caller stands in a group.
    ///
    /// # Errors
    /// See [`GroupError`].
    #[tracing::instrument(
        name = "face.standing_in", level = "debug", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn standing_in(&self, caller: &Caller, group: GroupId) -> Result<Standing, GroupError> {
        let (now, account) = (self.now(), caller.account.id);
        self.store()
            .read(move |tx| {
                let (head, visited) = standing(tx, group, account, now)?;
                Ok(Standing { position: head.position, last_read: visited.at })
            })
            .await
    }

    /// What the caller has not read since they last did, and up to 100 messages before it. Deleted ones are in neither.
    /// Nothing is noted: [`App::mark_visited`] does, once they have it. `frame` is how many bytes the face puts around a
    /// text and its author.
    ///
    /// # Errors
    /// See [`GroupError`].
    #[tracing::instrument(
        name = "face.catch_up", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn catch_up(
        &self,
        caller: &Caller,
        group: GroupId,
        frame: usize,
    ) -> Result<CaughtUp, GroupError> {
        let (now, account) = (self.now(), caller.account.id);
        self.store()
            .read(move |tx| {
                let (head, visited) = standing(tx, group, account, now)?;
                let after = visited.seq.min(head.position.seq);
                let (unread, end) = unread(tx, group, &head, after, account, frame)?;
                let read = read_before(tx, group, &head, after.next(), account, frame)?;
                let whole = end == head.position.seq;
                let at = unread.last().filter(|_| !whole).map_or(now, |last| last.at);
                Ok(CaughtUp { position: head.position, unread, read, mark: (end, at) })
            })
            .await
    }

    /// Notes that the caller visits a group.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(
        name = "face.visit", level = "debug", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn visit(&self, caller: &Caller, group: GroupId) -> Result<(), Failure> {
        let account = caller.account.id;
        self.store().write(move |write| store::visit(write, group, account)).await
    }

    /// Notes up to where the caller has read in a group, and when; without a time, now.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(
        name = "face.mark_visited", level = "debug", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn mark_visited(
        &self,
        caller: &Caller,
        group: GroupId,
        seq: Seq,
        at: Option<Timestamp>,
    ) -> Result<(), Failure> {
        let (at, account) = (at.unwrap_or_else(|| self.now()), caller.account.id);
        self.store().write_in(group, move |write| store::mark(write, group, account, seq, at)).await
    }
}

impl App {
    /// The next messages of a group after a place, as they are now, oldest first, and up to where that goes; `None` at the
    /// end of the log. For faces where whoever knows a group may read it: no check of membership.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(
        name = "face.messages_from", level = "debug", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn messages_from(
        &self,
        caller: &Caller,
        group: GroupId,
        after: Seq,
    ) -> Result<Option<(Vec<Message>, Seq)>, Failure> {
        let reader = caller.account.id;
        self.store()
            .read(move |tx| match heads::load(tx, group)? {
                Some(head) => next_messages(tx, group, &head, after, reader),
                None => Ok(None),
            })
            .await
    }
}

fn standing(
    tx: &mut dyn Tx,
    group: GroupId,
    account: AccountId,
    now: Timestamp,
) -> Result<(Head, Visited), GroupError> {
    let role = members::role_in_live_group(tx, group, account, now)?.ok_or(GroupError::NotFound)?;
    may(role, Action::Read, None)?;
    let head = heads::load(tx, group)?.ok_or(GroupError::NotFound)?;
    let visited = store::load(tx, group, account)?.ok_or(GroupError::NotFound)?;
    Ok((head, visited))
}

/// The messages after a place as they are now, oldest first, as many as fit; and up to where that goes.
fn unread(
    tx: &mut dyn Tx,
    group: GroupId,
    head: &Head,
    after: Seq,
    reader: AccountId,
    frame: usize,
) -> Result<(Vec<Message>, Seq), Failure> {
    let (mut unread, mut weight, mut end) = (Vec::new(), 0, after);
    while let Some((messages, last)) = next_messages(tx, group, head, end, reader)? {
        for message in messages {
            weight += weight_of(&message, frame);
            if weight > MOST_UNREAD_BYTES && !unread.is_empty() {
                let end = unread.last().map_or(after, |last: &Message| last.seq);
                return Ok((unread, end));
            }
            unread.push(message);
        }
        end = last;
    }
    Ok((unread, end))
}

/// The messages of the next events after a place, oldest first, and the place of the last of those events.
fn next_messages(
    tx: &mut dyn Tx,
    group: GroupId,
    head: &Head,
    after: Seq,
    reader: AccountId,
) -> Result<Option<(Vec<Message>, Seq)>, Failure> {
    let slice = log::events_after(tx, group, head, after, AT_ONCE, MOST_UNREAD_BYTES)?;
    let Some(last) = slice.events.last() else { return Ok(None) };
    // As they are now: edited, or deleted.
    let before = Some(last.seq.next());
    let mut page = pages::messages_before(tx, group, head, before, slice.events.len(), reader)?.messages;
    page.retain(|message| message.seq > after && !message.deleted);
    page.reverse();
    Ok(Some((page, last.seq)))
}

/// The newest messages before a place, oldest first, as many as fit.
fn read_before(
    tx: &mut dyn Tx,
    group: GroupId,
    head: &Head,
    before: Seq,
    reader: AccountId,
    frame: usize,
) -> Result<Vec<Message>, Failure> {
    let mut read: Vec<Message> = Vec::new();
    let (mut before, mut weight) = (Some(before), 0);
    while let Some(place) = before.filter(|_| read.len() < BEFORE) {
        let page = pages::messages_before(tx, group, head, Some(place), BEFORE, reader)?;
        for message in page.messages.into_iter().filter(|message| !message.deleted) {
            weight += weight_of(&message, frame);
            if read.len() == BEFORE || weight > MOST_READ_BYTES {
                before = None;
                break;
            }
            read.push(message);
        }
        before = before.and(page.next);
    }
    read.reverse();
    Ok(read)
}

/// Bytes in JSON, where a line break and a quotation mark are two.
fn weight_of(message: &Message, frame: usize) -> usize {
    let text = message.text.as_ref().map_or("", |text| text.as_str());
    let escaped = text.bytes().filter(|byte| matches!(byte, b'"' | b'\\' | b'\n' | b'\r' | b'\t')).count();
    text.len() + escaped + message.by.name.as_str().len() + frame
}

#[cfg(test)]
mod tests;
