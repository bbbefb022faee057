//! Reading a file. Membership is asked before the first byte, and again every [`ASKED_EVERY`] while it is read: a browser
//! keeps one request open for a whole film, and somebody who was sent away must not see its end.

use super::places::Place;
use super::visible;
use crate::groups::GroupError;
use crate::limits::Limit;
use crate::{App, Caller, Failure};
use bytes::Bytes;
use parlor_core::{Code, FileName, GroupId, MediaType, Refusal, UploadId, UploadState};
use parlor_store::sessions;
use std::fs::File;
use std::io::ErrorKind;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How many read at once; each holds [`PORTION`] in memory.
pub(super) const MOST_READERS: usize = 2_000;
/// The same of one account: a page of pictures and a film, on a few devices.
pub(super) const MOST_READERS_OF_ONE: usize = 32;
/// How much is read at once: large enough that handing it to another thread costs little.
const PORTION: u64 = 256 * 1024;
const ASKED_EVERY: Duration = Duration::from_secs(1);

/// Which bytes of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The file itself.
    Whole,
    /// The small picture.
    Thumbnail,
}

/// Why nothing is read.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// There is no such file, it is not for the caller, or not ready.
    #[error("there is no such file")]
    NotFound,
    /// The caller reads too much at once.
    #[error("too many files are read at once")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for ContentError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::TooOften { .. } => Code::RateLimited,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooOften { retry_after } => Some(*retry_after),
            Self::Failure(failure) => failure.retry_after(),
            Self::NotFound => None,
        }
    }
}

impl From<GroupError> for ContentError {
    fn from(error: GroupError) -> Self {
        match error {
            GroupError::Failure(failure) => Self::Failure(failure),
            GroupError::NotFound | GroupError::Denied(_) => Self::NotFound,
        }
    }
}

/// A file that may be read.
pub struct Content {
    /// What its bytes are.
    pub media_type: MediaType,
    /// What it is called.
    pub name: FileName,
    /// How many bytes there are.
    pub length: u64,
    /// Another one for other bytes, and never the same twice.
    pub tag: String,
    reader: Reader,
}

/// Bytes of a file, from one place to another.
pub struct ContentPart {
    reader: Reader,
    range: Range<u64>,
    asked: Instant,
    _place: Place,
}

struct Reader {
    app: App,
    caller: Caller,
    group: GroupId,
    upload: UploadId,
    file: Arc<File>,
}

impl App {
    /// Opens a file that is ready.
    ///
    /// # Errors
    /// See [`ContentError`].
    #[tracing::instrument(
        name = "upload.content", level = "debug", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get(), upload.id = upload.get())
    )]
    pub async fn upload_content(
        &self,
        caller: &Caller,
        group: GroupId,
        upload: UploadId,
        part: Part,
    ) -> Result<Content, ContentError> {
        let stored = self.stored_upload(caller, group, upload).await?;
        let UploadState::Ready { media_type, picture } = stored.upload.state else {
            return Err(ContentError::NotFound);
        };
        self.limits()
            .take(Limit::Content, self.limits().account(caller.account.id), self.now())
            .map_err(|retry_after| ContentError::TooOften { retry_after })?;
        let media_type = match part {
            Part::Whole => media_type,
            Part::Thumbnail => picture.and_then(|picture| picture.thumbnail).ok_or(ContentError::NotFound)?,
        };
        let (disk, key) = (self.uploads()?.disk.clone(), stored.key);
        let opened = super::on_disk(move || {
            let opened = match part {
                Part::Whole => disk.read(key),
                Part::Thumbnail => disk.read_thumbnail(key),
            };
            match opened {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                file => file.and_then(|file| Ok(Some((file.metadata()?.len(), file)))),
            }
        });
        let (length, file) = opened.await?.ok_or(ContentError::NotFound)?;
        let tag = match part {
            Part::Whole => key.to_string(),
            Part::Thumbnail => format!("{key}-small"),
        };
        let reader =
            Reader { app: self.clone(), caller: caller.clone(), group, upload, file: Arc::new(file) };
        Ok(Content { media_type, name: stored.upload.name, length, tag, reader })
    }
}

impl Content {
    /// The bytes of a range, which is cut to those that there are.
    ///
    /// # Errors
    /// `TooOften`, where too many are read at once.
    pub fn read(self, range: Range<u64>) -> Result<ContentPart, ContentError> {
        let too_often = ContentError::TooOften { retry_after: Duration::from_secs(1) };
        let readers = &self.reader.app.uploads()?.readers;
        let place = readers.take(self.reader.caller.account.id).ok_or(too_often)?;
        let range = range.start.min(self.length)..range.end.min(self.length);
        Ok(ContentPart { reader: self.reader, range, asked: Instant::now(), _place: place })
    }
}

impl ContentPart {
    /// The next bytes; `None` at the end.
    ///
    /// # Errors
    /// `NotFound` where the reader may no longer read it; ours where the disk fails.
    pub async fn next(&mut self) -> Result<Option<Bytes>, ContentError> {
        if self.range.is_empty() {
            return Ok(None);
        }
        if self.asked.elapsed() >= ASKED_EVERY {
            self.reader.ask_again().await?;
            self.asked = Instant::now();
        }
        let (file, at) = (self.reader.file.clone(), self.range.start);
        let length = (self.range.end - at).min(PORTION);
        let bytes = super::on_disk(move || {
            // At most a portion: 256 KiB.
            let mut bytes = vec![0; length as usize];
            file.read_exact_at(&mut bytes, at)?;
            Ok(Bytes::from(bytes))
        })
        .await?;
        self.range.start += length;
        Ok(Some(bytes))
    }
}

impl Reader {
    /// Whether the session still lives, the reader is still a member, and the file still there.
    async fn ask_again(&self) -> Result<(), ContentError> {
        let (now, group, upload) = (self.app.now(), self.group, self.upload);
        let (account, session) = (self.caller.account.id, self.caller.session);
        self.app
            .store()
            .read(move |tx| {
                if !sessions::ended(tx, &[session], now)?.is_empty() {
                    return Err(ContentError::NotFound);
                }
                visible(tx, group, upload, account, now)?.map(drop).ok_or(ContentError::NotFound)
            })
            .await
    }
}
