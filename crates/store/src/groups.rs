//! Groups. One that was deleted or has expired is found by nothing here, whether its rows are still there or not.

use crate::tx::{Row, Tx, Value, query_all, query_one};
use crate::write::Write;
use crate::{Failure, heads, rows};
use parlor_core::{
    AccessCode, AccountId, Description, Epoch, Group, GroupChange, GroupId, GroupName, Membership, Rules,
    SlowMode, Timestamp,
};

/// What makes a group.
#[derive(Clone, Debug)]
pub struct NewGroup {
    /// What it is called.
    pub name: GroupName,
    /// What it is about.
    pub description: Description,
    /// What holds in it.
    pub rules: Rules,
    /// Who owns it.
    pub owner: AccountId,
    /// What lets one in.
    pub access_code: AccessCode,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// The first life of its log; random, so that a group of a lost database is never taken for one of the next.
    pub epoch: Epoch,
}

/// Makes a group with an empty log and no members; `None` when another group has the same access code.
///
/// # Errors
/// What the database says.
pub fn insert(write: &mut Write<'_>, new: &NewGroup, now: Timestamp) -> Result<Option<GroupId>, Failure> {
    let sql = "INSERT INTO groups (name, description, rules, owner_id, access_code, slow_mode_s, created_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, 0, $6, $7) ON CONFLICT (access_code) DO NOTHING RETURNING id";
    let params = [
        Value::Text(new.name.as_str()),
        Value::Text(new.description.as_str()),
        Value::Text(new.rules.as_str()),
        Value::Int(new.owner.get()),
        Value::Text(new.access_code.as_str()),
        Value::Int(now.as_millis()),
        Value::int_or_null(new.expires_at.map(Timestamp::as_millis)),
    ];
    let id = query_one(write, sql, &params, |row| rows::group_id(row.int(0)?))?;
    if let Some(id) = id {
        heads::insert(write.tx, id, new.epoch)?;
    }
    Ok(id)
}

fn group(row: &dyn Row) -> Result<Group, Failure> {
    let head = heads::head(row, 10)?;
    Ok(Group {
        id: rows::group_id(row.int(0)?)?,
        name: GroupName::from_stored(row.text(1)?),
        description: Description::from_stored(row.text(2)?),
        rules: Rules::from_stored(row.text(3)?),
        owner_id: rows::account_id(row.int(4)?)?,
        access_code: row.text_or_null(5)?.map(stored_code).transpose()?,
        slow_mode: SlowMode::from_secs(row.int(6)?).map_err(Failure::internal)?,
        created_at: rows::time(row, 7)?,
        expires_at: rows::time_or_null(row, 8)?,
        lobby_threes: row.int(9)? != 0,
        epoch: head.position.epoch,
        head: head.position.seq,
    })
}

fn stored_code(code: &str) -> Result<AccessCode, Failure> {
    AccessCode::parse(code).map_err(Failure::internal)
}

/// The group with this id, unless it is gone at `now`; with its access code.
///
/// # Errors
/// What the database says.
pub fn load(tx: &mut dyn Tx, id: GroupId, now: Timestamp) -> Result<Option<Group>, Failure> {
    let sql = "SELECT g.id, g.name, g.description, g.rules, g.owner_id, g.access_code, g.slow_mode_s, g.created_at, \
               g.expires_at, g.lobby_threes, h.epoch, h.head, h.messages, h.last_message, h.settled, h.tail_id \
               FROM groups g JOIN heads h ON h.group_id = g.id \
               WHERE g.id = $1 AND g.gone_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > $2)";
    query_one(tx, sql, &[id.get(), now.as_millis()].map(Value::Int), group)
}

/// The group that a code opens, unless it is gone at `now`.
///
/// # Errors
/// What the database says.
pub fn find_by_code(tx: &mut dyn Tx, code: &AccessCode, now: Timestamp) -> Result<Option<GroupId>, Failure> {
    let sql = "SELECT id FROM groups WHERE access_code = $1 AND gone_at IS NULL \
               AND (expires_at IS NULL OR expires_at > $2)";
    query_one(tx, sql, &[Value::Text(code.as_str()), Value::Int(now.as_millis())], |row| {
        rows::group_id(row.int(0)?)
    })
}

