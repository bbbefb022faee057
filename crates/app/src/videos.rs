//! Finding something to watch: a search at YouTube, and what a pasted address leads to.
//!
//! These are the only operations that ask other servers, so they have a type of their own, [`Videos`], which holds who
//! asks ([`Sites`]) and what was answered lately. They are for members of some group: the searches of a day are few, and
//! are not for whoever comes by. What other servers say is shown and never believed: titles are cleaned, pictures are
//! addressed by us, and whatever could not be found out is absent.
//!
//! Reading order: this file; [`sites`], what is asked; `look_up`, pasted addresses; `pacific_day` and `kept`.

mod kept;
mod look_up;
mod pacific_day;
pub mod sites;
#[cfg(test)]
mod tests;

pub use look_up::{LookUpError, LookedUp};
pub use sites::{Embed, Probe, ProbeError, SiteError, Sites, YouTubeVideo};

use crate::limits::Limit;
use crate::{App, Caller, Failure};
use kept::Kept;
use pacific_day::PacificDay;
use parlor_core::watch::{Kind, MediaTime, SearchText, Source, Title, VideoId};
use parlor_core::{Code, Refusal, Timestamp};
use parlor_store::{groups, video_searches};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

/// How long an answer of YouTube is used again: what is found for a text hardly changes in a day.
const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// Searches that are kept: several days of them; 20 videos each make about 2 MiB.
const MOST_SEARCHES: usize = 200;
/// Videos that are kept for themselves: about 2 MiB.
const MOST_VIDEOS: usize = 5_000;
/// Other servers that are asked at a time.
const MOST_AT_ONCE: usize = 8;
/// How long one waits for their turn.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// What finds videos; cheap to clone.
#[derive(Clone)]
pub struct Videos {
    inner: Arc<Inner>,
}

struct Inner {
    app: App,
    sites: Arc<dyn Sites>,
    searches_per_day: u32,
    searches: Kept<String, Arc<[FoundVideo]>>,
    videos: Kept<VideoId, FoundVideo>,
    /// One search at a time: who asks for the same meanwhile finds it kept.
    searching: Semaphore,
    looking_up: Semaphore,
}

/// Something that can be watched, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundVideo {
    /// Where it comes from.
    pub source: Source,
    /// What it is called.
    pub title: Title,
    /// Who published it.
    pub channel: Option<Title>,
    /// Whether there is something to see; where nobody said so, there is.
    pub kind: Kind,
    /// How long it is.
    pub length: Option<MediaTime>,
    /// It is going on or announced, so it has no length and no common position.
    pub live: bool,
    /// Whether it plays within our page.
    pub embeddable: Option<bool>,
}

/// What a search found.
#[derive(Clone, Debug)]
pub struct FoundVideos {
    /// The best first.
    pub videos: Arc<[FoundVideo]>,
    /// How much may still be searched.
    pub quota: Quota,
}

/// The searches of a day, of the whole server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// So many were made.
    pub used: u32,
    /// So many may be.
    pub limit: u32,
    /// When the next day begins.
    pub resets_at: Timestamp,
}

