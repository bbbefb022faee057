//! The few system calls that neither std nor rustix offers. Each function is safe to call; its reason stands in it.

#![allow(unsafe_code, reason = "the jail needs fork, close_range, mount_setattr and the clocks of its child")]

use rustix::io::Errno;
use rustix::process::Pid;
use std::io;
use std::time::Duration;

/// Which side of a fork this is.
pub(super) enum Fork {
    Child,
    Parent(Pid),
}

/// Makes a second process that goes on from here with a copy of everything.
///
/// # Errors
/// What the system says; also when this process has more than one thread, since a copy of a lock that another
/// thread holds would never be opened.
pub(super) fn fork() -> io::Result<Fork> {
    if std::fs::read_dir("/proc/self/task")?.count() != 1 {
        return Err(io::Error::other("a process with threads can not be forked"));
    }
    // SAFETY: with a single thread, which was just checked, the child may do whatever the parent may.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(Fork::Child),
        pid => Ok(Fork::Parent(Pid::from_raw(pid).expect("fork gives a positive number to the parent"))),
    }
}

/// Puts this process, which must have a single thread, into new namespaces.
pub(super) fn unshare(flags: rustix::thread::UnshareFlags) -> io::Result<()> {
    // SAFETY: it is unsafe only for `FILES`, which would part the file descriptors of threads.
    debug_assert!(!flags.contains(rustix::thread::UnshareFlags::FILES));
    Ok(unsafe { rustix::thread::unshare_unsafe(flags) }?)
}

/// Closes every file descriptor from 3 on. Only at the very beginning, before anything was opened.
pub(super) fn close_inherited() {
    // SAFETY: nothing in this process owns a descriptor beyond the standard three yet. It can only fail on kernels
    // before 5.9, where the descriptors of std are closed by exec anyway.
    unsafe { libc::close_range(3, libc::c_uint::MAX, 0) };
}

/// Makes every mount below and at `/` read-only, without devices and set-user-id programs.
pub(super) fn make_root_read_only() -> io::Result<()> {
    let attributes = libc::mount_attr {
        attr_set: libc::MOUNT_ATTR_RDONLY | libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NODEV,
        attr_clr: 0,
        propagation: 0,
        userns_fd: 0,
    };
    // SAFETY: the path is a C string and the attributes are as long as is said.
    let result = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            libc::AT_FDCWD,
            c"/".as_ptr(),
            libc::AT_RECURSIVE,
            &raw const attributes,
            size_of_val(&attributes),
        )
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// The CPU time that a process has used: one clock decides every time limit.
pub(super) fn cpu_time(pid: Pid) -> Result<Duration, Errno> {
    let mut clock = 0;
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: both results are written to locals that live long enough.
    let error = unsafe { libc::clock_getcpuclockid(pid.as_raw_nonzero().get(), &raw mut clock) };
    if error != 0 {
        return Err(Errno::from_raw_os_error(error));
    }
    // SAFETY: as above.
    if unsafe { libc::clock_gettime(clock, &raw mut time) } != 0 {
        return Err(Errno::from_io_error(&io::Error::last_os_error()).unwrap_or(Errno::INVAL));
    }
    Ok(Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32))
}
