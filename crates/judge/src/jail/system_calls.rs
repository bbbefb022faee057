//! The system calls that a program may make; every other one does not exist for it (`ENOSYS`).
//!
//! "Does not exist" instead of death, since libraries try new calls and fall back. Calls of a foreign architecture
//! (`int 0x80`) end the process; those of x32 have numbers that are in no list. No process and no thread can be
//! started, no socket opened, no signal sent but one's own abort, no memory shared.

use seccompiler::{
    SeccompAction, SeccompCmpArgLen as Len, SeccompCmpOp as Op, SeccompCondition, SeccompFilter, SeccompRule,
};
use std::collections::BTreeMap;

/// What any program needs: its pipes, memory, time, signal handlers and an end.
const ALWAYS: &[libc::c_long] = &[
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_close,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_brk,
    libc::SYS_madvise,
    libc::SYS_futex,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_sched_yield,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// What an interpreter needs beyond: being executed and loaded, its modules' files, waiting.
const INTERPRETER: &[libc::c_long] = &[
    libc::SYS_execve,
    libc::SYS_set_tid_address,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_openat,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_lseek,
    libc::SYS_pread64,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_getdents64,
    libc::SYS_readlinkat,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_getcwd,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_getppid,
    libc::SYS_uname,
    libc::SYS_sched_getaffinity,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_ppoll,
    libc::SYS_pselect6,
];

/// The older names of the same, which only this architecture has.
#[cfg(target_arch = "x86_64")]
const INTERPRETER_OLD: &[libc::c_long] = &[
    libc::SYS_arch_prctl,
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_dup2,
    libc::SYS_time,
    libc::SYS_poll,
    libc::SYS_select,
];
#[cfg(not(target_arch = "x86_64"))]
const INTERPRETER_OLD: &[libc::c_long] = &[];

/// Filters this process's system calls from here on.
///
/// # Errors
/// What the compiler of filters or the kernel says.
pub(super) fn allow_only(interpreter: bool) -> Result<(), Box<dyn std::error::Error>> {
    let program: seccompiler::BpfProgram = SeccompFilter::new(
        rules(interpreter)?,
        SeccompAction::Errno(libc::ENOSYS.unsigned_abs()),
        SeccompAction::Allow,
        std::env::consts::ARCH.try_into()?,
    )?
    .try_into()?;
    Ok(seccompiler::apply_filter(&program)?)
}

fn rules(interpreter: bool) -> Result<BTreeMap<i64, Vec<SeccompRule>>, seccompiler::BackendError> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = ALWAYS.iter().map(|call| (*call, vec![])).collect();
    // Not shared; and not growing downwards, which the limit of data would not count.
    let private = (libc::MAP_SHARED | libc::MAP_GROWSDOWN).unsigned_abs();
    rules.insert(libc::SYS_mmap, vec![when(&[(3, Op::MaskedEq(private.into()), 0)])?]);
    // A signal only to oneself, as abort() sends it. The filter is made by the process that it is for.
    let me = u64::from(std::process::id());
    let abort = u64::from(libc::SIGABRT.unsigned_abs());
    rules.insert(libc::SYS_tgkill, vec![when(&[(0, Op::Eq, me), (2, Op::Eq, abort)])?]);
    if interpreter {
        rules.extend(INTERPRETER.iter().chain(INTERPRETER_OLD).map(|call| (*call, vec![])));
        // Limits may be read, one's own.
        rules.insert(libc::SYS_prlimit64, vec![when(&[(0, Op::Eq, 0), (2, Op::Eq, 0)])?]);
        let ioctl = [libc::TCGETS, libc::FIOCLEX, libc::FIONBIO, libc::TIOCGWINSZ];
        rules.insert(
            libc::SYS_ioctl,
            ioctl.iter().map(|request| word(1, *request)).collect::<Result<_, _>>()?,
        );
        let fcntl = [
            libc::F_DUPFD,
            libc::F_GETFD,
            libc::F_SETFD,
            libc::F_GETFL,
            libc::F_SETFL,
            libc::F_DUPFD_CLOEXEC,
        ];
        rules.insert(
            libc::SYS_fcntl,
            fcntl.iter().map(|command| word(1, command.unsigned_abs().into())).collect::<Result<_, _>>()?,
        );
    }
    Ok(rules)
}

/// Allowed when all of these hold: argument, operator, value, over all 64 bits.
fn when(conditions: &[(u8, Op, u64)]) -> Result<SeccompRule, seccompiler::BackendError> {
    let conditions = conditions
        .iter()
        .map(|(argument, operator, value)| {
            SeccompCondition::new(*argument, Len::Qword, operator.clone(), *value)
        })
        .collect::<Result<_, _>>()?;
    SeccompRule::new(conditions)
}

/// Allowed when an argument of which the kernel looks at 32 bits has this value.
fn word(argument: u8, value: u64) -> Result<SeccompRule, seccompiler::BackendError> {
    SeccompRule::new(vec![SeccompCondition::new(argument, Len::Dword, Op::Eq, value)?])
}
