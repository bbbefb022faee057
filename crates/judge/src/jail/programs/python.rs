//! Becomes the system's Python. What it gets: the source and the function's name, then the arguments of each test.

use super::super::lock_in::Ends;
use super::super::order::Python;
use std::os::fd::AsRawFd as _;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// Compiles the source once and calls the function in fresh globals for every test.
const HARNESS: &str = include_str!("harness.py");

/// Executes the interpreter; only a failure comes back.
///
/// Without `site` (2 ms), with the modules that are built in where there are such. Its environment has nothing but a
/// fixed seed of its hashes, so that sets have the same order for everybody; that is why it is not `-I`, which would
/// not read it.
pub(super) fn execute(python: &Python, ends: &Ends) -> String {
    let error = Command::new(&python.program)
        .args(["-S", "-s", "-B", "-X", "frozen_modules=on", "-X", "utf8", "-c", HARNESS])
        .args([ends.tests.as_raw_fd().to_string(), ends.results.as_raw_fd().to_string()])
        .env_clear()
        .env("PYTHONHASHSEED", "0")
        .exec();
    format!("execute Python: {error}")
}
