//! The log and the tables: one SQL text, two databases.
//!
//! Every write takes one road ([`Store::write`], [`Store::append_message`]): a thread that runs everything pending in
//! one transaction, commits, and answers. Reads ([`Store::read`]) run on a pool of threads. What is read and written
//! stands in one file per thing, as functions over an open transaction ([`tx::Tx`], [`Write`]); an operation puts several
//! of them together, so that it happens as a whole or not at all. This crate must never know who may do what (it asks
//! `parlor_core` where a write must check again), nor JSON of the wire, nor sockets.
//!
//! Reading order: [`tx`], the door to a database; `writer`, `append`, `tail`, `sends`, the road of a message; [`log`], [`pages`],
//! [`changes`], what is done with messages; [`groups`], [`members`], [`bans`], [`reading`], [`accounts`], [`sessions`],
//! [`purge`], the tables; [`uploads`], files; [`places`], [`rooms`], [`meetings`], [`blocks`], [`reports`],
//! [`speed_chats`], the lobby; [`faces`], [`face_people`], [`face_group_names`] and [`social`], what the old faces know
//! besides; [`visits`], who read when; [`watches`], what groups watch; [`duels`] and [`racers`], who played whom and how
//! it ended; [`generated_problems`], with what; [`video_searches`], how often YouTube was asked; [`nodes`], who shares the
//! database; [`copy`], from one database to the other; `migrations/`, the schema.

pub mod accounts;
mod append;
mod attachments;
mod backup;
pub mod bans;
mod batch;
pub mod blocks;
pub mod changes;
mod checkpoint;
mod codec;
pub mod copy;
pub mod duels;
pub mod face_group_names;
pub mod face_people;
pub mod faces;
mod failure;
pub mod generated_problems;
pub mod groups;
pub mod heads;
pub mod log;
pub mod meetings;
pub mod members;
mod migrate;
pub mod nodes;
mod open;
pub mod pages;
mod pending;
pub mod places;
mod postgres;
mod private_file;
pub mod purge;
pub mod racers;
mod readers;
pub mod reading;
pub mod reports;
pub mod rooms;
mod rows;
mod sends;
pub mod sessions;
pub mod social;
pub mod speed_chats;
mod sqlite;
mod tail;
pub mod tx;
pub mod uploads;
pub mod video_searches;
pub mod visits;
pub mod watches;
mod write;
mod writer;

pub use append::{AppendError, AppendMessage, Appended};
pub use backup::{BackupError, back_up as back_up_sqlite};
pub use failure::Failure;
pub use open::OpenError;
pub use pending::Pending;
pub use write::Write;

use crossbeam_channel::Sender;
use parlor_core::{Epoch, Event, GroupId};
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// The store; cheap to clone. The last clone that is dropped ends the threads and leaves a tidy database.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    // `None` only while the store is being dropped.
    writes: Option<Sender<batch::Job>>,
    reads: Option<Sender<readers::Job>>,
    on_commit: batch::OnCommit,
    threads: Vec<JoinHandle<()>>,
    database: Database,
}

/// Which database it is, and what is held of it until the threads have ended.
enum Database {
    Sqlite { path: std::path::PathBuf, _lock: std::fs::File },
    Postgres,
}

impl Store {
    /// Opens the SQLite database in `path`, makes it when there is none, and brings it to this version's schema. A backup
    /// is no longer one from then on: its logs get `epoch_if_restored`, which must be random, as their next life.
    ///
    /// # Errors
    /// One sentence for whoever started the server: what is wrong and what to do.
    pub fn open_sqlite(path: &Path, epoch_if_restored: Epoch) -> Result<Self, OpenError> {
        open::open_sqlite(path, epoch_if_restored, open::Purpose::Use)
    }

    /// Opens the PostgreSQL database (15 or newer) that `postgres://user:password@host:port/database` names, and brings it
    /// to this version's schema; other nodes may do the same at the same time.
    ///
    /// # Errors
    /// One sentence for whoever started the server: what is wrong and what to do. The password is not in it.
    pub fn open_postgres(url: &str) -> Result<Self, OpenError> {
        postgres::open(url, open::Purpose::Use)
    }

    /// Whether this store has the database for itself, so that nobody else can be connected to anything in it.
    #[must_use]
    pub fn is_alone(&self) -> bool {
        matches!(self.inner.database, Database::Sqlite { .. })
    }

