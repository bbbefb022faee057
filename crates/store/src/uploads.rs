//! Files in groups: what is known of them. The bytes are not the store's: it only says under which key they lie, and
//! which keys have to go.
//!
//! A key goes from `uploads` to `doomed_files` in the transaction that takes its row away, and is forgotten once its file
//! is gone: whatever happens between, the file is found again.

use crate::tx::{Row, Tx, Value, query_all, query_one};
use crate::write::Write;
use crate::{Failure, accounts, rows};
use parlor_core::upload::LEAST_COUNTED_BYTES;
use parlor_core::{
    AccountId, FileKey, FileKind, FileName, GroupId, MediaType, Picture, Timestamp, Upload, UploadId,
    UploadState,
};

/// What is announced.
#[derive(Clone, Debug)]
pub struct NewUpload {
    /// Into which group.
    pub group: GroupId,
    /// By whom.
    pub by: AccountId,
    /// Under what its bytes will lie.
    pub key: FileKey,
    /// What it is called.
    pub name: FileName,
    /// What it is said to be.
    pub declared: Option<FileKind>,
    /// How long it is.
    pub size: u64,
    /// When it is forgotten if nothing comes.
    pub expires_at: Timestamp,
}

/// An upload, and where its bytes lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredUpload {
    /// What everybody may know.
    pub upload: Upload,
    /// What its bytes lie under.
    pub key: FileKey,
}

/// A file that should be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Its key.
    pub key: FileKey,
    /// Whether it is whole.
    pub ready: bool,
    /// How many bytes of it should be there.
    pub bytes: u64,
    /// Whether it was missed before.
    pub lost: bool,
}

/// Announces an upload.
///
/// # Errors
/// What the database says.
pub fn insert(write: &mut Write<'_>, new: &NewUpload, now: Timestamp) -> Result<UploadId, Failure> {
    let sql = "INSERT INTO uploads (group_id, file_key, by_id, name, declared, size, received, created_at, expires_at, lost) \
               VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, 0) RETURNING id";
    let key = new.key.to_string();
    let params = [
        Value::Int(new.group.get()),
        Value::Text(&key),
        Value::Int(new.by.get()),
        Value::Text(new.name.as_str()),
        Value::text_or_null(new.declared.map(FileKind::as_str)),
        Value::Int(rows::stored_bytes(new.size)),
        Value::Int(now.as_millis()),
        Value::Int(new.expires_at.as_millis()),
    ];
    let id = query_one(write, sql, &params, |row| rows::upload_id(row.int(0)?))?;
    id.ok_or_else(|| Failure::internal("a new upload has no number"))
}

/// What the files of a group count together, those that are still coming with their whole length.
///
/// # Errors
/// What the database says.
pub fn counted_bytes(tx: &mut dyn Tx, group: GroupId) -> Result<u64, Failure> {
    let sql = "SELECT CAST(COALESCE(SUM(CASE WHEN size < $1 THEN $1 ELSE size END), 0) AS BIGINT) FROM uploads \
               WHERE group_id = $2 AND lost = 0";
    let params = [rows::stored_bytes(LEAST_COUNTED_BYTES), group.get()].map(Value::Int);
    let sum = query_one(tx, sql, &params, |row| rows::bytes(row, 0))?;
    Ok(sum.unwrap_or(0))
}

/// How many uploads of an account are not complete, in all groups.
///
/// # Errors
/// What the database says.
pub fn unfinished_of(tx: &mut dyn Tx, account: AccountId) -> Result<u64, Failure> {
    let sql = "SELECT COUNT(*) FROM uploads WHERE by_id = $1 AND expires_at IS NOT NULL";
    let count = query_one(tx, sql, &[Value::Int(account.get())], |row| rows::bytes(row, 0))?;
    Ok(count.unwrap_or(0))
}

/// One upload of a group, unless its file was lost or its time is over at `now`.
///
/// # Errors
/// What the database says.
pub fn load(
    tx: &mut dyn Tx,
    group: GroupId,
    id: UploadId,
    now: Timestamp,
) -> Result<Option<StoredUpload>, Failure> {
    let sql = "SELECT u.id, u.group_id, u.file_key, a.id, a.username, a.display_name, a.guest, u.name, u.declared, \
               u.size, u.received, u.created_at, u.expires_at, u.media_type, u.width, u.height, u.thumbnail \
               FROM uploads u JOIN accounts a ON a.id = u.by_id \
               WHERE u.id = $1 AND u.group_id = $2 AND u.lost = 0 AND (u.expires_at IS NULL OR u.expires_at > $3)";
    query_one(tx, sql, &[id.get(), group.get(), now.as_millis()].map(Value::Int), stored)
}

