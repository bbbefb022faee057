//! The process between server and jails: takes jobs, starts a jail for each, passes on what it tells.
//!
//! It has no runtime and a thread per slot. It reads its jobs from the standard input, which is a socket of the
//! server's, and ends when that closes; every jail ends with it. It never reads a program's own bytes, only what a jail
//! made of them.

use crate::frame;
use crate::jail::order::Order;
use crate::jail::order::{Program, Python};
use parlor_wire::judge::{Done, Event, FromJudge, Hello, Job, Language, Stop, Tier, ToJudge, VERSION};
use std::io;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

mod find_python;
mod self_test;
mod slot;

use slot::{Slots, Work};

/// What the server says on the command line.
#[derive(Default)]
struct Settings {
    /// The best tier that is tried; for tests, which must see both.
    best_tier: Option<Tier>,
    /// The Python to use instead of the usual places.
    python: Option<PathBuf>,
}

/// Speaks with the server until it goes away.
pub(crate) fn main(arguments: impl Iterator<Item = String>) -> ExitCode {
    let Ok(server) = rustix::io::dup(rustix::stdio::stdin()).map(UnixStream::from) else {
        return ExitCode::FAILURE;
    };
    match serve(server, &read_settings(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn read_settings(arguments: impl Iterator<Item = String>) -> Settings {
    let mut settings = Settings::default();
    for argument in arguments {
        match argument.split_once('=') {
            Some(("--best-tier", "landlock")) => settings.best_tier = Some(Tier::Landlock),
            Some(("--python", path)) => settings.python = Some(path.into()),
            // Both sides are one binary; there is nothing else.
            _ => {}
        }
    }
    settings
}

fn serve(mut server: UnixStream, settings: &Settings) -> io::Result<()> {
    let slots = Slots::of_this_machine();
    let found = self_test::find_out(settings.best_tier, settings.python.as_deref(), &slots);
    let hello = Hello {
        version: VERSION,
        tier: found.tier,
        reasons: found.reasons,
        slots: slots.count(),
        languages: found.languages,
    };
    let out = Arc::new(Mutex::new(server.try_clone()?));
    say(&out, &FromJudge::Hello(hello));
    let Some(tier) = found.tier else { return wait_for_the_end(&mut server) };

    let (work, jobs) = sync_channel(slots.count() as usize);
    let running = slots.start(jobs, &out)?;
    while let Some(message) = frame::read::<ToJudge>(&mut server)? {
        match message {
            ToJudge::Run { run, job } => match order(*job, tier, found.python.as_ref()) {
                Ok(order) => {
                    running.add(run);
                    take(&work, Work { run, order }, &out);
                }
                Err(fault) => say(&out, &failed(run, fault)),
            },
            ToJudge::Stop { run } => running.stop(run),
        }
    }
    Ok(())
}

/// A supervisor that can run nothing stays, so that the server sees no failure and starts no other.
fn wait_for_the_end(server: &mut UnixStream) -> io::Result<()> {
    while frame::read::<ToJudge>(server)?.is_some() {}
    Ok(())
}

fn order(job: Job, tier: Tier, python: Option<&Python>) -> Result<Order, String> {
    let source = job.source.into_inner();
    let program = match job.language {
        Language::JavaScript => Program::JavaScript(source),
        Language::Python => {
            Program::Python(source, python.ok_or("there is no Python on this machine")?.clone())
        }
    };
    // The slot puts its own number and core in.
    let (slot, core) = (0, 0);
    let Job { function, tests, limits, mode, .. } = job;
    Ok(Order { tier, slot, core, program, function, tests, limits, mode })
}

fn take(work: &SyncSender<Work>, job: Work, out: &Out) {
    if let Err(TrySendError::Full(job) | TrySendError::Disconnected(job)) = work.try_send(job) {
        say(out, &failed(job.run, "more jobs than slots".to_owned()));
    }
}

type Out = Arc<Mutex<UnixStream>>;

/// Tells the server; when it is gone, this process ends with it.
fn say(out: &Out, message: &FromJudge) {
    let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
    if frame::write(&mut *out, message).is_err() {
        std::process::exit(1);
    }
}

fn failed(run: u64, fault: String) -> FromJudge {
    let done = Done { stop: Stop::Fault(fault), cpu_ms: 0, wall_ms: 0, peak_kb: 0 };
    FromJudge::Event { run, event: Event::Done(done) }
}
