//! The server's side: a queue, one supervisor process, and a stream of events for every run.
//!
//! A supervisor that dies is started again, each time a little later; what was running then runs again, once. Knows
//! neither rooms' rules nor expected values: who asks says whose turn it is, `verdict` makes verdicts of the events.

use crate::queue::{self, Asker, Kind, Queue};
use parlor_wire::judge::{Done, Event, Hello, Job, Language, MOST_DEPTH, Stop, Tier};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, mpsc, oneshot};

mod connection;
mod keeper;

/// How many jobs may wait.
const MOST_WAITING: usize = 200;
/// The longest source, in bytes.
pub const MOST_SOURCE_BYTES: usize = 64 * 1024;
/// The most tests of a job.
pub const MOST_TESTS: usize = 1_000;
/// A run is begun at most this often: the supervisor may die once and the machine be busy each time.
const MOST_BEGINNINGS: usize = 4;

/// How the judge is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// The program that `enter_if_asked` is called in; the server's own, as a rule.
    pub program: PathBuf,
    /// The Python to use instead of the usual places.
    pub python: Option<PathBuf>,
    /// Leaves better tiers than this untried. There is no way to go below the tiers.
    pub best_tier: Option<Tier>,
}

impl Options {
    /// This very program as supervisor, everything else as found.
    #[must_use]
    pub fn this_program() -> Self {
        Self { program: PathBuf::from("/proc/self/exe"), python: None, best_tier: None }
    }
}

/// Why there is no judge.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The process does not start.
    #[error("the judge can not be started")]
    Spawn(#[from] std::io::Error),
    /// It does not speak, or another version.
    #[error("the judge does not answer as it should: {0}")]
    Silent(String),
    /// No way to lock programs in works here.
    #[error("code duels disabled: no usable sandbox ({})", reasons.join("; "))]
    NoSandbox {
        /// One sentence for each tier.
        reasons: Vec<String>,
    },
}

/// Why a job was not taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// The job itself is wrong.
    #[error("{0}")]
    Invalid(&'static str),
    /// That language can not be judged here.
    #[error("{0}")]
    NoLanguage(String),
    /// The player has a submission waiting.
    #[error("a submission of this player is waiting already")]
    Waiting,
    /// Too many jobs wait.
    #[error("the judge is busy")]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
}

/// The judge. A clone is another handle of the same; with the last one the supervisor ends.
#[derive(Clone)]
pub struct Judge {
    shared: Arc<Shared>,
    /// Closed when the last handle is gone.
    _handles: Arc<oneshot::Sender<()>>,
}

/// What handles, runs and the keeper have in common. The lock is the only one and is never held across an await.
struct Shared {
    state: Mutex<State>,
    /// Something waits or is to be stopped.
    wake: Notify,
}

struct State {
    hello: Hello,
    queue: Queue<Waiting>,
    /// Runs that nobody wants any more; at most as many as wait and run.
    unwanted: Vec<(Asker, u64)>,
    last_run: u64,
}

/// A job that waits.
struct Waiting {
    run: u64,
    job: Job,
    events: mpsc::Sender<Event>,
}

