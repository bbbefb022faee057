//! How far members have read, and how much is left, by arithmetic.
//!
//! Every event knows how many messages there are up to it (`messages`, the deleted ones included), and a member keeps
//! that number for the place up to which they have read (`read_messages`). So what lies after it is a subtraction; the
//! messages among it that were deleted are counted in the small table of deleted messages; and of one's own there are
//! none, because sending reads up to what was sent.

use crate::heads::Head;
use crate::tx::{Tx, Value, query_one};
use crate::write::Write;
use crate::{Failure, log, rows};
use parlor_core::{AccountId, GroupId, Seq};

/// A read position and what lies after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Up to where.
    pub last_read: Seq,
    /// Messages by others, not deleted, after it.
    pub unread: i64,
}

/// Where a member stands; `None` when the account is no member.
///
/// # Errors
/// What the database says.
pub fn load(
    tx: &mut dyn Tx,
    group: GroupId,
    head: &Head,
    account: AccountId,
) -> Result<Option<Reading>, Failure> {
    let sql = "SELECT m.last_read, m.read_messages, (SELECT COUNT(*) FROM redactions r \
               WHERE r.group_id = m.group_id AND r.message > m.last_read) \
               FROM members m WHERE m.group_id = $1 AND m.account_id = $2";
    query_one(tx, sql, &[group.get(), account.get()].map(Value::Int), |row| {
        let unread = head.messages - row.int(1)? - row.int(2)?;
        Ok(Reading { last_read: rows::seq(row.int(0)?)?, unread })
    })
}

/// Moves a member's position forward to `seq`, at most to the head; one further back changes nothing. `None` when the
/// account is no member. The second value is whether it moved.
///
/// # Errors
/// What the database says.
pub fn advance(
    write: &mut Write<'_>,
    group: GroupId,
    head: &Head,
    account: AccountId,
    seq: Seq,
) -> Result<Option<(Reading, bool)>, Failure> {
    let seq = seq.min(head.position.seq);
    let read_messages = log::messages_up_to(write.tx, group, head, seq)?;
    let sql = "UPDATE members SET last_read = $1, read_messages = $2 \
               WHERE group_id = $3 AND account_id = $4 AND last_read < $1";
    let params = [seq.get(), read_messages, group.get(), account.get()].map(Value::Int);
    let moved = write.execute(sql, &params)? > 0;
    Ok(load(write.tx, group, head, account)?.map(|reading| (reading, moved)))
}
