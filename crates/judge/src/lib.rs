//! The sandbox of code duels: runs a stranger's function on given arguments and tells what it returned.
//!
//! Three processes stand between a program and the server. The server's `client` has the queue and the expected
//! values. The `supervisor` has no database, no secret and no listening socket; it starts one `jail` process per run.
//! The jail locks the program in and watches it. Where no jail works there is no judge: see `supervisor::self_test`.
//!
//! Must never know: accounts, rooms' rules, ratings, problems' texts. Read `client`, `supervisor`, `jail` in that
//! order; `compare`, `verdict` and `queue` are pure.

use std::process::ExitCode;

pub mod client;
pub mod compare;
mod frame;
mod jail;
pub mod queue;
mod supervisor;
pub mod verdict;

/// The hidden subcommand that turns a process into the supervisor.
pub const SUPERVISOR: &str = "judge-supervisor";
/// The hidden subcommand that turns a process into the jail of one run.
const JAIL: &str = "judge-jail";

/// Becomes the supervisor or a jail when that is what the command line asks for, and returns when it is over.
///
/// The first thing in `main`: both need a process without threads. `None` means that this process is something else.
#[must_use]
pub fn enter_if_asked() -> Option<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    match arguments.next()?.as_str() {
        SUPERVISOR => Some(supervisor::main(arguments)),
        JAIL => Some(jail::main()),
        _ => None,
    }
}
