//! Where the bytes lie: `<data>/uploads/<first two digits of the key>/<key>`, beside it `<key>.thumb`. For their owner
//! alone, whatever the umask says. Everything here waits for the disk and belongs on a thread that may.
//!
//! Must never know what a file holds or who may read it.

use parlor_core::FileKey;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

const THUMBNAIL: &str = ".thumb";

/// The folder of all files.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    root: PathBuf,
}

/// A file that was found, and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) key: FileKey,
    pub(crate) bytes: u64,
}

impl Disk {
    /// Makes the folder where there is none.
    pub(crate) fn open(root: PathBuf) -> io::Result<Self> {
        make_folder(&root)?;
        Ok(Self { root })
    }

    /// Opens a file to be written on after its first `received` bytes, and cuts off what it holds beyond them; `None`
    /// where it holds fewer.
    pub(crate) fn begin(&self, key: FileKey, received: u64) -> io::Result<Option<File>> {
        let (folder, path) = (self.folder(key.portion()), self.path(key));
        make_folder(&folder)?;
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
        if received == 0 {
            // The name must outlive a crash as the bytes do.
            File::open(&folder)?.sync_all()?;
        }
        if file.metadata()?.len() < received {
            return Ok(None);
        }
        file.set_len(received)?;
        Ok(Some(file))
    }

    /// Opens a file to be read.
    pub(crate) fn read(&self, key: FileKey) -> io::Result<File> {
        File::open(self.path(key))
    }

    /// Opens its thumbnail to be read.
    pub(crate) fn read_thumbnail(&self, key: FileKey) -> io::Result<File> {
        File::open(self.thumbnail_path(key))
    }

    /// Writes its thumbnail, durably.
    pub(crate) fn write_thumbnail(&self, key: FileKey, bytes: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        let path = self.thumbnail_path(key);
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        File::open(self.folder(key.portion()))?.sync_all()
    }

    /// Removes a file and its thumbnail, where they are there.
    pub(crate) fn remove(&self, key: FileKey) -> io::Result<()> {
        remove(&self.thumbnail_path(key))?;
        remove(&self.path(key))
    }

    /// The files of one of the 256 portions of keys. What is no file of ours is left alone.
    pub(crate) fn portion(&self, portion: u8) -> io::Result<Vec<Found>> {
        let entries = match std::fs::read_dir(self.folder(portion)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_str().unwrap_or_default();
            let Ok(key) = name.strip_suffix(THUMBNAIL).unwrap_or(name).parse::<FileKey>() else { continue };
            // A thumbnail without its file is found as an empty file: it goes where the file would.
            let bytes = if name.ends_with(THUMBNAIL) { 0 } else { entry.metadata()?.len() };
            found.push(Found { key, bytes });
        }
        Ok(found)
    }

    fn folder(&self, portion: u8) -> PathBuf {
        self.root.join(format!("{portion:02x}"))
    }

    fn path(&self, key: FileKey) -> PathBuf {
        self.folder(key.portion()).join(key.to_string())
    }

    fn thumbnail_path(&self, key: FileKey) -> PathBuf {
        self.folder(key.portion()).join(format!("{key}{THUMBNAIL}"))
    }
}

/// The first bytes of a file, at most `most`.
pub(crate) fn head(file: &File, most: usize) -> io::Result<Vec<u8>> {
    let mut head = vec![0; most];
    let mut length = 0;
    while length < most {
        match file.read_at(&mut head[length..], length as u64) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    head.truncate(length);
    Ok(head)
}

fn make_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    match DirBuilder::new().recursive(true).mode(0o700).create(path) {
        Ok(()) => match path.parent() {
            Some(parent) => File::open(parent)?.sync_all(),
            None => Ok(()),
        },
        Err(error) => Err(error),
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn key(first: u8) -> FileKey {
        FileKey::from_random([first; 16])
    }

    #[test]
    fn what_was_not_acknowledged_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::open(folder.path().join("uploads")).unwrap();
        let file = disk.begin(key(1), 0).unwrap().unwrap();
        file.write_all_at(b"hello, world", 0).unwrap();
        let file = disk.begin(key(1), 5).unwrap().unwrap();
        assert_eq!(head(&file, 100).unwrap(), b"hello");
        assert!(disk.begin(key(1), 6).unwrap().is_none(), "a file that is too short is no file");
    }

    #[test]
    fn files_are_for_their_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("uploads");
        let disk = Disk::open(root.clone()).unwrap();
        disk.begin(key(0xAB), 0).unwrap().unwrap();
        disk.write_thumbnail(key(0xAB), b"small").unwrap();
        let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(root.clone()), mode(root.join("ab"))), (0o700, 0o700));
        let name = "ab".repeat(16);
        assert_eq!(mode(root.join("ab").join(&name)), 0o600);
        assert_eq!(mode(root.join("ab").join(name + ".thumb")), 0o600);
    }

    #[test]
    fn a_portion_is_what_lies_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::open(folder.path().to_owned()).unwrap();
        assert_eq!(disk.portion(7).unwrap(), []);
        disk.begin(key(7), 0).unwrap().unwrap().write_all_at(b"abc", 0).unwrap();
        std::fs::write(folder.path().join("07").join("README"), b"not ours").unwrap();
        assert_eq!(disk.portion(7).unwrap(), [Found { key: key(7), bytes: 3 }]);
        disk.remove(key(7)).unwrap();
        disk.remove(key(7)).unwrap();
        assert_eq!(disk.portion(7).unwrap(), []);
    }
}