/// The uploads of a group before `before`, newest first: those that are ready, and those of `account` that are not yet;
/// at most `limit`.
///
/// # Errors
/// What the database says.
pub fn list(
    tx: &mut dyn Tx,
    group: GroupId,
    account: AccountId,
    before: Option<UploadId>,
    limit: usize,
    now: Timestamp,
) -> Result<Vec<Upload>, Failure> {
    let sql = "SELECT u.id, u.group_id, u.file_key, a.id, a.username, a.display_name, a.guest, u.name, u.declared, \
               u.size, u.received, u.created_at, u.expires_at, u.media_type, u.width, u.height, u.thumbnail \
               FROM uploads u JOIN accounts a ON a.id = u.by_id \
               WHERE u.group_id = $1 AND u.id < $2 AND u.lost = 0 \
               AND (u.expires_at IS NULL OR (u.by_id = $3 AND u.expires_at > $4)) ORDER BY u.id DESC LIMIT $5";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let before = before.map_or(i64::MAX, UploadId::get);
    let params = [group.get(), before, account.get(), now.as_millis(), limit].map(Value::Int);
    query_all(tx, sql, &params, |row| Ok(stored(row)?.upload))
}

fn stored(row: &dyn Row) -> Result<StoredUpload, Failure> {
    let state = match rows::time_or_null(row, 12)? {
        Some(expires_at) => UploadState::Receiving { expires_at },
        None => UploadState::Ready { media_type: media_type(row.text(13)?)?, picture: picture(row)? },
    };
    let upload = Upload {
        id: rows::upload_id(row.int(0)?)?,
        group: rows::group_id(row.int(1)?)?,
        by: accounts::account(row, 3)?,
        name: FileName::from_stored(row.text(7)?),
        declared: row.text_or_null(8)?.and_then(FileKind::from_name),
        size: rows::bytes(row, 9)?,
        received: rows::bytes(row, 10)?,
        created_at: rows::time(row, 11)?,
        state,
    };
    Ok(StoredUpload { upload, key: key(row.text(2)?)? })
}

fn picture(row: &dyn Row) -> Result<Option<Picture>, Failure> {
    let side = |column: usize| {
        let pixels = row.int_or_null(column)?.map(u32::try_from).transpose();
        pixels.map_err(Failure::internal)
    };
    let (Some(width), Some(height)) = (side(14)?, side(15)?) else { return Ok(None) };
    Ok(Some(Picture { width, height, thumbnail: row.text_or_null(16)?.map(media_type).transpose()? }))
}

fn media_type(text: &str) -> Result<MediaType, Failure> {
    MediaType::from_name(text)
        .ok_or_else(|| Failure::internal("the database holds a media type that nobody knows"))
}

fn key(text: &str) -> Result<FileKey, Failure> {
    text.parse().map_err(Failure::internal)
}

/// Notes that more of an upload is on the disk, and gives it time until `expires_at`; `false` where it is gone, or
/// somebody else has brought it further.
///
/// # Errors
/// What the database says.
pub fn advance(
    write: &mut Write<'_>,
    id: UploadId,
    from: u64,
    to: u64,
    expires_at: Timestamp,
) -> Result<bool, Failure> {
    let sql = "UPDATE uploads SET received = $1, expires_at = $2 \
               WHERE id = $3 AND received = $4 AND expires_at IS NOT NULL";
    let params = [rows::stored_bytes(to), expires_at.as_millis(), id.get(), rows::stored_bytes(from)];
    Ok(write.execute(sql, &params.map(Value::Int))? > 0)
}

/// Makes an upload one that every member sees; `false` where it is gone.
///
/// # Errors
/// What the database says.
pub fn finish(
    write: &mut Write<'_>,
    id: UploadId,
    media_type: MediaType,
    picture: Option<Picture>,
    now: Timestamp,
) -> Result<bool, Failure> {
    let sql = "UPDATE uploads SET expires_at = NULL, ready_at = $1, media_type = $2, width = $3, height = $4, \
               thumbnail = $5 WHERE id = $6 AND received = size AND expires_at IS NOT NULL";
    let params = [
        Value::Int(now.as_millis()),
        Value::Text(media_type.as_str()),
        Value::int_or_null(picture.map(|picture| picture.width.into())),
        Value::int_or_null(picture.map(|picture| picture.height.into())),
        Value::text_or_null(picture.and_then(|picture| picture.thumbnail).map(MediaType::as_str)),
        Value::Int(id.get()),
    ];
    Ok(write.execute(sql, &params)? > 0)
}

