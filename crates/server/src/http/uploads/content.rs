//! The bytes of a file, for members. Whatever they are, a browser must not run them, and no cache keeps them for
//! somebody else: each request asks again who may see them.

use std::error::Error as _;
use std::sync::Arc;

use axum::body::Body as Stream;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use parlor_app::uploads::{Content, ContentError, ContentPart, Part};
use parlor_core::MediaType;

use super::range::{Wanted, wanted};
use crate::deps::Deps;
use crate::http::path::OfUpload;
use crate::http::problem::Answer;
use crate::http::session::SignedIn;

/// Shown by itself it is a document of no origin, which loads and runs nothing.
const SANDBOX: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";
/// Kept by the browser of the one who asked, who asks again before each use.
const OWN_CACHE: &str = "private, no-cache";

/// `GET /groups/{id}/uploads/{upload_id}/content`
pub async fn whole(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    OfUpload(group, upload): OfUpload,
    method: Method,
    headers: HeaderMap,
) -> Answer {
    let content = deps.app.upload_content(&caller, group, upload, Part::Whole).await?;
    let disposition = disposition(content.media_type, content.name.as_str());
    serve(&method, &headers, content, disposition)
}

/// `GET /groups/{id}/uploads/{upload_id}/thumbnail`
pub async fn thumbnail(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    OfUpload(group, upload): OfUpload,
    method: Method,
    headers: HeaderMap,
) -> Answer {
    let content = deps.app.upload_content(&caller, group, upload, Part::Thumbnail).await?;
    serve(&method, &headers, content, HeaderValue::from_static("inline"))
}

fn serve(method: &Method, headers: &HeaderMap, content: Content, disposition: HeaderValue) -> Answer {
    let tag = format!("\"{}\"", content.tag);
    let (length, media_type) = (content.length, content.media_type);
    let (range, mut response) = match wanted(method, headers, length, &tag) {
        Wanted::Nothing => (None, StatusCode::NOT_MODIFIED.into_response()),
        Wanted::Unsatisfiable => {
            let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            insert(&mut response, header::CONTENT_RANGE, format!("bytes */{length}"));
            return Ok(response);
        }
        Wanted::Whole => (Some(0..length), StatusCode::OK.into_response()),
        Wanted::Part(range) => {
            let mut response = StatusCode::PARTIAL_CONTENT.into_response();
            let place = format!("bytes {}-{}/{length}", range.start, range.end - 1);
            insert(&mut response, header::CONTENT_RANGE, place);
            (Some(range), response)
        }
    };
    if let Some(range) = range {
        insert(&mut response, header::CONTENT_LENGTH, (range.end - range.start).to_string());
        response.headers_mut().insert(header::CONTENT_TYPE, content_type(media_type));
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
        if *method == Method::GET {
            *response.body_mut() = stream_of(content.read(range)?);
        }
    }
    let fixed = [
        (header::ACCEPT_RANGES, "bytes"),
        (header::CACHE_CONTROL, OWN_CACHE),
        (header::CONTENT_SECURITY_POLICY, SANDBOX),
    ];
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    insert(&mut response, header::ETAG, tag);
    Ok(response)
}

fn insert(response: &mut Response, name: HeaderName, value: String) {
    let value = HeaderValue::try_from(value).expect("digits and hex digits are a header");
    response.headers_mut().insert(name, value);
}

/// Read as fast as the other end takes it. An error in the middle ends the connection: the length was promised.
fn stream_of(part: ContentPart) -> Stream {
    Stream::from_stream(stream::try_unfold(part, async |mut part: ContentPart| {
        let bytes = part.next().await.inspect_err(log_ours)?;
        Ok::<_, ContentError>(bytes.map(|bytes| (bytes, part)))
    }))
}

fn log_ours(error: &ContentError) {
    if let ContentError::Failure(failure) = error {
        tracing::error!(error = %failure, cause = ?failure.source(), "a file could not be read to its end");
    }
}

fn content_type(media_type: MediaType) -> HeaderValue {
    HeaderValue::from_static(match media_type {
        MediaType::Vtt => "text/vtt; charset=utf-8",
        other => other.as_str(),
    })
}

/// Pictures, films and sounds are shown; text is saved. The name stands there twice (RFC 6266): what is left of it in
/// ASCII, and as it is (RFC 8187).
fn disposition(media_type: MediaType, name: &str) -> HeaderValue {
    let plain: String = name
        .chars()
        .map(|it| if it.is_ascii_graphic() && !"\"\\%".contains(it) || it == ' ' { it } else { '_' })
        .collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(byte.into());
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    let how = if media_type == MediaType::Vtt { "attachment" } else { "inline" };
    let value = format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    HeaderValue::try_from(value).expect("visible ASCII is a header")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_breaks_no_header() {
        let of = |name| disposition(MediaType::Png, name).to_str().unwrap().to_owned();
        assert_eq!(of("cat.png"), "inline; filename=\"cat.png\"; filename*=UTF-8''cat.png");
        assert_eq!(
            of("a \"b\"\\;é%.png"),
            "inline; filename=\"a _b__;__.png\"; filename*=UTF-8''a%20%22b%22%5C%3B%C3%A9%25.png"
        );
        assert!(!of("a\r\nSet-Cookie: x").contains('\r'));
        assert!(disposition(MediaType::Vtt, "x").to_str().unwrap().starts_with("attachment"));
    }
}
