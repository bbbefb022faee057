//! What server and judge say to each other: jobs in, results out.
//!
//! A job carries the program and the arguments of its tests, never what is expected: the comparison happens on the
//! server's side, so nothing inside the jail can know an answer. Both sides are always of one build; `VERSION` guards
//! against a binary that was replaced while the server runs.

use serde::{Deserialize, Serialize};

use crate::hidden::Hidden;

mod value;

pub use value::{MOST_DEPTH, Value};

/// The version of these shapes; another one is refused at the greeting.
pub const VERSION: u32 = 1;

/// A programming language that a submission may be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub enum Language {
    /// The embedded engine.
    JavaScript,
    /// The system's `python3`.
    Python,
}

/// A program and the calls that it is judged by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// What `source` is written in.
    pub language: Language,
    /// The program, at most 64 KiB.
    pub source: Hidden,
    /// The function that every test calls: an identifier of both languages.
    pub function: String,
    /// The arguments of each test, at most 1,000 tests.
    pub tests: Vec<Vec<Value>>,
    /// What the program may use.
    pub limits: Limits,
    /// When to stop early.
    pub mode: Mode,
}

/// What a program may use, over all tests together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// CPU time in milliseconds, 10 to 60,000.
    pub cpu_ms: u32,
    /// Memory beside the interpreter's own in MiB, 16 to 1,024.
    pub memory_mb: u32,
}

impl Default for Limits {
    /// Twice what a slow reference solution may need (problems are checked to stay below a quarter of it).
    fn default() -> Self {
        Self { cpu_ms: 2_000, memory_mb: 128 }
    }
}

/// When a run stops early. A crash or an exceeded limit ends it in either mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// At the first test that gives no value; the server stops it at the first wrong one.
    StopAtFailure,
    /// Not before the last test.
    All,
}

/// What the server says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToJudge {
    /// Run this. The server never has more jobs running than the judge has slots.
    Run {
        /// The server's number for it, never used twice in a connection.
        run: u64,
        /// The job.
        job: Box<Job>,
    },
    /// Stop it; its `done` still comes. An unknown or finished run is no error.
    Stop {
        /// Which.
        run: u64,
    },
}

/// What the judge says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromJudge {
    /// The first message of a connection.
    Hello(Hello),
    /// Something happened in a run.
    Event {
        /// Which run.
        run: u64,
        /// What.
        event: Event,
    },
}

/// What this judge can do, found out by trying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// `VERSION` of the judge.
    pub version: u32,
    /// How programs are locked in; without it nothing is run.
    pub tier: Option<Tier>,
    /// Why a better tier, or any, is not there: one sentence each.
    pub reasons: Vec<String>,
    /// How many runs go on at once.
    pub slots: u32,
    /// What can be judged, and what not and why.
    pub languages: Vec<LanguageState>,
}

/// How programs are locked in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub enum Tier {
    /// Tier 1: namespaces, a root of their own, Landlock where the kernel has it, system call filter, limits.
    Namespaces,
    /// Tier 2: Landlock (ABI 3 or later), system call filter, limits.
    Landlock,
}

/// Whether a language can be judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageState {
    /// Which.
    pub language: Language,
    /// The interpreter's own name and version, for people.
    pub version: Option<String>,
    /// Why it can not be judged; `None` when it can.
    pub missing: Option<String>,
}

/// What happens in a run: `started`, a `test` for each that was finished, in order, and `done`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The program is in its jail.
    Started,
    /// Everything before is void and the run begins anew: the machine was too busy, or the judge was restarted.
    Restarted,
    /// A test was finished.
    Test(TestResult),
    /// Nothing more comes.
    Done(Done),
}

/// What one test gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestResult {
    /// Which test, from 0.
    pub i: u32,
    /// CPU time in microseconds, measured from outside.
    #[serde(default)]
    pub us: u64,
    /// The function's value, or why there is none.
    pub outcome: Outcome,
    /// What it printed, cut at 8 KiB.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub output: String,
}

/// A value, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// What the function returned.
    Value(Value),
    /// What went wrong.
    Error(ProgramError),
}

/// What went wrong in a program, by its author's fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramError {
    /// What sort of thing.
    pub kind: ProgramErrorKind,
    /// For the author, at most 1,000 characters.
    pub message: String,
    /// The line of the source, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// Sorts of [`ProgramError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProgramErrorKind {
    /// The source can not be parsed.
    Syntax,
    /// The source has no function of that name.
    MissingFunction,
    /// An exception that nobody caught.
    Exception,
    /// The language's own "out of memory".
    OutOfMemory,
    /// The function returned what has no place in a [`Value`]; the message names its type.
    NotAValue,
}

/// How a run ended and what it used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// Why it ended.
    pub stop: Stop,
    /// CPU time in milliseconds.
    pub cpu_ms: u64,
    /// Wall time in milliseconds; depends on what else the machine does.
    pub wall_ms: u64,
    /// The largest resident memory in KiB, the interpreter included.
    pub peak_kb: u64,
}

/// Why a run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// Every test was run, or the first failed one in that mode.
    Finished,
    /// The server said so.
    Stopped,
    /// The source did not get as far as a test.
    Compile(ProgramError),
    /// More CPU time than allowed.
    CpuLimit,
    /// Hardly any CPU time, but it did not end: it sleeps or waits.
    Idle,
    /// More memory than allowed.
    MemoryLimit,
    /// More than 64 KiB printed, or a result of more than 256 KiB.
    OutputLimit,
    /// The system call filter ended it.
    Forbidden,
    /// The process died by a signal.
    Signal(i32),
    /// The process ended by itself, with this code.
    Exit(i32),
    /// Something else than results came out.
    BadResult,
    /// Ours: the player is not to blame. The text is for the log.
    Fault(String),
}

/// What a test, or a whole run, is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "duel.ts"))]
pub enum Verdict {
    /// Accepted: the expected value came.
    #[serde(rename = "AC")]
    Accepted,
    /// Wrong answer: another value came, or one that has no place in a [`Value`].
    #[serde(rename = "WA")]
    WrongAnswer,
    /// Time limit exceeded.
    #[serde(rename = "TLE")]
    TimeLimit,
    /// Memory limit exceeded.
    #[serde(rename = "MLE")]
    MemoryLimit,
    /// Output limit exceeded.
    #[serde(rename = "OLE")]
    OutputLimit,
    /// Runtime error: an exception, a crash, an end in the middle, something that is forbidden.
    #[serde(rename = "RE")]
    RuntimeError,
    /// Compile error: the source can not be parsed, or the function is missing.
    #[serde(rename = "CE")]
    CompileError,
    /// Idleness limit exceeded: it waits for something that never comes.
    #[serde(rename = "ILE")]
    Idle,
    /// Internal error: ours. Counts for nobody.
    #[serde(rename = "IE")]
    InternalError,
    /// Not run, since the run ended before.
    #[serde(rename = "SKIPPED")]
    Skipped,
    /// Run without an expected value, as a player's own call is.
    #[serde(rename = "SHOWN")]
    Shown,
}
