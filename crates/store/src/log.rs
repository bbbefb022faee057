//! Reading the log of one group, and writing one event to it. Batches of messages are in `append`.

use crate::codec::{self, EVENT_COLUMNS};
use crate::heads::{self, Head};
use crate::tail::Place;
use crate::tx::{EachRow, Tx, Value, query_one};
use crate::write::Write;
use crate::{Failure, rows};
use parlor_core::{Author, Event, EventBody, GroupId, Position, Seq, Timestamp};
use std::sync::Arc;

/// Adds one event to a group's log and to what is told once it is committed. The group must be there. It happened `at`,
/// or, where this node's clock is behind another's, with the event before it.
///
/// # Errors
/// What the database says.
pub fn append(
    write: &mut Write<'_>,
    group: GroupId,
    by: &Author,
    at: Timestamp,
    body: EventBody,
) -> Result<Arc<Event>, Failure> {
    let sql = "UPDATE heads SET head = head + 1, last_at = CASE WHEN last_at > $1 THEN last_at ELSE $1 END \
               WHERE group_id = $2 RETURNING epoch, head, messages, last_message, settled, tail_id, last_at";
    let params = [at.as_millis(), group.get()].map(Value::Int);
    let head = query_one(write.tx, sql, &params, |row| Ok((heads::head(row, 0)?, rows::time(row, 6)?)))?;
    let (head, at) = head.ok_or_else(|| Failure::internal("an event for a group without a log"))?;
    let event = Event { group, epoch: head.position.epoch, seq: head.position.seq, at, by: by.clone(), body };
    insert(write, &event, &head)?;
    let event = Arc::new(event);
    write.events.push(event.clone());
    Ok(event)
}

fn insert(write: &mut Write<'_>, event: &Event, head: &Head) -> Result<(), Failure> {
    let group = event.group.get();
    let columns = codec::columns(&event.body)?;
    let mut params = Vec::with_capacity(14);
    let into_tail = write.tail.has_room(group, 1);
    if into_tail {
        let (id, previous) = write.tail.push(group, event.seq.get());
        params.extend([Value::Int(id), Value::int_or_null(previous)]);
    } else {
        write.tail.settle(write.tx, group)?;
    }
    params.extend([
        Value::Int(group),
        Value::Int(event.seq.get()),
        Value::Int(event.at.as_millis()),
        Value::Int(columns.kind),
        Value::Int(event.by.id.get()),
        Value::Text(event.by.name.as_str()),
        Value::int_or_null(columns.target),
        Value::text_or_null(columns.text),
        Value::text_or_null(columns.data.as_deref()),
        Value::Int(head.messages),
        Value::Int(head.last_message.get()),
    ]);
    let (sql, settled) = if into_tail {
        let sql = "INSERT INTO log_tail (id, prev_id, group_id, seq, at, kind, author_id, author_name, target, text, data, \
                   messages, prev_message, marks) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0)";
        (sql, head.settled)
    } else {
        let sql = "INSERT INTO log (group_id, seq, at, kind, author_id, author_name, target, text, data, messages, \
                   prev_message, marks) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)";
        (sql, event.seq)
    };
    write.tx.execute(sql, &params)?;
    let sql = "UPDATE heads SET settled = $1, tail_id = $2 WHERE group_id = $3";
    let tail_id = Value::int_or_null(write.tail.last_id(group));
    write.tx.execute(sql, &[Value::Int(settled.get()), tail_id, Value::Int(group)])?;
    Ok(())
}

/// A part of a log, in order.
#[derive(Clone, Debug)]
pub struct Slice {
    /// The end of the log.
    pub position: Position,
    /// The events, beginning with the one after the place that was asked for.
    pub events: Vec<Arc<Event>>,
}

