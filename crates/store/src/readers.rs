//! The pool of reading threads: each has a connection, all take from one bounded queue.
//!
//! A job sees the database as it was when the job began, however long it reads, and waits for no writer.

use crate::Failure;
use crate::sqlite::SqliteTx;
use crate::tx::Tx;
use crossbeam_channel::Receiver;
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How many jobs wait at most; one more is refused as unavailable.
pub(crate) const QUEUE: usize = 4_096;

/// Something to be read. Gets the reason when there can be no transaction.
pub(crate) type Job = Box<dyn FnOnce(Result<&mut dyn Tx, Failure>) + Send>;

/// Works until every sender of the queue is gone.
pub(crate) fn run(connection: &Connection, queue: &Receiver<Job>) {
    for job in queue {
        let mut tx = SqliteTx { connection };
        match tx.execute("BEGIN", &[]) {
            Err(failure) => job(Err(failure)),
            Ok(_) => {
                // A job that panics is a fault of ours, but not the end of all reading: its caller finds the channel
                // closed.
                let ran = catch_unwind(AssertUnwindSafe(|| job(Ok(&mut tx))));
                if ran.is_err() {
                    tracing::error!("a reading job panicked");
                }
                if let Err(failure) = tx.execute("COMMIT", &[]) {
                    tracing::warn!(error = %failure, "a reading transaction did not end");
                }
            }
        }
    }
}
