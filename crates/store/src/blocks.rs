//! Who is never put together again, in the lobby of whatever group.

use crate::tx::{Tx, Value, query_all};
use crate::write::Write;
use crate::{Failure, accounts, rows};
use parlor_core::{Account, AccountId, Timestamp, WaiterId};

/// Blocks somebody: from now on neither meets the other. A second time changes nothing.
///
/// # Errors
/// What the database says.
pub fn insert(write: &mut Write<'_>, by: WaiterId, other: WaiterId, now: Timestamp) -> Result<(), Failure> {
    let sql = "INSERT INTO blocks (who, other, wished, at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (who, other) DO UPDATE SET wished = CASE WHEN excluded.wished = 1 THEN 1 ELSE blocks.wished END";
    let (by, other, at) = (rows::waiter_number(by), rows::waiter_number(other), now.as_millis());
    for row in [[by, other, 1, at], [other, by, 0, at]] {
        write.execute(sql, &row.map(Value::Int))?;
    }
    Ok(())
}

/// The accounts that somebody blocked, by id after `after`, and since when; at most `limit`.
///
/// # Errors
/// What the database says.
pub fn list(
    tx: &mut dyn Tx,
    by: AccountId,
    after: Option<AccountId>,
    limit: usize,
) -> Result<Vec<(Account, Timestamp)>, Failure> {
    let sql = "SELECT a.id, a.username, a.display_name, a.guest, b.at FROM blocks b JOIN accounts a ON a.id = b.other \
               WHERE b.who = $1 AND b.other > $2 AND b.wished = 1 ORDER BY b.other LIMIT $3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let params = [by.get(), after.map_or(0, AccountId::get), limit].map(Value::Int);
    query_all(tx, sql, &params, |row| Ok((accounts::account(row, 0)?, rows::time(row, 4)?)))
}

/// Forgets the blocks of people without an account that were made before `before`: their connections have ended, and
/// nobody is ever them again. At most 500 at once.
///
/// # Errors
/// What the database says.
pub fn forget_strangers(write: &mut Write<'_>, before: Timestamp) -> Result<(), Failure> {
    let first = rows::waiter_number(WaiterId::stranger(0));
    let sql = "SELECT who, other FROM blocks WHERE who >= $1 AND at < $2 LIMIT 500";
    let params = [first, before.as_millis()].map(Value::Int);
    let found = query_all(write, sql, &params, |row| Ok((row.int(0)?, row.int(1)?)))?;
    for (who, other) in found {
        let sql = "DELETE FROM blocks WHERE (who = $1 AND other = $2) OR (who = $2 AND other = $1)";
        write.execute(sql, &[who, other].map(Value::Int))?;
    }
    Ok(())
}

/// Takes a block back; whether there was one. Where both wished it, the other's stays.
///
/// # Errors
/// What the database says.
pub fn delete(write: &mut Write<'_>, by: AccountId, other: AccountId) -> Result<bool, Failure> {
    let sql = "UPDATE blocks SET wished = 0 WHERE who = $1 AND other = $2 AND wished = 1";
    let there = write.execute(sql, &[by.get(), other.get()].map(Value::Int))? > 0;
    let sql = "DELETE FROM blocks WHERE ((who = $1 AND other = $2) OR (who = $2 AND other = $1)) AND NOT EXISTS \
               (SELECT 1 FROM blocks b WHERE ((b.who = $1 AND b.other = $2) OR (b.who = $2 AND b.other = $1)) AND b.wished = 1)";
    if there {
        write.execute(sql, &[by.get(), other.get()].map(Value::Int))?;
    }
    Ok(there)
}
