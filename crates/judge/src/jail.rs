//! One run: locks a program in, hands it one test after the other, and ends it when it uses more than it may.
//!
//! The process is started anew for every run and has a single thread, so that nothing of another run is in its memory
//! and forking is sound. It stays outside as the watcher and knows the source and the arguments, never what is
//! expected. Its input is one order, then silence; when the input ends, whoever wanted the run is gone.

use crate::frame;
use crate::jail::order::Order;
use parlor_wire::judge::{Done, Event, Stop};
use rustix::thread::CpuSet;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

pub(crate) mod canary;
mod cell;
mod dialogue;
mod landlock_rules;
mod limits;
mod lock_in;
mod marshal;
mod namespaces;
pub(crate) mod order;
mod programs;
mod root_folder;
mod sys;
mod system_calls;
mod watch;

/// Reads an order from the standard input, carries it out and writes events to the standard output.
pub(crate) fn main() -> ExitCode {
    sys::close_inherited();
    match obey() {
        Ok(()) => ExitCode::SUCCESS,
        // The supervisor sees the end without a `done` and says that the fault is ours.
        Err(_) => ExitCode::FAILURE,
    }
}

fn obey() -> io::Result<()> {
    let Some(order) = frame::read::<Order>(&mut io::stdin().lock())? else { return Ok(()) };
    let done = run(&order).unwrap_or_else(|fault| Done {
        stop: Stop::Fault(fault),
        cpu_ms: 0,
        wall_ms: 0,
        peak_kb: 0,
    });
    tell(&Event::Done(done))
}

/// Runs an order to its end.
///
/// # Errors
/// A sentence for the log: nothing was run, or it could not be watched any more and was killed.
fn run(order: &Order) -> Result<Done, String> {
    stay_on(order.core);
    namespaces::leave_root(order.slot).map_err(|error| format!("leave root: {error}"))?;
    let mut cell = cell::open(order)?;
    tell(&Event::Started).map_err(|error| format!("tell the supervisor: {error}"))?;
    watch::watch(&mut cell, order).map_err(|error| format!("watch: {error}"))
}

/// Everything of a run shares one core, so runs do not disturb each other's times. Best effort: a container may have
/// taken the core away since the supervisor looked.
fn stay_on(core: usize) {
    let mut cores = CpuSet::new();
    if core < CpuSet::MAX_CPU {
        cores.set(core);
        let _ = rustix::thread::sched_setaffinity(None, &cores);
    }
    // Where memory runs out, this goes first; raising the score needs no right.
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
}

fn tell(event: &Event) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(&frame::encode(event)?)?;
    out.flush()
}

/// Whether a run ended because the machine had no time for it.
pub(crate) fn was_busy(stop: &Stop) -> bool {
    matches!(stop, Stop::Fault(text) if text == watch::BUSY)
}

/// How long an order's program may take by the wall clock.
pub(crate) fn wall_time(order: &Order) -> Duration {
    limits::Bounds::of(order.limits).wall
}
