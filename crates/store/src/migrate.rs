//! Brings a database to the schema of this version: embedded steps, run at start, forward only.
//!
//! A step that was released is never changed; a new one is added at the end. An older program refuses a newer database
//! instead of guessing.

use crate::tx::{Tx, Value, query_one};
use crate::{Failure, OpenError};

/// The steps, oldest first; the version of a database is how many of them it has seen.
const STEPS: [&str; 4] = [
    include_str!("../migrations/0001_start.sql"),
    include_str!("../migrations/0002_lobby.sql"),
    include_str!("../migrations/0003_watch.sql"),
    include_str!("../migrations/0004_uploads.sql"),
];

/// What differs between the databases in the text of a schema.
pub(crate) struct Dialect {
    /// A key that the database gives out, rising, never twice.
    pub(crate) id: &'static str,
    /// A key that we give out.
    pub(crate) key: &'static str,
    /// Bytes.
    pub(crate) bytes: &'static str,
    /// Rows lie in the order of the key.
    pub(crate) clustered: &'static str,
}

/// SQLite's words.
pub(crate) const SQLITE: Dialect = Dialect {
    id: "INTEGER PRIMARY KEY AUTOINCREMENT",
    // Exactly this type name makes it the key that rows are stored by.
    key: "INTEGER PRIMARY KEY",
    bytes: "BLOB",
    clustered: "WITHOUT ROWID",
};

/// The version of the schema that this program writes.
pub(crate) const VERSION: i64 = STEPS.len() as i64;

/// Runs the steps that are missing, within the caller's transaction.
pub(crate) fn migrate(tx: &mut dyn Tx, dialect: &Dialect) -> Result<(), OpenError> {
    let found = version(tx).map_err(OpenError::migration)?;
    if found > VERSION {
        return Err(OpenError::newer(found, VERSION));
    }
    let missing = usize::try_from(found).unwrap_or(0);
    for step in &STEPS[missing..] {
        for statement in statements(step, dialect) {
            tx.execute(&statement, &[]).map_err(OpenError::migration)?;
        }
    }
    tx.execute("UPDATE schema_version SET version = $1", &[Value::Int(VERSION)])
        .map_err(OpenError::migration)?;
    Ok(())
}

fn version(tx: &mut dyn Tx) -> Result<i64, Failure> {
    tx.execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)", &[])?;
    let found = query_one(tx, "SELECT version FROM schema_version", &[], |row| row.int(0))?;
    if found.is_none() {
        tx.execute("INSERT INTO schema_version (version) VALUES (0)", &[])?;
    }
    Ok(found.unwrap_or(0))
}

fn statements(step: &str, dialect: &Dialect) -> Vec<String> {
    let plain: Vec<&str> = step.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
    let text = plain.join("\n");
    let text = text.replace("{id}", dialect.id).replace("{key}", dialect.key);
    let text = text.replace("{bytes}", dialect.bytes).replace("{clustered}", dialect.clustered);
    text.split(';').map(str::trim).filter(|statement| !statement.is_empty()).map(str::to_owned).collect()
}
