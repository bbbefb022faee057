//! What the housekeeping does for files: takes away those that nothing speaks of any more, and looks, one of 256
//! portions each second, whether there are files without rows or rows without files. A crash leaves neither; a restored
//! database or a lost disk does.

use crate::{App, Failure};
use parlor_core::{FileKey, Timestamp};
use parlor_store::uploads::{self as store, Expected};
use std::collections::HashMap;
use std::sync::atomic::Ordering;

/// How many one round takes away.
const PORTION: i64 = 200;

impl App {
    /// One round.
    pub(crate) async fn tidy_uploads(&self, now: Timestamp) -> Result<(), Failure> {
        let Some(uploads) = self.inner.uploads.get() else { return Ok(()) };
        self.store().write::<_, Failure>(move |write| store::doom_expired(write, now, PORTION)).await?;
        let doomed = self.store().read::<_, Failure>(|tx| store::doomed(tx, PORTION)).await?;
        if !doomed.is_empty() {
            self.remove_doomed(doomed).await;
        }
        self.compare_portion(uploads.next_portion.fetch_add(1, Ordering::Relaxed), now).await
    }

    /// Removes files whose rows are gone. One that cannot be removed now is found again by the next round.
    pub(super) async fn remove_doomed(&self, keys: Vec<FileKey>) {
        if let Err(failure) = self.try_remove_doomed(keys).await {
            tracing::warn!(error = %failure, "files could not be removed; tried again in a second");
        }
    }

    async fn try_remove_doomed(&self, keys: Vec<FileKey>) -> Result<(), Failure> {
        let disk = self.uploads()?.disk.clone();
        let gone = super::on_disk(move || {
            keys.iter().try_for_each(|key| disk.remove(*key))?;
            Ok(keys)
        })
        .await?;
        self.store().write::<_, Failure>(move |write| store::forget_doomed(write, &gone)).await
    }

    /// Compares one portion of the files with their rows.
    async fn compare_portion(&self, portion: u8, now: Timestamp) -> Result<(), Failure> {
        let disk = self.uploads()?.disk.clone();
        // The files first: a row is there before its file.
        let found = super::on_disk(move || disk.portion(portion)).await?;
        let keys: Vec<FileKey> = found.iter().map(|file| file.key).collect();
        let (expected, orphans) = self
            .store()
            .read::<_, Failure>(move |tx| {
                Ok((store::expected(tx, portion, now)?, store::unknown(tx, &keys)?))
            })
            .await?;
        if !orphans.is_empty() {
            tracing::warn!(files = orphans.len(), "files without an upload are removed");
            self.remove_doomed(orphans).await;
        }
        let mut there: HashMap<FileKey, u64> = HashMap::new();
        for file in found {
            let bytes = there.entry(file.key).or_default();
            *bytes = file.bytes.max(*bytes);
        }
        for expected in expected {
            self.compare(expected, there.get(&expected.key).copied().unwrap_or(0)).await?;
        }
        Ok(())
    }

    /// An upload whose file is missing is hidden and counts nothing, and is back when its file is: a folder may just not
    /// be mounted. One that was not complete comes to its end by itself.
    async fn compare(&self, expected: Expected, bytes: u64) -> Result<(), Failure> {
        let Expected { key, ready, lost, .. } = expected;
        let is_lost = ready && bytes < expected.bytes;
        if is_lost == lost {
            return Ok(());
        }
        if is_lost {
            tracing::warn!("the file of an upload is missing: the upload is hidden until it is there again");
        }
        self.store().write::<_, Failure>(move |write| store::set_lost(write, key, is_lost)).await
    }
}