/// The events after `after`: as many as fit into `most_events` and `most_bytes` of text, but at least one when there
/// is one. The log's end says whether that is all.
///
/// # Errors
/// What the database says.
pub fn events_after(
    tx: &mut dyn Tx,
    group: GroupId,
    head: &Head,
    after: Seq,
    most_events: usize,
    most_bytes: usize,
) -> Result<Slice, Failure> {
    let mut taken = Taken { events: Vec::new(), bytes: 0, full: false, most_events, most_bytes };
    let epoch = head.position.epoch;
    if after < head.settled {
        let sql = "SELECT seq, at, kind, author_id, author_name, client_id, target, text, data FROM log \
                   WHERE group_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4";
        let limit = i64::try_from(most_events).unwrap_or(i64::MAX);
        let params = [group.get(), after.get(), head.settled.get(), limit].map(Value::Int);
        tx.query(sql, &params, &mut |row| {
            taken.take(codec::event(row, 0, group, epoch)?);
            Ok(())
        })?;
    }
    if !taken.full {
        // From the newest to the oldest, as they are linked; at most 64.
        let mut newest_first = Vec::new();
        let sql = "SELECT prev_id, seq, at, kind, author_id, author_name, client_id, target, text, data FROM log_tail \
                   WHERE id = $1 AND group_id = $2 AND seq = $3";
        walk_tail(tx, group, head, after, sql, &mut |row| {
            newest_first.push(codec::event(row, 1, group, epoch)?);
            Ok(())
        })?;
        for event in newest_first.into_iter().rev() {
            taken.take(event);
        }
    }
    Ok(Slice { position: head.position, events: taken.events })
}

/// Events in order, until they are too many or too large.
struct Taken {
    events: Vec<Arc<Event>>,
    bytes: usize,
    full: bool,
    most_events: usize,
    most_bytes: usize,
}

impl Taken {
    fn take(&mut self, event: Event) {
        self.bytes += event.body.weight();
        self.full |= self.events.len() >= self.most_events;
        self.full |= self.bytes > self.most_bytes && !self.events.is_empty();
        if !self.full {
            self.events.push(Arc::new(event));
        }
    }
}

/// The event at `seq`, when there is one.
///
/// # Errors
/// What the database says.
pub fn event(tx: &mut dyn Tx, group: GroupId, head: &Head, seq: Seq) -> Result<Option<Event>, Failure> {
    let mut event = None;
    row(tx, group, head, seq, EVENT_COLUMNS, &mut |row| {
        event = Some(codec::event(row, 0, group, head.position.epoch)?);
        Ok(())
    })?;
    Ok(event)
}

/// How many messages there are up to and including `seq`, the deleted ones included. `seq` must not lie past the head.
///
/// # Errors
/// What the database says.
pub fn messages_up_to(tx: &mut dyn Tx, group: GroupId, head: &Head, seq: Seq) -> Result<i64, Failure> {
    if seq == head.position.seq {
        return Ok(head.messages);
    }
    if seq == Seq::START {
        return Ok(0);
    }
    let mut messages = None;
    row(tx, group, head, seq, "messages", &mut |row| {
        messages = Some(row.int(0)?);
        Ok(())
    })?;
    messages.ok_or_else(|| Failure::internal("a place within the log without an event"))
}

/// Reads `columns` of the one row at `seq`, wherever it lies.
pub(crate) fn row(
    tx: &mut dyn Tx,
    group: GroupId,
    head: &Head,
    seq: Seq,
    columns: &'static str,
    each: &mut EachRow<'_>,
) -> Result<(), Failure> {
    if seq > head.position.seq {
        return Ok(());
    }
    if seq <= head.settled {
        let sql = format!("SELECT {columns} FROM log WHERE group_id = $1 AND seq = $2");
        return tx.query(&sql, &[Value::Int(group.get()), Value::Int(seq.get())], each);
    }
    let mut id = head.tail_id;
    let links = "SELECT prev_id FROM log_tail WHERE id = $1 AND group_id = $2 AND seq = $3";
    walk_tail(tx, group, head, seq, links, &mut |row| {
        id = row.int_or_null(0)?;
        Ok(())
    })?;
    let id = id.ok_or_else(|| broken_tail(seq.get()))?;
    let sql = format!("SELECT {columns} FROM log_tail WHERE id = $1 AND group_id = $2 AND seq = $3");
    tx.query(&sql, &[id, group.get(), seq.get()].map(Value::Int), each)
}

