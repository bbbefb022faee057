//! Writes what a batch decided: rows into the log or its tail, sends, members, heads.

use super::{GroupState, MemberState, New};
use crate::codec;
use crate::rows::Chunked;
use crate::sends::Key;
use crate::tx::{Tx, Value};
use crate::write::Write;
use crate::{Failure, attachments};
use parlor_core::{EventBody, Seq};
use std::collections::{BTreeMap, HashMap};

/// Writes all of it.
pub(super) fn store(
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
    for row in new {
        // Few have any; so all others need no column for it.
        if let EventBody::Message { files, .. } = &row.event.body
            && !files.is_empty()
        {
            attachments::put(write, row.event.group, row.event.seq, files)?;
        }
    }
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
        Value::Int(new.event.at.as_millis()),
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
        &[
            "BIGINT", "BIGINT", "BIGINT", "BIGINT", "BIGINT", "TEXT", "TEXT", "BIGINT", "TEXT", "BIGINT",
            "BIGINT",
        ],
        "",
    );
    let mut params = Vec::with_capacity(new.len() * 11);
    for row in new {
        params.extend(common(row));
        params.push(Value::Int(0));
    }
    tx.execute_many(&ROWS, &params)
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
    write.tx.execute_many(&ROWS, &params)
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
    tx.execute_many(&SQL, &params)
}

fn update_heads(
    write: &mut Write<'_>,
    groups: &BTreeMap<i64, GroupState>,
    settled: &HashMap<i64, bool>,
) -> Result<(), Failure> {
    static SQL: Chunked = Chunked::new(
        "WITH new(group_id, head, messages, last_at, settled, tail_id) AS (VALUES",
        &["BIGINT", "BIGINT", "BIGINT", "BIGINT", "BIGINT", "BIGINT"],
        ") UPDATE heads SET head = new.head, messages = new.messages, last_message = new.head, last_at = new.last_at, \
           settled = new.settled, \
           tail_id = new.tail_id FROM new WHERE heads.group_id = new.group_id",
    );
    let mut params = Vec::with_capacity(groups.len() * 6);
    for (group, state) in groups {
        let Some(all_settled) = settled.get(group) else { continue };
        let head = state.head.position.seq.get();
        let settled = if *all_settled { head } else { state.head.settled.get() };
        params
            .extend([*group, head, state.head.messages, state.last_at.as_millis(), settled].map(Value::Int));
        params.push(Value::int_or_null(write.tail.last_id(*group)));
    }
    write.tx.execute_many(&SQL, &params)
}