impl Judge {
    /// Starts the supervisor and waits until it has tried its locks.
    ///
    /// # Errors
    /// Why there is no judge; nothing is left running.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let (connection, hello) = connection::open(&options).await?;
        if hello.tier.is_none() {
            return Err(StartError::NoSandbox { reasons: hello.reasons });
        }
        let state = State { hello, queue: Queue::new(MOST_WAITING), unwanted: Vec::new(), last_run: 0 };
        let shared = Arc::new(Shared { state: Mutex::new(state), wake: Notify::new() });
        let (handles, closed) = oneshot::channel();
        tokio::spawn(keeper::keep(shared.clone(), options, connection, closed));
        Ok(Self { shared, _handles: Arc::new(handles) })
    }

    /// What the judge can do.
    #[must_use]
    pub fn hello(&self) -> Hello {
        self.shared.lock().hello.clone()
    }

    /// Lets a job wait for its turn.
    ///
    /// # Errors
    /// Why it was not taken.
    pub fn run(&self, asker: Asker, kind: Kind, job: Job) -> Result<Run, RunError> {
        check(&job)?;
        let mut state = self.shared.lock();
        if let Some(reason) = missing(&state.hello, job.language) {
            return Err(RunError::NoLanguage(reason));
        }
        let (sender, events) = mpsc::channel((job.tests.len() + 3) * MOST_BEGINNINGS);
        state.last_run += 1;
        let run = state.last_run;
        let taken = state.queue.push(asker, kind, Waiting { run, job, events: sender });
        let taken = taken.map_err(|refused| match refused {
            queue::Refused::Waiting => RunError::Waiting,
            queue::Refused::Full => RunError::Busy { retry_after: until_there_is_room(&state) },
        })?;
        drop(state);
        if let Some(replaced) = taken.replaced {
            end(&replaced.events, Stop::Stopped);
        }
        self.shared.wake.notify_one();
        Ok(Run { events, position: taken.position, asker, run, shared: self.shared.clone() })
    }
}

/// A run. Dropping it stops it.
pub struct Run {
    events: mpsc::Receiver<Event>,
    position: usize,
    asker: Asker,
    run: u64,
    shared: Arc<Shared>,
}

impl Run {
    /// How many jobs waited before it when it was taken, at most.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    /// The next event; `None` after `done`, and without a `done` only when the judge itself was shut down.
    pub async fn next(&mut self) -> Option<Event> {
        self.events.recv().await
    }

    /// Stops it; its `done` still comes.
    pub fn stop(&self) {
        self.shared.lock().unwanted.push((self.asker, self.run));
        self.shared.wake.notify_one();
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        // After `done` the channel is closed and nothing is left to stop.
        if !self.events.is_closed() {
            self.stop();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn check(job: &Job) -> Result<(), RunError> {
    let mut letters = job.function.bytes();
    let first_is_no_digit = job.function.bytes().next().is_some_and(|first| !first.is_ascii_digit());
    if job.function.len() > 64
        || !first_is_no_digit
        || !letters.all(|letter| letter.is_ascii_alphanumeric() || letter == b'_')
    {
        return Err(RunError::Invalid("the function's name must be an identifier of at most 64 letters"));
    }
    if job.source.reveal().len() > MOST_SOURCE_BYTES {
        return Err(RunError::Invalid("the source must be at most 64 KiB"));
    }
    if job.tests.is_empty() || job.tests.len() > MOST_TESTS {
        return Err(RunError::Invalid("a job has 1 to 1,000 tests"));
    }
    if job.tests.iter().flatten().any(|argument| argument.depth() > MOST_DEPTH) {
        return Err(RunError::Invalid("an argument is nested more than 64 deep"));
    }
    let limits = job.limits;
    if !(10..=60_000).contains(&limits.cpu_ms) || !(16..=1_024).contains(&limits.memory_mb) {
        return Err(RunError::Invalid("limits are 10 to 60,000 ms and 16 to 1,024 MiB"));
    }
    Ok(())
}

fn missing(hello: &Hello, language: Language) -> Option<String> {
    match hello.languages.iter().find(|state| state.language == language) {
        Some(state) => state.missing.clone(),
        None => Some("no language can be judged: no usable sandbox".to_owned()),
    }
}

/// A usual run takes a tenth of a second.
fn until_there_is_room(state: &State) -> Duration {
    let turns = state.queue.len() as u32 / state.hello.slots.max(1);
    (Duration::from_millis(100) * turns).max(Duration::from_secs(1))
}

/// The last event of a run that is not judged.
fn end(events: &mpsc::Sender<Event>, stop: Stop) {
    let done = Done { stop, cpu_ms: 0, wall_ms: 0, peak_kb: 0 };
    // Nobody listens any more, or there is room for it: the channel is as long as all events of a run.
    let _ = events.try_send(Event::Done(done));
}
