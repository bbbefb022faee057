//! What is at an address that somebody pasted: its type and its size, by the headers of its first byte.
//!
//! One byte is asked for and none is read. Each redirect is checked like the address itself.

use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use parlor_app::videos::{Probe, ProbeError};
use parlor_core::watch::{Kind, WebAddress};

use super::client::{Client, GetError, Reach};

/// Most redirects: a shortener, a change to https, a download server.
const MOST_REDIRECTS: usize = 3;
/// Longer types are nobody's.
const MOST_TYPE_BYTES: usize = 100;

/// Asks, within the caller's deadline.
///
/// # Errors
/// See [`ProbeError`].
pub async fn probe(client: &Client, address: &WebAddress) -> Result<Probe, ProbeError> {
    let first_byte = [(header::RANGE, HeaderValue::from_static("bytes=0-0"))];
    let mut address = address.clone();
    for _ in 0..=MOST_REDIRECTS {
        let Some(uri) = uri(&address) else { return Ok(Probe::Unknown) };
        let answer = match client.get(&uri, Reach::PublicWeb, &first_byte).await {
            Ok(answer) => answer,
            Err(GetError::Private) => return Err(ProbeError::Private),
            Err(GetError::Port | GetError::Failed(_)) => return Ok(Probe::Unknown),
        };
        if !matches!(answer.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
            return Ok(described(answer.status, &answer.headers));
        }
        let location = answer.headers.get(header::LOCATION).and_then(|location| location.to_str().ok());
        address = location.and_then(|location| join(&uri, location)).ok_or(ProbeError::Redirects)?;
    }
    Err(ProbeError::Redirects)
}

/// The address as it is sent: what is not ASCII, or has no place in a request, is percent-encoded.
fn uri(address: &WebAddress) -> Option<Uri> {
    let text = address.as_str().split('#').next().unwrap_or_default();
    let mut sent = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&byte) {
            sent.push(byte.into());
        } else {
            sent.push_str(&format!("%{byte:02X}"));
        }
    }
    sent.parse().ok()
}

/// Where a redirect leads. Dots in a relative path are left to the host.
fn join(from: &Uri, location: &str) -> Option<WebAddress> {
    let (scheme, authority) = (from.scheme_str()?, from.authority()?);
    let path = from.path();
    let folder = path.rfind('/').map_or("/", |slash| &path[..=slash]);
    let absolute = match location.split(['/', '?', '#']).next() {
        Some(first) if first.contains(':') => location.to_owned(),
        _ if location.starts_with("//") => format!("{scheme}:{location}"),
        _ if location.starts_with('/') => format!("{scheme}://{authority}{location}"),
        _ if location.starts_with('?') => format!("{scheme}://{authority}{path}{location}"),
        _ => format!("{scheme}://{authority}{folder}{location}"),
    };
    WebAddress::parse(&absolute).ok()
}

fn described(status: StatusCode, headers: &HeaderMap) -> Probe {
    match status {
        StatusCode::OK | StatusCode::PARTIAL_CONTENT => {}
        StatusCode::NOT_FOUND | StatusCode::GONE => return Probe::NotThere,
        _ => return Probe::Unknown,
    }
    let content_type = content_type(headers);
    let kind = match content_type.as_deref() {
        None | Some("application/octet-stream" | "binary/octet-stream" | "application/ogg") => None,
        Some("application/mp4" | "application/vnd.apple.mpegurl" | "application/x-mpegurl") => {
            Some(Kind::Video)
        }
        // A playlist by its old name: what is in it is seldom only sound.
        Some("audio/mpegurl" | "audio/x-mpegurl") => Some(Kind::Video),
        Some(named) if named.starts_with("video/") => Some(Kind::Video),
        Some(named) if named.starts_with("audio/") => Some(Kind::Music),
        Some(_) => return Probe::NoMedia,
    };
    Probe::Media { kind, content_type, bytes: size(status, headers) }
}

/// `major/minor` without parameters, in small letters.
fn content_type(headers: &HeaderMap) -> Option<String> {
    let named = headers.get(header::CONTENT_TYPE)?.to_str().ok()?.split(';').next()?.trim();
    let token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    let (major, minor) = named.split_once('/')?;
    (named.len() <= MOST_TYPE_BYTES && token(major) && token(minor)).then(|| named.to_ascii_lowercase())
}

/// The size of the whole: of a part it stands after the slash, of the whole it is the length.
fn size(status: StatusCode, headers: &HeaderMap) -> Option<u64> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if status == StatusCode::PARTIAL_CONTENT {
        text(header::CONTENT_RANGE)?.strip_prefix("bytes ")?.rsplit_once('/')?.1.parse().ok()
    } else {
        text(header::CONTENT_LENGTH)?.parse().ok()
    }
}

#[cfg(test)]
mod tests;
