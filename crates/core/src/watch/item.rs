//! One thing that a group watches or has in its queue.

use super::named::named;
use super::{MediaTime, Source};
use crate::{AccountId, Invalid, ItemId, text};
use std::fmt;
use std::sync::Arc;

/// An item as it stands in the player or in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its number in this group.
    pub id: ItemId,
    /// What it is.
    pub media: Media,
    /// Who brought it.
    pub added_by: AccountId,
}

/// What somebody wants to be watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// Where it comes from.
    pub source: Source,
    /// What it is called.
    pub title: Title,
    /// Whether there is something to see; clients change the speed of music less, since it is heard sooner.
    pub kind: Kind,
    /// How long it is.
    pub length: Length,
}

/// Whether there is something to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A film, a clip.
    Video,
    /// Sound, with or without a picture of a record.
    Music,
}

named!(Kind: Video = "video", Music = "music");

/// How long an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Nobody knows yet.
    Unknown,
    /// The file or the site said so.
    Known(MediaTime),
    /// The viewers' players agree on it; they may come to agree on another.
    Measured(MediaTime),
}

impl Length {
    /// The length, if there is one.
    #[must_use]
    pub const fn get(self) -> Option<MediaTime> {
        match self {
            Self::Unknown => None,
            Self::Known(length) | Self::Measured(length) => Some(length),
        }
    }
}

/// What an item is called: 1 to 300 characters in one line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Title(Arc<str>);

impl Title {
    /// Most characters.
    pub const MOST: usize = 300;

    /// Trims and checks.
    ///
    /// # Errors
    /// `title`, when it is empty, too long or holds a character that [`text`] refuses.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        text::check_line("title", input, 1, Self::MOST).map(|line| Self(line.into()))
    }

    /// The title that another site gives something: what no line may hold is left out, what is too long is cut.
    /// `None` when nothing to be seen is left.
    #[must_use]
    pub fn clean(text: &str) -> Option<Self> {
        Self::parse(&text::clean_line(text, Self::MOST)).ok()
    }

    /// A title for something of which nothing but its source is known: the last part of an address, or its host.
    #[must_use]
    pub fn of(source: &Source) -> Self {
        let named = match source {
            Source::Direct(address) => {
                let path = address.as_str().split(['?', '#']).next().unwrap_or_default();
                let last = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
                let cut: String = last.chars().take(Self::MOST).collect();
                Self::parse(&cut).ok().or_else(|| Self::parse(address.host()).ok())
            }
            Source::YouTube(video) => Self::parse(&format!("YouTube {}", video.as_str())).ok(),
            Source::Upload(id) => Self::parse(&format!("File {id}")).ok(),
        };
        named.unwrap_or_else(|| Self("Untitled".into()))
    }

    /// Takes a text that the database holds, where only a parsed one was ever written.
    #[must_use]
    pub fn from_stored(text: &str) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Title {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_one_visible_line_of_at_most_300_characters() {
        assert_eq!(Title::parse(" A &amp; <b>B</b> 🎬 ").unwrap().as_str(), "A &amp; <b>B</b> 🎬");
        assert!(Title::parse(&"字".repeat(300)).is_ok());
        for wrong in ["", " ", "a\nb", "\u{202E}evil", "a\0b", &"x".repeat(301)] {
            assert_eq!(Title::parse(wrong).unwrap_err().field, "title", "{wrong:?}");
        }
    }

    #[test]
    fn a_title_from_elsewhere_is_made_to_fit() {
        let clean = |text: &str| Title::clean(text).map(|title| title.to_string());
        assert_eq!(clean(" A\n\u{202E}B \u{200B}🎬 ").as_deref(), Some("A B 🎬"));
        assert_eq!(clean("<b>A</b> &amp; B").as_deref(), Some("<b>A</b> &amp; B"));
        assert_eq!(clean(&"字".repeat(300)), Some("字".repeat(300)));
        assert_eq!(clean(&"字".repeat(301)), Some("字".repeat(299) + "…"));
        assert_eq!(clean(&("a".to_owned() + &"\u{301}".repeat(100_000))).unwrap().chars().count(), 300);
        for nothing in ["", " \n", "\u{200B}\u{202E}\0", "\u{3164}"] {
            assert_eq!(clean(nothing), None, "{nothing:?}");
        }
    }
}
