//! Moves what was committed from the write-ahead log into the database, beside the writer instead of within a commit.
//!
//! A thread of its own copies most of it while the writer goes on; then the writer, between two commits, copies the few
//! pages that came meanwhile. The log is then empty of news and is written from its beginning again, so its file stays
//! at a few times [`PAGES`], and no commit waits for a long checkpoint.

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use rusqlite::Connection;
use rusqlite::hooks::Wal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Pages of 4 KiB in the write-ahead log from which it is worth a checkpoint: 64 MiB.
const PAGES: u64 = 16_384;
/// Pages that may be left to the writer; while more have come meanwhile the thread goes round again …
const LEFT_OVER: u64 = 512;
/// … at most this often: a writer that is faster than it has to wait in the end.
const ROUNDS: usize = 4;

/// The writer's side.
pub(crate) struct Checkpoints {
    /// How long the write-ahead log is, in pages, after the last commit.
    pages: Arc<AtomicU64>,
    /// Set while the thread is at work or has not been followed up.
    busy: bool,
    finished: Arc<AtomicBool>,
    wake: Sender<()>,
}

/// The thread's side.
pub(crate) struct Checkpointer {
    connection: Connection,
    pages: Arc<AtomicU64>,
    finished: Arc<AtomicBool>,
    wake: Receiver<()>,
}

/// Both sides, over a connection for the thread.
pub(crate) fn checkpoints(connection: Connection) -> (Checkpoints, Checkpointer) {
    let (wake, woken) = bounded(1);
    let finished = Arc::new(AtomicBool::new(false));
    let pages = Arc::new(AtomicU64::new(0));
    let writer = Checkpoints { pages: pages.clone(), busy: false, finished: finished.clone(), wake };
    (writer, Checkpointer { connection, pages, finished, wake: woken })
}

impl Checkpoints {
    /// Lets the writer's connection say how long the log is.
    pub(crate) fn watch(&self, writer: &mut Connection) {
        let pages = self.pages.clone();
        let hook = move |_: &mut Wal, length: std::ffi::c_int| {
            pages.store(u64::try_from(length).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        };
        if let Err(error) = writer.wal_hook(Some(hook)) {
            tracing::warn!(%error, "the length of the write-ahead log can not be watched: no checkpoints until the end");
        }
    }

    /// Called by the writer between two transactions.
    pub(crate) fn after_commit(&mut self, writer: &Connection) {
        if self.busy {
            if self.finished.swap(false, Ordering::AcqRel) {
                let _ = checkpoint(writer);
                self.busy = false;
            }
        } else if self.pages.load(Ordering::Relaxed) >= PAGES {
            match self.wake.try_send(()) {
                Ok(()) | Err(TrySendError::Full(())) => self.busy = true,
                // The thread is gone: better late within a commit than never.
                Err(TrySendError::Disconnected(())) => drop(checkpoint(writer)),
            }
        }
    }
}

impl Checkpointer {
    /// Works until the writer is gone.
    pub(crate) fn run(self) {
        while self.wake.recv().is_ok() {
            for _ in 0..ROUNDS {
                let copied = checkpoint(&self.connection);
                if self.pages.load(Ordering::Relaxed).saturating_sub(copied) <= LEFT_OVER {
                    break;
                }
            }
            self.finished.store(true, Ordering::Release);
        }
    }
}

/// Copies as much as nobody is in the way of; answers how many pages of the log are copied by now. A failure is tried
/// again with the next one.
fn checkpoint(connection: &Connection) -> u64 {
    let run = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get::<_, i64>(2));
    match run {
        Ok(copied) => u64::try_from(copied).unwrap_or(0),
        Err(error) => {
            tracing::warn!(%error, "a checkpoint failed");
            0
        }
    }
}
