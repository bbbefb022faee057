//! Watches a locked-in program: hands out tests, takes results and output, and ends it when it uses more than it may.
//!
//! Looks every 5 ms, so a limit is exceeded by at most that. Every wait is bounded; the wall time is the last bound.

use super::cell::Cell;
use super::dialogue::{Dialogue, Next};
use super::limits::{Bounds, MOST_OUTPUT_BYTES, SHOWN_OUTPUT_BYTES};
use super::order::Order;
use super::{sys, tell};
use parlor_wire::judge::{Done, Event, Stop};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Signal, WaitIdStatus, pidfd_send_signal};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt as _;
use std::time::{Duration, Instant};

/// How often the clock is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// Watches a run to its end; afterwards the program is dead.
///
/// # Errors
/// What the system says when the program can not be watched any more.
pub(super) fn watch(cell: &mut Cell, order: &Order) -> io::Result<Done> {
    let mut watch = Watch {
        cell,
        bounds: Bounds::of(order.limits),
        dialogue: Dialogue::new(order),
        began: Instant::now(),
        cpu_before: Duration::ZERO,
        cpu_seen: Duration::ZERO,
        waited_before: waited_for_a_core("self").unwrap_or_default(),
        memory: None,
        page_kb: rustix::param::page_size() as u64 / 1024,
        peak_kb: 0,
        to_write: Vec::new(),
        results_open: true,
        printed: 0,
        output: Vec::new(),
        output_open: true,
    };
    watch.cpu_before = sys::cpu_time(watch.cell.target.pid)?;
    let memory = format!("/proc/{}/statm", watch.cell.target.pid.as_raw_nonzero());
    watch.memory = Some(File::open(memory)?);
    watch.to_write = watch.dialogue.opening();
    let stop = watch.until_stop()?;
    let wall = watch.began.elapsed();
    // A stop of our own leaves the program running until here.
    let _ = pidfd_send_signal(&watch.cell.target.handle, Signal::KILL);
    let cpu = watch.cpu()?;
    Ok(Done {
        stop,
        cpu_ms: cpu.as_millis() as u64,
        wall_ms: wall.as_millis() as u64,
        peak_kb: watch.peak_kb,
    })
}

struct Watch<'a> {
    cell: &'a mut Cell,
    bounds: Bounds,
    dialogue: Dialogue<'a>,
    began: Instant,
    /// CPU time before the program was there, and at the last result.
    cpu_before: Duration,
    cpu_seen: Duration,
    /// How long this process had waited for a core before.
    waited_before: Duration,
    memory: Option<File>,
    page_kb: u64,
    peak_kb: u64,
    /// Tests that the pipe has not taken yet.
    to_write: Vec<u8>,
    results_open: bool,
    /// All that was printed so far.
    printed: usize,
    /// What was printed since the last result, as far as it is shown.
    output: Vec<u8>,
    output_open: bool,
}

