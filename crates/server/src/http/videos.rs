//! Finding something to watch: a search, and what a pasted address leads to.

use std::sync::Arc;

use axum::extract::State;
use parlor_app::videos::{FoundVideo, FoundVideos, LookedUp};
use parlor_core::Invalid;
use parlor_core::watch::{MediaTime, SearchText, Source};
use parlor_wire::video as wire;

use super::body::ok;
use super::problem::Answer;
use super::query::Query;
use super::session::SignedIn;
use crate::deps::Deps;

/// `GET /videos/search`
pub async fn search(State(deps): State<Arc<Deps>>, SignedIn(caller): SignedIn, query: Query) -> Answer {
    let text = SearchText::parse(query.text("q"))?;
    let FoundVideos { videos, quota } = deps.videos.search(&caller, &text).await?;
    let quota = wire::VideoQuota { used: quota.used, limit: quota.limit, resets_at: quota.resets_at.into() };
    Ok(ok(&wire::VideoSearch { videos: videos.iter().map(video).collect(), quota }))
}

/// `GET /videos/lookup`
pub async fn look_up(State(deps): State<Arc<Deps>>, SignedIn(caller): SignedIn, query: Query) -> Answer {
    let pasted = Source::parse(query.text("url")).map_err(|invalid| Invalid { field: "url", ..invalid })?;
    let LookedUp { video: found, start, content_type, bytes } = deps.videos.look_up(&caller, pasted).await?;
    let video = video(&found);
    Ok(ok(&wire::VideoLookup { video, start_ms: start.as_millis(), content_type, bytes }))
}

fn video(found: &FoundVideo) -> wire::FoundVideo {
    let thumbnail = match &found.source {
        Source::YouTube(id) => Some(id.thumbnail()),
        Source::Upload(_) | Source::Direct(_) => None,
    };
    wire::FoundVideo {
        source: found.source.to_string(),
        title: found.title.to_string(),
        channel: found.channel.as_ref().map(ToString::to_string),
        kind: found.kind.into(),
        length_ms: found.length.map(MediaTime::as_millis),
        live: found.live,
        embeddable: found.embeddable,
        thumbnail,
    }
}
