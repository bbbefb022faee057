//! The processes of one run and the pipes between them.
//!
//! With namespaces there are two: an init, which does nothing but be process 1, so that the kernel's special treatment
//! of that number (signals without a handler are ignored) does not reach the program; and the program. Both are
//! children of this process. Without namespaces there is only the program.

use super::lock_in::{self, Ends};
use super::order::Order;
use super::sys::{self, Fork};
use super::{namespaces, programs};
use parlor_wire::judge::Tier;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, retry_on_intr};
use rustix::pipe::{PipeFlags, pipe_with};
use rustix::process::{
    Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, WaitIdStatus, set_parent_process_death_signal,
};
use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

/// How long locking in may take on a machine that is busy with other things.
const SETUP_DEADLINE: Duration = Duration::from_secs(10);
/// How long the kernel may need to end a process that was killed.
const KILL_DEADLINE: Duration = Duration::from_secs(5);

/// A program that is locked in, and our ends of its pipes. Dropping it kills all of it.
pub(super) struct Cell {
    pub(super) target: Process,
    init: Option<Process>,
    /// Tests go in here.
    pub(super) tests: OwnedFd,
    /// Results come out here, a line each.
    pub(super) results: OwnedFd,
    /// What the program prints.
    pub(super) output: OwnedFd,
}

/// A child process, held so that its number cannot become another's.
pub(super) struct Process {
    pub(super) pid: Pid,
    pub(super) handle: OwnedFd,
}

/// Starts the program of an order behind all locks.
///
/// # Errors
/// A sentence that names the lock that could not be put on; nothing is left running.
pub(super) fn open(order: &Order) -> Result<Cell, String> {
    let plain = |what: &'static str| move |error: Errno| format!("{what}: {error}");
    let watcher = rustix::process::pidfd_open(rustix::process::getpid(), PidfdFlags::empty())
        .map_err(plain("pidfd_open"))?;
    let init = if order.tier == Tier::Namespaces {
        namespaces::enter().map_err(|error| format!("user namespaces: {error}"))?;
        Some(start_init(&watcher).map_err(|error| format!("fork: {error}"))?)
    } else {
        None
    };
    // Not before, since every change of identity takes it back. The end of the standard input says the same.
    set_parent_process_death_signal(Some(Signal::KILL)).map_err(plain("parent death signal"))?;

    // The program closes its copy when all locks are on; before, it may say what went wrong.
    let (setup, setup_theirs) = pipe_with(PipeFlags::CLOEXEC).map_err(plain("pipe"))?;
    let (tests_theirs, tests) = pipe_with(PipeFlags::CLOEXEC).map_err(plain("pipe"))?;
    let (results, results_theirs) = pipe_with(PipeFlags::CLOEXEC).map_err(plain("pipe"))?;
    let (output, output_theirs) = pipe_with(PipeFlags::CLOEXEC).map_err(plain("pipe"))?;
    for ours in [&tests, &results, &output] {
        rustix::io::ioctl_fionbio(ours, true).map_err(plain("pipe"))?;
    }
    let target = match sys::fork().map_err(|error| format!("fork: {error}"))? {
        Fork::Parent(pid) => hold(pid).map_err(|error| format!("pidfd_open: {error}"))?,
        Fork::Child => {
            drop((setup, tests, results, output, init));
            let ends = Ends { tests: tests_theirs, results: results_theirs, output: output_theirs };
            become_target(order, ends, watcher, setup_theirs.into())
        }
    };
    drop((setup_theirs, tests_theirs, results_theirs, output_theirs));
    let cell = Cell { target, init, tests, results, output };
    match said_until_closed(setup).map_err(|error| format!("locking in: {error}"))? {
        said if said.is_empty() => Ok(cell),
        said => Err(said),
    }
}

fn start_init(watcher: &OwnedFd) -> io::Result<Process> {
    match sys::fork()? {
        Fork::Parent(pid) => hold(pid),
        Fork::Child => be_init(watcher),
    }
}

fn hold(pid: Pid) -> io::Result<Process> {
    let handle = rustix::process::pidfd_open(pid, PidfdFlags::empty())?;
    Ok(Process { pid, handle })
}

/// Waits until the watcher has ended, by whatever cause; then the namespace ends with this process.
fn be_init(watcher: &OwnedFd) -> ! {
    while let Err(Errno::INTR) = poll(&mut [PollFd::new(watcher, PollFlags::IN)], None) {}
    std::process::exit(0)
}

fn become_target(order: &Order, ends: Ends, watcher: OwnedFd, setup: File) -> ! {
    let mut setup = Some(setup);
    let error = match lock_in::lock_in(order, &ends, watcher) {
        Ok(()) => programs::become_program(order, ends, &mut setup),
        Err(error) => error,
    };
    if let Some(mut setup) = setup {
        let _ = io::Write::write_all(&mut setup, error.as_bytes());
    }
    std::process::exit(1)
}

fn said_until_closed(setup: OwnedFd) -> io::Result<String> {
    let mut said = String::new();
    let mut setup = File::from(setup);
    loop {
        if !readable_within(&setup, SETUP_DEADLINE)? {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "took more than 10 s"));
        }
        let mut part = [0; 512];
        match setup.read(&mut part)? {
            0 => return Ok(said),
            n => said.push_str(&String::from_utf8_lossy(&part[..n])),
        }
    }
}

fn readable_within(file: &impl AsFd, time: Duration) -> io::Result<bool> {
    let time = Timespec { tv_sec: time.as_secs().cast_signed(), tv_nsec: i64::from(time.subsec_nanos()) };
    Ok(retry_on_intr(|| poll(&mut [PollFd::new(file, PollFlags::IN)], Some(&time)))? > 0)
}

impl Process {
    /// How it ended; `None` while it runs. It stays a zombie, so that its clock can still be read.
    pub(super) fn ended(&self) -> io::Result<Option<WaitIdStatus>> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        Ok(rustix::process::waitid(WaitId::PidFd(self.handle.as_fd()), options)?)
    }
}

impl Drop for Cell {
    fn drop(&mut self) {
        // The end of an init is the end of everything in its namespace.
        for process in [Some(&self.target), self.init.as_ref()].into_iter().flatten() {
            let _ = rustix::process::pidfd_send_signal(&process.handle, Signal::KILL);
            // What the kernel does not end in time is left to it; it can not run any more.
            if readable_within(&process.handle, KILL_DEADLINE).unwrap_or(false) {
                let _ = rustix::process::waitid(WaitId::PidFd(process.handle.as_fd()), WaitIdOptions::EXITED);
            }
        }
    }
}
