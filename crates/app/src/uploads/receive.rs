//! The bytes of a file, in as many parts as its sender needs.
//!
//! A part is written as it comes and acknowledged once it is on the disk: every [`CHECKPOINT`] bytes, and at its end,
//! however it ends. So what is lost with a connection is nothing, and with a machine at most that much. Whether the
//! sender is still a member is asked again at each of these moments.

use super::turns::Turn;
use super::{Uploads, disk, places::Place, visible};
use crate::groups::GroupError;
use crate::limits::Limit;
use crate::{App, Caller, Failure};
use bytes::Bytes;
use parlor_core::upload::{SNIFFED_BYTES, UNFINISHED_LASTS, check_content, sniff};
use parlor_core::{Code, GroupId, Invalid, MediaType, Refusal, Upload, UploadId, UploadState};
use parlor_store::members;
use parlor_store::uploads::{self as store, StoredUpload};
use std::fs::File;
use std::future::Future;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;
use std::time::Duration;

/// How many write at once; each holds [`PORTION`] in memory.
pub(super) const MOST_WRITERS: usize = 64;
/// The same of one account.
pub(super) const MOST_WRITERS_OF_ONE: usize = 6;
/// How much is gathered before it is written: large enough that handing it to another thread costs little.
const PORTION: usize = 512 * 1024;
/// How much may come before it is made durable and acknowledged in the row.
const CHECKPOINT: u64 = 16 * 1024 * 1024;
/// Within this time [`LEAST_BYTES`] must come, or the part ends: half a kilobyte a second.
const PATIENCE: Duration = Duration::from_secs(30);
const LEAST_BYTES: usize = 16 * 1024;

/// A part of a file as it comes in.
pub trait Incoming: Send + 'static {
    /// The next bytes; `None` at the end.
    fn next(&mut self) -> impl Future<Output = Option<Result<Bytes, CutOff>>> + Send;
}

/// The part ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutOff;

/// How a part ended. What came of it is kept in every case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// As it should.
    Whole,
    /// With its connection.
    Cut,
    /// It came too slowly.
    Slow,
    /// Its sender began another one, or gave the upload up.
    Replaced,
}

/// What has become of an upload.
#[derive(Clone, Debug)]
pub struct Appended {
    /// As it is now.
    pub upload: Upload,
    /// How the part ended.
    pub ended: Ended,
}

/// Why a part was not taken.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// There is no such upload, or it is not for the caller.
    #[error("there is no such upload")]
    NotFound,
    /// A member who did not announce it.
    #[error("only the one who announced a file may send it")]
    NotTheSender,
    /// It is complete.
    #[error("the file is complete")]
    Complete,
    /// Not where the last part ended.
    #[error("the upload is at another position")]
    WrongOffset,
    /// Another part of it is still being written.
    #[error("another part of this file is still being written")]
    Busy,
    /// More than was announced.
    #[error("that is more than the announced size")]
    TooLarge,
    /// It is not what it should be; the upload is gone.
    #[error(transparent)]
    Content(Invalid),
    /// Too many parts.
    #[error("too many parts at once")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for AppendError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::NotTheSender => Code::Forbidden,
            Self::Complete | Self::WrongOffset | Self::Busy => Code::Conflict,
            Self::TooLarge => Code::TooLarge,
            Self::Content(invalid) => invalid.code(),
            Self::TooOften { .. } => Code::RateLimited,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Content(invalid) => invalid.field(),
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

