//! A copy of the database while it is in use, by SQLite's own online backup; and how a copy that is opened comes to
//! other epochs.
//!
//! The copy says of itself that it is one, in a table that the original has not got or that is empty there. Whoever opens
//! it for serving gives every log another life in the transaction that takes the mark away: a client that holds what
//! happened after the copy was made is told to start anew, instead of taking other events for those it has.

use crate::Failure;
use crate::heads;
use crate::private_file::create_if_missing;
use crate::tx::{Tx, query_one};
use parlor_core::Epoch;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// How long the copy waits for a lock on the original, which is held for moments only.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// In no migration: a copy may be of an older schema than this program's, and stays so until it is opened.
const MARK_TABLE: &str = "CREATE TABLE IF NOT EXISTS backup_mark (id BIGINT NOT NULL PRIMARY KEY)";

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is a file already; it is not overwritten.
    #[error("there is a file of that name already")]
    Exists,
    /// The database is PostgreSQL, which has its own ways.
    #[error("PostgreSQL makes its own backups: use pg_dump")]
    NotSqlite,
    /// Somebody holds a lock on the database for longer than is waited for it.
    #[error("the database is locked")]
    Locked,
    /// The database or the disk.
    #[error("the copy can not be made")]
    Sqlite(#[from] rusqlite::Error),
    /// The disk.
    #[error("the copy can not be written")]
    Io(#[from] std::io::Error),
}

/// Copies the SQLite database in `from` to the new file `to`, whether a server uses it or not. The copy appears under its
/// name only once it is whole and on the disk; writers go on meanwhile. Blocks until it is done.
///
/// # Errors
/// When `to` exists, or cannot be written.
pub fn back_up(from: &Path, to: &Path) -> Result<(), BackupError> {
    if to.exists() {
        return Err(BackupError::Exists);
    }
    let mut partial = to.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Path::new(&partial);
    let copied = copy(from, partial);
    if copied.is_err() {
        // It may not even be there; what counts is the error before.
        let _ = std::fs::remove_file(partial);
    }
    copied?;
    std::fs::rename(partial, to)?;
    Ok(())
}

fn copy(from: &Path, partial: &Path) -> Result<(), BackupError> {
    let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    source.busy_timeout(BUSY_TIMEOUT)?;
    create_if_missing(partial)?;
    let mut target = Connection::open(partial)?;
    // All in one step: a backup in several begins anew whenever the database has changed between two.
    match Backup::new(&source, &mut target)?.step(-1)? {
        StepResult::Done => {}
        // Without this a copy of nothing would take the name of one.
        _ => return Err(BackupError::Locked),
    }
    // The copy is one file, without a write-ahead log beside it.
    target.execute_batch("PRAGMA journal_mode = DELETE")?;
    let mark = "INSERT INTO backup_mark (id) VALUES (1) ON CONFLICT (id) DO NOTHING";
    target.execute_batch(&format!("BEGIN; {MARK_TABLE}; {mark}; COMMIT"))?;
    drop(target);
    std::fs::File::open(partial)?.sync_all()?;
    Ok(())
}

/// Gives every log another life where the database says that it is a backup, and takes that word back; within the
/// caller's transaction, after the schema was brought to this version.
///
/// # Errors
/// What the database says.
pub(crate) fn begin_new_life(tx: &mut dyn Tx, epoch: Epoch) -> Result<(), Failure> {
    tx.execute(MARK_TABLE, &[])?;
    if query_one(tx, "SELECT 1 FROM backup_mark LIMIT 1", &[], |_| Ok(()))?.is_none() {
        return Ok(());
    }
    heads::renew_epochs(tx, epoch)?;
    tx.execute("DELETE FROM backup_mark", &[])?;
    tracing::info!("the database was restored from a backup: clients load their groups anew");
    Ok(())
}
