//! A copy of the database while it is in use, by SQLite's own online backup.

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is a file already; it is not overwritten.
    #[error("there is a file of that name already")]
    Exists,
    /// The database or the disk.
    #[error("the copy can not be made")]
    Sqlite(#[from] rusqlite::Error),
    /// The disk.
    #[error("the copy can not be written")]
    Io(#[from] std::io::Error),
}

/// Copies the database in `from` to the new file `to`. The copy appears under its name only once it is whole and on the
/// disk; writers go on meanwhile.
pub(crate) fn back_up(from: &Path, to: &Path) -> Result<(), BackupError> {
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
    let mut target = Connection::open(partial)?;
    // All in one step: a backup in several begins anew whenever the database has changed between two.
    Backup::new(&source, &mut target)?.step(-1)?;
    // The copy is one file, without a write-ahead log beside it.
    target.execute_batch("PRAGMA journal_mode = DELETE")?;
    drop(target);
    std::fs::File::open(partial)?.sync_all()?;
    Ok(())
}
