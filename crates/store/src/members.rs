//! Who is in a group, as what, since when.

use crate::tx::{Row, Tx, Value, query_all, query_one};
use crate::write::Write;
use crate::{Failure, accounts, rows};
use parlor_core::{AccountId, GroupId, Member, Role, Seq, Timestamp};

/// The role of an account in a group; `None` when it is no member. Does not ask whether the group is gone.
///
/// # Errors
/// What the database says.
pub fn role(tx: &mut dyn Tx, group: GroupId, account: AccountId) -> Result<Option<Role>, Failure> {
    let sql = "SELECT role FROM members WHERE group_id = $1 AND account_id = $2";
    query_one(tx, sql, &[group.get(), account.get()].map(Value::Int), |row| rows::role(row.int(0)?))
}

/// The role of an account in a group that is not gone at `now`.
///
/// # Errors
/// What the database says.
pub fn role_in_live_group(
    tx: &mut dyn Tx,
    group: GroupId,
    account: AccountId,
    now: Timestamp,
) -> Result<Option<Role>, Failure> {
    let sql = "SELECT m.role FROM members m JOIN groups g ON g.id = m.group_id \
               WHERE m.group_id = $1 AND m.account_id = $2 AND g.gone_at IS NULL \
               AND (g.expires_at IS NULL OR g.expires_at > $3)";
    let params = [group.get(), account.get(), now.as_millis()].map(Value::Int);
    query_one(tx, sql, &params, |row| rows::role(row.int(0)?))
}

/// One member.
///
/// # Errors
/// What the database says.
pub fn load(tx: &mut dyn Tx, group: GroupId, account: AccountId) -> Result<Option<Member>, Failure> {
    let sql = "SELECT a.id, a.username, a.display_name, a.guest, m.role, m.last_read, m.joined_at \
               FROM members m JOIN accounts a ON a.id = m.account_id WHERE m.group_id = $1 AND m.account_id = $2";
    query_one(tx, sql, &[group.get(), account.get()].map(Value::Int), member)
}

/// The members after `after`, by account id; at most `limit`.
///
/// # Errors
/// What the database says.
pub fn list(
    tx: &mut dyn Tx,
    group: GroupId,
    after: Option<AccountId>,
    limit: usize,
) -> Result<Vec<Member>, Failure> {
    let sql = "SELECT a.id, a.username, a.display_name, a.guest, m.role, m.last_read, m.joined_at \
               FROM members m JOIN accounts a ON a.id = m.account_id \
               WHERE m.group_id = $1 AND m.account_id > $2 ORDER BY m.account_id LIMIT $3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let params = [group.get(), after.map_or(0, AccountId::get), limit].map(Value::Int);
    query_all(tx, sql, &params, member)
}

fn member(row: &dyn Row) -> Result<Member, Failure> {
    Ok(Member {
        account: accounts::account(row, 0)?,
        role: rows::role(row.int(4)?)?,
        last_read: rows::seq(row.int(5)?)?,
        joined_at: rows::time(row, 6)?,
    })
}

/// Makes an account a member, who has read everything up to `last_read`, where the group had `read_messages` messages.
///
/// # Errors
/// What the database says.
pub fn insert(
    write: &mut Write<'_>,
    group: GroupId,
    account: AccountId,
    role: Role,
    now: Timestamp,
    last_read: Seq,
    read_messages: i64,
) -> Result<(), Failure> {
    let sql = "INSERT INTO members (group_id, account_id, role, joined_at, last_read, read_messages) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let role = rows::role_number(role);
    let params = [group.get(), account.get(), role, now.as_millis(), last_read.get(), read_messages];
    write.execute(sql, &params.map(Value::Int))?;
    Ok(())
}

/// Gives a member another role.
///
/// # Errors
/// What the database says.
pub fn set_role(
    write: &mut Write<'_>,
    group: GroupId,
    account: AccountId,
    role: Role,
) -> Result<(), Failure> {
    let sql = "UPDATE members SET role = $1 WHERE group_id = $2 AND account_id = $3";
    write.execute(sql, &[rows::role_number(role), group.get(), account.get()].map(Value::Int))?;
    Ok(())
}

/// Another owner than this one, the one of longest standing; `None` when there is only one.
///
/// # Errors
/// What the database says.
pub fn other_owner(tx: &mut dyn Tx, group: GroupId, owner: AccountId) -> Result<Option<AccountId>, Failure> {
    let sql = "SELECT account_id FROM members WHERE group_id = $1 AND account_id <> $2 AND role = $3 \
               ORDER BY joined_at, account_id LIMIT 1";
    let params = [group.get(), owner.get(), rows::role_number(Role::Owner)].map(Value::Int);
    query_one(tx, sql, &params, |row| rows::account_id(row.int(0)?))
}

/// Ends a membership and remembers that it was; whether there was one.
///
/// # Errors
/// What the database says.
pub fn delete(write: &mut Write<'_>, group: GroupId, account: AccountId) -> Result<bool, Failure> {
    let key = [group.get(), account.get()].map(Value::Int);
    let ended = write.execute("DELETE FROM members WHERE group_id = $1 AND account_id = $2", &key)? > 0;
    if ended {
        let sql = "INSERT INTO former_members (group_id, account_id) VALUES ($1, $2) \
                   ON CONFLICT (group_id, account_id) DO NOTHING";
        write.execute(sql, &key)?;
    }
    Ok(ended)
}

/// Whether a membership of the account has ended here, whenever; it may have come back since.
///
/// # Errors
/// What the database says.
pub fn was_member(tx: &mut dyn Tx, group: GroupId, account: AccountId) -> Result<bool, Failure> {
    let sql = "SELECT 1 FROM former_members WHERE group_id = $1 AND account_id = $2";
    let found = query_one(tx, sql, &[group.get(), account.get()].map(Value::Int), |_| Ok(()))?;
    Ok(found.is_some())
}
