//! Which video an address at YouTube names, and from where in it to begin.

use super::{WebAddress, invalid};
use crate::Invalid;
use crate::watch::MediaTime;
use std::sync::Arc;

/// The eleven characters by which YouTube calls a video.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VideoId(Arc<str>);

impl VideoId {
    /// Checks.
    ///
    /// # Errors
    /// `source`, when it is not eleven letters, digits, `-` or `_`.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        let fine =
            input.len() == 11 && input.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        if fine { Ok(Self(input.into())) } else { Err(invalid("names no video at YouTube")) }
    }

    /// The eleven characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where its picture is, 320 by 180. Made from the id alone, so no site can say where viewers' browsers go.
    #[must_use]
    pub fn thumbnail(&self) -> String {
        format!("https://i.ytimg.com/vi/{}/mqdefault.jpg", self.0)
    }
}

const SHORT_HOST: &str = "youtu.be";
const HOSTS: [&str; 7] = [
    SHORT_HOST,
    "youtube.com",
    "www.youtube.com",
    "m.youtube.com",
    "music.youtube.com",
    "youtube-nocookie.com",
    "www.youtube-nocookie.com",
];

pub(super) fn is_host(host: &str) -> bool {
    HOSTS.contains(&host)
}

/// The address with its scheme, when somebody left it out: only for hosts that are known to be meant.
pub(super) fn with_scheme(text: &str) -> Option<String> {
    let host = text.split(['/', '?']).next().unwrap_or("");
    is_host(&host.to_ascii_lowercase()).then(|| format!("https://{text}"))
}

/// The video of an address at one of the hosts.
pub(super) fn video(address: &WebAddress) -> Result<(VideoId, MediaTime), Invalid> {
    let (before_fragment, fragment) = address.tail().split_once('#').unwrap_or((address.tail(), ""));
    let (path, query) = before_fragment.split_once('?').unwrap_or((before_fragment, ""));
    let path = path.trim_matches('/');
    let id = match path.split_once('/') {
        Some(("shorts" | "embed" | "live" | "v", id)) => Some(id),
        None if address.host() == SHORT_HOST => Some(path),
        None if path == "watch" => parameter(query, "v"),
        _ => None,
    };
    let video = VideoId::parse(id.ok_or(invalid("names no video at YouTube"))?)?;
    let start = ["t", "start", "time_continue"].into_iter().find_map(|name| parameter(query, name));
    Ok((video, start.or_else(|| parameter(fragment, "t")).and_then(start_time).unwrap_or_default()))
}

fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// `90`, `90s`, `1m30s`, `1h2m3s`. Anything else is no reason to refuse a video: it begins at its beginning.
fn start_time(text: &str) -> Option<MediaTime> {
    let (mut seconds, mut digits, mut largest_unit) = (0_u64, String::new(), u64::MAX);
    for character in text.chars().chain((!text.ends_with(['h', 'm', 's'])).then_some('s')) {
        let unit = match character {
            '0'..='9' => {
                digits.push(character);
                continue;
            }
            'h' => 3_600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        if unit >= largest_unit {
            return None;
        }
        largest_unit = unit;
        let value: u32 = digits.parse().ok()?;
        digits.clear();
        seconds += u64::from(value) * unit;
    }
    (seconds <= u64::from(MediaTime::MOST) / 1_000).then(|| MediaTime::from_millis(seconds * 1_000))
}
