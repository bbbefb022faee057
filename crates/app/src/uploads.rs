//! Files in groups: announced, received in parts, looked at, read, deleted.
//!
//! | file | what of it |
//! |---|---|
//! | `receive` | `append_upload`, `resume_upload`: the bytes come, also after a cut |
//! | `finish` | what a whole file is; pictures get a small one |
//! | `content` | `upload_content`: reading, as long as the reader is a member |
//! | `sweep` | files of deleted groups, uploads that did not go on, files and rows without each other |
//! | `disk` | where the bytes lie |
//! | `picture`, `frames` | decoding under limits |
//! | `turns`, `places` | who writes to a file, and how many at once |
//!
//! A file is ready or it is its sender's alone. The row says how many bytes are there, and is written after they are on
//! the disk; what a file holds beyond that was never acknowledged and is cut off. Nothing here trusts a name, a type or
//! a length that somebody sent. This folder must never know HTTP.

mod content;
mod disk;
mod finish;
mod frames;
mod picture;
mod places;
mod receive;
mod sweep;
mod turns;

pub use content::{Content, ContentError, ContentPart, Part};
pub use receive::{AppendError, Appended, CutOff, Ended, Incoming};

use crate::groups::GroupError;
use crate::limits::Limit;
use crate::{App, Caller, Failure, Page, PageLimit};
use disk::Disk;
use parlor_core::permission::{Action, Denied, may};
use parlor_core::upload::UNFINISHED_LASTS;
use parlor_core::{
    AccountId, Code, FileKey, FileKind, FileName, GroupId, Invalid, Refusal, Timestamp, Upload, UploadId,
    UploadState,
};
use parlor_store::tx::Tx;
use parlor_store::uploads::{self as store, StoredUpload};
use parlor_store::{Write, members};
use picture::Pictures;
use places::Places;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::atomic::AtomicU8;
use std::time::Duration;
use turns::Turns;

/// How many uploads of one account may be under way, in all groups: an album, not a flood.
const MOST_UNFINISHED: u64 = 50;

/// What files may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadSettings {
    /// The longest file in bytes; 0 takes none.
    pub max_bytes: u64,
    /// What all files of a group may count, in bytes.
    pub group_quota_bytes: u64,
}

pub(crate) struct Uploads {
    disk: Disk,
    settings: UploadSettings,
    turns: Turns,
    pictures: Pictures,
    writers: Places,
    readers: Places,
    /// Which portion of the files is compared with their rows next.
    next_portion: AtomicU8,
}

/// What is announced.
#[derive(Clone, Debug)]
pub struct NewUpload {
    /// What it is called.
    pub name: FileName,
    /// What it is said to be.
    pub kind: Option<FileKind>,
    /// Its length in bytes.
    pub size: u64,
}

/// A page of a group's files.
#[derive(Clone, Debug)]
pub struct UploadsPage {
    /// The files, newest first.
    pub page: Page<Upload, UploadId>,
    /// What all files of the group count.
    pub counted_bytes: u64,
    /// What they may.
    pub settings: UploadSettings,
}

/// Why nothing was announced.
#[derive(Debug, thiserror::Error)]
pub enum AnnounceError {
    /// There is no such group, or the caller is no member.
    #[error("there is no such group")]
    NotFound,
    /// The caller's role does not allow it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// This server takes no files.
    #[error("this server takes no files")]
    Off,
    /// A length that no file of the kind has.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Longer than a file may be.
    #[error("the file is larger than this server takes")]
    TooLarge,
    /// More than is left of the group's share.
    #[error("the files of this group would take more space than it has; delete some first")]
    NoSpace,
    /// Too many at once, or too many that are not complete.
    #[error("too many new files; let those that are under way come to their end")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for AnnounceError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Denied(_) | Self::Off => Code::Forbidden,
            Self::Invalid(invalid) => invalid.code(),
            Self::TooLarge | Self::NoSpace => Code::TooLarge,
            Self::TooOften { .. } => Code::RateLimited,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Invalid(invalid) => invalid.field(),
            _ => None,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooOften { retry_after } => Some(*retry_after),
            Self::Failure(failure) => failure.retry_after(),
            _ => None,
        }
    }
}

