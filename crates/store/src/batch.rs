//! Jobs that write, and how a batch of them runs in one open transaction, whatever the database.
//!
//! "Acknowledged means committed": nobody is answered before the commit has reached the disk. Messages that follow each
//! other are appended as one batch; every other job runs by itself in a savepoint, so that one that fails takes back its
//! own work only. A commit that fails answers everybody with [`Failure::Unavailable`].

use crate::Failure;
use crate::append::{AppendError, AppendMessage, Appended, append_messages};
use crate::sends::Sends;
use crate::tail::Tail;
use crate::tx::Tx;
use crate::write::{AfterCommit, Write};
use parlor_core::{Event, GroupId};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use tokio::sync::oneshot;

/// How many jobs wait at most; one more is refused as unavailable.
pub(crate) const QUEUE: usize = 16_384;
/// How many jobs share a commit at most.
pub(crate) const BATCH: usize = 1_024;

/// Something to be written.
pub(crate) enum Job {
    /// A message, answered on the channel.
    Append(AppendMessage, oneshot::Sender<Result<Appended, AppendError>>),
    /// Anything else.
    Run(RunJob),
}

impl Job {
    /// The only group whose rows it reads or writes, when it said so.
    pub(crate) fn group(&self) -> Option<GroupId> {
        match self {
            Self::Append(message, _) => Some(message.group),
            Self::Run(job) => job.group,
        }
    }
}

/// A job that is not a message.
pub(crate) struct RunJob {
    /// See [`Job::group`].
    pub(crate) group: Option<GroupId>,
    /// The work.
    pub(crate) run: Box<dyn FnOnce(&mut Write<'_>) -> Ran + Send>,
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

/// A transaction that is open, with room for one savepoint in it.
pub(crate) trait OpenTx: Tx {
    /// Begins what may be taken back by itself.
    fn savepoint(&mut self) -> Result<(), Failure>;
    /// Keeps what was done since the savepoint.
    fn release(&mut self) -> Result<(), Failure>;
    /// Takes back what was done since the savepoint.
    fn roll_back_to_savepoint(&mut self) -> Result<(), Failure>;
    /// Whether the database has ended the transaction by itself.
    fn has_ended(&self) -> bool;
}

/// What a writer knows of the database without asking it.
pub(crate) struct Memory {
    pub(crate) tail: Tail,
    pub(crate) sends: Sends,
    is_only_writer: bool,
}

impl Memory {
    /// Reads it from the database. Where there are several writers it stays empty: rows do not wait for their places.
    pub(crate) fn load(tx: &mut dyn Tx, is_only_writer: bool) -> Result<Self, Failure> {
        Ok(Self {
            tail: Tail::load(tx, is_only_writer)?,
            sends: Sends::load(tx, is_only_writer)?,
            is_only_writer,
        })
    }

    fn changes(&self) -> u64 {
        self.tail.changes() + self.sends.changes()
    }
}

/// What is told once the batch is committed.
#[derive(Default)]
pub(crate) struct Told {
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

    /// Tells it. The batch is committed, and nobody is answered yet.
    pub(crate) fn tell(self, on_commit: &OnCommit) {
        if let Some(tell) = on_commit.get()
            && !self.events.is_empty()
        {
            tell(self.events.into());
        }
        for then in self.after {
            // One that panics is a fault of ours, but not the end of all writing.
            let _ = catch_unwind(AssertUnwindSafe(then));
        }
    }
}

/// Runs a batch in the order of its jobs. Whatever it returns, `answers` holds one for every job; an `Err` means that the
/// transaction must be rolled back.
pub(crate) fn run(
    tx: &mut dyn OpenTx,
    memory: &mut Memory,
    jobs: Vec<Job>,
    told: &mut Told,
    answers: &mut Vec<Answered>,
) -> Result<(), Failure> {
    let mut jobs = jobs.into_iter().peekable();
    let mut result = Ok(());
    while let Some(job) = jobs.next() {
        if result.is_err() {
            answers.push(Answered::NotRun(job));
            continue;
        }
        match job {
            Job::Run(job) => result = run_one(tx, memory, job, told, answers),
            Job::Append(message, sender) => {
                let (mut batch, mut senders) = (vec![message], vec![sender]);
                while let Some(Job::Append(message, sender)) =
                    jobs.next_if(|next| matches!(next, Job::Append(..)))
                {
                    batch.push(message);
                    senders.push(sender);
                }
                result = run_appends(tx, memory, &batch, senders, told, answers);
            }
        }
    }
    result
}

fn run_appends(
    tx: &mut dyn OpenTx,
    memory: &mut Memory,
    batch: &[AppendMessage],
    senders: Vec<oneshot::Sender<Result<Appended, AppendError>>>,
    told: &mut Told,
    answers: &mut Vec<Answered>,
) -> Result<(), Failure> {
    let Memory { tail, sends, .. } = memory;
    let Told { events, after } = told;
    match append_messages(&mut Write { tx, tail, sends, events, after }, batch) {
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
    tx: &mut dyn OpenTx,
    memory: &mut Memory,
    job: RunJob,
    told: &mut Told,
    answers: &mut Vec<Answered>,
) -> Result<(), Failure> {
    tx.savepoint()?;
    let (before, changes) = (told.len(), memory.changes());
    let Told { events, after } = &mut *told;
    let mut write = Write { tx, tail: &mut memory.tail, sends: &mut memory.sends, events, after };
    // A job that panics is a fault of ours, but not the end of all writing: its caller finds the channel closed.
    let ran = catch_unwind(AssertUnwindSafe(|| (job.run)(&mut write)));
    let keep = ran.as_ref().is_ok_and(|ran| ran.keep);
    if let Ok(ran) = ran {
        answers.push(Answered::Run(ran.answer));
    }
    if tx.has_ended() {
        // A full disk can end the transaction underneath.
        return Err(Failure::unavailable());
    }
    if keep {
        return tx.release();
    }
    told.truncate(before);
    tx.roll_back_to_savepoint()?;
    if memory.changes() != changes {
        *memory = Memory::load(tx, memory.is_only_writer)?;
    }
    tx.release()
}

/// A caller with what to tell them.
pub(crate) enum Answered {
    Append(oneshot::Sender<Result<Appended, AppendError>>, Result<Appended, AppendError>),
    Run(Answer),
    NotRun(Job),
}

impl Answered {
    // In all of these a caller who has gone away is none of our business.
    pub(crate) fn committed(self) {
        match self {
            Self::Append(sender, result) => drop(sender.send(result)),
            Self::Run(answer) => answer(Ok(())),
            Self::NotRun(job) => drop(job),
        }
    }

    pub(crate) fn failed(self) {
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
