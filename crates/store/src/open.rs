//! Opening a database: the file, the schema, the threads.

use crate::batch::{self, Memory, OnCommit};
use crate::private_file::create_if_missing;
use crate::sqlite::{SqliteTx, open_checkpointer, open_reader, open_writer};
use crate::tx::Tx;
use crate::writer::Writer;
use crate::{Database, Failure, Inner, Store, backup, checkpoint, copy, migrate, readers};
use parlor_core::Epoch;
use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

/// Why a database can not be used: one sentence for whoever started the server.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(String);

impl OpenError {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    pub(crate) fn cannot_open(path: &Path, error: &dyn std::error::Error) -> Self {
        Self(format!(
            "the database {} can not be opened ({error}); check that its folder exists and can be written to",
            path.display()
        ))
    }

    pub(crate) fn newer(found: i64, ours: i64) -> Self {
        Self(format!(
            "the database has schema version {found}, this program knows up to {ours}: it was used by a newer version of \
             Parlor; start that version, or restore a backup from before the upgrade"
        ))
    }

    pub(crate) fn migration(failure: impl Into<Failure>) -> Self {
        let failure = failure.into();
        let cause =
            std::error::Error::source(&failure).map(|cause| format!(" ({cause})")).unwrap_or_default();
        Self(format!("the database can not be brought to this version's schema: {failure}{cause}"))
    }

    fn in_use(path: &Path) -> Self {
        Self(format!(
            "the database {} is in use by another Parlor; stop that one, or give this one its own data folder",
            path.display()
        ))
    }

    fn no_thread(error: &std::io::Error) -> Self {
        Self(format!("no thread can be started for the database ({error})"))
    }
}

/// How many threads read.
fn reader_count() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 4)
}

/// What a database is opened for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be used.
    Use,
    /// To take a copy of another, which may have begun.
    Fill,
}

pub(crate) fn open_sqlite(
    path: &Path,
    epoch_if_restored: Epoch,
    purpose: Purpose,
) -> Result<Store, OpenError> {
    let lock = lock(path)?;
    let connection = open_writer(path)?;
    let memory = prepare(&connection, epoch_if_restored, purpose)?;
    let on_commit = OnCommit::default();
    let (checkpoints, checkpointer) = checkpoint::checkpoints(open_checkpointer(path)?);
    let (writes, write_queue) = crossbeam_channel::bounded(batch::QUEUE);
    let (reads, read_queue) = crossbeam_channel::bounded(readers::QUEUE);
    let mut threads = Vec::new();
    for number in 1..=reader_count() {
        let (connection, queue) = (open_reader(path)?, read_queue.clone());
        threads.push(spawn(&format!("read-{number}"), move || readers::run(&connection, &queue))?);
    }
    let writer = Writer::new(connection, memory, on_commit.clone(), checkpoints);
    threads.push(spawn("write", move || writer.run(&write_queue))?);
    threads.push(spawn("checkpoint", move || checkpointer.run())?);
    let inner = Inner {
        writes: Some(writes),
        reads: Some(reads),
        on_commit,
        threads,
        database: Database::Sqlite { path: path.to_owned(), _lock: lock },
    };
    Ok(Store { inner: Arc::new(inner) })
}

/// Makes sure that this is the only store on the file: the writer knows more of the database than it asks it. The lock
/// goes with the process, however that ends. A file of its own: SQLite would lose its locks if another handle on the
/// database's were closed.
fn lock(path: &Path) -> Result<File, OpenError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".lock");
    create_if_missing(Path::new(&beside)).map_err(|error| OpenError::cannot_open(path, &error))?;
    let file = File::create(&beside).map_err(|error| OpenError::cannot_open(path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::in_use(path)),
        Err(TryLockError::Error(error)) => Err(OpenError::cannot_open(path, &error)),
    }
}

fn prepare(
    connection: &rusqlite::Connection,
    epoch_if_restored: Epoch,
    purpose: Purpose,
) -> Result<Memory, OpenError> {
    let mut tx = SqliteTx { connection };
    tx.execute("BEGIN IMMEDIATE", &[]).map_err(OpenError::migration)?;
    let prepared = migrate::migrate(&mut tx, &migrate::SQLITE)
        .and_then(|()| refuse_half_a_copy(&mut tx, purpose))
        .and_then(|()| backup::begin_new_life(&mut tx, epoch_if_restored).map_err(OpenError::migration))
        .and_then(|()| Memory::load(&mut tx, true).map_err(OpenError::migration));
    let end = if prepared.is_ok() { "COMMIT" } else { "ROLLBACK" };
    tx.execute(end, &[]).map_err(OpenError::migration)?;
    prepared
}

/// A copy that is not whole is no database to use.
pub(crate) fn refuse_half_a_copy(tx: &mut dyn Tx, purpose: Purpose) -> Result<(), OpenError> {
    if purpose == Purpose::Use && copy::begun(tx).map_err(OpenError::migration)? {
        return Err(OpenError::new(
            "the database holds a copy that is not finished; give the same `parlor db copy` again, and it goes on",
        ));
    }
    Ok(())
}

pub(crate) fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, OpenError> {
    std::thread::Builder::new().name(format!("store-{name}")).spawn(run).map_err(|e| OpenError::no_thread(&e))
}
