//! Our own attempts to break out, from behind the real locks. Every one must fail, or nothing is judged here.
//!
//! The supervisor runs them when it starts and the tests run them again. A system call counts as stopped only when the
//! filter says that it does not exist; another error would mean that the kernel had looked at it.

#![allow(unsafe_code, reason = "the attempts are raw system calls; each would be an attack if it succeeded")]

use super::dialogue::Line;
use super::lock_in::Ends;
use parlor_wire::judge::{Outcome, TestResult, Value};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;

/// One kind of attempt; each needs a run of its own, since some end it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Canary {
    /// Files, processes, sockets, memory, privileges; answers with the names of those that were not stopped.
    Reach,
    /// Data without end; must end by the limit of memory or without getting it.
    Memory,
    /// A loop without end; must end by the limit of CPU time.
    Spin,
    /// Output without end; must end by the limit of output.
    Flood,
    /// A system call of another architecture; must end by the filter.
    ForeignCall,
    /// Executes a shell; must not be there afterwards.
    Shell,
}

/// Makes the attempt and tells what came of it.
pub(super) fn serve(canary: Canary, ends: Ends) -> ! {
    let mut results = File::from(ends.results);
    let mut tell = |line: &Line| {
        let mut text = serde_json::to_vec(line).unwrap_or_default();
        text.push(b'\n');
        let _ = results.write_all(&text);
    };
    tell(&Line::Ready);
    let _ = super::programs::next_test(&mut File::from(ends.tests));
    let reached = match canary {
        Canary::Reach => reach(),
        Canary::Memory => memory(),
        Canary::Spin => loop {
            std::hint::spin_loop();
        },
        Canary::Flood => loop {
            let _ = std::io::stdout().write_all(&[b'x'; 4096]);
        },
        Canary::ForeignCall => foreign_call(),
        Canary::Shell => shell(),
    };
    let names = reached.into_iter().map(Value::Text).collect();
    let outcome = Outcome::Value(Value::List(names));
    tell(&Line::Test(TestResult { i: 0, us: 0, outcome, output: String::new() }));
    std::process::exit(0)
}

fn reach() -> Vec<String> {
    let read =
        ["/etc/passwd", "/proc/self/status", "/proc/1/cmdline", "/proc/meminfo", "/root", "/home", "/tmp"];
    let write = ["/parlor-canary", "/tmp/parlor-canary", "/dev/shm/parlor-canary", "/var/tmp/parlor-canary"];
    let read = read.into_iter().filter(|path| File::open(path).is_ok());
    let list = ["/", "/proc", "/etc"].into_iter().filter(|path| {
        // The root of tier 1 may be listed: it holds nothing but the interpreter.
        fs::read_dir(path).is_ok_and(|mut entries| entries.any(|e| e.is_ok_and(|e| e.file_name() == "root")))
    });
    let write =
        write.into_iter().filter(|path| OpenOptions::new().create(true).append(true).open(path).is_ok());
    let paths = read.chain(list).chain(write).map(|path| format!("file {path}"));
    let calls = CALLS.iter().filter(|(_, call, arguments)| !does_not_exist(*call, *arguments));
    let mut reached: Vec<String> = paths.chain(calls.map(|(name, ..)| (*name).to_owned())).collect();
    #[cfg(target_arch = "x86_64")]
    if !does_not_exist(0x4000_0000 | libc::SYS_getpid, [0; 6]) {
        reached.push("a system call of x32".to_owned());
    }
    reached
}

type Arguments = [libc::c_long; 6];
const NOTHING: Arguments = [0; 6];

