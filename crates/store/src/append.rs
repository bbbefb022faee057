//! Messages in batches: everything that waits to be sent becomes a handful of statements of many rows.
//!
//! Membership, role, slow mode, the group's end and repeats are checked here, inside the write transaction; nothing
//! that was looked up before can be stale. The order of the batch is the order of the log.

use crate::codec;
use crate::heads::Head;
use crate::rows::{self, Chunked};
use crate::sends::Key;
use crate::tx::{Tx, Value};
use crate::write::Write;
use crate::{Failure, heads, log};
use parlor_core::permission::{Action, may};
use parlor_core::{Author, ClientId, Event, EventBody, GroupId, MessageText, Role, Seq, SlowMode, Timestamp};
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
    /// When.
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
    let mut groups = load_groups(write.tx, batch)?;
    let mut members = load_members(write.tx, batch)?;
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
    store(write, &groups, &members, &new)?;
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

fn load_groups(tx: &mut dyn Tx, batch: &[AppendMessage]) -> Result<BTreeMap<i64, GroupState>, Failure> {
    static SQL: Chunked = Chunked::new(
        "WITH want(group_id) AS (VALUES",
        &["BIGINT"],
        ") SELECT h.group_id, h.epoch, h.head, h.messages, h.last_message, h.settled, h.tail_id, g.slow_mode_s, \
           g.expires_at FROM want JOIN heads h ON h.group_id = want.group_id \
           JOIN groups g ON g.id = want.group_id WHERE g.gone_at IS NULL",
    );
    // In the order of the ids: with several writers, locks are taken in one order by all.
    let mut ids: Vec<i64> = batch.iter().map(|message| message.group.get()).collect();
    ids.sort_unstable();
    ids.dedup();
    let params: Vec<Value<'_>> = ids.into_iter().map(Value::Int).collect();
    let mut groups = BTreeMap::new();
    SQL.each(&params, |sql, portion| {
        tx.query(sql, portion, &mut |row| {
            let slow_mode = SlowMode::from_secs(row.int(7)?).map_err(Failure::internal)?;
            let expires_at = rows::time_or_null(row, 8)?;
            let head = heads::head(row, 1)?;
            let state = GroupState { stored: head, head, slow_mode, expires_at, added: 0 };
            groups.insert(row.int(0)?, state);
            Ok(())
        })
    })?;
    Ok(groups)
}

fn load_members(
    tx: &mut dyn Tx,
    batch: &[AppendMessage],
) -> Result<BTreeMap<(i64, i64), MemberState>, Failure> {
    static SQL: Chunked = Chunked::new(
        "WITH want(group_id, account_id) AS (VALUES",
        &["BIGINT", "BIGINT"],
        ") SELECT m.group_id, m.account_id, m.role, m.last_sent_at \
           FROM want JOIN members m ON m.group_id = want.group_id AND m.account_id = want.account_id",
    );
    let mut keys: Vec<(i64, i64)> = batch.iter().map(|m| (m.group.get(), m.by.id.get())).collect();
    keys.sort_unstable();
    keys.dedup();
    let params: Vec<Value<'_>> =
        keys.into_iter().flat_map(|(group, account)| [Value::Int(group), Value::Int(account)]).collect();
    let mut members = BTreeMap::new();
    SQL.each(&params, |sql, portion| {
        tx.query(sql, portion, &mut |row| {
            let last_sent_at = rows::time_or_null(row, 3)?;
            let state = MemberState { role: rows::role(row.int(2)?)?, last_sent_at, sent: None };
            members.insert((row.int(0)?, row.int(1)?), state);
            Ok(())
        })
    })?;
    Ok(members)
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

/// The search for a message that was sent before under the same client id.
struct Search<'s, 'w, 'b> {
    write: &'s mut Write<'w>,
    /// What was found for the first key of each message.
    earlier: &'s HashMap<Key, i64>,
    in_batch: &'s HashMap<Key, usize>,
    new: &'s [New<'b>],
}