impl App {
    /// Opens the folder for files, and makes it where there is none; once, at start. Until then no operation on files
    /// works. Waits for the disk.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open_uploads(&self, folder: PathBuf, settings: UploadSettings) -> std::io::Result<()> {
        let uploads = Uploads {
            disk: Disk::open(folder)?,
            settings,
            turns: Turns::default(),
            pictures: Pictures::default(),
            writers: Places::new(receive::MOST_WRITERS, receive::MOST_WRITERS_OF_ONE),
            readers: Places::new(content::MOST_READERS, content::MOST_READERS_OF_ONE),
            next_portion: AtomicU8::new(0),
        };
        // A second call changes nothing.
        let _ = self.inner.uploads.set(uploads);
        Ok(())
    }

    pub(crate) fn uploads(&self) -> Result<&Uploads, Failure> {
        self.inner.uploads.get().ok_or_else(|| Failure::internal("the folder for files was not opened"))
    }

    /// Announces a file: from now on its length counts, and its bytes may come.
    ///
    /// # Errors
    /// See [`AnnounceError`].
    #[tracing::instrument(
        name = "upload.announce", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn announce_upload(
        &self,
        caller: &Caller,
        group: GroupId,
        new: NewUpload,
    ) -> Result<Upload, AnnounceError> {
        let (now, by) = (self.now(), caller.account.clone());
        let settings = self.uploads()?.settings;
        let row = store::NewUpload {
            group,
            by: by.id,
            key: FileKey::from_random(self.random()),
            name: new.name,
            declared: new.kind,
            size: new.size,
            expires_at: now.plus(UNFINISHED_LASTS),
        };
        let app = self.clone();
        self.store()
            .write(move |write| {
                let role =
                    members::role_in_live_group(write, group, by.id, now)?.ok_or(AnnounceError::NotFound)?;
                may(role, Action::Send, None)?;
                check_size(&row, settings)?;
                let key = app.limits().account(by.id);
                app.limits()
                    .take(Limit::NewUpload, key, now)
                    .map_err(|retry_after| AnnounceError::TooOften { retry_after })?;
                if store::unfinished_of(write, by.id)? >= MOST_UNFINISHED {
                    return Err(AnnounceError::TooOften { retry_after: Duration::from_secs(60) });
                }
                let id = store::insert(write, &row, now)?;
                if store::counted_bytes(write, group)? > settings.group_quota_bytes {
                    return Err(AnnounceError::NoSpace);
                }
                let stored = store::load(write, group, id, now)?;
                Ok(stored.ok_or_else(|| Failure::internal("a new upload is not there"))?.upload)
            })
            .await
    }

    /// One file of a group: every member sees those that are ready, and their own.
    ///
    /// # Errors
    /// See [`GroupError`].
    #[tracing::instrument(
        name = "upload.show", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get(), upload.id = upload.get())
    )]
    pub async fn upload(
        &self,
        caller: &Caller,
        group: GroupId,
        upload: UploadId,
    ) -> Result<Upload, GroupError> {
        Ok(self.stored_upload(caller, group, upload).await?.upload)
    }

    pub(crate) async fn stored_upload(
        &self,
        caller: &Caller,
        group: GroupId,
        upload: UploadId,
    ) -> Result<StoredUpload, GroupError> {
        let (now, account) = (self.now(), caller.account.id);
        let found =
            self.store().read::<_, Failure>(move |tx| visible(tx, group, upload, account, now)).await?;
        found.ok_or(GroupError::NotFound)
    }

    /// The files of a group, newest first, those before `before`.
    ///
    /// # Errors
    /// See [`GroupError`].
    #[tracing::instrument(
        name = "upload.list", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn list_uploads(
        &self,
        caller: &Caller,
        group: GroupId,
        before: Option<UploadId>,
        limit: PageLimit,
    ) -> Result<UploadsPage, GroupError> {
        let (now, account, settings) = (self.now(), caller.account.id, self.uploads()?.settings);
        self.store()
            .read(move |tx| {
                members::role_in_live_group(tx, group, account, now)?.ok_or(GroupError::NotFound)?;
                let found = store::list(tx, group, account, before, limit.get() + 1, now)?;
                let page = Page::cut(found, limit, |upload: &Upload| upload.id);
                Ok(UploadsPage { page, counted_bytes: store::counted_bytes(tx, group)?, settings })
            })
            .await
    }

    /// Deletes a file, or gives an upload up; one's own, or one of somebody who ranks lower.
    ///
    /// # Errors
    /// See [`GroupError`].
    #[tracing::instrument(
        name = "upload.delete", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get(), upload.id = upload.get())
    )]
    pub async fn delete_upload(
        &self,
        caller: &Caller,
        group: GroupId,
        upload: UploadId,
    ) -> Result<(), GroupError> {
        let (now, account) = (self.now(), caller.account.id);
        let key = self
            .store()
            .write(move |write| {
                let stored = visible(write, group, upload, account, now)?.ok_or(GroupError::NotFound)?;
                may_delete(write, &stored.upload, account)?;
                store::doom(write, upload)?;
                Ok::<_, GroupError>(stored.key)
            })
            .await?;
        // Whoever still writes to it is told to stop, and finds no row.
        let _turn = self.uploads()?.turns.take(upload).await;
        self.remove_doomed(vec![key]).await;
        Ok(())
    }
}

