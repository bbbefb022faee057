//! The one road of all writes: a thread that takes everything pending, runs it in one transaction, commits, tells what
//! was appended and then answers everybody.
//!
//! "Acknowledged means committed": nobody is answered before the commit has reached the disk. Messages that follow each
//! other are appended as one batch; every other job runs by itself in a savepoint, so that one that fails takes back its
//! own work only. A commit that fails answers everybody with [`Failure::Unavailable`]; the next batch tries anew.

use crate::Failure;
use crate::append::{AppendError, AppendMessage, Appended, append_messages};
use crate::checkpoint::Checkpoints;
use crate::sends::Sends;
use crate::sqlite::{SqliteTx, failure};
use crate::tail::Tail;
use crate::tx::Tx;
use crate::write::{AfterCommit, Write};
use crossbeam_channel::{Receiver, RecvTimeoutError};
use parlor_core::Event;
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::oneshot;

/// How many jobs wait at most; one more is refused as unavailable.
pub(crate) const QUEUE: usize = 16_384;
/// How many jobs share a commit at most.
const BATCH: usize = 1_024;
/// Rows of tidying per job of a batch, and at least per batch.
const TIDY_PER_JOB: usize = 3;
const TIDY_AT_LEAST: usize = 64;

/// How long nothing comes before it counts as quiet.
const QUIET: Duration = Duration::from_millis(500);
/// Rows that are brought to their places at once while it is quiet, and from how many on that is worth a commit.
const TIDY_WHILE_QUIET: usize = 2_000;
const WORTH_TIDYING: usize = 500;

