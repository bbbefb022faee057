//! The nodes that share this database: which of them live.
//!
//! A node counts its beats up. Whether one has stopped is for the others to see, each by its own clock, so clocks that
//! differ do no harm. Who finds that one has stopped takes its row away; of several who find it at once one succeeds.

use crate::tx::{Tx, Value, query_all, query_one};
use crate::write::Write;
use crate::{Failure, rows};
use parlor_core::{GroupId, Timestamp, WaiterId};

/// A node as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is called among the nodes.
    pub id: i64,
    /// How often it has beaten.
    pub beats: i64,
}

/// What all nodes of this database have in common and nobody else: a random number, which is `random` where there was
/// none yet.
///
/// # Errors
/// What the database says.
pub fn family(write: &mut Write<'_>, random: i64) -> Result<i64, Failure> {
    let sql = "INSERT INTO family (one, id) VALUES (1, $1) ON CONFLICT (one) DO NOTHING";
    write.execute(sql, &[Value::Int(random)])?;
    let sql = "SELECT id FROM family WHERE one = 1";
    let found = query_one(write, sql, &[], |row| row.int(0))?;
    found.ok_or_else(|| Failure::internal("the row of the family is missing"))
}

/// Says that a node lives. False where it was not among the nodes: it is new, or the others took it for dead.
///
/// # Errors
/// What the database says.
pub fn beat(write: &mut Write<'_>, node: i64) -> Result<bool, Failure> {
    let sql = "UPDATE nodes SET beats = beats + 1 WHERE id = $1";
    if write.execute(sql, &[Value::Int(node)])? > 0 {
        return Ok(true);
    }
    let sql = "INSERT INTO nodes (id, beats) VALUES ($1, 1)";
    write.execute(sql, &[Value::Int(node)])?;
    Ok(false)
}

/// Every node.
///
/// # Errors
/// What the database says.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<Node>, Failure> {
    let sql = "SELECT id, beats FROM nodes ORDER BY id";
    query_all(tx, sql, &[], |row| Ok(Node { id: row.int(0)?, beats: row.int(1)? }))
}

/// Takes a node away that has not beaten since it was read so; whether it had not, and nobody else took it away.
///
/// # Errors
/// What the database says.
pub fn bury(write: &mut Write<'_>, node: Node) -> Result<bool, Failure> {
    let sql = "DELETE FROM nodes WHERE id = $1 AND beats = $2";
    Ok(write.execute(sql, &[node.id, node.beats].map(Value::Int))? > 0)
}

/// Notes that the sockets of a node are gone from the lobbies; answers which lobbies they were in.
///
/// # Errors
/// What the database says.
pub fn vanish_places(write: &mut Write<'_>, node: i64, at: Timestamp) -> Result<Vec<GroupId>, Failure> {
    let sql = "UPDATE places SET vanished_at = $1 WHERE node = $2 AND vanished_at IS NULL RETURNING group_id";
    query_all(write, sql, &[at.as_millis(), node].map(Value::Int), |row| rows::group_id(row.int(0)?))
}

/// Whose places a node has, though they count as vanished.
///
/// # Errors
/// What the database says.
pub fn vanished_on(tx: &mut dyn Tx, node: i64) -> Result<Vec<WaiterId>, Failure> {
    let sql = "SELECT who FROM places WHERE vanished_at IS NOT NULL AND node = $1";
    query_all(tx, sql, &[Value::Int(node)], |row| rows::waiter_id(row.int(0)?))
}
