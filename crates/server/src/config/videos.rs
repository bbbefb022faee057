//! The settings of finding videos, below `youtube` and `videos`.

use parlor_core::watch::WebAddress;

use super::sources::Values;
use super::{ConfigError, Secret};

/// Where videos are found, and how.
#[derive(Debug, Clone)]
pub struct VideoSettings {
    /// For YouTube's Data API; none is no search.
    pub youtube_key: Option<Secret>,
    /// Searches that Google allows that key a day.
    pub searches_per_day: u32,
    /// Where the Data API is. Whoever runs the server may also name a host of their own network.
    pub youtube_api: WebAddress,
    /// Where oEmbed is; the same holds.
    pub youtube_oembed: WebAddress,
    /// Whether pasted addresses are asked what they are.
    pub probe: bool,
}

pub(super) fn checked(values: &Values) -> Result<VideoSettings, ConfigError> {
    Ok(VideoSettings {
        youtube_key: values.secret("youtube.key"),
        searches_per_day: values.parse("youtube.searches_per_day", "a number of searches")?,
        youtube_api: base(values, "youtube.api_base")?,
        youtube_oembed: base(values, "youtube.oembed_base")?,
        probe: values.switch("videos.probe")?,
    })
}

pub(super) fn base(values: &Values, name: &str) -> Result<WebAddress, ConfigError> {
    let text = values.text(name);
    let plain = WebAddress::parse(text).ok().filter(|_| !text.contains(['?', '#']));
    plain.ok_or_else(|| values.wrong(name, "an http or https address without anything after ? or #"))
}