fn check_size(new: &store::NewUpload, settings: UploadSettings) -> Result<(), AnnounceError> {
    if settings.max_bytes == 0 {
        return Err(AnnounceError::Off);
    }
    if new.size == 0 {
        return Err(Invalid { field: "size", rule: "must be at least 1" }.into());
    }
    let most = new.declared.map_or(u64::MAX, FileKind::most_bytes);
    if new.size > settings.max_bytes.min(most) {
        return Err(AnnounceError::TooLarge);
    }
    Ok(())
}

/// The upload as far as `account` may see it at `now`.
fn visible(
    tx: &mut dyn Tx,
    group: GroupId,
    upload: UploadId,
    account: AccountId,
    now: Timestamp,
) -> Result<Option<StoredUpload>, Failure> {
    if members::role_in_live_group(tx, group, account, now)?.is_none() {
        return Ok(None);
    }
    let found = store::load(tx, group, upload, now)?;
    Ok(found.filter(|stored| is_ready(&stored.upload) || stored.upload.by.id == account))
}

fn may_delete(write: &mut Write<'_>, upload: &Upload, account: AccountId) -> Result<(), GroupError> {
    let own = members::role(write, upload.group, account)?.ok_or(GroupError::NotFound)?;
    if upload.by.id == account {
        may(own, Action::DeleteOwn, None)?;
    } else {
        let author = members::role(write, upload.group, upload.by.id)?;
        may(own, Action::DeleteOthers, author)?;
    }
    Ok(())
}

/// Runs what waits for the disk on a thread that may. A full disk is told apart: that passes.
async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await.map_err(Failure::internal)?;
    done.map_err(|error| match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            tracing::warn!(%error, "the disk of the files is full");
            Failure::unavailable()
        }
        _ => Failure::internal(error),
    })
}

/// Whether every member sees it.
#[must_use]
pub fn is_ready(upload: &Upload) -> bool {
    matches!(upload.state, UploadState::Ready { .. })
}

/// Those of `wanted` that are ready files of a group, in that order: for whoever refers to files in a transaction of
/// their own.
///
/// # Errors
/// What the database says.
pub fn of_group(
    tx: &mut dyn Tx,
    group: GroupId,
    wanted: &[UploadId],
    now: Timestamp,
) -> Result<Vec<Upload>, Failure> {
    let mut found = Vec::new();
    for id in wanted {
        found.extend(store::load(tx, group, *id, now)?.map(|stored| stored.upload).filter(is_ready));
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