/// Why nothing is found.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// This server has no key for YouTube.
    #[error("this server cannot search; paste an address instead")]
    NoKey,
    /// The caller is in no group.
    #[error("only members of a group may search")]
    NoMember,
    /// The searches of the day are spent.
    #[error("this server may not search any more today; paste an address instead")]
    QuotaSpent {
        /// When the next day begins.
        retry_after: Duration,
    },
    /// Too many by one account.
    #[error("too many searches")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Too many by all.
    #[error("too many are searching at the moment")]
    Busy,
    /// YouTube gives no answer.
    #[error("YouTube does not answer this server; paste an address instead")]
    Site(#[source] SiteError),
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for SearchError {
    fn code(&self) -> Code {
        match self {
            Self::NoMember => Code::Forbidden,
            Self::TooOften { .. } => Code::RateLimited,
            Self::NoKey | Self::QuotaSpent { .. } | Self::Busy | Self::Site(_) => Code::Unavailable,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::QuotaSpent { retry_after } | Self::TooOften { retry_after } => Some(*retry_after),
            Self::Busy => Some(LONGEST_WAIT),
            Self::Site(_) => Some(Duration::from_secs(60)),
            Self::Failure(failure) => failure.retry_after(),
            Self::NoKey | Self::NoMember => None,
        }
    }

    fn is_fault(&self) -> bool {
        match self {
            Self::Site(_) => true,
            Self::Failure(failure) => failure.is_fault(),
            _ => false,
        }
    }
}

impl Videos {
    /// Finds videos by asking `sites`, whose Data API allows `searches_per_day`.
    #[must_use]
    pub fn new(app: App, sites: Arc<dyn Sites>, searches_per_day: u32) -> Self {
        let (searches, videos) = (Kept::new(MOST_SEARCHES, KEPT_FOR), Kept::new(MOST_VIDEOS, KEPT_FOR));
        let (searching, looking_up) = (Semaphore::new(1), Semaphore::new(MOST_AT_ONCE));
        let inner = Inner { app, sites, searches_per_day, searches, videos, searching, looking_up };
        Self { inner: Arc::new(inner) }
    }

    /// Whether a search can find anything: whoever runs the server has given it a key for YouTube.
    #[must_use]
    pub fn can_search(&self) -> bool {
        self.inner.sites.has_key()
    }

    /// Searches YouTube for what can be watched together: what may be embedded and has begun. The same search within a
    /// day costs nothing.
    ///
    /// # Errors
    /// See [`SearchError`].
    #[tracing::instrument(
        name = "watch.search_videos", skip_all, fields(account.id = caller.account.id.get())
    )]
    pub async fn search(&self, caller: &Caller, text: &SearchText) -> Result<FoundVideos, SearchError> {
        if !self.can_search() {
            return Err(SearchError::NoKey);
        }
        if !self.is_member(caller).await? {
            return Err(SearchError::NoMember);
        }
        let key = text.key();
        if let Some(videos) = self.inner.searches.get(&key, self.now()) {
            return Ok(FoundVideos { videos, quota: self.quota().await? });
        }
        let turn = turn(&self.inner.searching).await.ok_or(SearchError::Busy)?;
        if let Some(videos) = self.inner.searches.get(&key, self.now()) {
            return Ok(FoundVideos { videos, quota: self.quota().await? });
        }
        self.take(Limit::VideoSearch, caller).map_err(|retry_after| SearchError::TooOften { retry_after })?;
        let quota = self.count_search().await?;
        let videos = match self.ask(text).await {
            Ok(videos) => videos,
            Err(SiteError::QuotaSpent) => return Err(self.spend_quota().await?),
            Err(error) => return Err(SearchError::Site(error)),
        };
        for video in videos.iter() {
            if let Source::YouTube(id) = &video.source {
                self.inner.videos.put(id.clone(), video.clone(), self.now());
            }
        }
        self.inner.searches.put(key, videos.clone(), self.now());
        drop(turn);
        Ok(FoundVideos { videos, quota })
    }

    /// A search answers with ids, a second question with what they are.
    async fn ask(&self, text: &SearchText) -> Result<Arc<[FoundVideo]>, SiteError> {
        let ids = self.inner.sites.search(text).await?;
        if ids.is_empty() {
            return Ok(Arc::default());
        }
        let videos = self.inner.sites.videos(&ids).await?;
        let watchable = videos.into_iter().filter(|video| video.embeddable);
        Ok(watchable.map(FoundVideo::from).collect())
    }

    /// Counts a search before it is made: one that fails counts at YouTube too.
    async fn count_search(&self) -> Result<Quota, SearchError> {
        let (day, most) = (self.today(), self.inner.searches_per_day);
        let write = move |write: &mut parlor_store::Write<'_>| video_searches::count(write, day.number, most);
        match self.inner.app.store().write::<_, Failure>(write).await? {
            Some(used) => Ok(Quota { used, limit: most, resets_at: day.ends_at }),
            None => Err(self.spent(day)),
        }
    }

    /// YouTube counted more than we did: the key is used elsewhere too, or fewer are allowed than was set.
    async fn spend_quota(&self) -> Result<SearchError, Failure> {
        let (day, most) = (self.today(), self.inner.searches_per_day);
        let write = move |write: &mut parlor_store::Write<'_>| video_searches::spend(write, day.number, most);
        self.inner.app.store().write::<_, Failure>(write).await?;
        Ok(self.spent(day))
    }

    async fn quota(&self) -> Result<Quota, Failure> {
        let (day, limit) = (self.today(), self.inner.searches_per_day);
        let used = self.inner.app.store().read(move |tx| video_searches::counted(tx, day.number)).await?;
        Ok(Quota { used, limit, resets_at: day.ends_at })
    }

    fn spent(&self, day: PacificDay) -> SearchError {
        SearchError::QuotaSpent { retry_after: day.ends_at.since(self.now()) }
    }

    async fn is_member(&self, caller: &Caller) -> Result<bool, Failure> {
        let (account, now) = (caller.account.id, self.now());
        let read = self.inner.app.store().read(move |tx| groups::of_account(tx, account, None, 1, now));
        Ok(!read.await?.is_empty())
    }

    fn take(&self, limit: Limit, caller: &Caller) -> Result<(), Duration> {
        let limits = self.inner.app.limits();
        limits.take(limit, limits.account(caller.account.id), self.now())
    }

    fn today(&self) -> PacificDay {
        PacificDay::of(self.now())
    }

    fn now(&self) -> Timestamp {
        self.inner.app.now()
    }
}

/// A turn among those who ask; `None` when it does not come in time.
async fn turn(of: &Semaphore) -> Option<SemaphorePermit<'_>> {
    tokio::time::timeout(LONGEST_WAIT, of.acquire()).await.ok()?.ok()
}

impl From<YouTubeVideo> for FoundVideo {
    fn from(video: YouTubeVideo) -> Self {
        let source = Source::YouTube(video.id);
        Self {
            title: video.title.unwrap_or_else(|| Title::of(&source)),
            source,
            channel: video.channel,
            kind: video.kind,
            length: video.length,
            live: video.live,
            embeddable: Some(video.embeddable),
        }
    }
}