/// What the kernel offers to those who want out, with arguments that it would understand.
const CALLS: &[(&str, libc::c_long, Arguments)] = &[
    ("clone", libc::SYS_clone, [libc::SIGCHLD as libc::c_long, 0, 0, 0, 0, 0]),
    ("clone of a thread", libc::SYS_clone, [libc::CLONE_THREAD as libc::c_long, 0, 0, 0, 0, 0]),
    ("clone3", libc::SYS_clone3, NOTHING),
    (
        "socket inet",
        libc::SYS_socket,
        [libc::AF_INET as libc::c_long, libc::SOCK_STREAM as libc::c_long, 0, 0, 0, 0],
    ),
    (
        "socket unix",
        libc::SYS_socket,
        [libc::AF_UNIX as libc::c_long, libc::SOCK_STREAM as libc::c_long, 0, 0, 0, 0],
    ),
    (
        "socket vsock",
        libc::SYS_socket,
        [libc::AF_VSOCK as libc::c_long, libc::SOCK_STREAM as libc::c_long, 0, 0, 0, 0],
    ),
    (
        "socket netlink",
        libc::SYS_socket,
        [libc::AF_NETLINK as libc::c_long, libc::SOCK_RAW as libc::c_long, 0, 0, 0, 0],
    ),
    ("socketpair", libc::SYS_socketpair, NOTHING),
    ("kill of all", libc::SYS_kill, [-1, 0, 0, 0, 0, 0]),
    ("tkill", libc::SYS_tkill, [1, 0, 0, 0, 0, 0]),
    ("tgkill of another", libc::SYS_tgkill, [1, 1, libc::SIGABRT as libc::c_long, 0, 0, 0]),
    ("pidfd_open", libc::SYS_pidfd_open, [1, 0, 0, 0, 0, 0]),
    ("pidfd_send_signal", libc::SYS_pidfd_send_signal, NOTHING),
    ("ptrace", libc::SYS_ptrace, NOTHING),
    ("process_vm_readv", libc::SYS_process_vm_readv, [1, 0, 0, 0, 0, 0]),
    ("prctl", libc::SYS_prctl, NOTHING),
    ("prlimit of itself", libc::SYS_prlimit64, [0, libc::RLIMIT_CPU as libc::c_long, 8, 0, 0, 0]),
    ("prlimit of another", libc::SYS_prlimit64, [1, libc::RLIMIT_CPU as libc::c_long, 0, 0, 0, 0]),
    ("setrlimit", libc::SYS_setrlimit, NOTHING),
    (
        "shared memory",
        libc::SYS_mmap,
        [0, 4096, 3, (libc::MAP_SHARED | libc::MAP_ANONYMOUS) as libc::c_long, -1, 0],
    ),
    (
        "uncounted memory",
        libc::SYS_mmap,
        [0, 4096, 3, (libc::MAP_PRIVATE | libc::MAP_GROWSDOWN | libc::MAP_ANONYMOUS) as libc::c_long, -1, 0],
    ),
    ("memfd_create", libc::SYS_memfd_create, NOTHING),
    ("memfd_secret", libc::SYS_memfd_secret, NOTHING),
    ("shmget", libc::SYS_shmget, [0, 4096, 0o1600, 0, 0, 0]),
    ("msgget", libc::SYS_msgget, NOTHING),
    ("mlock", libc::SYS_mlock, NOTHING),
    ("unshare", libc::SYS_unshare, [libc::CLONE_NEWUSER as libc::c_long, 0, 0, 0, 0, 0]),
    ("setns", libc::SYS_setns, NOTHING),
    ("chroot", libc::SYS_chroot, NOTHING),
    ("pivot_root", libc::SYS_pivot_root, NOTHING),
    ("mount", libc::SYS_mount, NOTHING),
    ("fsopen", libc::SYS_fsopen, NOTHING),
    ("open_tree", libc::SYS_open_tree, NOTHING),
    ("setuid", libc::SYS_setuid, NOTHING),
    ("capset", libc::SYS_capset, NOTHING),
    ("bpf", libc::SYS_bpf, NOTHING),
    ("io_uring_setup", libc::SYS_io_uring_setup, NOTHING),
    ("userfaultfd", libc::SYS_userfaultfd, NOTHING),
    ("perf_event_open", libc::SYS_perf_event_open, NOTHING),
    ("add_key", libc::SYS_add_key, NOTHING),
    ("keyctl", libc::SYS_keyctl, NOTHING),
    ("seccomp", libc::SYS_seccomp, NOTHING),
    ("execveat", libc::SYS_execveat, NOTHING),
    ("setitimer", libc::SYS_setitimer, NOTHING),
    ("timer_create", libc::SYS_timer_create, NOTHING),
    ("personality", libc::SYS_personality, NOTHING),
    ("truncate", libc::SYS_truncate, NOTHING),
    ("unlinkat", libc::SYS_unlinkat, NOTHING),
    ("mkdirat", libc::SYS_mkdirat, NOTHING),
];

fn does_not_exist(call: libc::c_long, a: Arguments) -> bool {
    // SAFETY: behind the locks none of these reaches the kernel, which is what is tried. Where one does, its arguments
    // name no memory of ours, and the process ends right after.
    let result = unsafe { libc::syscall(call, a[0], a[1], a[2], a[3], a[4], a[5]) };
    result == -1 && std::io::Error::last_os_error().raw_os_error() == Some(libc::ENOSYS)
}

fn memory() -> Vec<String> {
    let mut held = Vec::new();
    // Twice the largest limit there is.
    for _ in 0..2_048 {
        let mut part = Vec::new();
        if part.try_reserve_exact(1 << 20).is_err() {
            return Vec::new();
        }
        part.resize(1 << 20, 1_u8);
        held.push(part);
    }
    vec!["2 GiB of memory".to_owned()]
}

#[cfg(target_arch = "x86_64")]
fn foreign_call() -> Vec<String> {
    let result: u64;
    // SAFETY: getpid() of 32-bit Linux; it touches nothing but the register of its result.
    unsafe { std::arch::asm!("int 0x80", inlateout("rax") 20_u64 => result) };
    vec![format!("int 0x80 answered {result}")]
}

#[cfg(not(target_arch = "x86_64"))]
fn foreign_call() -> Vec<String> {
    // No other architecture can be called from this one: die as the filter would have it.
    unsafe { libc::raise(libc::SIGSYS) };
    std::process::exit(1)
}

fn shell() -> Vec<String> {
    use std::os::unix::process::CommandExt as _;
    let _ = std::process::Command::new("/bin/sh").args(["-c", "echo out"]).exec();
    Vec::new()
}
