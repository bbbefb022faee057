//! Groups that are found by their name in the face through which they were made.
//!
//! The name stays while the group is there, whatever it is called elsewhere meanwhile; the name of one that is gone is
//! free for another.

use crate::tx::{Row, Tx, Value, query_all, query_one};
use crate::write::Write;
use crate::{Failure, rows};
use parlor_core::{AccountId, GroupId, GroupName, Timestamp};

/// A group as somebody in it finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedGroup {
    /// Its id.
    pub id: GroupId,
    /// What the face calls it.
    pub name: GroupName,
}

/// Gives a group its name; false where another group that is there at `now` has it.
///
/// # Errors
/// What the database says.
pub fn insert(
    write: &mut Write<'_>,
    face: &str,
    name: &GroupName,
    group: GroupId,
    now: Timestamp,
) -> Result<bool, Failure> {
    let sql = "DELETE FROM face_group_names WHERE face = $1 AND name = $2 AND group_id IN \
               (SELECT g.id FROM groups g WHERE g.id = face_group_names.group_id \
               AND (g.gone_at IS NOT NULL OR g.expires_at <= $3))";
    let named = [Value::Text(face), Value::Text(name.as_str())];
    write.execute(sql, &[named[0], named[1], Value::Int(now.as_millis())])?;
    let sql = "INSERT INTO face_group_names (face, name, group_id) VALUES ($1, $2, $3) \
               ON CONFLICT (face, name) DO NOTHING";
    Ok(write.execute(sql, &[named[0], named[1], Value::Int(group.get())])? > 0)
}

/// The group of a name, unless it is gone at `now`.
///
/// # Errors
/// What the database says.
pub fn find(
    tx: &mut dyn Tx,
    face: &str,
    name: &GroupName,
    now: Timestamp,
) -> Result<Option<GroupId>, Failure> {
    let sql = "SELECT n.group_id FROM face_group_names n JOIN groups g ON g.id = n.group_id \
               WHERE n.face = $1 AND n.name = $2 AND g.gone_at IS NULL \
               AND (g.expires_at IS NULL OR g.expires_at > $3)";
    let params = [Value::Text(face), Value::Text(name.as_str()), Value::Int(now.as_millis())];
    query_one(tx, sql, &params, |row| rows::group_id(row.int(0)?))
}

/// The groups of a face that an account is in, oldest first; at most `limit`.
///
/// # Errors
/// What the database says.
pub fn of_account(
    tx: &mut dyn Tx,
    face: &str,
    account: AccountId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<NamedGroup>, Failure> {
    let sql = "SELECT n.group_id, n.name FROM members m JOIN face_group_names n ON n.group_id = m.group_id \
               JOIN groups g ON g.id = m.group_id WHERE m.account_id = $1 AND n.face = $2 AND g.gone_at IS NULL \
               AND (g.expires_at IS NULL OR g.expires_at > $3) ORDER BY m.group_id LIMIT $4";
    let now = Value::Int(now.as_millis());
    query_all(tx, sql, &[Value::Int(account.get()), Value::Text(face), now, Value::Int(limit)], named)
}

/// The group of a face that an account visited last, while it is a member.
///
/// # Errors
/// What the database says.
pub fn visited_by(
    tx: &mut dyn Tx,
    face: &str,
    account: AccountId,
    now: Timestamp,
) -> Result<Option<NamedGroup>, Failure> {
    let sql = "SELECT n.group_id, n.name FROM members m JOIN face_group_names n ON n.group_id = m.group_id \
               JOIN groups g ON g.id = m.group_id WHERE m.account_id = $1 AND m.visits = 1 AND n.face = $2 \
               AND g.gone_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > $3)";
    let params = [Value::Int(account.get()), Value::Text(face), Value::Int(now.as_millis())];
    query_one(tx, sql, &params, named)
}

fn named(row: &dyn Row) -> Result<NamedGroup, Failure> {
    Ok(NamedGroup { id: rows::group_id(row.int(0)?)?, name: GroupName::from_stored(row.text(1)?) })
}
