//! What a pasted address leads to.

use super::{Embed, FoundVideo, LONGEST_WAIT, Probe, ProbeError, SiteError, Videos, turn};
use crate::limits::Limit;
use crate::{Caller, Failure};
use parlor_core::watch::{Kind, MediaTime, Pasted, Source, Title, VideoId, WebAddress};
use parlor_core::{Code, Invalid, Refusal};
use std::time::Duration;

/// What an address leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookedUp {
    /// What can be watched.
    pub video: FoundVideo,
    /// From where in it to begin, when the address said so.
    pub start: MediaTime,
    /// The type that a host named, `major/minor`.
    pub content_type: Option<String>,
    /// The size that a host named.
    pub bytes: Option<u64>,
}

/// Why an address is not looked up.
#[derive(Debug, thiserror::Error)]
pub enum LookUpError {
    /// The address is at fault: what is there, or that it is not asked.
    #[error(transparent)]
    Address(#[from] Invalid),
    /// The caller is in no group.
    #[error("only members of a group may look addresses up")]
    NoMember,
    /// Too many by one account.
    #[error("too many addresses")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Too many by all.
    #[error("too many addresses are looked up at the moment")]
    Busy,
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for LookUpError {
    fn code(&self) -> Code {
        match self {
            Self::Address(invalid) => invalid.code(),
            Self::NoMember => Code::Forbidden,
            Self::TooOften { .. } => Code::RateLimited,
            Self::Busy => Code::Unavailable,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Address(invalid) => Some(invalid.field),
            _ => None,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooOften { retry_after } => Some(*retry_after),
            Self::Busy => Some(LONGEST_WAIT),
            Self::Failure(failure) => failure.retry_after(),
            Self::Address(_) | Self::NoMember => None,
        }
    }

    fn is_fault(&self) -> bool {
        matches!(self, Self::Failure(failure) if failure.is_fault())
    }
}

impl Videos {
    /// Says what an address leads to, as far as it can be found out: nobody is kept from watching something because
    /// this server gets no answer about it.
    ///
    /// # Errors
    /// See [`LookUpError`].
    #[tracing::instrument(
        name = "watch.look_up_video", skip_all, fields(account.id = caller.account.id.get())
    )]
    pub async fn look_up(&self, caller: &Caller, pasted: Pasted) -> Result<LookedUp, LookUpError> {
        if !self.is_member(caller).await? {
            return Err(LookUpError::NoMember);
        }
        let Pasted { source, start } = pasted;
        let alone = |video| LookedUp { video, start, content_type: None, bytes: None };
        match &source {
            Source::Upload(_) => Err(invalid("must be the address of a video, not of an upload").into()),
            Source::YouTube(id) => {
                if let Some(video) = self.inner.videos.get(id, self.now()) {
                    return Ok(alone(video));
                }
                let _turn = self.turn_to_look_up(caller).await?;
                Ok(alone(self.look_up_youtube(id).await?))
            }
            Source::Direct(address) => {
                let _turn = self.turn_to_look_up(caller).await?;
                Ok(LookedUp { start, ..self.look_up_direct(address).await? })
            }
        }
    }

    async fn turn_to_look_up(&self, caller: &Caller) -> Result<impl Drop + '_, LookUpError> {
        self.take(Limit::VideoLookUp, caller).map_err(|retry_after| LookUpError::TooOften { retry_after })?;
        turn(&self.inner.looking_up).await.ok_or(LookUpError::Busy)
    }

    /// By the Data API where there is a key, which knows lengths; by oEmbed without one or where that fails.
    async fn look_up_youtube(&self, id: &VideoId) -> Result<FoundVideo, Invalid> {
        if self.inner.sites.has_key() {
            match self.inner.sites.videos(std::slice::from_ref(id)).await {
                Ok(videos) => {
                    let video = videos.into_iter().next().ok_or(NOT_FOR_EVERYBODY)?;
                    let video = FoundVideo::from(video);
                    self.inner.videos.put(id.clone(), video.clone(), self.now());
                    return Ok(video);
                }
                Err(error) => warn(&error),
            }
        }
        let bare = FoundVideo::of(Source::YouTube(id.clone()));
        match self.inner.sites.oembed(id).await {
            Ok(Embed::Allowed { title, channel }) => Ok(FoundVideo {
                title: title.unwrap_or_else(|| bare.title.clone()),
                channel,
                embeddable: Some(true),
                ..bare
            }),
            Ok(Embed::Forbidden) => Ok(FoundVideo { embeddable: Some(false), ..bare }),
            Ok(Embed::NotThere) => Err(NOT_FOR_EVERYBODY),
            Err(error) => {
                warn(&error);
                Ok(bare)
            }
        }
    }

    async fn look_up_direct(&self, address: &WebAddress) -> Result<LookedUp, Invalid> {
        let bare = FoundVideo::of(Source::Direct(address.clone()));
        let (video, content_type, bytes) = match self.inner.sites.probe(address).await {
            Ok(Probe::Media { kind, content_type, bytes }) => {
                let embeddable = kind.map(|_| true);
                (FoundVideo { kind: kind.unwrap_or(Kind::Video), embeddable, ..bare }, content_type, bytes)
            }
            Ok(Probe::Unknown) => (bare, None, None),
            Ok(Probe::NoMedia) => return Err(invalid("leads to something that is neither film nor sound")),
            Ok(Probe::NotThere) => return Err(invalid("leads to nothing: its host knows no such file")),
            Err(ProbeError::Private) => {
                return Err(invalid("leads into a private network, which this server does not ask"));
            }
            Err(ProbeError::Redirects) => return Err(invalid("redirects too often or to nowhere")),
        };
        Ok(LookedUp { video, start: MediaTime::START, content_type, bytes })
    }
}

impl FoundVideo {
    /// What is known of a source without asking anybody.
    fn of(source: Source) -> Self {
        Self {
            title: Title::of(&source),
            source,
            channel: None,
            kind: Kind::Video,
            length: None,
            live: false,
            embeddable: None,
        }
    }
}

const NOT_FOR_EVERYBODY: Invalid = invalid("leads to no video that everybody may see");

const fn invalid(rule: &'static str) -> Invalid {
    Invalid { field: "url", rule }
}

/// It goes on without YouTube's answer; whoever runs the server may want to know why.
fn warn(error: &SiteError) {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    tracing::warn!(%error, cause, "a video was looked up without YouTube's Data API or oEmbed");
}
