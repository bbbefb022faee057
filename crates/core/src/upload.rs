//! Files that people bring into a group: what may come, what it is called, and what it counts.
//!
//! What a file is, is read from its bytes ([`sniff`]) and never from its name or from what the sender says: a sender
//! may say what they mean to bring, and is refused where that is not what came. This file must never know a disk, HTTP
//! or how a picture is decoded.

use crate::{Account, GroupId, Invalid, Timestamp, UploadId, text};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

mod sniff;

pub use sniff::{SNIFFED_BYTES, is_subtitles, sniff};

/// After its last byte came, an upload that is not complete is kept for this long: over a night, not for ever.
pub const UNFINISHED_LASTS: Duration = Duration::from_secs(24 * 60 * 60);

/// Any file counts as at least this much of a group's quota, since it takes a row, two files and their blocks.
pub const LEAST_COUNTED_BYTES: u64 = 64 * 1024;

/// A file in a group, or one that is on its way there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Which.
    pub id: UploadId,
    /// Whose members may see it.
    pub group: GroupId,
    /// Who brought it.
    pub by: Account,
    /// What they call it.
    pub name: FileName,
    /// What they said it would be.
    pub declared: Option<FileKind>,
    /// Its length in bytes.
    pub size: u64,
    /// How many of them are here.
    pub received: u64,
    /// When it was announced.
    pub created_at: Timestamp,
    /// Whether it is all there.
    pub state: UploadState,
}

/// How far an upload is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadState {
    /// Its sender alone sees it.
    Receiving {
        /// When it is forgotten unless more of it comes.
        expires_at: Timestamp,
    },
    /// It is whole, was looked at, and every member sees it. It never changes again.
    Ready {
        /// What its bytes are.
        media_type: MediaType,
        /// Of a picture only.
        picture: Option<Picture>,
    },
}

/// What is known of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Pixels across, as it is shown.
    pub width: u32,
    /// Pixels down, as it is shown.
    pub height: u32,
    /// What the small one is; `None` where decoding the whole would take too much memory.
    pub thumbnail: Option<MediaType>,
}

/// What kind of thing a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// To be watched.
    Video,
    /// To be heard.
    Audio,
    /// To be looked at.
    Image,
    /// To be read below a video.
    Subtitles,
}

impl FileKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Video, Self::Audio, Self::Image, Self::Subtitles];

    /// The kind as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Image => "image",
            Self::Subtitles => "subtitles",
        }
    }

    /// Reads what [`FileKind::as_str`] wrote.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The most bytes that a file of this kind makes sense with, whatever the server allows: a picture is decoded, and
    /// subtitles are read as a whole.
    #[must_use]
    pub const fn most_bytes(self) -> u64 {
        match self {
            Self::Video | Self::Audio => u64::MAX,
            Self::Image => 32 * 1024 * 1024,
            Self::Subtitles => 2 * 1024 * 1024,
        }
    }
}

/// The types that are taken: what browsers play and show, and nothing that they would run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaType {
    /// MPEG-4 with a picture, or without saying.
    Mp4,
    /// MPEG-4 that says it is sound.
    M4a,
    /// WebM.
    Webm,
    /// Ogg.
    Ogg,
    /// MPEG-1 or 2, layer III.
    Mp3,
    /// RIFF WAVE.
    Wav,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// GIF.
    Gif,
    /// WebP.
    Webp,
    /// WebVTT.
    Vtt,
}

impl MediaType {
    /// Every type.
    pub const ALL: [Self; 11] = [
        Self::Mp4,
        Self::M4a,
        Self::Webm,
        Self::Ogg,
        Self::Mp3,
        Self::Wav,
        Self::Jpeg,
        Self::Png,
        Self::Gif,
        Self::Webp,
        Self::Vtt,
    ];

    /// Its name in the registry of media types.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mp4 => "video/mp4",
            Self::M4a => "audio/mp4",
            Self::Webm => "video/webm",
            Self::Ogg => "application/ogg",
            Self::Mp3 => "audio/mpeg",
            Self::Wav => "audio/wav",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Vtt => "text/vtt",
        }
    }

    /// Reads what [`MediaType::as_str`] wrote.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media_type| media_type.as_str() == name)
    }

    /// What it is for. A container that may hold a film or a song counts as what it was declared.
    #[must_use]
    pub const fn kind(self, declared: Option<FileKind>) -> FileKind {
        match self {
            Self::Mp4 | Self::Webm | Self::Ogg => match declared {
                Some(FileKind::Audio) => FileKind::Audio,
                _ => FileKind::Video,
            },
            Self::M4a | Self::Mp3 | Self::Wav => FileKind::Audio,
            Self::Jpeg | Self::Png | Self::Gif | Self::Webp => FileKind::Image,
            Self::Vtt => FileKind::Subtitles,
        }
    }
}

/// Whether content of this type may stand where this was declared.
///
/// # Errors
/// `kind`, where the sender said something else; `size`, where it is too much for what it is.
pub fn check_content(media_type: MediaType, declared: Option<FileKind>, size: u64) -> Result<(), Invalid> {
    let kind = media_type.kind(declared);
    if declared.is_some_and(|declared| declared != kind) {
        return Err(Invalid { field: "kind", rule: "is not what the content of the file is" });
    }
    if size > kind.most_bytes() {
        return Err(Invalid { field: "size", rule: "is too much for a file of this kind" });
    }
    Ok(())
}

/// What a file is called where it is shown and saved: 1 to 200 characters in one line, without a path. Where the bytes
/// lie has nothing to do with it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileName(Arc<str>);

