//! The threads that read: each has a connection, all take from one bounded queue.
//!
//! A job sees the database as it was at its first statement, and waits for no writer.

use super::link::Link;
use crate::readers::Job;
use crossbeam_channel::Receiver;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Works until every sender of the queue is gone.
pub(super) fn run(mut link: Link, queue: &Receiver<Job>) {
    for job in queue {
        match link.session() {
            Err(failure) => job(Err(failure)),
            Ok(session) => {
                let mut tx = session.begin_reading();
                // A job that panics is a fault of ours, but not the end of all reading: its caller finds the channel
                // closed.
                if catch_unwind(AssertUnwindSafe(|| job(Ok(&mut tx)))).is_err() {
                    tracing::error!("a reading job panicked");
                }
            }
        }
    }
}