/// Something to be written.
pub(crate) enum Job {
    /// A message, answered on the channel.
    Append(AppendMessage, oneshot::Sender<Result<Appended, AppendError>>),
    /// Anything else.
    Run(Box<dyn FnOnce(&mut Write<'_>) -> Ran + Send>),
}

/// A job that ran.
pub(crate) struct Ran {
    /// Whether its work stays.
    pub(crate) keep: bool,
    /// Tells the caller, once it is known whether the transaction was committed.
    pub(crate) answer: Answer,
}

pub(crate) type Answer = Box<dyn FnOnce(Result<(), Failure>) + Send>;

/// Who is told of committed events, in the order of the commits.
pub(crate) type OnCommit = Arc<OnceLock<Box<dyn Fn(Arc<[Arc<Event>]>) + Send + Sync>>>;

/// The writing thread's own things.
pub(crate) struct Writer {
    connection: Connection,
    /// `None` after a failure, until it is read back.
    memory: Option<Memory>,
    on_commit: OnCommit,
    checkpoints: Checkpoints,
}

/// What the writer knows of the database without asking it.
pub(crate) struct Memory {
    tail: Tail,
    sends: Sends,
}

impl Memory {
    /// Reads it from the database. Of SQLite there is one writer, so that rows may wait for their places.
    pub(crate) fn load(tx: &mut dyn Tx) -> Result<Self, Failure> {
        Ok(Self { tail: Tail::load(tx, true)?, sends: Sends::load(tx, true)? })
    }

    fn changes(&self) -> u64 {
        self.tail.changes() + self.sends.changes()
    }
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
        let committed = self.try_write_all(jobs, &mut told, &mut answers);
        match committed {
            Ok(()) => {
                if let Some(tell) = self.on_commit.get()
                    && !told.events.is_empty()
                {
                    tell(told.events.into());
                }
                for then in told.after {
                    // One that panics is a fault of ours, but not the end of all writing.
                    let _ = catch_unwind(AssertUnwindSafe(then));
                }
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
        let mut jobs = jobs.into_iter().peekable();
        let mut result = self.begin();
        while let Some(job) = jobs.next() {
            if result.is_err() {
                answers.push(Answered::not_run(job));
                continue;
            }
            match job {
                Job::Run(job) => result = self.run_one(job, told, answers),
                Job::Append(message, sender) => {
                    let (mut batch, mut senders) = (vec![message], vec![sender]);
                    while let Some(Job::Append(message, sender)) =
                        jobs.next_if(|next| matches!(next, Job::Append(..)))
                    {
                        batch.push(message);
                        senders.push(sender);
                    }
                    result = self.run_appends(&batch, senders, told, answers);
                }
            }
        }
        result?;
        let mut tx = SqliteTx { connection: &self.connection };
        let memory = self.memory.as_mut().ok_or_else(no_memory)?;
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
            self.memory = Some(Memory::load(&mut tx)?);
        }
        Ok(())
    }

    fn run_appends(
        &mut self,
        batch: &[AppendMessage],
        senders: Vec<oneshot::Sender<Result<Appended, AppendError>>>,
        told: &mut Told,
        answers: &mut Vec<Answered>,
    ) -> Result<(), Failure> {
        let mut tx = SqliteTx { connection: &self.connection };
        let Memory { tail, sends } = self.memory.as_mut().ok_or_else(no_memory)?;
        let Told { events, after } = told;
        match append_messages(&mut Write { tx: &mut tx, tail, sends, events, after }, batch) {
            Ok(results) => {
                answers.extend(
                    senders.into_iter().zip(results).map(|(sender, result)| Answered::Append(sender, result)),
                );
                Ok(())
            }
            Err(failure) => {
                let failed = || Err(AppendError::Failure(Failure::unavailable()));
                answers.extend(senders.into_iter().map(|sender| Answered::Append(sender, failed())));
                Err(failure)
            }
        }
    }

    fn run_one(
        &mut self,
        job: Box<dyn FnOnce(&mut Write<'_>) -> Ran + Send>,
        told: &mut Told,
        answers: &mut Vec<Answered>,
    ) -> Result<(), Failure> {
        let mut tx = SqliteTx { connection: &self.connection };
        tx.execute("SAVEPOINT job", &[])?;
        let memory = self.memory.as_mut().ok_or_else(no_memory)?;
        let (before, changes) = (told.len(), memory.changes());
        let Told { events, after } = &mut *told;
        let mut write =
            Write { tx: &mut tx, tail: &mut memory.tail, sends: &mut memory.sends, events, after };
        // A job that panics is a fault of ours, but not the end of all writing: its caller finds the channel closed.
        let ran = catch_unwind(AssertUnwindSafe(|| job(&mut write)));
        let keep = ran.as_ref().is_ok_and(|ran| ran.keep);
        if let Ok(ran) = ran {
            answers.push(Answered::Run(ran.answer));
        }
        if self.connection.is_autocommit() {
            // A full disk can end the transaction underneath.
            return Err(Failure::unavailable());
        }
        if !keep {
            told.truncate(before);
            tx.execute("ROLLBACK TO job", &[])?;
            if memory.changes() != changes {
                *memory = Memory::load(&mut tx)?;
            }
        }
        tx.execute("RELEASE job", &[])?;
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

/// What is told once the batch is committed.
#[derive(Default)]
struct Told {
    events: Vec<Arc<Event>>,
    after: Vec<AfterCommit>,
}

impl Told {
    fn len(&self) -> (usize, usize) {
        (self.events.len(), self.after.len())
    }

    fn truncate(&mut self, (events, after): (usize, usize)) {
        self.events.truncate(events);
        self.after.truncate(after);
    }
}

/// A caller with what to tell them.
enum Answered {
    Append(oneshot::Sender<Result<Appended, AppendError>>, Result<Appended, AppendError>),
    Run(Answer),
    NotRun(Job),
}

impl Answered {
    fn not_run(job: Job) -> Self {
        Self::NotRun(job)
    }

    // In all of these a caller who has gone away is none of our business.
    fn committed(self) {
        match self {
            Self::Append(sender, result) => drop(sender.send(result)),
            Self::Run(answer) => answer(Ok(())),
            Self::NotRun(job) => drop(job),
        }
    }

    fn failed(self) {
        match self {
            Self::Append(sender, _) | Self::NotRun(Job::Append(_, sender)) => {
                drop(sender.send(Err(AppendError::Failure(Failure::unavailable()))));
            }
            Self::Run(answer) => answer(Err(Failure::unavailable())),
            // Dropping it closes its channel, which its caller reads as unavailable.
            Self::NotRun(job @ Job::Run(_)) => drop(job),
        }
    }
}
