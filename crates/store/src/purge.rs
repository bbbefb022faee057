//! The end of things: groups that were deleted or have expired, sessions that have ended. Marked at once, taken away in
//! portions, so that no commit waits for a million rows.

use crate::tx::{Tx, Value, query_all, query_one};
use crate::write::Write;
use crate::{Failure, rows, uploads};
use parlor_core::{GroupId, Timestamp};

/// Rows that one portion takes away at most.
pub const PORTION: i64 = 2_000;
/// Files that one portion dooms at most.
const FILES: i64 = 500;

/// Marks a group as gone; its code is free again.
///
/// # Errors
/// What the database says.
pub fn mark_gone(write: &mut Write<'_>, group: GroupId, now: Timestamp) -> Result<(), Failure> {
    let sql = "UPDATE groups SET gone_at = $1, access_code = NULL WHERE id = $2 AND gone_at IS NULL";
    write.execute(sql, &[now.as_millis(), group.get()].map(Value::Int))?;
    clear_lobby(write, group)
}

/// Nobody is in the lobby of a group that is gone: they may come into another at once.
fn clear_lobby(write: &mut Write<'_>, group: GroupId) -> Result<(), Failure> {
    for sql in [
        "DELETE FROM places WHERE group_id = $1",
        "DELETE FROM rooms WHERE group_id = $1",
        "DELETE FROM speed_chats WHERE group_id = $1",
    ] {
        write.execute(sql, &[Value::Int(group.get())])?;
    }
    Ok(())
}

/// Marks the groups whose time is over at `now` as gone, at most 100 at once; answers which.
///
/// # Errors
/// What the database says.
pub fn mark_expired(write: &mut Write<'_>, now: Timestamp) -> Result<Vec<GroupId>, Failure> {
    let sql = "UPDATE groups SET gone_at = $1, access_code = NULL WHERE id IN (SELECT e.id FROM groups e \
               WHERE e.expires_at <= $1 AND e.gone_at IS NULL ORDER BY e.id LIMIT 100) RETURNING id";
    let expired = query_all(write, sql, &[Value::Int(now.as_millis())], |row| rows::group_id(row.int(0)?))?;
    for group in &expired {
        clear_lobby(write, *group)?;
    }
    Ok(expired)
}

/// Takes away up to [`PORTION`] rows of groups that are gone; whether there may be more.
///
/// # Errors
/// What the database says.
pub fn take_away_some(write: &mut Write<'_>) -> Result<bool, Failure> {
    let sql = "SELECT id FROM groups WHERE gone_at IS NOT NULL ORDER BY gone_at LIMIT 1";
    let Some(group) = query_one(write, sql, &[], |row| row.int(0))? else { return Ok(false) };
    write.tail.settle_quiet(write.tx, group)?;
    write.sends.forget(group);
    if uploads::doom_some_of_group(write, group, FILES)?
        || delete_log(write, group)?
        || delete_sends(write, group)?
    {
        return Ok(true);
    }
    for sql in [
        "DELETE FROM edits WHERE group_id = $1",
        "DELETE FROM redactions WHERE group_id = $1",
        "DELETE FROM reactions WHERE group_id = $1",
        "DELETE FROM members WHERE group_id = $1",
        "DELETE FROM former_members WHERE group_id = $1",
        "DELETE FROM bans WHERE group_id = $1",
        "DELETE FROM meetings WHERE group_id = $1",
        "DELETE FROM reports WHERE group_id = $1",
        "DELETE FROM watches WHERE group_id = $1",
        "DELETE FROM watched WHERE group_id = $1",
        "DELETE FROM social_groups WHERE group_id = $1",
        "DELETE FROM social_members WHERE group_id = $1",
        "DELETE FROM social_players WHERE group_id = $1",
        // Who won stays, as part of what its players are; what they wrote does not.
        "DELETE FROM duel_submissions WHERE duel_id IN (SELECT id FROM duels WHERE group_id = $1)",
        "DELETE FROM duel_edits WHERE duel_id IN (SELECT id FROM duels WHERE group_id = $1)",
        "DELETE FROM face_group_names WHERE group_id = $1",
        "DELETE FROM heads WHERE group_id = $1",
        "DELETE FROM groups WHERE id = $1",
    ] {
        write.execute(sql, &[Value::Int(group)])?;
    }
    Ok(true)
}

/// Deletes a portion of a group's log with what hangs on it; whether there was anything.
fn delete_log(write: &mut Write<'_>, group: i64) -> Result<bool, Failure> {
    let sql = "SELECT seq FROM log WHERE group_id = $1 ORDER BY seq LIMIT 1";
    let Some(first) = query_one(write, sql, &[Value::Int(group)], |row| row.int(0))? else {
        return Ok(false);
    };
    let end = first + PORTION;
    let key = [group, end].map(Value::Int);
    write.execute("DELETE FROM reactions WHERE group_id = $1 AND message < $2", &key)?;
    for seq in first..end {
        if let Some(id) = write.tail.copy(group, seq) {
            write.execute("DELETE FROM log_tail WHERE id = $1", &[Value::Int(id)])?;
        }
    }
    write.execute("DELETE FROM log WHERE group_id = $1 AND seq < $2", &key)?;
    Ok(true)
}

/// Deletes a portion of a group's sends; whether there was anything.
fn delete_sends(write: &mut Write<'_>, group: i64) -> Result<bool, Failure> {
    let sql = "DELETE FROM sends WHERE group_id = $1 AND (author_id, client_key) IN \
               (SELECT s.author_id, s.client_key FROM sends s WHERE s.group_id = $1 LIMIT $2)";
    Ok(write.execute(sql, &[group, PORTION].map(Value::Int))? > 0)
}

/// Deletes sessions that have ended at `now`, at most 1,000 at once.
///
/// # Errors
/// What the database says.
pub fn delete_ended_sessions(write: &mut Write<'_>, now: Timestamp) -> Result<(), Failure> {
    let sql = "DELETE FROM sessions WHERE id IN \
               (SELECT s.id FROM sessions s WHERE s.expires_at <= $1 ORDER BY s.expires_at LIMIT 1000)";
    write.execute(sql, &[Value::Int(now.as_millis())])?;
    Ok(())
}
