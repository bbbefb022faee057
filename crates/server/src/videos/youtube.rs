//! YouTube: its Data API v3 with a key, oEmbed without one. Both at addresses that can be set.
//!
//! The key is sent to the API alone and stands in no error. See
//! <https://developers.google.com/youtube/v3/docs> and <https://oembed.com>.

mod answers;
mod length;

use axum::body::Bytes;
use axum::http::{StatusCode, Uri};
use form_urlencoded::Serializer;
use parlor_app::videos::{Embed, SiteError, YouTubeVideo};
use parlor_core::watch::{SearchText, VideoId, WebAddress};

use super::client::{Client, GetError, Reach};
use crate::config::{Secret, VideoSettings};

/// Videos that one search answers with; it costs the same for one and for fifty.
const RESULTS: &str = "20";
/// Most bytes of an answer: twenty videos with the longest descriptions are half of it.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// YouTube, as the settings describe it.
pub struct YouTube {
    key: Option<Secret>,
    api: WebAddress,
    oembed: WebAddress,
}

impl YouTube {
    /// At the addresses of the settings, with their key.
    #[must_use]
    pub fn new(settings: &VideoSettings) -> Self {
        Self {
            key: settings.youtube_key.clone(),
            api: settings.youtube_api.clone(),
            oembed: settings.youtube_oembed.clone(),
        }
    }

    /// Whether the Data API can be asked.
    #[must_use]
    pub fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// `search.list`: ids of videos that may be embedded.
    ///
    /// # Errors
    /// See [`SiteError`].
    pub async fn search(&self, client: &Client, text: &SearchText) -> Result<Vec<VideoId>, SiteError> {
        let query = [
            ("part", "id"),
            ("type", "video"),
            ("videoEmbeddable", "true"),
            ("videoSyndicated", "true"),
            ("safeSearch", "moderate"),
            ("maxResults", RESULTS),
            ("q", text.as_str()),
        ];
        answers::search(&self.ask(client, "search", &query).await?)
    }

    /// `videos.list`: what the videos are, those that not everybody may see left out.
    ///
    /// # Errors
    /// See [`SiteError`].
    pub async fn videos(&self, client: &Client, ids: &[VideoId]) -> Result<Vec<YouTubeVideo>, SiteError> {
        let listed = ids.iter().map(VideoId::as_str).collect::<Vec<_>>().join(",");
        let query = [("part", "snippet,contentDetails,status"), ("id", listed.as_str())];
        let mut videos = answers::videos(&self.ask(client, "videos", &query).await?)?;
        videos.retain(|video| ids.contains(&video.id));
        videos.sort_by_key(|video| ids.iter().position(|id| *id == video.id));
        Ok(videos)
    }

    /// oEmbed: title and channel, or that it may not be embedded.
    ///
    /// # Errors
    /// See [`SiteError`].
    pub async fn oembed(&self, client: &Client, id: &VideoId) -> Result<Embed, SiteError> {
        let video = format!("https://www.youtube.com/watch?v={}", id.as_str());
        let query = [("url", video.as_str()), ("format", "json")];
        let (status, body) = fetch(client, self.oembed.as_str(), &query).await?;
        answers::oembed(status, &body)
    }

    async fn ask(&self, client: &Client, what: &str, query: &[(&str, &str)]) -> Result<Bytes, SiteError> {
        let key = self.key.as_ref().ok_or(SiteError::KeyRefused)?;
        let base = self.api.as_str().trim_end_matches('/');
        let query = [query, &[("key", key.reveal())]].concat();
        let (status, body) = fetch(client, &format!("{base}/{what}"), &query).await?;
        if status == StatusCode::OK { Ok(body) } else { Err(answers::refusal(status, &body)) }
    }
}

async fn fetch(
    client: &Client,
    base: &str,
    query: &[(&str, &str)],
) -> Result<(StatusCode, Bytes), SiteError> {
    let query = Serializer::new(String::new()).extend_pairs(query).finish();
    let unusable = |_| SiteError::NoAnswer("its address cannot be used".into());
    let uri: Uri = format!("{base}?{query}").parse().map_err(unusable)?;
    let answer = client.get(&uri, Reach::Anywhere, &[]).await.map_err(no_answer)?;
    let status = answer.status;
    Ok((status, answer.body(MAX_BODY_BYTES).await.map_err(SiteError::NoAnswer)?))
}

fn no_answer(error: GetError) -> SiteError {
    match error {
        GetError::Failed(cause) => SiteError::NoAnswer(cause),
        other => SiteError::NoAnswer(other.into()),
    }
}
