//! Reads what YouTube answers. Whatever has not the form that is documented is no answer.

use axum::http::StatusCode;
use parlor_app::videos::{Embed, SiteError, YouTubeVideo};
use parlor_core::watch::{Kind, Title, VideoId};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::length::length;

/// YouTube's number for music, the same in all countries.
const MUSIC: &str = "10";

#[derive(Deserialize)]
struct List<Item> {
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Found {
    id: FoundId,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FoundId {
    video_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Video {
    id: String,
    snippet: Snippet,
    content_details: Option<ContentDetails>,
    status: Option<Status>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Snippet {
    title: String,
    channel_title: Option<String>,
    category_id: Option<String>,
    live_broadcast_content: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ContentDetails {
    duration: Option<String>,
    content_rating: Option<ContentRating>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ContentRating {
    yt_rating: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    embeddable: Option<bool>,
    privacy_status: Option<String>,
}

#[derive(Deserialize)]
struct OEmbed {
    title: String,
    author_name: Option<String>,
}

#[derive(Deserialize)]
struct Refused {
    error: RefusedError,
}

#[derive(Deserialize)]
struct RefusedError {
    #[serde(default)]
    errors: Vec<RefusedReason>,
    #[serde(default)]
    details: Vec<RefusedReason>,
}

#[derive(Deserialize)]
struct RefusedReason {
    reason: Option<String>,
}

/// `search.list`.
pub fn search(body: &[u8]) -> Result<Vec<VideoId>, SiteError> {
    let found: List<Found> = read(body)?;
    let ids = found.items.into_iter().filter_map(|found| found.id.video_id);
    Ok(ids.filter_map(|id| VideoId::parse(&id).ok()).collect())
}

/// `videos.list`.
pub fn videos(body: &[u8]) -> Result<Vec<YouTubeVideo>, SiteError> {
    let listed: List<Video> = read(body)?;
    Ok(listed.items.into_iter().filter_map(video).collect())
}

fn video(listed: Video) -> Option<YouTubeVideo> {
    let Video { id, snippet, content_details, status } = listed;
    let broadcast = snippet.live_broadcast_content.as_deref().unwrap_or("none");
    let (duration, rating) = content_details.map_or((None, None), |details| {
        (details.duration, details.content_rating.and_then(|rating| rating.yt_rating))
    });
    let (embeddable, privacy) =
        status.map_or((None, None), |status| (status.embeddable, status.privacy_status));
    if privacy.as_deref() == Some("private") {
        return None;
    }
    // What is for adults plays only for those who are signed in at YouTube; what has not begun, for nobody.
    let plays = rating.as_deref() != Some("ytAgeRestricted") && broadcast != "upcoming";
    Some(YouTubeVideo {
        id: VideoId::parse(&id).ok()?,
        title: Title::clean(&snippet.title),
        channel: snippet.channel_title.as_deref().and_then(Title::clean),
        kind: if snippet.category_id.as_deref() == Some(MUSIC) { Kind::Music } else { Kind::Video },
        length: duration.as_deref().and_then(length).filter(|_| broadcast == "none"),
        live: broadcast != "none",
        embeddable: embeddable.unwrap_or(true) && plays,
    })
}

/// oEmbed, whose refusals are a status and a line of text.
pub fn oembed(status: StatusCode, body: &[u8]) -> Result<Embed, SiteError> {
    match status {
        StatusCode::OK => {
            let OEmbed { title, author_name } = read(body)?;
            let channel = author_name.as_deref().and_then(Title::clean);
            Ok(Embed::Allowed { title: Title::clean(&title), channel })
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Ok(Embed::Forbidden),
        StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => Ok(Embed::NotThere),
        _ => Err(SiteError::NoAnswer(format!("oEmbed answers {status}").into())),
    }
}

/// Why the Data API refuses, by the reasons of
/// <https://developers.google.com/youtube/v3/docs/errors>; which words it uses changed over the years.
pub fn refusal(status: StatusCode, body: &[u8]) -> SiteError {
    let reasons = read::<Refused>(body).map(|refused| refused.error).map_or(Vec::new(), |error| {
        error.errors.into_iter().chain(error.details).filter_map(|reason| reason.reason).collect()
    });
    let is = |names: &[&str]| reasons.iter().any(|reason| names.contains(&reason.as_str()));
    if is(&["quotaExceeded", "dailyLimitExceeded"]) {
        return SiteError::QuotaSpent;
    }
    let hurried = is(&["rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"]);
    match status {
        // What is asked is fixed but for the search and the ids, which fit: it is the key that does not.
        StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
            if !hurried && !reasons.is_empty() =>
        {
            SiteError::KeyRefused
        }
        _ => SiteError::NoAnswer(format!("the Data API answers {status}").into()),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, SiteError> {
    // The parser's error may quote what it read: only its place is told.
    serde_json::from_slice(body).map_err(|error| {
        let place = (error.line(), error.column());
        SiteError::NoAnswer(format!("its answer is not as documented, at {place:?}").into())
    })
}

#[cfg(test)]
mod tests;
