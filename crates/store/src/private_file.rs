//! Files for their owner alone, whatever the umask says: they hold what people wrote. SQLite gives the files beside a
//! database (`-wal`, `-shm`) the mode of the database.

use std::fs::OpenOptions;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Makes an empty file with mode 0600 where there is none. A file that is there is not opened: closing it would take
/// SQLite's locks from it.
pub(crate) fn create_if_missing(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
