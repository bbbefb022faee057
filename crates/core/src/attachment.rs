//! Files that stand in a message: which ones a sender names, and what a message keeps of each, so that a page of history
//! needs no other table. This file must never know how a file comes or where it lies.

use crate::{FileKind, FileName, Invalid, UploadId};
use std::fmt;

/// A file in a message, as it was when the message was sent. `Debug` prints no name.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Which.
    pub id: UploadId,
    /// What its sender calls it.
    pub name: FileName,
    /// What it is for.
    pub kind: FileKind,
    /// Its length in bytes.
    pub size: u64,
    /// Pixels across and down, of a picture: so much room is kept before it is loaded.
    pub pixels: Option<(u32, u32)>,
    /// Whether there is a small one.
    pub thumbnail: bool,
}

impl fmt::Debug for Attachment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Attachment({}, {}, {} bytes)", self.id, self.kind.as_str(), self.size)
    }
}

/// The files that a sender names: at most [`AttachmentIds::MOST`], each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttachmentIds(Vec<UploadId>);

impl AttachmentIds {
    /// Most files in one message: they are seen at once.
    pub const MOST: usize = 8;

    /// Checks their number, not whether they are there.
    ///
    /// # Errors
    /// `files`, when they are too many, or one is named twice or is no number of a file.
    pub fn parse(ids: &[i64]) -> Result<Self, Invalid> {
        let parsed: Option<Vec<UploadId>> = ids.iter().map(|id| UploadId::new(*id)).collect();
        let rule = "must be at most 8 different numbers of files";
        let found =
            parsed.filter(|found| found.len() <= Self::MOST).ok_or(Invalid { field: "files", rule })?;
        let twice = found.iter().enumerate().any(|(index, id)| found[..index].contains(id));
        if twice { Err(Invalid { field: "files", rule }) } else { Ok(Self(found)) }
    }

    /// The numbers, in the order in which they are shown.
    #[must_use]
    pub fn as_slice(&self) -> &[UploadId] {
        &self.0
    }

    /// Whether these are the files of a message.
    #[must_use]
    pub fn are(&self, files: &[Attachment]) -> bool {
        self.0.iter().eq(files.iter().map(|file| &file.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_different_files_and_no_more() {
        assert!(AttachmentIds::parse(&[]).unwrap().as_slice().is_empty());
        assert_eq!(AttachmentIds::parse(&[2, 1]).unwrap().as_slice().len(), 2);
        assert!(AttachmentIds::parse(&[1, 2, 3, 4, 5, 6, 7, 8]).is_ok());
        for wrong in [&[1, 2, 3, 4, 5, 6, 7, 8, 9][..], &[1, 1], &[0], &[-1], &[3, i64::MIN]] {
            assert_eq!(AttachmentIds::parse(wrong).unwrap_err().field, "files", "{wrong:?}");
        }
    }

    #[test]
    fn no_name_gets_into_a_log_line() {
        let file = Attachment {
            id: UploadId::new(3).unwrap(),
            name: FileName::clean("secret plan.png"),
            kind: FileKind::Image,
            size: 7,
            pixels: Some((1, 2)),
            thumbnail: true,
        };
        assert_eq!(format!("{file:?}"), "Attachment(3, image, 7 bytes)");
    }
}
