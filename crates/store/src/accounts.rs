//! Accounts: registered ones and guests.

use crate::tx::{Row, Tx, Value, query_one};
use crate::write::Write;
use crate::{Failure, rows};
use parlor_core::{Account, AccountId, DisplayName, Timestamp, Username};

/// An account with what only the server knows of it.
#[derive(Clone)]
pub struct StoredAccount {
    /// What others see.
    pub account: Account,
    /// Whether it runs this server.
    pub admin: bool,
    /// The hash of its password, with its salt and costs; `None` for a guest.
    pub password_hash: Option<String>,
}

/// Reads the columns id, username, display_name, guest, which begin at column `first`.
pub(crate) fn account(row: &dyn Row, first: usize) -> Result<Account, Failure> {
    Ok(Account {
        id: rows::account_id(row.int(first)?)?,
        username: row.text_or_null(first + 1)?.map(Username::from_stored),
        display_name: DisplayName::from_stored(row.text(first + 2)?),
        guest: row.int(first + 3)? != 0,
    })
}

/// Makes a registered account; `None` when the username, compared by its key, belongs to somebody.
///
/// # Errors
/// What the database says.
pub fn insert_registered(
    write: &mut Write<'_>,
    username: &Username,
    display_name: &DisplayName,
    password_hash: &str,
    admin: bool,
    now: Timestamp,
) -> Result<Option<Account>, Failure> {
    let sql = "INSERT INTO accounts (username, username_key, display_name, password_hash, guest, admin, created_at) \
               VALUES ($1, $2, $3, $4, 0, $5, $6) ON CONFLICT (username_key) DO NOTHING RETURNING id";
    let key = username.key();
    let params = [
        Value::Text(username.as_str()),
        Value::Text(&key),
        Value::Text(display_name.as_str()),
        Value::Text(password_hash),
        Value::Int(i64::from(admin)),
        Value::Int(now.as_millis()),
    ];
    let id = query_one(write, sql, &params, |row| rows::account_id(row.int(0)?))?;
    Ok(id.map(|id| Account {
        id,
        username: Some(username.clone()),
        display_name: display_name.clone(),
        guest: false,
    }))
}

/// Makes a guest.
///
/// # Errors
/// What the database says.
pub fn insert_guest(
    write: &mut Write<'_>,
    display_name: &DisplayName,
    now: Timestamp,
) -> Result<Account, Failure> {
    let sql =
        "INSERT INTO accounts (display_name, guest, admin, created_at) VALUES ($1, 1, 0, $2) RETURNING id";
    let params = [Value::Text(display_name.as_str()), Value::Int(now.as_millis())];
    let id = query_one(write, sql, &params, |row| rows::account_id(row.int(0)?))?;
    let id = id.ok_or_else(|| Failure::internal("an insert answered no id"))?;
    Ok(Account { id, username: None, display_name: display_name.clone(), guest: true })
}

/// The account with this id.
///
/// # Errors
/// What the database says.
pub fn load(tx: &mut dyn Tx, id: AccountId) -> Result<Option<StoredAccount>, Failure> {
    let sql = "SELECT a.id, a.username, a.display_name, a.guest, a.admin, a.password_hash FROM accounts a \
               WHERE a.id = $1";
    query_one(tx, sql, &[Value::Int(id.get())], stored)
}

/// The account with this username, compared by its key.
///
/// # Errors
/// What the database says.
pub fn find(tx: &mut dyn Tx, username: &Username) -> Result<Option<StoredAccount>, Failure> {
    let sql = "SELECT a.id, a.username, a.display_name, a.guest, a.admin, a.password_hash FROM accounts a \
               WHERE a.username_key = $1";
    query_one(tx, sql, &[Value::Text(&username.key())], stored)
}

fn stored(row: &dyn Row) -> Result<StoredAccount, Failure> {
    Ok(StoredAccount {
        account: account(row, 0)?,
        admin: row.int(4)? != 0,
        password_hash: row.text_or_null(5)?.map(str::to_owned),
    })
}

/// Whether there is an admin.
///
/// # Errors
/// What the database says.
pub fn any_admin(tx: &mut dyn Tx) -> Result<bool, Failure> {
    let found = query_one(tx, "SELECT 1 FROM accounts WHERE admin = 1 LIMIT 1", &[], |_| Ok(()))?;
    Ok(found.is_some())
}

/// Gives an account another password.
///
/// # Errors
/// What the database says.
pub fn set_password(write: &mut Write<'_>, id: AccountId, password_hash: &str) -> Result<(), Failure> {
    let sql = "UPDATE accounts SET password_hash = $1 WHERE id = $2";
    write.execute(sql, &[Value::Text(password_hash), Value::Int(id.get())])?;
    Ok(())
}

/// Gives an account another display name. Events keep the name that they happened under.
///
/// # Errors
/// What the database says.
pub fn rename(write: &mut Write<'_>, id: AccountId, name: &DisplayName) -> Result<(), Failure> {
    let sql = "UPDATE accounts SET display_name = $1 WHERE id = $2";
    write.execute(sql, &[Value::Text(name.as_str()), Value::Int(id.get())])?;
    Ok(())
}

/// Takes away what an account is known by: nobody can sign in to it any more. What it did stays in the logs.
///
/// # Errors
/// What the database says.
pub fn erase(write: &mut Write<'_>, id: AccountId, display_name: &DisplayName) -> Result<(), Failure> {
    let sql = "UPDATE accounts SET username = NULL, username_key = NULL, password_hash = NULL, admin = 0, \
               display_name = $1 WHERE id = $2";
    write.execute(sql, &[Value::Text(display_name.as_str()), Value::Int(id.get())])?;
    write.execute("DELETE FROM racers WHERE account_id = $1", &[Value::Int(id.get())])?;
    Ok(())
}