/// Goes through a group's rows in the tail, from the newest back to the one after `after`. `sql` reads a row by its id,
/// group and place; its first column is the link to the row before, the others are for `each`.
pub(crate) fn walk_tail(
    tx: &mut dyn Tx,
    group: GroupId,
    head: &Head,
    after: Seq,
    sql: &str,
    each: &mut EachRow<'_>,
) -> Result<(), Failure> {
    let stop = after.max(head.settled).get();
    let mut next = head.tail_id;
    for seq in (stop + 1..=head.position.seq.get()).rev() {
        let id = next.ok_or_else(|| broken_tail(seq))?;
        let mut found = false;
        tx.query(sql, &[id, group.get(), seq].map(Value::Int), &mut |row| {
            found = true;
            next = row.int_or_null(0)?;
            each(row)
        })?;
        if !found {
            return Err(broken_tail(seq));
        }
    }
    Ok(())
}

fn broken_tail(seq: i64) -> Failure {
    Failure::internal(format!("the tail of a log has no row for {seq}"))
}

/// Runs an UPDATE on the row that counts, and on a copy of it that may be left: `assignments` with its parameters.
pub(crate) fn update_row(
    write: &mut Write<'_>,
    group: GroupId,
    seq: Seq,
    assignments: &'static str,
    values: &[Value<'_>],
) -> Result<(), Failure> {
    let (group, seq) = (group.get(), seq.get());
    let count = values.len();
    let in_tail = match write.tail.place(group, seq) {
        Place::Tail(id) => Some(id),
        Place::Log => {
            let sql = format!(
                "UPDATE log SET {assignments} WHERE group_id = ${} AND seq = ${}",
                count + 1,
                count + 2
            );
            let mut params = values.to_vec();
            params.extend([Value::Int(group), Value::Int(seq)]);
            write.tx.execute(&sql, &params)?;
            write.tail.copy(group, seq)
        }
    };
    if let Some(id) = in_tail {
        let sql = format!("UPDATE log_tail SET {assignments} WHERE id = ${}", count + 1);
        let mut params = values.to_vec();
        params.push(Value::Int(id));
        write.tx.execute(&sql, &params)?;
    }
    Ok(())
}

/// A message's row, for what changes it.
#[derive(Clone, Debug)]
pub struct StoredMessage {
    /// Who sent it.
    pub author: Author,
    /// When.
    pub at: Timestamp,
    /// Its first text; `None` once it is deleted.
    pub text: Option<String>,
    /// Its newest text, if it was edited.
    pub edited_text: Option<String>,
    /// Whether it is deleted.
    pub deleted: bool,
}

/// The message at `seq`; `None` when there is no event or one of another kind.
///
/// # Errors
/// What the database says.
pub fn message(
    tx: &mut dyn Tx,
    group: GroupId,
    head: &Head,
    seq: Seq,
) -> Result<Option<StoredMessage>, Failure> {
    let mut message = None;
    row(tx, group, head, seq, "kind, author_id, author_name, at, text, edited_text, marks", &mut |row| {
        if row.int(0)? == codec::MESSAGE {
            let name = parlor_core::DisplayName::from_stored(row.text(2)?);
            message = Some(StoredMessage {
                author: Author { id: rows::account_id(row.int(1)?)?, name },
                at: rows::time(row, 3)?,
                text: row.text_or_null(4)?.map(str::to_owned),
                edited_text: row.text_or_null(5)?.map(str::to_owned),
                deleted: row.int(6)? & codec::DELETED != 0,
            });
        }
        Ok(())
    })?;
    Ok(message)
}