    /// Sets who is told of committed events: one call per commit, in the order of the commits, before anybody's write
    /// is answered, on the writing thread (so it must not wait). The second call is ignored.
    pub fn on_commit(&self, tell: impl Fn(Arc<[Arc<Event>]>) + Send + Sync + 'static) {
        let _ = self.inner.on_commit.set(Box::new(tell));
    }

    /// Hands a message to the writer, before this returns: two calls in a row are stored in that order.
    ///
    /// The answer fails as [`AppendError`] says; at once, and as unavailable, when 16,384 jobs are waiting.
    pub fn append_message(&self, message: AppendMessage) -> Pending<Appended, AppendError> {
        let (sender, receiver) = oneshot::channel();
        self.submit(batch::Job::Append(message, sender), receiver)
    }

    /// Hands a job to the writer, before this returns. What the job writes is taken back when it answers an error.
    ///
    /// The answer is the job's, once it is committed; [`Failure::Unavailable`] when 16,384 jobs are waiting, or when the
    /// commit fails.
    pub fn write<T, E>(
        &self,
        job: impl FnOnce(&mut Write<'_>) -> Result<T, E> + Send + 'static,
    ) -> Pending<T, E>
    where
        T: Send + 'static,
        E: From<Failure> + Send + 'static,
    {
        self.run(None, job)
    }

    /// The same for a job that writes rows of one group only, and reads no others that a decision hangs on: accounts,
    /// sessions, lobbies and other groups are left alone. Where the database has several writers it runs beside the jobs
    /// of other groups; it sees none of its own group half done, and is not overtaken by anything handed in after it
    /// that concerns its group.
    pub fn write_in<T, E>(
        &self,
        group: GroupId,
        job: impl FnOnce(&mut Write<'_>) -> Result<T, E> + Send + 'static,
    ) -> Pending<T, E>
    where
        T: Send + 'static,
        E: From<Failure> + Send + 'static,
    {
        self.run(Some(group), job)
    }

    fn run<T, E>(
        &self,
        group: Option<GroupId>,
        job: impl FnOnce(&mut Write<'_>) -> Result<T, E> + Send + 'static,
    ) -> Pending<T, E>
    where
        T: Send + 'static,
        E: From<Failure> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let run = move |write: &mut Write<'_>| {
            let result = job(write);
            let keep = result.is_ok();
            let answer: batch::Answer = Box::new(move |committed| {
                let result = match committed {
                    Ok(()) => result,
                    Err(failure) => Err(failure.into()),
                };
                // A caller who has gone away is none of our business.
                let _ = sender.send(result);
            });
            batch::Ran { keep, answer }
        };
        self.submit(batch::Job::Run(batch::RunJob { group, run: Box::new(run) }), receiver)
    }

    fn submit<T, E>(&self, job: batch::Job, receiver: oneshot::Receiver<Result<T, E>>) -> Pending<T, E> {
        match &self.inner.writes {
            Some(queue) if queue.try_send(job).is_ok() => Pending::waiting(receiver),
            _ => Pending::refused(),
        }
    }

    /// Reads, on one of the reading threads, everything as of one moment.
    ///
    /// The answer is the job's; [`Failure::Unavailable`] when 4,096 jobs are waiting.
    pub fn read<T, E>(
        &self,
        job: impl FnOnce(&mut dyn tx::Tx) -> Result<T, E> + Send + 'static,
    ) -> Pending<T, E>
    where
        T: Send + 'static,
        E: From<Failure> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let run: readers::Job = Box::new(move |tx| {
            let result = match tx {
                Ok(tx) => job(tx),
                Err(failure) => Err(failure.into()),
            };
            let _ = sender.send(result);
        });
        match &self.inner.reads {
            Some(queue) if queue.try_send(run).is_ok() => Pending::waiting(receiver),
            _ => Pending::refused(),
        }
    }

    /// Copies the database to a new file while it is in use: everything as of one moment. The copy says of itself that it
    /// is one: see [`Store::open_sqlite`]. Blocks until it is done.
    ///
    /// # Errors
    /// When `to` exists, or cannot be written.
    pub fn back_up(&self, to: &Path) -> Result<(), BackupError> {
        match &self.inner.database {
            Database::Sqlite { path, .. } => back_up_sqlite(path, to),
            Database::Postgres => Err(BackupError::NotSqlite),
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.writes = None;
        self.reads = None;
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the store panicked");
            }
        }
    }
}
