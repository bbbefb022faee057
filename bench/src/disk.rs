//! How fast this machine makes writes durable, measured beside everything that depends on it.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// Durable writes a second: 4 KiB over the same 4 MiB of one file, `fdatasync` after each, for a time.
pub fn syncs_per_second(folder: &Path, time: Duration) -> Result<f64, String> {
    let path = folder.join("fsync-probe");
    let rate = probe(&path, time).map_err(|e| format!("{}: {e}", path.display()));
    // The folder is removed after the run anyway.
    let _ = fs::remove_file(&path);
    rate
}

fn probe(path: &Path, time: Duration) -> std::io::Result<f64> {
    const PAGE: usize = 4096;
    const PAGES: u64 = 1024;
    let mut file = File::create(path)?;
    file.write_all(&vec![1; PAGE * PAGES as usize])?;
    file.sync_all()?;
    let start = Instant::now();
    let mut count = 0u64;
    while start.elapsed() < time {
        file.seek(SeekFrom::Start(count % PAGES * PAGE as u64))?;
        file.write_all(&[count as u8; PAGE])?;
        file.sync_data()?;
        count += 1;
    }
    Ok(count as f64 / start.elapsed().as_secs_f64())
}
