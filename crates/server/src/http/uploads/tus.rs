//! The headers of tus 1.0 (tus.io/protocols/resumable-upload): how long a file is, where its next part begins, when it is
//! forgotten. Whoever says no version is taken for a program that needs none of this; another version is refused (412).

use std::time::{Duration, UNIX_EPOCH};

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use parlor_app::uploads::NewUpload;
use parlor_core::{FileKind, FileName, Timestamp, Upload, UploadState};
use parlor_wire::problem::{Code, Problem};
use parlor_wire::routes::PREFIX;

use crate::http::problem::Failed;

const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const VERSION: HeaderName = HeaderName::from_static("tus-version");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const OURS: HeaderValue = HeaderValue::from_static("1.0.0");

/// Around every call that speaks it: checks the version, and says it.
pub async fn speak(request: Request, next: Next) -> Response {
    let is_other = request.headers().get(RESUMABLE).is_some_and(|version| version != OURS);
    let mut response = if is_other {
        (StatusCode::PRECONDITION_FAILED, [(VERSION, OURS)]).into_response()
    } else {
        next.run(request).await
    };
    response.headers_mut().insert(RESUMABLE, OURS);
    response
}

/// Whether a file is announced in headers.
pub(super) fn is_creation(headers: &HeaderMap) -> bool {
    headers.contains_key(LENGTH)
}

/// The file that the headers announce.
///
/// # Errors
/// `invalid`, which names the header.
pub(super) fn announced(headers: &HeaderMap) -> Result<NewUpload, Failed> {
    let size = number(headers, &LENGTH)?;
    let metadata = headers.get(METADATA).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = match find(metadata, "filetype")? {
        Some(media_type) => kind_of(&media_type),
        None => None,
    };
    let name = find(metadata, "filename")?.unwrap_or_default();
    Ok(NewUpload { name: FileName::clean(&name), kind, size })
}

/// A value of `Upload-Metadata`: pairs with commas between, of a name and of base64.
fn find(metadata: &str, name: &str) -> Result<Option<String>, Failed> {
    let mut pairs = metadata.split(',').map(|pair| pair.trim().split_once(' ').unwrap_or((pair.trim(), "")));
    let Some((_, value)) = pairs.find(|(key, _)| *key == name) else { return Ok(None) };
    let decoded = STANDARD.decode(value.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.map(Some).ok_or_else(|| {
        Failed(Problem::invalid("Upload-Metadata", "must be pairs of a name and base64 of UTF-8"))
    })
}

/// What a browser says of a file, which it reads from the name's ending: no more than the kind.
fn kind_of(media_type: &str) -> Option<FileKind> {
    match media_type.split_once('/')? {
        ("video", _) => Some(FileKind::Video),
        ("audio", _) => Some(FileKind::Audio),
        ("image", _) => Some(FileKind::Image),
        ("text", "vtt") => Some(FileKind::Subtitles),
        _ => None,
    }
}

/// Where the part of a request begins.
///
/// # Errors
/// `unsupported`, where its body is no part of a file; `invalid`, which names the header.
pub(super) fn part(headers: &HeaderMap) -> Result<u64, Failed> {
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if !kind.eq_ignore_ascii_case(b"application/offset+octet-stream") {
        return Err(Failed::new(Code::Unsupported, "the body must be application/offset+octet-stream"));
    }
    number(headers, &OFFSET)
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, Failed> {
    let text = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let shown = if *name == LENGTH { "Upload-Length" } else { "Upload-Offset" };
    if !is_number {
        return Err(Failed(Problem::invalid(shown, "must be a whole number")));
    }
    // Only the largest numbers are too long to read, and no file is that long.
    Ok(text.parse().unwrap_or(u64::MAX))
}

/// Says where the parts of a new upload go.
pub(super) fn place(headers: &mut HeaderMap, upload: &Upload) {
    let path = format!("{PREFIX}/groups/{}/uploads/{}", upload.group, upload.id);
    headers.insert(header::LOCATION, HeaderValue::try_from(path).expect("numbers and slashes are a header"));
}

/// Says how far an upload is.
pub(super) fn progress(headers: &mut HeaderMap, upload: &Upload) {
    headers.insert(OFFSET, upload.received.into());
    headers.insert(LENGTH, upload.size.into());
    if let UploadState::Receiving { expires_at } = upload.state {
        headers.insert(EXPIRES, http_date(expires_at));
    }
}

fn http_date(at: Timestamp) -> HeaderValue {
    let since = Duration::from_millis(u64::try_from(at.as_millis()).unwrap_or(0));
    let date = httpdate::fmt_http_date(UNIX_EPOCH + since);
    HeaderValue::try_from(date).expect("a date is a header")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| ((*name).clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_file_is_announced_in_headers() {
        let metadata = "filename Y2F0LnBuZw==, filetype aW1hZ2UvcG5n,relativePath bnVsbA==,empty";
        let new = announced(&headers(&[(&LENGTH, "70123"), (&METADATA, metadata)])).unwrap();
        assert_eq!((new.name.as_str(), new.size, new.kind), ("cat.png", 70_123, Some(FileKind::Image)));
        let bare = announced(&headers(&[(&LENGTH, "7")])).unwrap();
        assert_eq!((bare.name.as_str(), bare.kind), ("file", None));
        for (wrong, field) in [
            (headers(&[(&LENGTH, "-1")]), "Upload-Length"),
            (headers(&[(&LENGTH, "")]), "Upload-Length"),
            (headers(&[(&LENGTH, "1"), (&METADATA, "filename not!base64")]), "Upload-Metadata"),
            (headers(&[(&LENGTH, "1"), (&METADATA, "filename /////w==")]), "Upload-Metadata"),
        ] {
            assert_eq!(announced(&wrong).unwrap_err().0.field.as_deref(), Some(field));
        }
        let huge = announced(&headers(&[(&LENGTH, "99999999999999999999999")])).unwrap();
        assert_eq!(huge.size, u64::MAX);
    }

    #[test]
    fn a_part_says_what_it_is_and_where_it_begins() {
        let kind = (&header::CONTENT_TYPE, "application/offset+octet-stream");
        assert_eq!(part(&headers(&[kind, (&OFFSET, "42")])).unwrap(), 42);
        assert_eq!(part(&headers(&[kind])).unwrap_err().0.field.as_deref(), Some("Upload-Offset"));
        let other = headers(&[(&header::CONTENT_TYPE, "application/json"), (&OFFSET, "42")]);
        assert_eq!(part(&other).unwrap_err().0.code, Code::Unsupported);
    }

    #[test]
    fn dates_are_those_of_http() {
        assert_eq!(http_date(Timestamp::from_millis(784_111_777_000)), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
