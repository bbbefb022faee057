//! What surrounds every request: who asks, a span, a count, a net for panics, and the headers of every answer.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use parlor_wire::problem::Code;
use tracing::Instrument as _;

use crate::deps::Deps;
use crate::http::client::identify;
use crate::http::headers::harden;
use crate::http::problem::Failed;

/// The route of the sockets, as the router has it.
pub const SOCKETS: &str = "/socket.io/";

/// The outermost layer.
pub async fn surround(State(deps): State<Arc<Deps>>, mut request: Request, next: Next) -> Response {
    let client = identify(&mut request, &deps.config);
    // The route, not the path: a path has ids, and somebody's access code by mistake.
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    // A poll waits for half a minute by design: among the requests it would only spoil the numbers.
    let mut counted = Counted::begin(deps, route != SOCKETS);
    let span =
        tracing::info_span!("http", method = %request.method(), route, account.id = tracing::field::Empty);
    let mut response = async {
        let mut response = if is_smuggling(&request) {
            Failed::new(Code::Malformed, "the length of the body is given twice").into_response()
        } else {
            answer(request, next, &counted.deps).await
        };
        harden(response.headers_mut(), client);
        let (status, took) = counted.end(response.status());
        tracing::debug!(status, duration_ms = took.as_secs_f64() * 1e3, "answered");
        response
    }
    .instrument(span)
    .await;
    if response.status() == StatusCode::BAD_REQUEST {
        // What cannot be read may have left the rest of itself on the connection.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Two lengths for one body: a proxy in front may have believed the other one.
fn is_smuggling(request: &Request) -> bool {
    let headers = request.headers();
    headers.contains_key(header::TRANSFER_ENCODING) && headers.contains_key(header::CONTENT_LENGTH)
}

/// A panic ends the request that it happened in, and nothing else.
async fn answer(request: Request, next: Next, deps: &Deps) -> Response {
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => {
            deps.metrics.panicked();
            tracing::error!("a handler panicked");
            Failed::new(Code::Internal, "something went wrong on the server").into_response()
        }
    }
}

/// Counts a request, also when its client goes away before the answer.
struct Counted {
    deps: Arc<Deps>,
    began: Instant,
    open: bool,
}

impl Counted {
    fn begin(deps: Arc<Deps>, counts: bool) -> Self {
        if counts {
            deps.metrics.request_began();
        }
        Self { deps, began: Instant::now(), open: counts }
    }

    fn end(&mut self, status: StatusCode) -> (u16, Duration) {
        let took = self.began.elapsed();
        if std::mem::take(&mut self.open) {
            self.deps.metrics.request_ended(Some(status.as_u16()), took);
        }
        (status.as_u16(), took)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if self.open {
            self.deps.metrics.request_ended(None, self.began.elapsed());
        }
    }
}
