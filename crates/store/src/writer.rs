//! SQLite's writer: a thread that takes everything pending, runs it in one transaction, commits, tells what was appended
//! and then answers everybody. A batch that fails is answered as unavailable; the next one tries anew.

use crate::Failure;
use crate::batch::{self, Answered, BATCH, Job, Memory, OnCommit, OpenTx, Told};
use crate::checkpoint::Checkpoints;
use crate::sqlite::{SqliteTx, failure};
use crate::tx::Tx;
use crossbeam_channel::{Receiver, RecvTimeoutError};
use rusqlite::Connection;
use std::time::Duration;

/// Rows of tidying per job of a batch, and at least per batch.
const TIDY_PER_JOB: usize = 3;
const TIDY_AT_LEAST: usize = 64;

/// How long nothing comes before it counts as quiet.
const QUIET: Duration = Duration::from_millis(500);
/// Rows that are brought to their places at once while it is quiet, and from how many on that is worth a commit.
const TIDY_WHILE_QUIET: usize = 2_000;
const WORTH_TIDYING: usize = 500;

/// The writing thread's own things.
pub(crate) struct Writer {
    connection: Connection,
    /// `None` after a failure, until it is read back.
    memory: Option<Memory>,
    on_commit: OnCommit,
    checkpoints: Checkpoints,
}

impl Writer {
    pub(crate) fn new(
        mut connection: Connection,
        memory: Memory,
        on_commit: OnCommit,
        checkpoints: Checkpoints,
    ) -> Self {
        checkpoints.watch(&mut connection);
        Self { connection, memory: Some(memory), on_commit, checkpoints }
    }

    /// Works until every sender of the queue is gone, then leaves a tidy database.
    pub(crate) fn run(mut self, queue: &Receiver<Job>) {
        let mut jobs = Vec::with_capacity(BATCH);
        loop {
            match queue.recv_timeout(QUIET) {
                Ok(first) => {
                    jobs.push(first);
                    jobs.extend(queue.try_iter().take(BATCH - 1));
                    self.write_all(std::mem::take(&mut jobs));
                }
                Err(RecvTimeoutError::Timeout) => self.tidy_while_quiet(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.checkpoints.after_commit(&self.connection);
        }
        if let Err(failure) = self.leave_tidy() {
            tracing::warn!(error = %failure, "what waits for its place goes on waiting until the next start");
        }
    }

    /// Brings what waits to its place while nobody waits for anything: pages are then read from one table.
    fn tidy_while_quiet(&mut self) {
        if self.memory.as_ref().is_some_and(|memory| memory.tail.waiting() < WORTH_TIDYING) {
            return;
        }
        if let Err(failure) = self.tidy() {
            self.roll_back();
            tracing::warn!(error = %failure, "tidying failed; tried again in a moment");
        }
    }

    fn tidy(&mut self) -> Result<(), Failure> {
        self.begin()?;
        let mut tx = SqliteTx { connection: &self.connection };
        let memory = self.memory.as_mut().ok_or_else(no_memory)?;
        memory.tail.clear_from_now();
        memory.tail.clear_some(&mut tx, TIDY_WHILE_QUIET)?;
        memory.sends.settle_some(&mut tx, TIDY_WHILE_QUIET)?;
        tx.execute("COMMIT", &[])?;
        Ok(())
    }

    fn write_all(&mut self, jobs: Vec<Job>) {
        let mut told = Told::default();
        let mut answers: Vec<Answered> = Vec::with_capacity(jobs.len());
        match self.try_write_all(jobs, &mut told, &mut answers) {
            Ok(()) => {
                told.tell(&self.on_commit);
                for answer in answers {
                    answer.committed();
                }
            }
            Err(failure) => {
                self.roll_back();
                // Of many causes that all of them share one is enough, in the log and for the callers.
                tracing::warn!(error = %failure, jobs = answers.len(), "a commit failed");
                for answer in answers {
                    answer.failed();
                }
            }
        }
    }

    /// Runs and commits. Whatever it returns, `answers` holds one for every job.
    fn try_write_all(
        &mut self,
        jobs: Vec<Job>,
        told: &mut Told,
        answers: &mut Vec<Answered>,
    ) -> Result<(), Failure> {
        let count = jobs.len();
        if let Err(failure) = self.begin() {
            answers.extend(jobs.into_iter().map(Answered::NotRun));
            return Err(failure);
        }
        let mut tx = SqliteTx { connection: &self.connection };
        let memory = self.memory.as_mut().ok_or_else(no_memory)?;
        batch::run(&mut tx, memory, jobs, told, answers)?;
        let rows = (count * TIDY_PER_JOB).max(TIDY_AT_LEAST);
        memory.tail.clear_some(&mut tx, rows)?;
        memory.sends.settle_some(&mut tx, rows)?;
        tx.execute("COMMIT", &[])?;
        Ok(())
    }

    fn begin(&mut self) -> Result<(), Failure> {
        let mut tx = SqliteTx { connection: &self.connection };
        tx.execute("BEGIN IMMEDIATE", &[])?;
        if self.memory.is_none() {
            self.memory = Some(Memory::load(&mut tx, true)?);
        }
        Ok(())
    }

    fn roll_back(&mut self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("ROLLBACK")
        {
            tracing::warn!(error = %failure(error), "a rollback failed");
        }
        // What the memory says is no longer what the database says.
        self.memory = None;
    }

    fn leave_tidy(&mut self) -> Result<(), Failure> {
        self.begin()?;
        let mut tx = SqliteTx { connection: &self.connection };
        if let Some(memory) = &mut self.memory {
            memory.tail.clear_all(&mut tx)?;
            memory.sends.settle_all(&mut tx)?;
        }
        tx.execute("COMMIT", &[])?;
        Ok(())
    }
}

fn no_memory() -> Failure {
    Failure::internal("a batch without the writer's memory")
}

impl OpenTx for SqliteTx<'_> {
    fn savepoint(&mut self) -> Result<(), Failure> {
        self.execute("SAVEPOINT job", &[]).map(drop)
    }

    fn release(&mut self) -> Result<(), Failure> {
        self.execute("RELEASE job", &[]).map(drop)
    }

    fn roll_back_to_savepoint(&mut self) -> Result<(), Failure> {
        self.execute("ROLLBACK TO job", &[]).map(drop)
    }

    fn has_ended(&self) -> bool {
        self.connection.is_autocommit()
    }
}
