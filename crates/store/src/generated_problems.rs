//! Problems that a service wrote and that passed the gate, as files; drafts until somebody promotes them.

use crate::Failure;
use crate::tx::{Tx, Value, query_all};
use crate::write::Write;
use parlor_core::{AccountId, Timestamp};

/// A generated problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredProblem {
    /// Its name.
    pub id: String,
    /// Its file.
    pub text: String,
    /// Whether nobody has promoted it.
    pub is_draft: bool,
}

/// Keeps a draft. False where there is one of that name.
///
/// # Errors
/// What the database says.
pub fn insert(
    write: &mut Write<'_>,
    id: &str,
    text: &str,
    by: AccountId,
    now: Timestamp,
) -> Result<bool, Failure> {
    let sql = "INSERT INTO generated_problems (id, text, account_id, created_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (id) DO NOTHING";
    let params = [Value::Text(id), Value::Text(text), Value::Int(by.get()), Value::Int(now.as_millis())];
    Ok(write.execute(sql, &params)? > 0)
}

/// Lets everybody play a draft. False where there is no such draft.
///
/// # Errors
/// What the database says.
pub fn promote(write: &mut Write<'_>, id: &str, now: Timestamp) -> Result<bool, Failure> {
    let sql = "UPDATE generated_problems SET promoted_at = $1 WHERE id = $2 AND promoted_at IS NULL";
    Ok(write.execute(sql, &[Value::Int(now.as_millis()), Value::Text(id)])? > 0)
}

/// All of them.
///
/// # Errors
/// What the database says.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<StoredProblem>, Failure> {
    let sql = "SELECT id, text, promoted_at FROM generated_problems ORDER BY created_at, id";
    query_all(tx, sql, &[], |row| {
        Ok(StoredProblem {
            id: row.text(0)?.to_owned(),
            text: row.text(1)?.to_owned(),
            is_draft: row.int_or_null(2)?.is_none(),
        })
    })
}