/// The groups of an account after `after`, by id, with what is unread in each; at most `limit`.
///
/// # Errors
/// What the database says.
pub fn of_account(
    tx: &mut dyn Tx,
    account: AccountId,
    after: Option<GroupId>,
    limit: usize,
    now: Timestamp,
) -> Result<Vec<Membership>, Failure> {
    let sql = "SELECT g.id, g.name, g.description, g.rules, g.owner_id, g.access_code, g.slow_mode_s, g.created_at, \
               g.expires_at, g.lobby_threes, h.epoch, h.head, h.messages, h.last_message, h.settled, h.tail_id, \
               m.role, m.last_read, h.messages - m.read_messages - (SELECT COUNT(*) FROM redactions r \
               WHERE r.group_id = m.group_id AND r.message > m.last_read) \
               FROM members m JOIN groups g ON g.id = m.group_id JOIN heads h ON h.group_id = m.group_id \
               WHERE m.account_id = $1 AND m.group_id > $2 AND g.gone_at IS NULL \
               AND (g.expires_at IS NULL OR g.expires_at > $3) ORDER BY m.group_id LIMIT $4";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let params = [account.get(), after.map_or(0, GroupId::get), now.as_millis(), limit].map(Value::Int);
    query_all(tx, sql, &params, membership)
}

/// One group of an account; `None` when it is gone at `now`, or the account is no member.
///
/// # Errors
/// What the database says.
pub fn of_member(
    tx: &mut dyn Tx,
    id: GroupId,
    account: AccountId,
    now: Timestamp,
) -> Result<Option<Membership>, Failure> {
    let sql = "SELECT g.id, g.name, g.description, g.rules, g.owner_id, g.access_code, g.slow_mode_s, g.created_at, \
               g.expires_at, g.lobby_threes, h.epoch, h.head, h.messages, h.last_message, h.settled, h.tail_id, \
               m.role, m.last_read, h.messages - m.read_messages - (SELECT COUNT(*) FROM redactions r \
               WHERE r.group_id = m.group_id AND r.message > m.last_read) \
               FROM members m JOIN groups g ON g.id = m.group_id JOIN heads h ON h.group_id = m.group_id \
               WHERE m.group_id = $1 AND m.account_id = $2 AND g.gone_at IS NULL \
               AND (g.expires_at IS NULL OR g.expires_at > $3)";
    query_one(tx, sql, &[id.get(), account.get(), now.as_millis()].map(Value::Int), membership)
}

fn membership(row: &dyn Row) -> Result<Membership, Failure> {
    Ok(Membership {
        group: group(row)?,
        role: rows::role(row.int(16)?)?,
        last_read: rows::seq(row.int(17)?)?,
        unread: row.int(18)?,
    })
}

/// Writes what changed.
///
/// # Errors
/// What the database says.
pub fn change(write: &mut Write<'_>, id: GroupId, change: &GroupChange) -> Result<(), Failure> {
    let sql = "UPDATE groups SET name = COALESCE($1, name), description = COALESCE($2, description), \
               rules = COALESCE($3, rules), owner_id = COALESCE($4, owner_id), slow_mode_s = COALESCE($5, slow_mode_s), \
               lobby_threes = COALESCE($6, lobby_threes) WHERE id = $7";
    let params = [
        Value::text_or_null(change.name.as_ref().map(GroupName::as_str)),
        Value::text_or_null(change.description.as_ref().map(Description::as_str)),
        Value::text_or_null(change.rules.as_ref().map(Rules::as_str)),
        Value::int_or_null(change.owner_id.map(AccountId::get)),
        Value::int_or_null(change.slow_mode.map(|slow_mode| i64::from(slow_mode.as_secs()))),
        Value::int_or_null(change.lobby_threes.map(i64::from)),
        Value::Int(id.get()),
    ];
    write.execute(sql, &params)?;
    if let Some(expires_at) = change.expires_at {
        let sql = "UPDATE groups SET expires_at = $1 WHERE id = $2";
        let expires_at = Value::int_or_null(expires_at.map(Timestamp::as_millis));
        write.execute(sql, &[expires_at, Value::Int(id.get())])?;
    }
    Ok(())
}

/// Gives a group another code, or none. Two codes of 80 random bits are never the same; if they were, the constraint
/// would refuse the second.
///
/// # Errors
/// What the database says.
pub fn set_code(write: &mut Write<'_>, id: GroupId, code: Option<&AccessCode>) -> Result<(), Failure> {
    let sql = "UPDATE groups SET access_code = $1 WHERE id = $2";
    let code = Value::text_or_null(code.map(AccessCode::as_str));
    write.execute(sql, &[code, Value::Int(id.get())])?;
    Ok(())
}
