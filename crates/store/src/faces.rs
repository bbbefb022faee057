//! Groups that were made through an old face, by nobody who has an account, and the account that owns them all.

use crate::tx::{Row, Tx, Value, query_one};
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

/// The newest groups of a face that are not gone at `now`, oldest of them first: at most `limit`, and at most `most_text`
/// characters of text in them.
///
/// # Errors
/// What the database says.
pub fn list(
    tx: &mut dyn Tx,
    face: &str,
    now: Timestamp,
    limit: i64,
    most_text: i64,
) -> Result<Vec<FaceGroup>, Failure> {
    let sql = "SELECT id, name, description, rules, access_code, created_at FROM groups \
               WHERE face = $1 AND access_code IS NOT NULL AND gone_at IS NULL \
               AND (expires_at IS NULL OR expires_at > $2) ORDER BY id DESC LIMIT $3";
    let params = [Value::Text(face), Value::Int(now.as_millis()), Value::Int(limit)];
    let (mut found, mut text) = (Vec::new(), 0);
    tx.query(sql, &params, &mut |row| {
        if text < most_text {
            let group = face_group(row)?;
            let chars = group.description.as_str().len() + group.rules.as_str().len();
            text += i64::try_from(chars).unwrap_or(i64::MAX);
            found.push(group);
        }
        Ok(())
    })?;
    found.reverse();
    Ok(found)
}

/// The group of a face that a code opens, unless it is gone at `now`.
///
/// # Errors
/// What the database says.
pub fn find(
    tx: &mut dyn Tx,
    face: &str,
    code: &AccessCode,
    now: Timestamp,
) -> Result<Option<FaceGroup>, Failure> {
    let sql = "SELECT id, name, description, rules, access_code, created_at FROM groups \
               WHERE access_code = $1 AND face = $2 AND gone_at IS NULL \
               AND (expires_at IS NULL OR expires_at > $3)";
    let params = [Value::Text(code.as_str()), Value::Text(face), Value::Int(now.as_millis())];
    query_one(tx, sql, &params, face_group)
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
