//! Puts every lock on, in the order in which each still has what it needs. From inside the process to be locked in.

use super::order::{Order, Program};
use super::{landlock_rules, limits, root_folder, system_calls};
use parlor_wire::judge::Tier;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::{Errno, FdFlags};
use rustix::process::{Signal, set_parent_process_death_signal};
use rustix::thread::{CapabilitySet, CapabilitySets};
use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};

/// The program's ends of its pipes.
pub(super) struct Ends {
    pub(super) tests: OwnedFd,
    pub(super) results: OwnedFd,
    pub(super) output: OwnedFd,
}

/// Locks this process in as an order says.
///
/// # Errors
/// The name of the lock and what the system says. The process must end then.
pub(super) fn lock_in(order: &Order, ends: &Ends, watcher: OwnedFd) -> Result<(), String> {
    let say = |what: &'static str| move |error: rustix::io::Errno| format!("{what}: {error}");
    die_with(&watcher).map_err(say("parent death signal"))?;
    drop(watcher);
    standard_streams(ends).map_err(|error| format!("standard streams: {error}"))?;

    let python = match &order.program {
        Program::JavaScript(_) => None,
        Program::Python(_, python) => Some(python),
        Program::Canary(_, python) => python.as_ref(),
    };
    if order.tier == Tier::Namespaces {
        root_folder::enter(python).map_err(|error| format!("mount namespace: {error}"))?;
    }
    limits::apply(order).map_err(say("resource limits"))?;
    drop_capabilities().map_err(say("capabilities"))?;
    rustix::thread::set_no_new_privs(true).map_err(say("no_new_privs"))?;
    landlock_rules::apply(order.tier, python).map_err(|error| format!("Landlock: {error}"))?;
    system_calls::allow_only(python.is_some()).map_err(|error| format!("seccomp: {error}"))
}

/// Ends this process with the watcher, also when that has ended already.
fn die_with(watcher: &OwnedFd) -> rustix::io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    let now = rustix::event::Timespec { tv_sec: 0, tv_nsec: 0 };
    if poll(&mut [PollFd::new(watcher, PollFlags::IN)], Some(&now))? > 0 {
        std::process::exit(1);
    }
    Ok(())
}

/// No input, one pipe for both outputs; the watcher's own streams are gone. What an interpreter inherits says so.
fn standard_streams(ends: &Ends) -> std::io::Result<()> {
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    rustix::stdio::dup2_stdout(&ends.output)?;
    rustix::stdio::dup2_stderr(&ends.output)?;
    for inherited in [&ends.tests, &ends.results] {
        rustix::io::fcntl_setfd(inherited.as_fd(), FdFlags::empty())?;
    }
    Ok(())
}

fn drop_capabilities() -> rustix::io::Result<()> {
    if rustix::thread::capabilities(None)?.effective.contains(CapabilitySet::SETPCAP) {
        for number in 0..u64::BITS {
            match rustix::thread::remove_capability_from_bounding_set(CapabilitySet::from_bits_retain(
                1 << number,
            )) {
                // The kernel has no more of them.
                Err(Errno::INVAL) => break,
                other => other?,
            }
        }
    }
    rustix::thread::clear_ambient_capability_set()?;
    let none = CapabilitySet::empty();
    rustix::thread::set_capabilities(
        None,
        CapabilitySets { effective: none, permitted: none, inheritable: none },
    )
}
