//! How much a program may use, in numbers; the kernel's own limits, and what the watcher goes by.
//!
//! The kernel's CPU limit counts whole seconds by another clock, up to a fifth off; it is only a backstop. Time is
//! decided by the watcher. Memory is bounded by the kernel; the watcher stands above and says which limit it was.

use super::order::{Order, Program};
use parlor_wire::judge::Limits;
use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, setrlimit};
use std::time::Duration;

const MIB: u64 = 1024 * 1024;
/// What an interpreter takes for itself before the program does anything, generously.
const OWN_BYTES: u64 = 32 * MIB;
/// What the resident memory may be above the kernel's limit of data: the files of an interpreter and its libraries.
const FILES_BYTES: u64 = 32 * MIB;
/// What a thread's stack may be. Recursion ends here, or at the language's own limit.
const STACK_BYTES: u64 = 8 * MIB;

/// Shown to the author of a program per test; the rest is cut.
pub(super) const SHOWN_OUTPUT_BYTES: usize = 8 * 1024;
/// Printed by all tests together; more ends the run.
pub(super) const MOST_OUTPUT_BYTES: usize = 64 * 1024;
/// The longest line on the results' pipe; more ends the run.
pub(super) const MOST_RESULT_BYTES: usize = 256 * 1024;
/// The longest message of a program's error, in characters.
pub(super) const MOST_MESSAGE_CHARS: usize = 1_000;

/// What the watcher goes by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// CPU time of the whole run.
    pub(super) cpu: Duration,
    /// Time in which the program neither runs nor waits for a core: the CPU time and 2 s.
    pub(super) idle: Duration,
    /// Wall time of the whole run: ten times the CPU time and 5 s. Who has not come to another end by then had no fair
    /// chance: the fault is the machine's.
    pub(super) wall: Duration,
    /// Private data, enforced by the kernel.
    pub(super) data_bytes: u64,
    /// Resident memory.
    pub(super) resident_bytes: u64,
}

impl Bounds {
    pub(super) fn of(limits: Limits) -> Self {
        let cpu = Duration::from_millis(u64::from(limits.cpu_ms.clamp(10, 60_000)));
        let data_bytes = u64::from(limits.memory_mb.clamp(16, 1_024)) * MIB + OWN_BYTES;
        Self {
            cpu,
            idle: cpu + Duration::from_secs(2),
            wall: cpu * 10 + Duration::from_secs(5),
            data_bytes,
            resident_bytes: data_bytes + FILES_BYTES,
        }
    }
}

/// The engine's own limit, which gives the program an exception instead of an end.
pub(super) fn engine_bytes(limits: Limits) -> usize {
    limits.memory_mb.clamp(16, 1_024) as usize * MIB as usize
}

/// Sets the kernel's limits for this process, so that it can not raise them again.
pub(super) fn apply(order: &Order) -> Result<(), Errno> {
    let bounds = Bounds::of(order.limits);
    let backstop = (bounds.cpu.mul_f32(1.5) + Duration::from_secs(1)).as_secs() + 1;
    let files = if matches!(order.program, Program::JavaScript(_)) { 8 } else { 32 };
    for (resource, most) in [
        (Resource::Cpu, backstop),
        (Resource::Data, bounds.data_bytes),
        (Resource::As, bounds.data_bytes + 1024 * MIB),
        (Resource::Stack, STACK_BYTES),
        (Resource::Fsize, 0),
        (Resource::Nofile, files),
        (Resource::Nproc, 0),
        (Resource::Core, 0),
        (Resource::Memlock, 0),
        (Resource::Msgqueue, 0),
        (Resource::Sigpending, 16),
    ] {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}
