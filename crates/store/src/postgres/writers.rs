//! The threads that write. One takes everything from the queue in its order. Jobs about single groups it hands to the
//! threads of those groups, which run side by side, each with a connection; a batch in which there is a job about more
//! than that it runs itself, alone, when the others are done. So what a node hands in keeps its order wherever the order
//! can be seen.

use super::link::Link;
use super::session::Lock;
use crate::Failure;
use crate::batch::{self, Answered, BATCH, Job, Memory, OnCommit, Told};
use crossbeam_channel::{Receiver, Sender, bounded};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Threads that write to single groups. With the one that writes everything else: four connections.
pub(super) const SHARDS: usize = 3;
/// Batches that wait for such a thread at most; while one waits beyond that, nothing more is taken from the queue.
const WAITING: usize = 4;

/// The thread that takes from the queue.
pub(super) struct Dispatcher {
    writer: Writer,
    shards: Vec<Sender<Vec<Job>>>,
    busy: Arc<Busy>,
}

/// A thread of some groups.
pub(super) struct Shard {
    writer: Writer,
    batches: Receiver<Vec<Job>>,
    busy: Arc<Busy>,
}

/// All of them, over their connections.
pub(super) fn writers(own: Link, links: Vec<Link>, on_commit: &OnCommit) -> (Dispatcher, Vec<Shard>) {
    let busy = Arc::new(Busy::default());
    let writer = |link| Writer { link, on_commit: on_commit.clone() };
    let (mut senders, mut shards) = (Vec::new(), Vec::new());
    for link in links {
        let (sender, batches) = bounded(WAITING);
        senders.push(sender);
        shards.push(Shard { writer: writer(link), batches, busy: busy.clone() });
    }
    (Dispatcher { writer: writer(own), shards: senders, busy }, shards)
}

impl Dispatcher {
    /// Works until every sender of the queue is gone; the shards end after it.
    pub(super) fn run(mut self, queue: &Receiver<Job>) {
        while let Ok(first) = queue.recv() {
            let mut jobs = vec![first];
            jobs.extend(queue.try_iter().take(BATCH - 1));
            if jobs.iter().all(|job| job.group().is_some()) {
                self.spread(jobs);
            } else {
                self.busy.wait_for_none();
                self.writer.write_all(jobs, Scope::All);
            }
        }
    }

    fn spread(&self, jobs: Vec<Job>) {
        let mut portions: Vec<Vec<Job>> = self.shards.iter().map(|_| Vec::new()).collect();
        for job in jobs {
            let group = job.group().map_or(0, parlor_core::GroupId::get);
            portions[usize::try_from(group).unwrap_or(0) % self.shards.len()].push(job);
        }
        for (shard, portion) in self.shards.iter().zip(portions).filter(|(_, portion)| !portion.is_empty()) {
            self.busy.add();
            if shard.send(portion).is_err() {
                // The thread has panicked; the jobs are dropped, which their callers read as unavailable.
                tracing::error!("a writing thread is gone");
                self.busy.remove(1);
            }
        }
    }
}

impl Shard {
    /// Works until the dispatcher is gone.
    pub(super) fn run(mut self) {
        while let Ok(mut jobs) = self.batches.recv() {
            let mut batches = 1;
            while jobs.len() < BATCH
                && let Ok(more) = self.batches.try_recv()
            {
                jobs.extend(more);
                batches += 1;
            }
            self.writer.write_all(jobs, Scope::Groups);
            self.busy.remove(batches);
        }
    }
}

/// What the jobs of a batch may touch.
#[derive(Clone, Copy)]
enum Scope {
    All,
    /// The groups that they name.
    Groups,
}

/// A connection and whom it tells.
struct Writer {
    link: Link,
    on_commit: OnCommit,
}

impl Writer {
    /// Nothing that panics on the way is the end of all writing, nor lets the others wait for this thread for ever.
    fn write_all(&mut self, jobs: Vec<Job>, scope: Scope) {
        if catch_unwind(AssertUnwindSafe(|| self.write_and_answer(jobs, scope))).is_err() {
            tracing::error!("a batch of writes panicked");
        }
    }

    fn write_and_answer(&mut self, jobs: Vec<Job>, scope: Scope) {
        let mut told = Told::default();
        let mut answers: Vec<Answered> = Vec::with_capacity(jobs.len());
        match self.try_write_all(jobs, scope, &mut told, &mut answers) {
            Ok(()) => {
                told.tell(&self.on_commit);
                for answer in answers {
                    answer.committed();
                }
            }
            Err(failure) => {
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
        scope: Scope,
        told: &mut Told,
        answers: &mut Vec<Answered>,
    ) -> Result<(), Failure> {
        let mut groups: Vec<i64> =
            jobs.iter().filter_map(|job| job.group().map(parlor_core::GroupId::get)).collect();
        groups.sort_unstable();
        groups.dedup();
        let lock = match scope {
            Scope::All => Lock::All,
            Scope::Groups => Lock::Groups(&groups),
        };
        let begun = self.link.session().and_then(|session| session.begin(lock));
        let mut tx = match begun {
            Ok(tx) => tx,
            Err(failure) => {
                answers.extend(jobs.into_iter().map(Answered::NotRun));
                return Err(failure);
            }
        };
        let mut memory = Memory::load(&mut tx, false)?;
        batch::run(&mut tx, &mut memory, jobs, told, answers)?;
        tx.commit()
    }
}

/// How many batches are with the shards.
#[derive(Default)]
struct Busy {
    batches: Mutex<usize>,
    none: Condvar,
}

impl Busy {
    fn add(&self) {
        *self.batches.lock().unwrap_or_else(PoisonError::into_inner) += 1;
    }

    fn remove(&self, batches: usize) {
        let mut busy = self.batches.lock().unwrap_or_else(PoisonError::into_inner);
        *busy -= batches;
        if *busy == 0 {
            self.none.notify_all();
        }
    }

    fn wait_for_none(&self) {
        let busy = self.batches.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.none.wait_while(busy, |busy| *busy > 0).unwrap_or_else(PoisonError::into_inner));
    }
}
