//! Who may not come back to a group.

use crate::tx::{Row, Tx, Value, query_all, query_one};
use crate::write::Write;
use crate::{Failure, accounts, rows};
use parlor_core::{AccountId, Ban, BanReason, GroupId, Timestamp};

/// Bans an account; a ban that is there gets the new reason.
///
/// # Errors
/// What the database says.
pub fn insert(
    write: &mut Write<'_>,
    group: GroupId,
    account: AccountId,
    reason: &BanReason,
    by: AccountId,
    now: Timestamp,
) -> Result<(), Failure> {
    let sql = "INSERT INTO bans (group_id, account_id, reason, by_id, at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (group_id, account_id) DO UPDATE SET reason = excluded.reason, by_id = excluded.by_id, \
               at = excluded.at";
    let params = [
        Value::Int(group.get()),
        Value::Int(account.get()),
        Value::Text(reason.as_str()),
        Value::Int(by.get()),
        Value::Int(now.as_millis()),
    ];
    write.execute(sql, &params)?;
    Ok(())
}

/// Whether an account is banned.
///
/// # Errors
/// What the database says.
pub fn is_banned(tx: &mut dyn Tx, group: GroupId, account: AccountId) -> Result<bool, Failure> {
    let sql = "SELECT 1 FROM bans WHERE group_id = $1 AND account_id = $2";
    let found = query_one(tx, sql, &[group.get(), account.get()].map(Value::Int), |_| Ok(()))?;
    Ok(found.is_some())
}

/// The bans after `after`, by account id; at most `limit`.
///
/// # Errors
/// What the database says.
pub fn list(
    tx: &mut dyn Tx,
    group: GroupId,
    after: Option<AccountId>,
    limit: usize,
) -> Result<Vec<Ban>, Failure> {
    let sql = "SELECT a.id, a.username, a.display_name, a.guest, b.reason, b.by_id, b.at \
               FROM bans b JOIN accounts a ON a.id = b.account_id \
               WHERE b.group_id = $1 AND b.account_id > $2 ORDER BY b.account_id LIMIT $3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let params = [group.get(), after.map_or(0, AccountId::get), limit].map(Value::Int);
    query_all(tx, sql, &params, ban)
}

fn ban(row: &dyn Row) -> Result<Ban, Failure> {
    Ok(Ban {
        account: accounts::account(row, 0)?,
        reason: BanReason::from_stored(row.text(4)?),
        by: rows::account_id(row.int(5)?)?,
        at: rows::time(row, 6)?,
    })
}

/// Takes a ban back; whether there was one.
///
/// # Errors
/// What the database says.
pub fn delete(write: &mut Write<'_>, group: GroupId, account: AccountId) -> Result<bool, Failure> {
    let sql = "DELETE FROM bans WHERE group_id = $1 AND account_id = $2";
    Ok(write.execute(sql, &[group.get(), account.get()].map(Value::Int))? > 0)
}
