//! What a supervisor tells a jail to do. Never crosses a version: both are the same binary.

use parlor_wire::judge::{Limits, Mode, Tier, Value};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One run.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    /// How the program is locked in.
    pub(crate) tier: Tier,
    /// Which slot this is, from 0; gives the user id where the supervisor is root.
    pub(crate) slot: u32,
    /// The core that the run stays on.
    pub(crate) core: usize,
    /// What is run.
    pub(crate) program: Program,
    /// The function that every test calls.
    pub(crate) function: String,
    /// The arguments of each test.
    pub(crate) tests: Vec<Vec<Value>>,
    /// What the program may use.
    pub(crate) limits: Limits,
    /// When to stop early.
    pub(crate) mode: Mode,
}

/// What is run in a jail.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Program {
    /// A source for the embedded engine.
    JavaScript(String),
    /// A source for the system's Python.
    Python(String, Python),
    /// Our own attempt to break out, which must fail: the self-test. Locked in as Python is, the wider of the two.
    Canary(super::canary::Canary, Option<Python>),
}

/// A Python interpreter and all that it needs to read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Python {
    /// For people: "Python 3.11.2".
    pub(crate) version: String,
    /// The real path of the interpreter.
    pub(crate) program: PathBuf,
    /// The dynamic loader as the interpreter names it, and where that really is.
    pub(crate) loader: Option<(PathBuf, PathBuf)>,
    /// Real paths of the folders that hold its modules and libraries.
    pub(crate) folders: Vec<PathBuf>,
}
