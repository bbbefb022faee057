//! Messages in batches: everything that waits to be sent becomes a handful of statements of many rows.
//!
//! Membership, role, slow mode, the group's end and repeats are checked here, inside the write transaction; nothing
//! that was looked up before can be stale. The order of the batch is the order of the log.

mod insert;
mod load;
mod search;

use crate::heads::Head;
use crate::sends::Key;
use crate::tx::Tx;
use crate::write::Write;
use crate::{Failure, attachments, log};
use parlor_core::permission::{Action, may};
use parlor_core::{
    Attachment, AttachmentIds, Author, ClientId, Event, EventBody, GroupId, MessageText, Role, Seq, SlowMode,
    Timestamp,
};
use search::Search;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

/// A message to be appended.
#[derive(Clone, Debug)]
pub struct AppendMessage {
    /// To which group.
    pub group: GroupId,
    /// By whom.
    pub by: Author,
    /// The sender's name for it.
    pub client_id: ClientId,
    /// The text.
    pub text: MessageText,
    /// The message that it answers.
    pub reply_to: Option<Seq>,
    /// The files that stand in it.
    pub files: AttachmentIds,
    /// When; it is stored with the time of the event before it where that is later.
    pub at: Timestamp,
}

/// A message that is in the log.
#[derive(Clone, Debug)]
pub struct Appended {
    /// The event.
    pub event: Arc<Event>,
    /// Whether it was there already.
    pub duplicate: bool,
}

/// Why a message is not in the log.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// There is no such group, or the author is no member.
    #[error("there is no such group")]
    NotFound,
    /// The author's role does not allow it.
    #[error("the role does not allow it")]
    Denied,
    /// The group is in slow mode.
    #[error("slow mode")]
    SlowMode {
        /// How long to wait.
        retry_after: Duration,
    },
    /// `reply_to` is no message of this group.
    #[error("reply_to is no message of this group")]
    ReplyToUnknown,
    /// One of `files` is no ready file of the author's in this group.
    #[error("files must be your own, in this group, and complete")]
    FileUnknown,
    /// The client id stands for another message.
    #[error("the client id stands for another message")]
    ClientIdReused,
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Appends a batch; one answer for each, in the same order. An `Err` of the whole means that the transaction must be
/// rolled back.
pub(crate) fn append_messages(
    write: &mut Write<'_>,
    batch: &[AppendMessage],
) -> Result<Vec<Result<Appended, AppendError>>, Failure> {
    let mut groups = load::groups(write.tx, batch)?;
    let mut members = load::members(write.tx, batch)?;
    let keys: Vec<Key> = batch.iter().map(key_of).collect();
    let earlier = write.sends.find(write.tx, &keys)?;
    let mut answers = Vec::with_capacity(batch.len());
    let mut new: Vec<New<'_>> = Vec::with_capacity(batch.len());
    let mut in_batch: HashMap<Key, usize> = HashMap::with_capacity(batch.len());
    for (message, key) in batch.iter().zip(keys) {
        let Some((group, member)) = standing(message, &mut groups, &mut members) else {
            answers.push(Err(AppendError::NotFound));
            continue;
        };
        let mut search = Search { write, earlier: &earlier, in_batch: &in_batch, new: &new };
        let (key, before) = search.run(message, key, &group.stored)?;
        let decided = match before {
            Some(event) => repeat(message, event)?,
            None => decide(write.tx, message, group, member)?,
        };
        if let Ok(Appended { event, duplicate: false }) = &decided {
            in_batch.insert(key, new.len());
            new.push(New { message, key, event: event.clone(), messages: group.head.messages });
        }
        answers.push(decided);
    }
    insert::store(write, &groups, &members, &new)?;
    write.events.extend(new.into_iter().map(|new| new.event));
    Ok(answers)
}

fn key_of(message: &AppendMessage) -> Key {
    Key::new(message.group.get(), message.by.id.get(), message.client_id.as_str())
}