impl From<GroupError> for AppendError {
    fn from(error: GroupError) -> Self {
        match error {
            GroupError::NotFound => Self::NotFound,
            GroupError::Denied(_) => Self::NotTheSender,
            GroupError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl App {
    /// Takes a part of an upload, from `offset` on; `announced` is its length where the sender says it. With the last
    /// byte the file is looked at, and is ready or refused. Goes on to put down what came when its caller leaves.
    ///
    /// # Errors
    /// See [`AppendError`].
    #[tracing::instrument(
        name = "upload.append", level = "debug", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get(), upload.id = upload.get())
    )]
    pub async fn append_upload(
        &self,
        caller: &Caller,
        group: GroupId,
        upload: UploadId,
        offset: u64,
        announced: Option<u64>,
        body: impl Incoming,
    ) -> Result<Appended, AppendError> {
        check_sender(&self.stored_upload(caller, group, upload).await?.upload, caller)?;
        let account = caller.account.id;
        self.limits()
            .take(Limit::UploadPart, self.limits().account(account), self.now())
            .map_err(|retry_after| AppendError::TooOften { retry_after })?;
        let uploads = self.uploads()?;
        let turn = uploads.turns.take(upload).await.ok_or(AppendError::Busy)?;
        let retry_after = Duration::from_secs(1);
        let place = uploads.writers.take(account).ok_or(AppendError::TooOften { retry_after })?;
        // The one before may have brought it further.
        let stored = self.stored_upload(caller, group, upload).await?;
        check_sender(&stored.upload, caller)?;
        if offset != stored.upload.received {
            return Err(AppendError::WrongOffset);
        }
        if announced.is_some_and(|length| length > stored.upload.size - stored.upload.received) {
            return Err(AppendError::TooLarge);
        }
        let (app, caller) = (self.clone(), caller.clone());
        let receives = async move {
            let _place: Place = place;
            receive(&app, &caller, stored, turn, body).await
        };
        tokio::spawn(receives).await.map_err(Failure::internal)?
    }

    /// Where the next part of an upload begins. For its sender a part that is still coming ends here, since they ask
    /// because they have lost it; and a file that is complete but was not looked at, is.
    ///
    /// # Errors
    /// See [`AppendError`].
    #[tracing::instrument(
        name = "upload.resume", level = "debug", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get(), upload.id = upload.get())
    )]
    pub async fn resume_upload(
        &self,
        caller: &Caller,
        group: GroupId,
        upload: UploadId,
    ) -> Result<Upload, AppendError> {
        let seen = self.stored_upload(caller, group, upload).await?.upload;
        if check_sender(&seen, caller).is_err() {
            return Ok(seen);
        }
        let _turn = self.uploads()?.turns.take(upload).await.ok_or(AppendError::Busy)?;
        let stored = self.stored_upload(caller, group, upload).await?;
        if !super::is_ready(&stored.upload) && stored.upload.received == stored.upload.size {
            return self.finish_upload(caller, stored).await;
        }
        Ok(stored.upload)
    }
}

fn check_sender(upload: &Upload, caller: &Caller) -> Result<(), AppendError> {
    if upload.by.id != caller.account.id {
        return Err(AppendError::NotTheSender);
    }
    match upload.state {
        UploadState::Receiving { .. } => Ok(()),
        UploadState::Ready { .. } => Err(AppendError::Complete),
    }
}

async fn receive(
    app: &App,
    caller: &Caller,
    mut stored: StoredUpload,
    mut turn: Turn,
    mut body: impl Incoming,
) -> Result<Appended, AppendError> {
    let size = stored.upload.size;
    let Some(mut file) = begin(app.uploads()?, &stored).await? else {
        app.give_up(&stored).await?;
        return Err(AppendError::NotFound);
    };
    let mut at = stored.upload.received;
    let mut known = false;
    loop {
        let Gathered { parts, bytes, end } = gather(&mut body, &mut turn, size - at).await;
        if bytes > 0 {
            file = write(file, parts, at).await?;
            at += bytes as u64;
        }
        if !known && at >= size.min(SNIFFED_BYTES as u64) {
            if let Err(invalid) = type_of(&file, &stored.upload).await? {
                app.give_up(&stored).await?;
                return Err(AppendError::Content(invalid));
            }
            known = true;
        }
        if end != End::NotYet || at - stored.upload.received >= CHECKPOINT {
            sync(&file).await?;
            acknowledge(app, caller, &mut stored, at).await?;
        }
        let ended = match end {
            End::NotYet => continue,
            End::TooMuch => return Err(AppendError::TooLarge),
            End::Ended(ended) => ended,
        };
        if at == size {
            let upload = app.finish_upload(caller, stored).await?;
            return Ok(Appended { upload, ended: Ended::Whole });
        }
        return Ok(Appended { upload: stored.upload, ended });
    }
}

