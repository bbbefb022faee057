//! Groups that were made through an old face, by nobody who has an account, and the account that owns them all.

use crate::tx::{Row, Tx, Value, query_all, query_one};
use crate::write::Write;
use crate::{Failure, accounts, groups, rows};
use parlor_core::{AccessCode, AccountId, Description, DisplayName, GroupId, GroupName, Rules, Timestamp};

/// A group as its face shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaceGroup {
    /// Its id.
    pub id: GroupId,
    /// What it is called.
    pub name: GroupName,
    /// What it is about.
    pub description: Description,
    /// What holds in it.
    pub rules: Rules,
    /// What lets one in.
    pub access_code: AccessCode,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Makes a group of a face; `None` when another group has the same access code. Whose `owner` it says is not looked at:
/// the face's own account owns it.
///
/// # Errors
/// What the database says.
pub fn insert_group(
    write: &mut Write<'_>,
    face: &str,
    face_name: &DisplayName,
    new: impl FnOnce(AccountId) -> groups::NewGroup,
    now: Timestamp,
) -> Result<Option<GroupId>, Failure> {
    let new = new(owner(write, face, face_name, now)?);
    let Some(group) = groups::insert(write, &new, now)? else { return Ok(None) };
    let sql = "UPDATE groups SET face = $1 WHERE id = $2";
    write.execute(sql, &[Value::Text(face), Value::Int(group.get())])?;
    Ok(Some(group))
}

fn owner(
    write: &mut Write<'_>,
    face: &str,
    name: &DisplayName,
    now: Timestamp,
) -> Result<AccountId, Failure> {
    let sql = "SELECT account_id FROM faces WHERE face = $1";
    let found = query_one(write, sql, &[Value::Text(face)], |row| rows::account_id(row.int(0)?))?;
    if let Some(account) = found {
        return Ok(account);
    }
    let account = accounts::insert_guest(write, name, now)?.id;
    let sql = "INSERT INTO faces (face, account_id) VALUES ($1, $2)";
    write.execute(sql, &[Value::Text(face), Value::Int(account.get())])?;
    Ok(account)
}

/// The groups of a face that are not gone at `now`, oldest first, or the one with this code; the newest `limit` of them.
///
/// # Errors
/// What the database says.
pub fn list(
    tx: &mut dyn Tx,
    face: &str,
    code: Option<&AccessCode>,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<FaceGroup>, Failure> {
    let sql = "SELECT id, name, description, rules, access_code, created_at FROM groups \
               WHERE face = $1 AND (CAST($2 AS TEXT) IS NULL OR access_code = $2) AND access_code IS NOT NULL \
               AND gone_at IS NULL AND (expires_at IS NULL OR expires_at > $3) ORDER BY id DESC LIMIT $4";
    let params = [
        Value::Text(face),
        Value::text_or_null(code.map(AccessCode::as_str)),
        Value::Int(now.as_millis()),
        Value::Int(limit),
    ];
    let mut found = query_all(tx, sql, &params, face_group)?;
    found.reverse();
    Ok(found)
}

fn face_group(row: &dyn Row) -> Result<FaceGroup, Failure> {
    Ok(FaceGroup {
        id: rows::group_id(row.int(0)?)?,
        name: GroupName::from_stored(row.text(1)?),
        description: Description::from_stored(row.text(2)?),
        rules: Rules::from_stored(row.text(3)?),
        access_code: AccessCode::parse(row.text(4)?).map_err(Failure::internal)?,
        created_at: rows::time(row, 5)?,
    })
}