impl FileName {
    /// Most characters.
    pub const MOST: usize = 200;
    /// What is kept of an ending when a name is cut: `.jpeg`, `.subtitles`.
    const LONGEST_ENDING: usize = 12;

    /// Makes a name of whatever a client sent: what stands after the last slash, without characters that [`text`]
    /// refuses in a line, cut in front of its ending; `file` where nothing is left. People do not choose what their
    /// cameras and old systems call a file, so nobody is refused for it.
    #[must_use]
    pub fn clean(input: &str) -> Self {
        let last = input.rsplit(['/', '\\']).next().unwrap_or_default();
        let line: String = last.chars().filter(|character| text::may_stand_in_line(*character)).collect();
        let line = line.trim().trim_start_matches('.');
        let name =
            if text::check_line("name", line, 1, usize::MAX).is_ok() { cut(line) } else { "file".to_owned() };
        Self(name.into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes a name that the database holds, where only a clean one was ever written.
    #[must_use]
    pub fn from_stored(name: &str) -> Self {
        Self(name.into())
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

fn cut(line: &str) -> String {
    let length = line.chars().count();
    if length <= FileName::MOST {
        return line.to_owned();
    }
    let ending = line.rsplit_once('.').map(|(_, ending)| ending.chars().count() + 1);
    let kept = ending.filter(|ending| *ending <= FileName::LONGEST_ENDING).unwrap_or(0);
    let begin = line.chars().take(FileName::MOST - kept);
    begin.chain(line.chars().skip(length - kept)).collect()
}

/// What the bytes of an upload lie under: 128 random bits, so that a database that was restored never takes the file of
/// another upload for its own. No secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileKey([u8; 16]);

impl FileKey {
    /// From chance.
    #[must_use]
    pub const fn from_random(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// One of 256 portions of all files, about as large as each other.
    #[must_use]
    pub const fn portion(self) -> u8 {
        self.0[0]
    }
}

impl fmt::Display for FileKey {
    /// 32 hex digits.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl std::str::FromStr for FileKey {
    type Err = NotAFileKey;

    /// Exactly what `Display` wrote.
    fn from_str(text: &str) -> Result<Self, NotAFileKey> {
        let lower = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() != 32 || !text.bytes().all(lower) {
            return Err(NotAFileKey);
        }
        u128::from_str_radix(text, 16).map(|number| Self(number.to_be_bytes())).map_err(|_| NotAFileKey)
    }
}

/// The text is no file key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a file key")]
pub struct NotAFileKey;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_is_left_of_it() {
        for (sent, kept) in [
            ("cat.png", "cat.png"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ada\\film.mp4", "film.mp4"),
            ("a\0b\r\nSet-Cookie: x", "abSet-Cookie: x"),
            ("\u{202E}gnp.exe", "gnp.exe"),
            ("שיר\u{200F}.mp3", "שיר.mp3"),
            (".htaccess", "htaccess"),
            ("<img onerror=x>.png", "<img onerror=x>.png"),
            ("\"quoted\".gif", "\"quoted\".gif"),
            ("", "file"),
            ("..", "file"),
            ("a/", "file"),
            ("\u{200B}\u{3164}", "file"),
            ("🎉 party.webm", "🎉 party.webm"),
        ] {
            assert_eq!(FileName::clean(sent).as_str(), kept, "{sent:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = FileName::clean(&format!("{}.jpeg", "字".repeat(300)));
        assert_eq!(name.as_str().chars().count(), FileName::MOST);
        assert!(name.as_str().ends_with("字.jpeg"));
        let name = FileName::clean(&format!("a.{}", "x".repeat(300)));
        assert_eq!(name.as_str(), format!("a.{}", "x".repeat(198)));
    }

    #[test]
    fn a_file_that_lies_is_refused_by_the_field() {
        let field = |media_type, declared, size| {
            check_content(media_type, declared, size).err().map(|invalid| invalid.field)
        };
        assert_eq!(field(MediaType::Png, Some(FileKind::Image), 10), None);
        assert_eq!(field(MediaType::Png, None, 10), None);
        assert_eq!(field(MediaType::Png, Some(FileKind::Video), 10), Some("kind"));
        assert_eq!(field(MediaType::Mp3, Some(FileKind::Video), 10), Some("kind"));
        assert_eq!(field(MediaType::Webm, Some(FileKind::Audio), 10), None);
        assert_eq!(field(MediaType::Mp4, Some(FileKind::Video), u64::MAX), None);
        assert_eq!(field(MediaType::Png, None, 33 * 1024 * 1024), Some("size"));
        assert_eq!(field(MediaType::Vtt, None, 3 * 1024 * 1024), Some("size"));
    }

    #[test]
    fn what_is_written_is_read_back() {
        for media_type in MediaType::ALL {
            assert_eq!(MediaType::from_name(media_type.as_str()), Some(media_type));
        }
        for kind in FileKind::ALL {
            assert_eq!(FileKind::from_name(kind.as_str()), Some(kind));
        }
        let key = FileKey::from_random(std::array::from_fn(|index| index as u8 * 17));
        assert_eq!(key.to_string(), "00112233445566778899aabbccddeeff");
        assert_eq!(key.to_string().parse(), Ok(key));
        for wrong in ["", "../..", "00112233445566778899AABBCCDDEEFF", "+0112233445566778899aabbccddeeff"] {
            assert_eq!(wrong.parse::<FileKey>(), Err(NotAFileKey), "{wrong:?}");
        }
    }
}
