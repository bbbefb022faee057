//! The folder that a program in tier 1 takes for `/`: empty, or what an interpreter reads, and nothing writable.

use super::order::Python;
use super::sys;
use rustix::mount::{
    MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_bind_recursive, mount_change, unmount,
};
use rustix::thread::UnshareFlags;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::symlink;
use std::path::Path;

/// Enters a mount namespace whose root has nothing but the interpreter's files, read-only.
pub(super) fn enter(python: Option<&Python>) -> io::Result<()> {
    sys::unshare(UnshareFlags::NEWNS)?;
    mount_change("/", MountPropagationFlags::REC | MountPropagationFlags::PRIVATE)?;
    let root = ["/tmp", "/run", "/mnt"]
        .into_iter()
        .map(Path::new)
        .find(|folder| folder.is_dir())
        .ok_or_else(|| io::Error::other("neither /tmp nor /run nor /mnt is there to mount on"))?;
    let flags = MountFlags::NOSUID | MountFlags::NODEV;
    mount("tmpfs", root, "tmpfs", flags, c"size=64k,nr_inodes=256,mode=0755")?;
    if let Some(python) = python {
        fill(root, python)?;
    }
    std::env::set_current_dir(root)?;
    // Old and new root in one place: the old one lies on top and is taken off.
    rustix::process::pivot_root(".", ".")?;
    unmount(".", UnmountFlags::DETACH)?;
    std::env::set_current_dir("/")?;
    sys::make_root_read_only()
}

fn fill(root: &Path, python: &Python) -> io::Result<()> {
    for folder in &python.folders {
        let place = inside(root, folder);
        fs::create_dir_all(&place)?;
        mount_bind_recursive(folder, &place)?;
    }
    // Where /lib is a link to usr/lib, programs still say /lib.
    for link in ["/lib", "/lib64"] {
        if let Ok(to) = fs::read_link(link) {
            symlink(to, inside(root, Path::new(link)))?;
        }
    }
    let loader = python.loader.iter().map(|(name, real)| (name.as_path(), real.as_path()));
    let cache = Path::new("/etc/ld.so.cache");
    let cache = cache.is_file().then_some((cache, cache));
    for (name, real) in loader.chain([(python.program.as_path(), python.program.as_path())]).chain(cache) {
        let place = inside(root, name);
        if place.exists() {
            continue;
        }
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        File::create(&place)?;
        mount_bind_recursive(real, &place)?;
    }
    Ok(())
}

fn inside(root: &Path, path: &Path) -> std::path::PathBuf {
    root.join(path.strip_prefix("/").unwrap_or(path))
}
