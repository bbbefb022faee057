//! Bodies of requests, under the same limit and deadline as the server's own.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::StatusCode;
use http_body_util::LengthLimitError;

/// No body needs more: the longest text has 8,000 characters.
const MAX_BYTES: usize = 64 * 1024;
/// From the headers to the last byte of the body.
const DEADLINE: Duration = Duration::from_secs(30);

/// Reads a body to its end.
///
/// # Errors
/// The status of the refusal: 413 for more than 64 KiB, 408 for one that is late, 400 for one that ends early.
pub(crate) async fn read(body: Body) -> Result<Bytes, StatusCode> {
    let arrived = tokio::time::timeout(DEADLINE, to_bytes(body, MAX_BYTES));
    arrived.await.map_err(|_| StatusCode::REQUEST_TIMEOUT)?.map_err(|error| {
        let is_too_large = error.into_inner().is::<LengthLimitError>();
        if is_too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST }
    })
}