/// Takes an upload away and dooms its file; whether there was one.
///
/// # Errors
/// What the database says.
pub fn doom(write: &mut Write<'_>, id: UploadId) -> Result<bool, Failure> {
    let sql = "INSERT INTO doomed_files (file_key) SELECT file_key FROM uploads WHERE id = $1";
    let there = write.execute(sql, &[Value::Int(id.get())])? > 0;
    write.execute("DELETE FROM uploads WHERE id = $1", &[Value::Int(id.get())])?;
    Ok(there)
}

/// The same for up to `limit` uploads of a group; whether there were any.
///
/// # Errors
/// What the database says.
pub(crate) fn doom_some_of_group(write: &mut Write<'_>, group: i64, limit: i64) -> Result<bool, Failure> {
    let sql = "SELECT id FROM uploads WHERE group_id = $1 ORDER BY id LIMIT $2";
    let ids = query_all(write, sql, &[group, limit].map(Value::Int), |row| rows::upload_id(row.int(0)?))?;
    doom_all(write, &ids)
}

/// The same for up to `limit` uploads that did not go on in time; whether there were any.
///
/// # Errors
/// What the database says.
pub fn doom_expired(write: &mut Write<'_>, now: Timestamp, limit: i64) -> Result<bool, Failure> {
    let sql = "SELECT id FROM uploads WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2";
    let params = [now.as_millis(), limit].map(Value::Int);
    let ids = query_all(write, sql, &params, |row| rows::upload_id(row.int(0)?))?;
    doom_all(write, &ids)
}

fn doom_all(write: &mut Write<'_>, ids: &[UploadId]) -> Result<bool, Failure> {
    for id in ids {
        doom(write, *id)?;
    }
    Ok(!ids.is_empty())
}

/// Files that have to go, at most `limit`.
///
/// # Errors
/// What the database says.
pub fn doomed(tx: &mut dyn Tx, limit: i64) -> Result<Vec<FileKey>, Failure> {
    let sql = "SELECT file_key FROM doomed_files ORDER BY file_key LIMIT $1";
    query_all(tx, sql, &[Value::Int(limit)], |row| key(row.text(0)?))
}

/// Forgets files that are gone.
///
/// # Errors
/// What the database says.
pub fn forget_doomed(write: &mut Write<'_>, keys: &[FileKey]) -> Result<(), Failure> {
    for key in keys {
        write.execute("DELETE FROM doomed_files WHERE file_key = $1", &[Value::Text(&key.to_string())])?;
    }
    Ok(())
}

/// The files that should be there of one of the 256 portions of keys, by their key; those only that stood here before
/// `before`.
///
/// # Errors
/// What the database says.
pub fn expected(tx: &mut dyn Tx, portion: u8, before: Timestamp) -> Result<Vec<Expected>, Failure> {
    let sql = "SELECT file_key, expires_at, received, lost FROM uploads WHERE file_key >= $1 AND file_key < $2 \
               AND created_at < $3 AND (ready_at IS NULL OR ready_at < $3) ORDER BY file_key";
    // No key begins with a "g": after "ff" comes nothing.
    let end = portion.checked_add(1).map_or("g".to_owned(), |next| format!("{next:02x}"));
    let params = [Value::Text(&format!("{portion:02x}")), Value::Text(&end), Value::Int(before.as_millis())];
    query_all(tx, sql, &params, |row| {
        Ok(Expected {
            key: key(row.text(0)?)?,
            ready: row.int_or_null(1)?.is_none(),
            bytes: rows::bytes(row, 2)?,
            lost: row.int(3)? != 0,
        })
    })
}

/// Which of these keys belong to no upload.
///
/// # Errors
/// What the database says.
pub fn unknown(tx: &mut dyn Tx, keys: &[FileKey]) -> Result<Vec<FileKey>, Failure> {
    let mut unknown = Vec::new();
    for key in keys {
        let sql = "SELECT 1 FROM uploads WHERE file_key = $1";
        if query_one(tx, sql, &[Value::Text(&key.to_string())], |_| Ok(()))?.is_none() {
            unknown.push(*key);
        }
    }
    Ok(unknown)
}

/// Notes that a file is missing, or that it is there again.
///
/// # Errors
/// What the database says.
pub fn set_lost(write: &mut Write<'_>, key: FileKey, lost: bool) -> Result<(), Failure> {
    let sql = "UPDATE uploads SET lost = $1 WHERE file_key = $2";
    write.execute(sql, &[Value::Int(lost.into()), Value::Text(&key.to_string())])?;
    Ok(())
}
