//! What happens to a message after it was sent: edits, deletion, reactions. Each writes an event and folds its effect
//! into the message's row, so that a page needs no replay. Whether it may happen was decided before, in the same
//! transaction.

use crate::codec::{DELETED, EDITED, REACTED};
use crate::heads::Head;
use crate::tx::{Tx, Value, query_all, query_one};
use crate::write::Write;
use crate::{Failure, heads, log, rows, uploads};
use parlor_core::{Author, Emoji, Event, EventBody, GroupId, MessageText, Seq, Timestamp, UploadId};
use std::sync::Arc;

/// Gives a message another text; the ones before stay in the log.
///
/// # Errors
/// What the database says.
pub fn edit(
    write: &mut Write<'_>,
    group: GroupId,
    by: &Author,
    at: Timestamp,
    message: Seq,
    text: &MessageText,
) -> Result<Arc<Event>, Failure> {
    let body = EventBody::Edit { seq: message, text: Some(text.clone()) };
    let event = log::append(write, group, by, at, body)?;
    let values = [Value::Text(text.as_str()), Value::Int(at.as_millis()), Value::Int(EDITED)];
    let fold = "edited_text = $1, edited_at = $2, marks = marks | $3";
    log::update_row(write, group, message, fold, &values)?;
    let sql = "INSERT INTO edits (group_id, message, seq) VALUES ($1, $2, $3)";
    write.execute(sql, &[group.get(), message.get(), event.seq.get()].map(Value::Int))?;
    Ok(event)
}

/// Deletes a message: its text, that of every edit of it and its files leave the database; its place stays.
///
/// # Errors
/// What the database says.
pub fn delete(
    write: &mut Write<'_>,
    group: GroupId,
    by: &Author,
    at: Timestamp,
    message: Seq,
) -> Result<Arc<Event>, Failure> {
    for file in files(write, group, message)? {
        uploads::doom(write, file)?;
    }
    let event = log::append(write, group, by, at, EventBody::Delete { seq: message })?;
    let values = [Value::Int(DELETED)];
    let redact = "text = NULL, edited_text = NULL, edited_at = NULL, data = NULL, marks = $1";
    log::update_row(write, group, message, redact, &values)?;
    for edit in edits(write.tx, group, message)? {
        log::update_row(write, group, edit, "text = NULL", &[])?;
    }
    let key = [group.get(), message.get()].map(Value::Int);
    write.execute("DELETE FROM reactions WHERE group_id = $1 AND message = $2", &key)?;
    write.execute("INSERT INTO redactions (group_id, message) VALUES ($1, $2)", &key)?;
    Ok(event)
}

fn files(write: &mut Write<'_>, group: GroupId, message: Seq) -> Result<Vec<UploadId>, Failure> {
    let head = heads::load(write.tx, group)?.ok_or_else(|| Failure::internal("a group without a head"))?;
    let event = log::event(write.tx, group, &head, message)?;
    Ok(match event.map(|event| event.body) {
        Some(EventBody::Message { files, .. }) => files.into_iter().map(|file| file.id).collect(),
        _ => Vec::new(),
    })
}

fn edits(tx: &mut dyn Tx, group: GroupId, message: Seq) -> Result<Vec<Seq>, Failure> {
    let sql = "SELECT seq FROM edits WHERE group_id = $1 AND message = $2 ORDER BY seq";
    query_all(tx, sql, &[group.get(), message.get()].map(Value::Int), |row| rows::seq(row.int(0)?))
}

/// The texts that a message had, oldest first; empty once it is deleted.
///
/// # Errors
/// What the database says.
pub fn versions(
    tx: &mut dyn Tx,
    group: GroupId,
    head: &Head,
    message: Seq,
) -> Result<Vec<(Timestamp, MessageText)>, Failure> {
    let mut versions = Vec::new();
    let mut places = vec![message];
    places.extend(edits(tx, group, message)?);
    for place in places {
        if let Some(event) = log::event(tx, group, head, place)?
            && let EventBody::Message { text: Some(text), .. } | EventBody::Edit { text: Some(text), .. } =
                event.body
        {
            versions.push((event.at, text));
        }
    }
    Ok(versions)
}

/// The different emoji on a message.
///
/// # Errors
/// What the database says.
pub fn distinct_emoji(tx: &mut dyn Tx, group: GroupId, message: Seq) -> Result<Vec<Emoji>, Failure> {
    let sql = "SELECT DISTINCT emoji FROM reactions WHERE group_id = $1 AND message = $2";
    let params = [group.get(), message.get()].map(Value::Int);
    query_all(tx, sql, &params, |row| Ok(Emoji::from_stored(row.text(0)?)))
}

/// Whether `by` has put `emoji` on a message.
///
/// # Errors
/// What the database says.
pub fn has_reacted(
    tx: &mut dyn Tx,
    group: GroupId,
    message: Seq,
    by: &Author,
    emoji: &Emoji,
) -> Result<bool, Failure> {
    let sql =
        "SELECT 1 FROM reactions WHERE group_id = $1 AND message = $2 AND emoji = $3 AND account_id = $4";
    let params = [
        Value::Int(group.get()),
        Value::Int(message.get()),
        Value::Text(emoji.as_str()),
        Value::Int(by.id.get()),
    ];
    Ok(query_one(tx, sql, &params, |_| Ok(()))?.is_some())
}

/// Puts a reaction on a message that does not have it from this account.
///
/// # Errors
/// What the database says.
pub fn add_reaction(
    write: &mut Write<'_>,
    group: GroupId,
    by: &Author,
    at: Timestamp,
    message: Seq,
    emoji: &Emoji,
) -> Result<Arc<Event>, Failure> {
    let body = EventBody::Reaction { seq: message, emoji: emoji.clone(), on: true };
    let event = log::append(write, group, by, at, body)?;
    let sql = "INSERT INTO reactions (group_id, message, emoji, account_id, seq) VALUES ($1, $2, $3, $4, $5)";
    let params = [
        Value::Int(group.get()),
        Value::Int(message.get()),
        Value::Text(emoji.as_str()),
        Value::Int(by.id.get()),
        Value::Int(event.seq.get()),
    ];
    write.execute(sql, &params)?;
    log::update_row(write, group, message, "marks = marks | $1", &[Value::Int(REACTED)])?;
    Ok(event)
}

/// Takes a reaction away that is there.
///
/// # Errors
/// What the database says.
pub fn remove_reaction(
    write: &mut Write<'_>,
    group: GroupId,
    by: &Author,
    at: Timestamp,
    message: Seq,
    emoji: &Emoji,
) -> Result<Arc<Event>, Failure> {
    let body = EventBody::Reaction { seq: message, emoji: emoji.clone(), on: false };
    let event = log::append(write, group, by, at, body)?;
    let sql = "DELETE FROM reactions WHERE group_id = $1 AND message = $2 AND emoji = $3 AND account_id = $4";
    let params = [
        Value::Int(group.get()),
        Value::Int(message.get()),
        Value::Text(emoji.as_str()),
        Value::Int(by.id.get()),
    ];
    write.execute(sql, &params)?;
    Ok(event)
}
