//! What is asked of other servers, and what they say: the border that the real ones are behind.

use parlor_core::watch::{Kind, MediaTime, SearchText, Title, VideoId, WebAddress};
use std::pin::Pin;

/// An answer that is under way. Every one ends within [`LONGEST`].
pub type Asking<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// How long an answer of another server may take, with everything that belongs to it.
pub const LONGEST: std::time::Duration = std::time::Duration::from_secs(5);

/// Asks YouTube, and the hosts of pasted addresses.
pub trait Sites: Send + Sync {
    /// Whether there is a key for YouTube's Data API. Without one only [`Sites::oembed`] and [`Sites::probe`] are asked.
    fn has_key(&self) -> bool;

    /// Finds videos that may be embedded, the best first; costs one search of the day.
    fn search<'a>(&'a self, text: &'a SearchText) -> Asking<'a, Result<Vec<VideoId>, SiteError>>;

    /// What YouTube says about videos, in the order of the ids; those that not everybody may see are missing. At most 50.
    fn videos<'a>(&'a self, ids: &'a [VideoId]) -> Asking<'a, Result<Vec<YouTubeVideo>, SiteError>>;

    /// The little that YouTube says about a video without a key.
    fn oembed<'a>(&'a self, id: &'a VideoId) -> Asking<'a, Result<Embed, SiteError>>;

    /// Asks the host of an address what is there, where that is safe; nothing of what is there is read.
    fn probe<'a>(&'a self, address: &'a WebAddress) -> Asking<'a, Result<Probe, ProbeError>>;
}

/// A video at YouTube.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YouTubeVideo {
    /// Which.
    pub id: VideoId,
    /// What it is called, if that can be shown.
    pub title: Option<Title>,
    /// Who published it.
    pub channel: Option<Title>,
    /// Whether there is something to see.
    pub kind: Kind,
    /// How long it is; a live one has no length.
    pub length: Option<MediaTime>,
    /// It is going on, or is announced.
    pub live: bool,
    /// Whether it plays within another site's page, for everybody who is not signed in there.
    pub embeddable: bool,
}

/// What oEmbed says of a video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Embed {
    /// It may be embedded.
    Allowed {
        /// What it is called.
        title: Option<Title>,
        /// Who published it.
        channel: Option<Title>,
    },
    /// It is private, or its owner forbids it.
    Forbidden,
    /// There is none.
    NotThere,
}

/// Why YouTube's answer is none.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The Data API gives no more until its next day.
    #[error("YouTube allows no more today")]
    QuotaSpent,
    /// It does not know the key, or does not allow it this.
    #[error("YouTube refuses this server's key")]
    KeyRefused,
    /// Not in time, not at all, or nothing that can be read.
    #[error("YouTube gave no answer that can be used")]
    NoAnswer(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What a host says is at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probe {
    /// Something that a player may be able to play.
    Media {
        /// Whether it has a picture; unknown where the host does not name a type of its own.
        kind: Option<Kind>,
        /// Its type, as `major/minor` in small letters, where the host named one.
        content_type: Option<String>,
        /// Its size, where the host said so.
        bytes: Option<u64>,
    },
    /// Something else.
    NoMedia,
    /// Nothing.
    NotThere,
    /// The host did not say, or is not asked.
    Unknown,
}

/// Why an address is not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    /// It, or where it redirects to, is not on the public internet.
    #[error("leads into a private network")]
    Private,
    /// It redirects more than three times, or to what is no web address.
    #[error("redirects too often or to nowhere")]
    Redirects,
}