impl Watch<'_> {
    fn until_stop(&mut self) -> io::Result<Stop> {
        loop {
            let Ready { wanted, ended } = self.wait()?;
            if !wanted {
                return Ok(Stop::Stopped);
            }
            self.write_tests();
            if let Some(stop) = self.read_all()? {
                return Ok(stop);
            }
            if let Some(stop) = self.over_a_limit()? {
                return Ok(stop);
            }
            if ended && let Some(status) = self.cell.target.ended()? {
                return Ok(self.why_it_died(&status));
            }
        }
    }

    /// Waits for anything to happen, at most until the next look.
    fn wait(&mut self) -> io::Result<Ready> {
        let cell = &*self.cell;
        let stdin = rustix::stdio::stdin();
        let mut files = vec![
            PollFd::from_borrowed_fd(stdin, PollFlags::IN),
            PollFd::new(&cell.target.handle, PollFlags::IN),
        ];
        if self.results_open {
            files.push(PollFd::new(&cell.results, PollFlags::IN));
        }
        if self.output_open {
            files.push(PollFd::new(&cell.output, PollFlags::IN));
        }
        if !self.to_write.is_empty() {
            files.push(PollFd::new(&cell.tests, PollFlags::OUT));
        }
        let time = Timespec { tv_sec: 0, tv_nsec: LOOK.as_nanos() as i64 };
        match poll(&mut files, Some(&time)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(Ready { wanted: files[0].revents().is_empty(), ended: !files[1].revents().is_empty() })
    }

    fn write_tests(&mut self) {
        while !self.to_write.is_empty() {
            match rustix::io::write(&self.cell.tests, &self.to_write) {
                Ok(n) => drop(self.to_write.drain(..n)),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return,
                // A program that wants no tests will come to an end by itself, or by its time.
                Err(_) => self.to_write.clear(),
            }
        }
    }

    /// Takes results until there is none any more.
    fn read_all(&mut self) -> io::Result<Option<Stop>> {
        loop {
            if self.results_open {
                let dialogue = &mut self.dialogue;
                self.results_open = take(&self.cell.results, |part| dialogue.received(part))?;
            }
            // Whatever belongs to the test of the next line is in the pipe already.
            self.read_output()?;
            if self.printed > MOST_OUTPUT_BYTES {
                return Ok(Some(Stop::OutputLimit));
            }
            match self.dialogue.next() {
                Next::Wait => return Ok(None),
                Next::End(stop) => return Ok(Some(stop)),
                Next::First(test) => self.hand_out(&test)?,
                Next::Result(mut result, next) => {
                    let cpu = self.cpu()?;
                    result.us = (cpu.saturating_sub(self.cpu_seen)).as_micros() as u64;
                    result.output = String::from_utf8_lossy(&std::mem::take(&mut self.output)).into_owned();
                    self.look_at_memory();
                    tell(&Event::Test(result))?;
                    match next {
                        Some(test) => self.hand_out(&test)?,
                        None => return Ok(Some(Stop::Finished)),
                    }
                }
            }
        }
    }

    fn hand_out(&mut self, test: &[u8]) -> io::Result<()> {
        self.cpu_seen = self.cpu()?;
        self.to_write.extend_from_slice(test);
        self.write_tests();
        Ok(())
    }

    fn read_output(&mut self) -> io::Result<()> {
        if self.output_open {
            let (output, printed) = (&mut self.output, &mut self.printed);
            self.output_open = take(&self.cell.output, |part| {
                *printed += part.len();
                let room = SHOWN_OUTPUT_BYTES.saturating_sub(output.len());
                output.extend_from_slice(&part[..part.len().min(room)]);
                *printed <= MOST_OUTPUT_BYTES
            })?;
        }
        Ok(())
    }

    fn over_a_limit(&mut self) -> io::Result<Option<Stop>> {
        let cpu = self.cpu()?;
        if cpu >= self.bounds.cpu {
            return Ok(Some(Stop::CpuLimit));
        }
        if self.look_at_memory() > self.bounds.resident_bytes / 1024 {
            return Ok(Some(Stop::MemoryLimit));
        }
        let wall = self.began.elapsed();
        if wall > self.bounds.idle && self.idle(wall, cpu).is_some_and(|idle| idle > self.bounds.idle) {
            return Ok(Some(Stop::Idle));
        }
        Ok((wall > self.bounds.wall).then(|| Stop::Fault(BUSY.to_owned())))
    }

    /// How long the program neither ran nor waited for a core, nor for this process to get one. A busy machine does not
    /// make that longer, and a program that works for a while and then sleeps does not make it shorter.
    /// `None` where the kernel does not count it.
    fn idle(&self, wall: Duration, cpu: Duration) -> Option<Duration> {
        let theirs = waited_for_a_core(&self.cell.target.pid.as_raw_nonzero().to_string())?;
        let ours = waited_for_a_core("self")?.saturating_sub(self.waited_before);
        Some(wall.saturating_sub(cpu).saturating_sub(theirs).saturating_sub(ours))
    }

    fn cpu(&self) -> io::Result<Duration> {
        Ok(sys::cpu_time(self.cell.target.pid)?.saturating_sub(self.cpu_before))
    }

    /// The resident memory in KiB, 0 of a dead process.
    fn look_at_memory(&mut self) -> u64 {
        let mut text = [0; 64];
        let read = self.memory.as_ref().and_then(|file| file.read_at(&mut text, 0).ok()).unwrap_or_default();
        let pages =
            std::str::from_utf8(&text[..read]).ok().and_then(|text| text.split(' ').nth(1)?.parse().ok());
        let resident = pages.unwrap_or(0_u64) * self.page_kb;
        self.peak_kb = self.peak_kb.max(resident);
        resident
    }

    fn why_it_died(&self, status: &WaitIdStatus) -> Stop {
        let near_its_memory = self.peak_kb > self.bounds.data_bytes / 1024 * 3 / 4;
        match (status.terminating_signal(), status.exit_status()) {
            (Some(libc::SIGSYS), _) => Stop::Forbidden,
            (Some(libc::SIGXCPU), _) => Stop::CpuLimit,
            (Some(libc::SIGABRT | libc::SIGSEGV | libc::SIGBUS), _) if near_its_memory => Stop::MemoryLimit,
            (Some(signal), _) => Stop::Signal(signal),
            (None, code) => Stop::Exit(code.unwrap_or_default()),
        }
    }
}

/// What a run that got no time says; the supervisor does it again, alone.
pub(crate) const BUSY: &str = "the machine was too busy to finish the run in time";

fn waited_for_a_core(process: &str) -> Option<Duration> {
    let text = std::fs::read_to_string(format!("/proc/{process}/schedstat")).ok()?;
    Some(Duration::from_nanos(text.split(' ').nth(1)?.parse().ok()?))
}

struct Ready {
    /// Somebody still wants the run.
    wanted: bool,
    ended: bool,
}

/// Reads what is there, as long as more is wanted; false at the end of the file.
fn take(from: &OwnedFd, mut wants_more: impl FnMut(&[u8]) -> bool) -> io::Result<bool> {
    let mut buffer = [0; 16 * 1024];
    loop {
        match rustix::io::read(from, &mut buffer) {
            Ok(0) => return Ok(false),
            Ok(n) if wants_more(&buffer[..n]) => {}
            Ok(_) | Err(Errno::AGAIN) => return Ok(true),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
