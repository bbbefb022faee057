//! Bodies: a JSON object in, under a limit and a deadline; a JSON object out.

use std::time::Duration;

use axum::body::Body as Stream;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use parlor_wire::parse;
use parlor_wire::problem::Code;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::problem::Failed;

/// No body of ours needs more: the longest text has 8,000 characters.
pub const MAX_BYTES: usize = 64 * 1024;
/// From the headers to the last byte of the body.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// The body of a request as one of our types.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failed> {
        if !is_json(request.headers()) {
            return Err(Failed::new(Code::Unsupported, "the body must be application/json"));
        }
        let bytes = read(request.into_body()).await?;
        parse::object(&bytes).map(Self).map_err(Failed)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/json")
}

async fn read(body: Stream) -> Result<Vec<u8>, Failed> {
    let too_large = || Failed::new(Code::TooLarge, "the body is larger than 64 KiB");
    if http_body::Body::size_hint(&body).lower() > MAX_BYTES as u64 {
        return Err(too_large());
    }
    match tokio::time::timeout(DEADLINE, Limited::new(body, MAX_BYTES).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes().into()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(Failed::new(Code::Malformed, "the body ended early")),
        Err(_) => Err(Failed::new(Code::Timeout, "the body did not arrive in time")),
    }
}

/// 200 with this body.
pub fn ok<T: Serialize>(body: &T) -> Response {
    answer(StatusCode::OK, body)
}

/// 201 with this body.
pub fn created<T: Serialize>(body: &T) -> Response {
    answer(StatusCode::CREATED, body)
}

/// 204.
pub fn no_content() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

fn answer<T: Serialize>(status: StatusCode, body: &T) -> Response {
    let body = serde_json::to_vec(body).expect("our types are JSON");
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;

    type Chunk = Result<&'static str, std::io::Error>;

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_has_a_deadline() {
        let begun = stream::iter([Chunk::Ok("{")]);
        let endless = Stream::from_stream(futures_util::StreamExt::chain(begun, stream::pending()));
        assert_eq!(read(endless).await.unwrap_err().0.code, Code::Timeout);
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_its_limit() {
        let chunks = |count: usize| {
            Stream::from_stream(stream::iter((0..count).map(|_| Chunk::Ok("0123456789abcdef"))))
        };
        assert_eq!(read(chunks(MAX_BYTES / 16)).await.unwrap().len(), MAX_BYTES);
        assert_eq!(read(chunks(MAX_BYTES / 16 + 1)).await.unwrap_err().0.code, Code::TooLarge);
        let broken = stream::iter([Chunk::Ok("{"), Err(std::io::ErrorKind::ConnectionReset.into())]);
        assert_eq!(read(Stream::from_stream(broken)).await.unwrap_err().0.code, Code::Malformed);
    }
}
