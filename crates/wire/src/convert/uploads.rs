//! Files, from `core` to the wire; and what kind one is said to be, back.

use parlor_core as core;

use crate::message::Attachment;
use crate::time::Time;
use crate::upload::{FileKind, Upload};

impl From<core::FileKind> for FileKind {
    fn from(kind: core::FileKind) -> Self {
        match kind {
            core::FileKind::Video => Self::Video,
            core::FileKind::Audio => Self::Audio,
            core::FileKind::Image => Self::Image,
            core::FileKind::Subtitles => Self::Subtitles,
        }
    }
}

impl From<FileKind> for core::FileKind {
    fn from(kind: FileKind) -> Self {
        match kind {
            FileKind::Video => Self::Video,
            FileKind::Audio => Self::Audio,
            FileKind::Image => Self::Image,
            FileKind::Subtitles => Self::Subtitles,
        }
    }
}

impl From<&core::Upload> for Upload {
    fn from(upload: &core::Upload) -> Self {
        let (media_type, picture, expires_at) = match upload.state {
            core::UploadState::Receiving { expires_at } => (None, None, Some(expires_at)),
            core::UploadState::Ready { media_type, picture } => (Some(media_type), picture, None),
        };
        let kind = media_type.map(|media_type| media_type.kind(upload.declared)).or(upload.declared);
        Self {
            id: upload.id.into(),
            group: upload.group.into(),
            by: (&upload.by).into(),
            name: upload.name.to_string(),
            size: upload.size,
            received: upload.received,
            ready: media_type.is_some(),
            kind: kind.map(FileKind::from),
            media_type: media_type.map(|media_type| media_type.as_str().to_owned()),
            width: picture.map(|picture| picture.width),
            height: picture.map(|picture| picture.height),
            thumbnail: picture.is_some_and(|picture| picture.thumbnail.is_some()),
            created_at: upload.created_at.into(),
            expires_at: expires_at.map(Time::from),
        }
    }
}

impl From<&core::Attachment> for Attachment {
    fn from(file: &core::Attachment) -> Self {
        Self {
            id: file.id.into(),
            name: file.name.as_str().into(),
            kind: file.kind.into(),
            size: file.size,
            width: file.pixels.map(|(width, _)| width),
            height: file.pixels.map(|(_, height)| height),
            thumbnail: file.thumbnail,
        }
    }
}
