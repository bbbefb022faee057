//! Who the run is to the rest of the machine: no longer root, and in tier 1 alone in its own world.

use super::sys;
use rustix::process::{DumpableBehavior, Gid, Uid, getgid, getuid, set_dumpable_behavior};
use rustix::thread::UnshareFlags;
use std::{fs, io};

/// The user id of slot 0 where the supervisor is root: above what people and packages get, below the ranges that
/// containers get (`/etc/subuid` begins at 100,000).
const FIRST_UID: u32 = 60_001;

/// Where this is root: becomes a user of its own for this slot, without groups. Root is not subject to limits.
pub(super) fn leave_root(slot: u32) -> io::Result<()> {
    if !getuid().is_root() {
        return Ok(());
    }
    let id = FIRST_UID + slot;
    let (uid, gid) = (Uid::from_raw(id), Gid::from_raw(id));
    rustix::thread::set_thread_groups(&[])?;
    rustix::thread::set_thread_res_gid(gid, gid, gid)?;
    rustix::thread::set_thread_res_uid(uid, uid, uid)?;
    // The change took our own files in /proc away from us, and with them the maps of the user namespace.
    set_dumpable_behavior(DumpableBehavior::Dumpable)?;
    Ok(())
}

/// Enters namespaces of its own, all but that of mounts, which the program itself enters. Processes started from here
/// on are in the new process namespace; the first is its init.
pub(super) fn enter() -> io::Result<()> {
    let (uid, gid) = (getuid().as_raw(), getgid().as_raw());
    sys::unshare(
        UnshareFlags::NEWUSER
            | UnshareFlags::NEWPID
            | UnshareFlags::NEWNET
            | UnshareFlags::NEWIPC
            | UnshareFlags::NEWUTS
            | UnshareFlags::NEWCGROUP,
    )?;
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/gid_map", format!("{gid} {gid} 1"))?;
    fs::write("/proc/self/uid_map", format!("{uid} {uid} 1"))?;
    rustix::system::sethostname(b"jail")?;
    Ok(())
}
