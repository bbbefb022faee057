//! What an old face knows people by: a name that is enough to be let in, or what they sign in with there.

use crate::accounts::{self, StoredAccount};
use crate::tx::{Row, Tx, Value, query_all, query_one};
use crate::write::Write;
use crate::{Failure, rows};
use parlor_core::{Account, AccountId, DisplayName, Timestamp};

/// Makes a guest who is known by a name; `None` where somebody is already.
///
/// # Errors
/// What the database says.
pub fn insert_guest(
    write: &mut Write<'_>,
    face: &str,
    name: &DisplayName,
    now: Timestamp,
) -> Result<Option<Account>, Failure> {
    if !take_name(write, face, name.as_str(), Some(now))? {
        return Ok(None);
    }
    let account = accounts::insert_guest(write, name, now)?;
    give_name(write, face, name.as_str(), account.id)?;
    Ok(Some(account))
}

/// Makes an account that signs in at a face alone; `None` where the login is taken.
///
/// # Errors
/// What the database says.
pub fn insert_registered(
    write: &mut Write<'_>,
    face: &str,
    login: &str,
    display_name: &DisplayName,
    password_hash: &str,
    now: Timestamp,
) -> Result<Option<Account>, Failure> {
    if !take_name(write, face, login, None)? {
        return Ok(None);
    }
    let sql = "INSERT INTO accounts (display_name, password_hash, guest, admin, created_at) \
               VALUES ($1, $2, 0, 0, $3) RETURNING id";
    let params =
        [Value::Text(display_name.as_str()), Value::Text(password_hash), Value::Int(now.as_millis())];
    let id = query_one(write, sql, &params, account_id)?;
    let id = id.ok_or_else(|| Failure::internal("an insert answered no id"))?;
    give_name(write, face, login, id)?;
    Ok(Some(Account { id, username: None, display_name: display_name.clone(), guest: false }))
}

/// Takes a name that nobody has, for an account that is made next.
fn take_name(
    write: &mut Write<'_>,
    face: &str,
    name: &str,
    seen_at: Option<Timestamp>,
) -> Result<bool, Failure> {
    let sql = "INSERT INTO face_people (face, name, account_id, seen_at) VALUES ($1, $2, 0, $3) \
               ON CONFLICT (face, name) DO NOTHING";
    let seen_at = Value::int_or_null(seen_at.map(Timestamp::as_millis));
    Ok(write.execute(sql, &[Value::Text(face), Value::Text(name), seen_at])? > 0)
}

fn give_name(write: &mut Write<'_>, face: &str, name: &str, account: AccountId) -> Result<(), Failure> {
    let sql = "UPDATE face_people SET account_id = $1 WHERE face = $2 AND name = $3";
    write.execute(sql, &[Value::Int(account.get()), Value::Text(face), Value::Text(name)])?;
    Ok(())
}

/// Who is known by a name.
///
/// # Errors
/// What the database says.
pub fn find(tx: &mut dyn Tx, face: &str, name: &str) -> Result<Option<StoredAccount>, Failure> {
    let sql = "SELECT account_id FROM face_people WHERE face = $1 AND name = $2";
    match query_one(tx, sql, &[Value::Text(face), Value::Text(name)], account_id)? {
        Some(account) => accounts::load(tx, account),
        None => Ok(None),
    }
}

/// Notes that somebody is here.
///
/// # Errors
/// What the database says.
pub fn touch(write: &mut Write<'_>, account: AccountId, now: Timestamp) -> Result<(), Failure> {
    let sql = "UPDATE face_people SET seen_at = $1 WHERE account_id = $2 AND seen_at < $1";
    write.execute(sql, &[now.as_millis(), account.get()].map(Value::Int))?;
    Ok(())
}

/// Who was last here before `then`, longest ago first; at most `limit`.
///
/// # Errors
/// What the database says.
pub fn unseen_since(
    tx: &mut dyn Tx,
    face: &str,
    then: Timestamp,
    limit: i64,
) -> Result<Vec<AccountId>, Failure> {
    let sql = "SELECT account_id FROM face_people WHERE face = $1 AND seen_at < $2 ORDER BY seen_at LIMIT $3";
    let params = [Value::Text(face), Value::Int(then.as_millis()), Value::Int(limit)];
    query_all(tx, sql, &params, account_id)
}

/// Whether somebody was last here before `then`.
///
/// # Errors
/// What the database says.
pub fn is_unseen_since(tx: &mut dyn Tx, account: AccountId, then: Timestamp) -> Result<bool, Failure> {
    let sql = "SELECT 1 FROM face_people WHERE account_id = $1 AND seen_at < $2";
    let found = query_one(tx, sql, &[account.get(), then.as_millis()].map(Value::Int), |_| Ok(()))?;
    Ok(found.is_some())
}

/// Forgets a guest: the name is free again. What they said stays, under the name that it was said under.
///
/// # Errors
/// What the database says.
pub fn delete_guest(write: &mut Write<'_>, account: AccountId) -> Result<(), Failure> {
    let id = [Value::Int(account.get())];
    write.execute("DELETE FROM face_people WHERE account_id = $1", &id)?;
    write.execute("DELETE FROM sessions WHERE account_id = $1", &id)?;
    write.execute("DELETE FROM accounts WHERE id = $1 AND guest = 1", &id)?;
    Ok(())
}

fn account_id(row: &dyn Row) -> Result<AccountId, Failure> {
    rows::account_id(row.int(0)?)
}