impl Search<'_, '_, '_> {
    /// The event that was there before; or `None`, and the key that is free for a new one.
    fn run(
        &mut self,
        message: &AppendMessage,
        first: Key,
        stored: &Head,
    ) -> Result<(Key, Option<Arc<Event>>), Failure> {
        let mut key = first;
        loop {
            let at_key = match self.in_batch.get(&key) {
                Some(index) => Some(self.new[*index].event.clone()),
                None => self.stored_at(message.group, key, key == first, stored)?,
            };
            match at_key {
                None => return Ok((key, None)),
                Some(event) if is_named(&event, &message.client_id) => return Ok((key, Some(event))),
                // Another client id has this number: see `sends`.
                Some(_) => key = key.next(),
            }
        }
    }

    fn stored_at(
        &mut self,
        group: GroupId,
        key: Key,
        is_first: bool,
        stored: &Head,
    ) -> Result<Option<Arc<Event>>, Failure> {
        let seq = if is_first {
            self.earlier.get(&key).copied()
        } else {
            self.write.sends.find_one(self.write.tx, key)?
        };
        let Some(seq) = seq else { return Ok(None) };
        let event = log::event(self.write.tx, group, stored, rows::seq(seq)?)?;
        event
            .map(|event| Some(Arc::new(event)))
            .ok_or_else(|| Failure::internal("a client id stands for no event"))
    }
}

fn is_named(event: &Event, name: &ClientId) -> bool {
    matches!(&event.body, EventBody::Message { client_id, .. } if client_id == name)
}

/// The first result of a message that is there already, when it is the same message.
fn repeat(message: &AppendMessage, event: Arc<Event>) -> Result<Result<Appended, AppendError>, Failure> {
    let EventBody::Message { text, reply_to, .. } = &event.body else {
        return Err(Failure::internal("a client id stands for an event that is no message"));
    };
    // Once it is deleted there is nothing left to compare with.
    let same = *reply_to == message.reply_to && text.as_ref().is_none_or(|text| *text == message.text);
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
    group.added += 1;
    group.head.position.seq = group.head.position.seq.next();
    group.head.messages += 1;
    group.head.last_message = group.head.position.seq;
    member.last_sent_at = Some(message.at);
    member.sent = Some((group.head.position.seq, group.head.messages));
    let event = Arc::new(new_event(message, &group.head));
    Ok(Ok(Appended { event, duplicate: false }))
}

fn new_event(message: &AppendMessage, head: &Head) -> Event {
    Event {
        group: message.group,
        epoch: head.position.epoch,
        seq: head.position.seq,
        at: message.at,
        by: message.by.clone(),
        body: EventBody::Message {
            text: Some(message.text.clone()),
            client_id: message.client_id.clone(),
            reply_to: message.reply_to,
        },
    }
}

fn store(
    write: &mut Write<'_>,
    groups: &BTreeMap<i64, GroupState>,
    members: &BTreeMap<(i64, i64), MemberState>,
    new: &[New<'_>],
) -> Result<(), Failure> {
    if new.is_empty() {
        return Ok(());
    }
    let mut to_log: Vec<&New<'_>> = Vec::new();
    let mut to_tail: Vec<&New<'_>> = Vec::new();
    let mut settled: HashMap<i64, bool> = HashMap::new();
    for (group, state) in groups.iter().filter(|(_, state)| state.added > 0) {
        let room = write.tail.has_room(*group, state.added);
        if !room {
            write.tail.settle(write.tx, *group)?;
        }
        settled.insert(*group, !room);
    }
    for message in new {
        let to = if settled[&message.message.group.get()] { &mut to_log } else { &mut to_tail };
        to.push(message);
    }
    // In the order of the key: neighbours share a page.
    to_log.sort_by_key(|new| (new.event.group, new.event.seq));
    insert_into_log(write.tx, &to_log)?;
    insert_into_tail(write, &to_tail)?;
    let sends: Vec<(Key, i64)> = new.iter().map(|new| (new.key, new.event.seq.get())).collect();
    write.sends.add(write.tx, &sends)?;
    update_members(write.tx, members)?;
    update_heads(write, groups, &settled)
}

/// The parameters of one row, but for where it lies.
fn common<'v>(new: &New<'v>) -> [Value<'v>; 10] {
    let message = new.message;
    [
        Value::Int(message.group.get()),
        Value::Int(new.event.seq.get()),
        Value::Int(message.at.as_millis()),
        Value::Int(codec::MESSAGE),
        Value::Int(message.by.id.get()),
        Value::Text(message.by.name.as_str()),
        Value::Text(message.client_id.as_str()),
        Value::int_or_null(message.reply_to.map(Seq::get)),
        Value::Text(message.text.as_str()),
        Value::Int(new.messages),
    ]
}

