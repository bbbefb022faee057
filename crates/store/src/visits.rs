//! When a member last read through a face that has visits, and up to where.
//!
//! Beside the read position that every member has: that one moves whenever somebody sends, and only forward; this one is
//! a time, and goes with what the old clients call `last_read`.

use crate::tx::{Tx, Value, query_one};
use crate::write::Write;
use crate::{Failure, rows};
use parlor_core::{AccountId, GroupId, Seq, Timestamp};

/// Up to where a member has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visited {
    /// When they read last; `None` where it was never through such a face.
    pub at: Option<Timestamp>,
    /// The last event that they had then; where it was never, their read position.
    pub seq: Seq,
}

/// Where a member stands; `None` when the account is no member.
///
/// # Errors
/// What the database says.
pub fn load(tx: &mut dyn Tx, group: GroupId, account: AccountId) -> Result<Option<Visited>, Failure> {
    let sql = "SELECT visited_at, COALESCE(visited_seq, last_read) FROM members \
               WHERE group_id = $1 AND account_id = $2";
    query_one(tx, sql, &[group.get(), account.get()].map(Value::Int), |row| {
        Ok(Visited { at: rows::time_or_null(row, 0)?, seq: rows::seq(row.int(1)?)? })
    })
}

/// Notes that a member has read up to `seq`, at `at`. Never back: of several who use one account the one who has read
/// furthest counts. Changes nothing of one who is no member.
///
/// # Errors
/// What the database says.
pub fn mark(
    write: &mut Write<'_>,
    group: GroupId,
    account: AccountId,
    seq: Seq,
    at: Timestamp,
) -> Result<(), Failure> {
    let sql = "UPDATE members SET visited_at = $1, visited_seq = $2 \
               WHERE group_id = $3 AND account_id = $4 AND (visited_seq IS NULL OR visited_seq <= $2)";
    let params = [at.as_millis(), seq.get(), group.get(), account.get()].map(Value::Int);
    write.execute(sql, &params)?;
    Ok(())
}

/// Makes a group the one that an account visited last.
///
/// # Errors
/// What the database says.
pub fn visit(write: &mut Write<'_>, group: GroupId, account: AccountId) -> Result<(), Failure> {
    let sql = "UPDATE members SET visits = CASE WHEN group_id = $1 THEN 1 ELSE 0 END \
               WHERE account_id = $2 AND (visits = 1 OR group_id = $1)";
    write.execute(sql, &[group.get(), account.get()].map(Value::Int))?;
    Ok(())
}
