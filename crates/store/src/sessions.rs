//! Sessions: one row per sign-in, found by the hash of its token. The token itself is never here.

use crate::Failure;
use crate::accounts::{self, StoredAccount};
use crate::rows::{self, Chunked};
use crate::tx::{Tx, Value, query_all, query_one};
use crate::write::Write;
use parlor_core::{AccountId, SessionId, Timestamp};
use std::collections::HashSet;

/// SHA-256 of a token of 256 random bits. Looking it up needs no constant time: who can choose a hash that shares its
/// beginning with another learns nothing about the token that makes it.
pub type TokenHash = [u8; 32];

/// How many sessions an account keeps; the oldest make way.
pub const MOST_PER_ACCOUNT: i64 = 100;

/// One sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSession {
    /// Which.
    pub id: SessionId,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used, roughly.
    pub last_seen_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// How the program named itself.
    pub agent: Option<String>,
}

/// Makes a session; answers it, and the sessions that made way for it.
///
/// # Errors
/// What the database says.
pub fn insert(
    write: &mut Write<'_>,
    account: AccountId,
    token_hash: &TokenHash,
    agent: Option<&str>,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(SessionId, Vec<SessionId>), Failure> {
    let sql = "INSERT INTO sessions (account_id, token_hash, created_at, last_seen_at, expires_at, agent) \
               VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
    let params = [
        Value::Int(account.get()),
        Value::Bytes(token_hash),
        Value::Int(now.as_millis()),
        Value::Int(now.as_millis()),
        Value::Int(expires_at.as_millis()),
        Value::text_or_null(agent),
    ];
    let id = query_one(write, sql, &params, |row| rows::session_id(row.int(0)?))?;
    let id = id.ok_or_else(|| Failure::internal("an insert answered no id"))?;
    let sql = "DELETE FROM sessions WHERE account_id = $1 AND id <= (SELECT s.id FROM sessions s \
               WHERE s.account_id = $1 ORDER BY s.id DESC LIMIT 1 OFFSET $2) RETURNING id";
    let params = [account.get(), MOST_PER_ACCOUNT].map(Value::Int);
    let gone = query_all(write, sql, &params, |row| rows::session_id(row.int(0)?))?;
    Ok((id, gone))
}

/// The session with this hash and whose it is, when it has not ended at `now`.
///
/// # Errors
/// What the database says.
pub fn find(
    tx: &mut dyn Tx,
    token_hash: &TokenHash,
    now: Timestamp,
) -> Result<Option<(StoredSession, StoredAccount)>, Failure> {
    let sql = "SELECT s.id, s.created_at, s.last_seen_at, s.expires_at, a.id, a.username, a.display_name, a.guest, \
               a.admin FROM sessions s JOIN accounts a ON a.id = s.account_id \
               WHERE s.token_hash = $1 AND s.expires_at > $2";
    query_one(tx, sql, &[Value::Bytes(token_hash), Value::Int(now.as_millis())], |row| {
        let session = StoredSession {
            id: rows::session_id(row.int(0)?)?,
            created_at: rows::time(row, 1)?,
            last_seen_at: rows::time(row, 2)?,
            expires_at: rows::time(row, 3)?,
            agent: None,
        };
        let account = accounts::account(row, 4)?;
        Ok((session, StoredAccount { account, admin: row.int(8)? != 0, password_hash: None }))
    })
}

/// The sessions of an account that have not ended at `now`, newest first.
///
/// # Errors
/// What the database says.
pub fn of_account(
    tx: &mut dyn Tx,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<StoredSession>, Failure> {
    let sql = "SELECT id, created_at, last_seen_at, expires_at, agent FROM sessions \
               WHERE account_id = $1 AND expires_at > $2 ORDER BY id DESC";
    query_all(tx, sql, &[Value::Int(account.get()), Value::Int(now.as_millis())], |row| {
        Ok(StoredSession {
            id: rows::session_id(row.int(0)?)?,
            created_at: rows::time(row, 1)?,
            last_seen_at: rows::time(row, 2)?,
            expires_at: rows::time(row, 3)?,
            agent: row.text_or_null(4)?.map(str::to_owned),
        })
    })
}

/// Notes that a session was used.
///
/// # Errors
/// What the database says.
pub fn touch(
    write: &mut Write<'_>,
    session: SessionId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Failure> {
    let sql = "UPDATE sessions SET last_seen_at = $1, expires_at = $2 WHERE id = $3";
    write.execute(sql, &[now.as_millis(), expires_at.as_millis(), session.get()].map(Value::Int))?;
    Ok(())
}

/// Ends one session of an account; whether there was one.
///
/// # Errors
/// What the database says.
pub fn end_one(write: &mut Write<'_>, account: AccountId, session: SessionId) -> Result<bool, Failure> {
    let sql = "DELETE FROM sessions WHERE account_id = $1 AND id = $2";
    Ok(write.execute(sql, &[account.get(), session.get()].map(Value::Int))? > 0)
}

/// Ends every session of an account, but `except`.
///
/// # Errors
/// What the database says.
pub fn end_all(write: &mut Write<'_>, account: AccountId, except: Option<SessionId>) -> Result<(), Failure> {
    let sql = "DELETE FROM sessions WHERE account_id = $1 AND id <> $2";
    // No session has the id 0.
    let except = except.map_or(0, SessionId::get);
    write.execute(sql, &[account.get(), except].map(Value::Int))?;
    Ok(())
}

/// Which of `sessions` are no more, or have ended at `now`.
///
/// # Errors
/// What the database says.
pub fn ended(tx: &mut dyn Tx, sessions: &[SessionId], now: Timestamp) -> Result<Vec<SessionId>, Failure> {
    static SQL: Chunked = Chunked::new(
        "WITH want(id) AS (VALUES",
        &["BIGINT"],
        ") SELECT s.id, s.expires_at FROM want JOIN sessions s ON s.id = want.id",
    );
    let params: Vec<Value<'_>> = sessions.iter().map(|session| Value::Int(session.get())).collect();
    let mut alive = HashSet::new();
    tx.query_many(&SQL, &params, &mut |row| {
        if rows::time(row, 1)? > now {
            alive.insert(row.int(0)?);
        }
        Ok(())
    })?;
    Ok(sessions.iter().copied().filter(|session| !alive.contains(&session.get())).collect())
}