fn insert_into_log(tx: &mut dyn Tx, new: &[&New<'_>]) -> Result<(), Failure> {
    static ROWS: Chunked = Chunked::new(
        "INSERT INTO log (group_id, seq, at, kind, author_id, author_name, client_id, target, text, messages, marks) VALUES",
        &["", "", "", "", "", "", "", "", "", "", ""],
        "",
    );
    let mut params = Vec::with_capacity(new.len() * 11);
    for row in new {
        params.extend(common(row));
        params.push(Value::Int(0));
    }
    ROWS.each(&params, |sql, portion| tx.execute(sql, portion).map(drop))
}

fn insert_into_tail(write: &mut Write<'_>, new: &[&New<'_>]) -> Result<(), Failure> {
    static ROWS: Chunked = Chunked::new(
        "INSERT INTO log_tail (id, prev_id, group_id, seq, at, kind, author_id, author_name, client_id, target, text, \
         messages, marks) VALUES",
        &["", "", "", "", "", "", "", "", "", "", "", "", ""],
        "",
    );
    let mut params = Vec::with_capacity(new.len() * 13);
    for row in new {
        let (group, seq) = (row.message.group.get(), row.event.seq.get());
        let (id, previous) = write.tail.push(group, seq);
        params.extend([Value::Int(id), Value::int_or_null(previous)]);
        params.extend(common(row));
        params.push(Value::Int(0));
    }
    ROWS.each(&params, |sql, portion| write.tx.execute(sql, portion).map(drop))
}

/// Sending reads up to what was sent.
fn update_members(tx: &mut dyn Tx, members: &BTreeMap<(i64, i64), MemberState>) -> Result<(), Failure> {
    static SQL: Chunked = Chunked::new(
        "WITH new(group_id, account_id, last_read, read_messages, last_sent_at) AS (VALUES",
        &["BIGINT", "BIGINT", "BIGINT", "BIGINT", "BIGINT"],
        ") UPDATE members SET last_read = new.last_read, read_messages = new.read_messages, \
           last_sent_at = new.last_sent_at FROM new \
           WHERE members.group_id = new.group_id AND members.account_id = new.account_id",
    );
    let mut params = Vec::with_capacity(members.len() * 5);
    for ((group, account), member) in members {
        if let (Some((seq, messages)), Some(at)) = (member.sent, member.last_sent_at) {
            params.extend([*group, *account, seq.get(), messages, at.as_millis()].map(Value::Int));
        }
    }
    SQL.each(&params, |sql, portion| tx.execute(sql, portion).map(drop))
}

fn update_heads(
    write: &mut Write<'_>,
    groups: &BTreeMap<i64, GroupState>,
    settled: &HashMap<i64, bool>,
) -> Result<(), Failure> {
    static SQL: Chunked = Chunked::new(
        "WITH new(group_id, head, messages, settled, tail_id) AS (VALUES",
        &["BIGINT", "BIGINT", "BIGINT", "BIGINT", "BIGINT"],
        ") UPDATE heads SET head = new.head, messages = new.messages, last_message = new.head, settled = new.settled, \
           tail_id = new.tail_id FROM new WHERE heads.group_id = new.group_id",
    );
    let mut params = Vec::with_capacity(groups.len() * 5);
    for (group, state) in groups {
        let Some(all_settled) = settled.get(group) else { continue };
        let head = state.head.position.seq.get();
        let settled = if *all_settled { head } else { state.head.settled.get() };
        params.extend([*group, head, state.head.messages, settled].map(Value::Int));
        params.push(Value::int_or_null(write.tail.last_id(*group)));
    }
    SQL.each(&params, |sql, portion| write.tx.execute(sql, portion).map(drop))
}