/// A message that was accepted and is to be stored.
struct New<'b> {
    message: &'b AppendMessage,
    key: Key,
    event: Arc<Event>,
    /// How many messages the group has with it.
    messages: i64,
}

struct GroupState {
    /// The end of the log as the database has it.
    stored: Head,
    /// The end of the log with what this batch adds.
    head: Head,
    /// When the newest event of that log happened.
    last_at: Timestamp,
    slow_mode: SlowMode,
    expires_at: Option<Timestamp>,
    /// How many were accepted in this batch.
    added: usize,
}

struct MemberState {
    role: Role,
    last_sent_at: Option<Timestamp>,
    /// The newest message accepted in this batch, and how many the group has with it.
    sent: Option<(Seq, i64)>,
}

/// The group and the member that a message speaks of; `None` when there is no such group, or its time is over, or the
/// author is no member.
fn standing<'s>(
    message: &AppendMessage,
    groups: &'s mut BTreeMap<i64, GroupState>,
    members: &'s mut BTreeMap<(i64, i64), MemberState>,
) -> Option<(&'s mut GroupState, &'s mut MemberState)> {
    let group = groups.get_mut(&message.group.get())?;
    let member = members.get_mut(&(message.group.get(), message.by.id.get()))?;
    let is_over = group.expires_at.is_some_and(|end| message.at >= end);
    if is_over { None } else { Some((group, member)) }
}

/// The first result of a message that is there already, when it is the same message.
fn repeat(message: &AppendMessage, event: Arc<Event>) -> Result<Result<Appended, AppendError>, Failure> {
    let EventBody::Message { text, reply_to, files, .. } = &event.body else {
        return Err(Failure::internal("a client id stands for an event that is no message"));
    };
    // Once it is deleted there is nothing left to compare with.
    let same = *reply_to == message.reply_to
        && text.as_ref().is_none_or(|text| *text == message.text && message.files.are(files));
    Ok(if same { Ok(Appended { event, duplicate: true }) } else { Err(AppendError::ClientIdReused) })
}

/// Whether a message that is new may be sent; if so it takes the next place.
fn decide(
    tx: &mut dyn Tx,
    message: &AppendMessage,
    group: &mut GroupState,
    member: &mut MemberState,
) -> Result<Result<Appended, AppendError>, Failure> {
    if may(member.role, Action::Send, None).is_err() {
        return Ok(Err(AppendError::Denied));
    }
    if let Err(retry_after) = group.slow_mode.may_send(member.role, member.last_sent_at, message.at) {
        return Ok(Err(AppendError::SlowMode { retry_after }));
    }
    if let Some(reply_to) = message.reply_to
        // What this batch adds is not stored yet, and nobody can know its place.
        && log::message(tx, message.group, &group.stored, reply_to)?.is_none()
    {
        return Ok(Err(AppendError::ReplyToUnknown));
    }
    let Some(files) = attachments::find(tx, message.group, message.by.id, &message.files, message.at)? else {
        return Ok(Err(AppendError::FileUnknown));
    };
    group.added += 1;
    group.head.position.seq = group.head.position.seq.next();
    group.head.messages += 1;
    group.head.last_message = group.head.position.seq;
    // The clocks of two nodes differ; within a group time does not go back.
    group.last_at = group.last_at.max(message.at);
    member.last_sent_at = Some(message.at);
    member.sent = Some((group.head.position.seq, group.head.messages));
    let event = Arc::new(new_event(message, files, &group.head, group.last_at));
    Ok(Ok(Appended { event, duplicate: false }))
}

fn new_event(message: &AppendMessage, files: Vec<Attachment>, head: &Head, at: Timestamp) -> Event {
    Event {
        group: message.group,
        epoch: head.position.epoch,
        seq: head.position.seq,
        at,
        by: message.by.clone(),
        body: EventBody::Message {
            text: Some(message.text.clone()),
            client_id: message.client_id.clone(),
            reply_to: message.reply_to,
            files,
        },
    }
}
