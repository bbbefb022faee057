//! Which pages of other origins may call. The old front ends lived elsewhere than their server.
//!
//! Paths that know no cookie answer without credentials, those that know one only the origins that are named for it.
//! What a browser sends along to the sockets is decided by the server, with the same [`Origins`].

use std::str::FromStr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};

/// What a page may ask with, and send along (contracts/README.md, "Other origins").
const METHODS: &str = "GET, POST, PUT, PATCH, DELETE";
const HEADERS: &str = "authorization, content-type, user";
/// How long a browser may remember that, in seconds.
const MAX_AGE: &str = "600";

/// One origin, or all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowedOrigin {
    /// `*`
    Any,
    /// As browsers write it: `https://example.org`, with a port where it is not the usual one.
    One(String),
}

/// The origins of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origins(Arc<[AllowedOrigin]>);

/// Text that is neither `*` nor an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoOrigin;

impl FromStr for AllowedOrigin {
    type Err = NoOrigin;

    fn from_str(text: &str) -> Result<Self, NoOrigin> {
        if text == "*" {
            return Ok(Self::Any);
        }
        let origin = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
        let (scheme, host) = origin.split_once("://").ok_or(NoOrigin)?;
        let is_host = !host.is_empty() && host.bytes().all(is_host_byte);
        if matches!(scheme, "http" | "https") && is_host { Ok(Self::One(origin)) } else { Err(NoOrigin) }
    }
}

fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']')
}

impl Default for Origins {
    fn default() -> Self {
        Self(Arc::new([]))
    }
}

impl From<Vec<AllowedOrigin>> for Origins {
    fn from(origins: Vec<AllowedOrigin>) -> Self {
        Self(origins.into())
    }
}

impl Origins {
    /// Whether pages of this origin may call, by their `Origin` header.
    #[must_use]
    pub fn allow(&self, origin: &HeaderValue) -> bool {
        self.0.iter().any(|allowed| match allowed {
            AllowedOrigin::Any => true,
            AllowedOrigin::One(allowed) => origin.as_bytes().eq_ignore_ascii_case(allowed.as_bytes()),
        })
    }

    /// Whether the list names every origin, without saying which.
    #[must_use]
    pub fn allow_any(&self) -> bool {
        self.0.contains(&AllowedOrigin::Any)
    }
}

/// Whether a browser asks if it may send a request.
#[must_use]
pub fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to that, before an origin is granted.
#[must_use]
pub fn preflight() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(HEADERS));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE));
    response
}

/// Tells the browser that pages of this very origin may read the answer; a cache must not tell another.
pub fn grant(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.append(header::VARY, HeaderValue::from_static("origin"));
}

/// The same, and that they may send their cookies along.
pub fn grant_credentials(headers: &mut HeaderMap, origin: HeaderValue) {
    grant(headers, origin);
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
}

/// Lets pages of these origins call paths that know no cookie: never with credentials.
pub(crate) fn open(routes: Router, origins: &Origins) -> Router {
    routes.layer(from_fn_with_state(origins.clone(), without_credentials))
}

async fn without_credentials(State(origins): State<Origins>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = if is_preflight(&request) { preflight() } else { next.run(request).await };
    match origin {
        Some(_) if origins.allow_any() => {
            let any = HeaderValue::from_static("*");
            response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
        }
        Some(origin) if origins.allow(&origin) => grant(response.headers_mut(), origin),
        _ => {}
    }
    response
}

/// Lets pages of these origins call paths that know a cookie, and send it along.
pub(crate) fn with_credentials(routes: Router, origins: &Origins) -> Router {
    routes.layer(from_fn_with_state(origins.clone(), credentials))
}

async fn credentials(State(origins): State<Origins>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = if is_preflight(&request) { preflight() } else { next.run(request).await };
    if let Some(origin) = origin.filter(|origin| origins.allow(origin)) {
        grant_credentials(response.headers_mut(), origin);
    }
    response
}

/// Lets pages call a path that belongs to a dialect with a cookie and to one without. A preflight carries none, so the
/// origin decides: those `named` may send it, all others get the answer of the one without.
pub(crate) fn shared(routes: Router, named: &Origins, others: &Origins) -> Router {
    routes.layer(from_fn_with_state((named.clone(), others.clone()), by_origin))
}

async fn by_origin(
    State((named, others)): State<(Origins, Origins)>,
    request: Request,
    next: Next,
) -> Response {
    let is_named = request.headers().get(header::ORIGIN).is_some_and(|origin| named.allow(origin));
    match is_named {
        true => credentials(State(named), request, next).await,
        false => without_credentials(State(others), request, next).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        let one = |text: &str| text.parse::<AllowedOrigin>();
        assert_eq!(one("*"), Ok(AllowedOrigin::Any));
        assert_eq!(one("https://A.example/"), Ok(AllowedOrigin::One("https://a.example".to_owned())));
        assert_eq!(one("http://[::1]:3000"), Ok(AllowedOrigin::One("http://[::1]:3000".to_owned())));
        for wrong in ["", "a.example", "ftp://a", "https://", "https://a/path", "https://a b", "null"] {
            assert_eq!(one(wrong), Err(NoOrigin), "{wrong}");
        }
    }

    #[test]
    fn an_origin_is_compared_whole() {
        let listed = |origin: &'static str| {
            let origins = Origins::from(vec!["https://a.example".parse::<AllowedOrigin>().unwrap()]);
            origins.allow(&HeaderValue::from_static(origin))
        };
        assert!(listed("https://a.example"));
        for foreign in ["http://a.example", "https://a.example:8443", "https://a.example.evil", "null", ""] {
            assert!(!listed(foreign), "{foreign}");
        }
        let any = Origins::from(vec![AllowedOrigin::Any]);
        assert!(any.allow(&HeaderValue::from_static("null")));
        assert!(!Origins::from(Vec::new()).allow(&HeaderValue::from_static("https://a.example")));
    }
}
