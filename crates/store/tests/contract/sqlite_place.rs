//! A SQLite file of a test's own.

use crate::fixture::{Place, restored};
use parlor_store::Store;

pub fn fresh() -> SqliteFile {
    SqliteFile::new()
}

pub struct SqliteFile(pub tempfile::TempDir);

impl SqliteFile {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> std::path::PathBuf {
        self.0.path().join("parlor.db")
    }
}

impl Place for SqliteFile {
    fn open(&self) -> Store {
        Store::open_sqlite(&self.path(), restored()).unwrap()
    }
}
