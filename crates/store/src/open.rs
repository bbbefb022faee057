//! Opening a database: the file, the schema, the threads.

use crate::sqlite::{SqliteTx, open_checkpointer, open_reader, open_writer};
use crate::tx::Tx;
use crate::writer::{Memory, OnCommit, Writer};
use crate::{Failure, Inner, Store, checkpoint, migrate, readers, writer};
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

/// Why a database can not be used: one sentence for whoever started the server.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(String);

impl OpenError {
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

    fn no_thread(error: &std::io::Error) -> Self {
        Self(format!("no thread can be started for the database ({error})"))
    }
}

/// How many threads read.
fn reader_count() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 4)
}

pub(crate) fn open_sqlite(path: &Path) -> Result<Store, OpenError> {
    let connection = open_writer(path)?;
    let memory = prepare(&connection)?;
    let on_commit = OnCommit::default();
    let (checkpoints, checkpointer) = checkpoint::checkpoints(open_checkpointer(path)?);
    let (writes, write_queue) = crossbeam_channel::bounded(writer::QUEUE);
    let (reads, read_queue) = crossbeam_channel::bounded(readers::QUEUE);
    let mut threads = Vec::new();
    for number in 1..=reader_count() {
        let (connection, queue) = (open_reader(path)?, read_queue.clone());
        threads.push(spawn(&format!("read-{number}"), move || readers::run(&connection, &queue))?);
    }
    let writer = Writer::new(connection, memory, on_commit.clone(), checkpoints);
    threads.push(spawn("write", move || writer.run(&write_queue))?);
    threads.push(spawn("checkpoint", move || checkpointer.run())?);
    let inner = Inner { writes: Some(writes), reads: Some(reads), on_commit, threads, path: path.to_owned() };
    Ok(Store { inner: Arc::new(inner) })
}

fn prepare(connection: &rusqlite::Connection) -> Result<Memory, OpenError> {
    let mut tx = SqliteTx { connection };
    tx.execute("BEGIN IMMEDIATE", &[]).map_err(OpenError::migration)?;
    let prepared = migrate::migrate(&mut tx, &migrate::SQLITE)
        .and_then(|()| Memory::load(&mut tx).map_err(OpenError::migration));
    let end = if prepared.is_ok() { "COMMIT" } else { "ROLLBACK" };
    tx.execute(end, &[]).map_err(OpenError::migration)?;
    prepared
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, OpenError> {
    std::thread::Builder::new().name(format!("store-{name}")).spawn(run).map_err(|e| OpenError::no_thread(&e))
}
