//! The files of messages, in the column `data` of the message's row: `{"v": 1, "files": [{id, name, kind, size, …}]}`.
//! Messages without any have none.

use crate::tx::{Tx, Value};
use crate::write::Write;
use crate::{Failure, codec, log, rows, uploads};
use parlor_core::{
    AccountId, Attachment, AttachmentIds, FileKind, FileName, GroupId, Picture, Seq, Timestamp, UploadState,
};
use serde_json::{Map, Value as Json, json};

/// The files that are named, when all of them are ready ones of this group that the sender brought.
pub(crate) fn find(
    tx: &mut dyn Tx,
    group: GroupId,
    by: AccountId,
    named: &AttachmentIds,
    at: Timestamp,
) -> Result<Option<Vec<Attachment>>, Failure> {
    let mut found = Vec::with_capacity(named.as_slice().len());
    for id in named.as_slice() {
        let upload = uploads::load(tx, group, *id, at)?.map(|stored| stored.upload);
        let Some(upload) = upload.filter(|upload| upload.by.id == by) else { return Ok(None) };
        let UploadState::Ready { media_type, picture } = upload.state else { return Ok(None) };
        found.push(Attachment {
            id: *id,
            name: upload.name,
            kind: media_type.kind(upload.declared),
            size: upload.size,
            pixels: picture.map(|Picture { width, height, .. }| (width, height)),
            thumbnail: picture.is_some_and(|picture| picture.thumbnail.is_some()),
        });
    }
    Ok(Some(found))
}

/// Puts files into the row of a message that is there.
pub(crate) fn put(
    write: &mut Write<'_>,
    group: GroupId,
    message: Seq,
    files: &[Attachment],
) -> Result<(), Failure> {
    let data = json!({"v": 1, "files": files.iter().map(file_json).collect::<Vec<_>>()}).to_string();
    let values = [Value::Text(&data), Value::Int(codec::ATTACHED)];
    log::update_row(write, group, message, "data = $1, marks = marks | $2", &values)
}

/// What [`put`] wrote.
pub(crate) fn read(data: Option<&str>) -> Result<Vec<Attachment>, Failure> {
    let Some(data) = data else { return Ok(Vec::new()) };
    let json: Json = serde_json::from_str(data).map_err(Failure::internal)?;
    json["files"].as_array().map(Vec::as_slice).unwrap_or_default().iter().map(file).collect()
}

fn file_json(file: &Attachment) -> Json {
    let mut json = Map::new();
    json.insert("id".into(), file.id.get().into());
    json.insert("name".into(), file.name.as_str().into());
    json.insert("kind".into(), file.kind.as_str().into());
    json.insert("size".into(), file.size.into());
    if let Some((width, height)) = file.pixels {
        json.insert("width".into(), width.into());
        json.insert("height".into(), height.into());
        json.insert("thumbnail".into(), file.thumbnail.into());
    }
    Json::Object(json)
}

fn file(json: &Json) -> Result<Attachment, Failure> {
    let broken = || Failure::internal("the files of a message are broken");
    let pixels = |name: &str| json[name].as_u64().and_then(|pixels| u32::try_from(pixels).ok());
    Ok(Attachment {
        id: rows::upload_id(json["id"].as_i64().unwrap_or(0))?,
        name: FileName::from_stored(json["name"].as_str().ok_or_else(broken)?),
        kind: json["kind"].as_str().and_then(FileKind::from_name).ok_or_else(broken)?,
        size: json["size"].as_u64().ok_or_else(broken)?,
        pixels: pixels("width").zip(pixels("height")),
        thumbnail: json["thumbnail"] == true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use parlor_core::UploadId;

    #[test]
    fn files_are_read_as_they_were_written() {
        let picture = Attachment {
            id: UploadId::new(7).unwrap(),
            name: FileName::clean("cat \"1\".png"),
            kind: FileKind::Image,
            size: 70_123,
            pixels: Some((640, 480)),
            thumbnail: true,
        };
        let song = Attachment {
            id: UploadId::new(8).unwrap(),
            name: FileName::clean("song.mp3"),
            kind: FileKind::Audio,
            size: u64::from(u32::MAX) + 1,
            pixels: None,
            thumbnail: false,
        };
        let written = json!({"v": 1, "files": [file_json(&picture), file_json(&song)]}).to_string();
        let golden = r#"{"files":[{"height":480,"id":7,"kind":"image","name":"cat \"1\".png","size":70123,"thumbnail":true,"width":640},{"id":8,"kind":"audio","name":"song.mp3","size":4294967296}],"v":1}"#;
        assert_eq!(written, golden, "what is stored keeps its shape");
        assert_eq!(read(Some(&written)).unwrap(), [picture, song]);
        assert!(read(None).unwrap().is_empty());
    }
}