/// What came at once.
struct Gathered {
    parts: Vec<Bytes>,
    bytes: usize,
    end: End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    NotYet,
    TooMuch,
    Ended(Ended),
}

/// Waits until there is a portion to write, or the part ends, or it is too slow.
async fn gather(body: &mut impl Incoming, turn: &mut Turn, room: u64) -> Gathered {
    let (mut parts, mut bytes) = (Vec::new(), 0);
    let slow = tokio::time::sleep(PATIENCE);
    tokio::pin!(slow);
    let end = loop {
        tokio::select! {
            biased;
            () = turn.wanted() => break End::Ended(Ended::Replaced),
            next = body.next() => match next {
                None => break End::Ended(Ended::Whole),
                Some(Err(CutOff)) => break End::Ended(Ended::Cut),
                Some(Ok(part)) if (bytes + part.len()) as u64 > room => break End::TooMuch,
                Some(Ok(part)) => {
                    bytes += part.len();
                    parts.push(part);
                    if bytes >= PORTION {
                        break End::NotYet;
                    }
                }
            },
            () = &mut slow => {
                break if bytes < LEAST_BYTES { End::Ended(Ended::Slow) } else { End::NotYet };
            }
        }
    };
    Gathered { parts, bytes, end }
}

async fn begin(uploads: &Uploads, stored: &StoredUpload) -> Result<Option<Arc<File>>, Failure> {
    let (disk, key, received) = (uploads.disk.clone(), stored.key, stored.upload.received);
    super::on_disk(move || Ok(disk.begin(key, received)?.map(Arc::new))).await
}

async fn write(file: Arc<File>, parts: Vec<Bytes>, mut at: u64) -> Result<Arc<File>, Failure> {
    super::on_disk(move || {
        for part in parts {
            file.write_all_at(&part, at)?;
            at += part.len() as u64;
        }
        Ok(file)
    })
    .await
}

async fn sync(file: &Arc<File>) -> Result<(), Failure> {
    let file = file.clone();
    super::on_disk(move || file.sync_data()).await
}

async fn type_of(file: &Arc<File>, upload: &Upload) -> Result<Result<MediaType, Invalid>, Failure> {
    let file = file.clone();
    let head = super::on_disk(move || disk::head(&file, SNIFFED_BYTES)).await?;
    Ok(checked_type(&head, upload))
}

/// What a file is by its first bytes, where that is taken and is what was declared.
pub(super) fn checked_type(head: &[u8], upload: &Upload) -> Result<MediaType, Invalid> {
    let unknown = Invalid { field: "content", rule: "is of no type that is taken here" };
    let media_type = sniff(head).ok_or(unknown)?;
    check_content(media_type, upload.declared, upload.size)?;
    Ok(media_type)
}

/// Writes down how far the upload is, if its sender is still a member.
async fn acknowledge(
    app: &App,
    caller: &Caller,
    stored: &mut StoredUpload,
    to: u64,
) -> Result<(), AppendError> {
    let (now, account) = (app.now(), caller.account.id);
    let (group, id, from) = (stored.upload.group, stored.upload.id, stored.upload.received);
    let expires_at = now.plus(UNFINISHED_LASTS);
    app.store()
        .write_in(group, move |write| {
            members::role_in_live_group(write, group, account, now)?.ok_or(AppendError::NotFound)?;
            visible(write, group, id, account, now)?.ok_or(AppendError::NotFound)?;
            let advanced = store::advance(write, id, from, to, expires_at)?;
            if advanced { Ok(()) } else { Err(AppendError::WrongOffset) }
        })
        .await?;
    stored.upload.received = to;
    stored.upload.state = UploadState::Receiving { expires_at };
    Ok(())
}
