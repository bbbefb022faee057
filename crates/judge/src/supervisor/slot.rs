//! Places where runs happen: one thread and one core each, one jail at a time.

use super::{Out, say};
use crate::frame;
use crate::jail::order::Order;
use crate::jail::was_busy;
use parlor_wire::judge::{Done, Event, FromJudge, Stop};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::collections::HashMap;
use std::io::{self, Read};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// What a jail may need beside the program's wall time: to lock in, and to end it.
const JAIL_OVERHEAD: Duration = Duration::from_secs(20);

/// The slots of a machine.
pub(super) struct Slots {
    cores: Vec<usize>,
}

/// A run that waits for its slot.
pub(super) struct Work {
    pub(super) run: u64,
    pub(super) order: Order,
}

/// What a run in a slot is held by.
#[derive(Clone, Default)]
pub(super) struct Running(Arc<Mutex<HashMap<u64, Option<ChildStdin>>>>);

impl Slots {
    /// One per core but the first that this process may use, at least one: the first is the server's.
    pub(super) fn of_this_machine() -> Self {
        let allowed = rustix::thread::sched_getaffinity(None).unwrap_or_default();
        let cores: Vec<_> =
            (0..rustix::thread::CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core)).collect();
        Self { cores: if cores.len() > 1 { cores[1..].to_vec() } else { cores } }
    }

    pub(super) fn count(&self) -> u32 {
        self.cores.len().max(1) as u32
    }

    /// Starts a thread for each, which takes what comes.
    pub(super) fn start(&self, jobs: Receiver<Work>, out: &Out) -> io::Result<Running> {
        let jobs = Arc::new(Mutex::new(jobs));
        let alone = Arc::new(RwLock::new(()));
        let running = Running::default();
        for slot in 0..self.count() {
            let (jobs, out, alone, running) = (jobs.clone(), out.clone(), alone.clone(), running.clone());
            let core = self.core(slot);
            std::thread::Builder::new().name(format!("slot {slot}")).spawn(move || {
                loop {
                    let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(Work { run, order }) = next else { return };
                    let order = Order { slot, core, ..order };
                    let done = one_run(run, &order, &alone, &running, &out);
                    running.remove(run);
                    say(&out, &FromJudge::Event { run, event: Event::Done(done) });
                }
            })?;
        }
        Ok(running)
    }

    pub(super) fn core(&self, slot: u32) -> usize {
        self.cores.get(slot as usize).copied().unwrap_or_default()
    }
}

/// Runs an order; where the machine was too busy for it, once more with nothing beside it.
fn one_run(run: u64, order: &Order, alone: &RwLock<()>, running: &Running, out: &Out) -> Done {
    let done = {
        let _with_others = alone.read().unwrap_or_else(PoisonError::into_inner);
        in_jail(order, |stdin| running.hold(run, stdin), |event| say(out, &FromJudge::Event { run, event }))
    };
    if !was_busy(&done.stop) {
        return done;
    }
    say(out, &FromJudge::Event { run, event: Event::Restarted });
    let _alone = alone.write().unwrap_or_else(PoisonError::into_inner);
    in_jail(order, |stdin| running.hold(run, stdin), |event| say(out, &FromJudge::Event { run, event }))
}

/// Starts a jail, gives it an order and passes on its events until it is done. The jail is gone afterwards.
pub(super) fn in_jail(order: &Order, hold: impl FnOnce(ChildStdin), mut tell: impl FnMut(Event)) -> Done {
    let fault = |text: String| Done { stop: Stop::Fault(text), cpu_ms: 0, wall_ms: 0, peak_kb: 0 };
    let mut jail = match start() {
        Ok(jail) => jail,
        Err(error) => return fault(format!("the jail does not start: {error}")),
    };
    let done = match obey(&mut jail, order, hold, &mut tell) {
        Ok(Some(done)) => done,
        Ok(None) => fault("the jail ended without a word".to_owned()),
        Err(error) => fault(format!("the jail: {error}")),
    };
    // It has nothing left to do; the program dies with it.
    let _ = jail.kill();
    let _ = jail.wait();
    done
}

fn start() -> io::Result<Child> {
    Command::new("/proc/self/exe")
        .arg(crate::JAIL)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
}

fn obey(
    jail: &mut Child,
    order: &Order,
    hold: impl FnOnce(ChildStdin),
    tell: &mut impl FnMut(Event),
) -> io::Result<Option<Done>> {
    let (Some(mut stdin), Some(stdout)) = (jail.stdin.take(), jail.stdout.take()) else {
        return Err(io::Error::other("no pipes"));
    };
    let mut events = UntilDeadline {
        pipe: stdout,
        deadline: Instant::now() + crate::jail::wall_time(order) + JAIL_OVERHEAD,
    };
    frame::write(&mut stdin, order)?;
    hold(stdin);
    while let Some(event) = frame::read::<Event>(&mut events)? {
        match event {
            Event::Done(done) => return Ok(Some(done)),
            event => tell(event),
        }
    }
    Ok(None)
}

/// A pipe that is not waited for beyond a moment.
struct UntilDeadline {
    pipe: ChildStdout,
    deadline: Instant,
}

impl Read for UntilDeadline {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let left = self.deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            let left = Timespec { tv_sec: left.as_secs().cast_signed(), tv_nsec: left.subsec_nanos().into() };
            match poll(&mut [PollFd::new(&self.pipe, PollFlags::IN)], Some(&left)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                Ok(_) => return self.pipe.read(buffer),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl Running {
    /// Ends a run, or lets it end as soon as it begins.
    pub(super) fn stop(&self, run: u64) {
        self.lock().remove(&run);
    }

    /// Expects a run, so that it can be stopped from here on.
    pub(super) fn add(&self, run: u64) {
        self.lock().insert(run, None);
    }

    /// Holds the end of a jail's input: when that is dropped, the jail stops.
    fn hold(&self, run: u64, stdin: ChildStdin) {
        if let Some(place) = self.lock().get_mut(&run) {
            *place = Some(stdin);
        }
    }

    fn remove(&self, run: u64) {
        self.lock().remove(&run);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Option<ChildStdin>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
