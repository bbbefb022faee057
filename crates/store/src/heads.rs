//! The end of each group's log: the one row that every write to a group changes, and that gives the sequence its order.

use crate::Failure;
use crate::rows::{self, Chunked};
use crate::tx::{Row, Tx, Value, query_one};
use parlor_core::{Epoch, GroupId, Position, Seq};

/// The end of one group's log.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// Its place.
    pub position: Position,
    /// How many messages there ever were, the deleted ones included.
    pub messages: i64,
    /// The place of the newest message; `Seq::START` when there is none.
    pub last_message: Seq,
    /// Up to here the events lie in `log`; those after it lie in `log_tail`.
    pub(crate) settled: Seq,
    /// Where in `log_tail` the newest event lies, when it does.
    pub(crate) tail_id: Option<i64>,
}

/// Reads the columns epoch, head, messages, last_message, settled, tail_id, which begin at column `first`.
pub(crate) fn head(row: &dyn Row, first: usize) -> Result<Head, Failure> {
    Ok(Head {
        position: Position { epoch: rows::epoch(row.int(first)?)?, seq: rows::seq(row.int(first + 1)?)? },
        messages: row.int(first + 2)?,
        last_message: rows::seq(row.int(first + 3)?)?,
        settled: rows::seq(row.int(first + 4)?)?,
        tail_id: row.int_or_null(first + 5)?,
    })
}

/// The end of a group's log; `None` when there is no such log. Says nothing of whether the group is gone.
///
/// # Errors
/// What the database says.
pub fn load(tx: &mut dyn Tx, group: GroupId) -> Result<Option<Head>, Failure> {
    let sql = "SELECT epoch, head, messages, last_message, settled, tail_id FROM heads WHERE group_id = $1";
    query_one(tx, sql, &[Value::Int(group.get())], |row| head(row, 0))
}

/// The ends of the logs of `groups`, of those that are there and not gone, by id.
///
/// # Errors
/// What the database says.
pub fn positions(tx: &mut dyn Tx, groups: &[GroupId]) -> Result<Vec<(GroupId, Position)>, Failure> {
    static SQL: Chunked = Chunked::new(
        "WITH want(group_id) AS (VALUES",
        &["BIGINT"],
        ") SELECT h.group_id, h.epoch, h.head FROM want JOIN heads h ON h.group_id = want.group_id \
           JOIN groups g ON g.id = want.group_id WHERE g.gone_at IS NULL",
    );
    let params: Vec<Value<'_>> = groups.iter().map(|group| Value::Int(group.get())).collect();
    let mut found = Vec::with_capacity(groups.len());
    tx.query_many(&SQL, &params, &mut |row| {
        let position = Position { epoch: rows::epoch(row.int(1)?)?, seq: rows::seq(row.int(2)?)? };
        found.push((rows::group_id(row.int(0)?)?, position));
        Ok(())
    })?;
    Ok(found)
}

/// Makes the empty log of a new group.
pub(crate) fn insert(tx: &mut dyn Tx, group: GroupId, epoch: Epoch) -> Result<(), Failure> {
    let sql = "INSERT INTO heads (group_id, epoch, head, messages, last_message, settled, tail_id, sends_settled) \
               VALUES ($1, $2, 0, 0, 0, 0, NULL, 0)";
    tx.execute(sql, &[Value::Int(group.get()), Value::Int(epoch.get())])?;
    Ok(())
}

/// Gives every log another life, after the database was restored from a backup: what clients hold of the time after
/// the backup is then known to be foreign. `epoch` should be random, so that no life comes twice.
///
/// # Errors
/// What the database says.
pub fn renew_epochs(tx: &mut dyn Tx, epoch: Epoch) -> Result<(), Failure> {
    // Every log gets the same new number: an epoch only has to differ from the ones before it of the same group. Where
    // chance gives the old one, a neighbour that is an epoch, too.
    let sql = "UPDATE heads SET epoch = CASE WHEN epoch <> $1 THEN $1 WHEN $1 > 1 THEN $1 - 1 ELSE 2 END";
    tx.execute(sql, &[Value::Int(epoch.get())])?;
    Ok(())
}
