//! A file that is all there is looked at once more, as a whole, and becomes one that every member sees; or it is refused
//! and gone.

use super::picture::Refused;
use super::receive::{AppendError, checked_type};
use super::{Uploads, disk};
use crate::{App, Caller, Failure};
use parlor_core::upload::{SNIFFED_BYTES, is_subtitles};
use parlor_core::{FileKey, FileKind, Invalid, MediaType, Picture, Upload};
use parlor_store::members;
use parlor_store::uploads::{self as store, StoredUpload};

impl App {
    pub(super) async fn finish_upload(
        &self,
        caller: &Caller,
        stored: StoredUpload,
    ) -> Result<Upload, AppendError> {
        let seen = match look_at(self.uploads()?, &stored).await? {
            Ok(seen) => seen,
            Err(invalid) => {
                self.give_up(&stored).await?;
                return Err(AppendError::Content(invalid));
            }
        };
        let (now, account) = (self.now(), caller.account.id);
        let (group, id) = (stored.upload.group, stored.upload.id);
        self.store()
            .write_in(group, move |write| {
                members::role_in_live_group(write, group, account, now)?.ok_or(AppendError::NotFound)?;
                if !store::finish(write, id, seen.media_type, seen.picture, now)? {
                    return Err(AppendError::NotFound);
                }
                let ready = store::load(write, group, id, now)?;
                Ok(ready.ok_or_else(|| Failure::internal("a ready upload is not there"))?.upload)
            })
            .await
    }

    /// Takes an upload away that came to nothing.
    pub(super) async fn give_up(&self, stored: &StoredUpload) -> Result<(), Failure> {
        let id = stored.upload.id;
        self.store().write::<_, Failure>(move |write| store::doom(write, id)).await?;
        self.remove_doomed(vec![stored.key]).await;
        Ok(())
    }
}

struct Seen {
    media_type: MediaType,
    picture: Option<Picture>,
}

async fn look_at(uploads: &Uploads, stored: &StoredUpload) -> Result<Result<Seen, Invalid>, Failure> {
    let (disk, key) = (uploads.disk.clone(), stored.key);
    let head = super::on_disk(move || disk::head(&disk.read(key)?, SNIFFED_BYTES)).await?;
    let media_type = match checked_type(&head, &stored.upload) {
        Ok(media_type) => media_type,
        Err(invalid) => return Ok(Err(invalid)),
    };
    let picture = match media_type.kind(stored.upload.declared) {
        FileKind::Video | FileKind::Audio => None,
        FileKind::Subtitles if are_subtitles(uploads, key).await? => None,
        FileKind::Subtitles => {
            return Ok(Err(Invalid { field: "content", rule: "is not subtitles in UTF-8" }));
        }
        FileKind::Image => match small_one(uploads, key, media_type).await? {
            Ok(picture) => Some(picture),
            Err(Refused(rule)) => return Ok(Err(Invalid { field: "content", rule })),
        },
    };
    Ok(Ok(Seen { media_type, picture }))
}

/// Subtitles are short: their length was checked before.
async fn are_subtitles(uploads: &Uploads, key: FileKey) -> Result<bool, Failure> {
    let (disk, most) = (uploads.disk.clone(), FileKind::Subtitles.most_bytes());
    let most = usize::try_from(most).map_err(Failure::internal)?;
    super::on_disk(move || Ok(is_subtitles(&disk::head(&disk.read(key)?, most)?))).await
}

async fn small_one(
    uploads: &Uploads,
    key: FileKey,
    media_type: MediaType,
) -> Result<Result<Picture, Refused>, Failure> {
    let disk = uploads.disk.clone();
    let made = uploads.pictures.look_at(move || disk.read(key), media_type).await?;
    let made = match made {
        Ok(made) => made,
        Err(refused) => return Ok(Err(refused)),
    };
    let thumbnail = made.thumbnail.as_ref().map(|(media_type, _)| *media_type);
    let picture = Picture { width: made.width, height: made.height, thumbnail };
    if let Some((_, bytes)) = made.thumbnail {
        let disk = uploads.disk.clone();
        super::on_disk(move || disk.write_thumbnail(key, &bytes)).await?;
    }
    Ok(Ok(picture))
}
