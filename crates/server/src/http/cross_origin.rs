//! Which pages may open sockets: our own, and those of the origins that the dialects name (contracts/README.md, "Other
//! origins"). Who is no browser sends no `Origin` and may.
//!
//! A page that may is told so with credentials, because old clients poll with them. That lets nobody in: a cookie
//! counts for pages of ours alone, see `realtime/connection.rs`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use parlor_dialects::cors;
use parlor_socketio::{Origin, origin_of};

use crate::deps::Deps;

/// What an Engine.IO server says to whom it does not want.
const FORBIDDEN: &str = r#"{"code":4,"message":"Forbidden"}"#;

/// In front of the sockets.
pub async fn guard_sockets(State(deps): State<Arc<Deps>>, request: Request, next: Next) -> Response {
    let Some(origin) = request.headers().get(header::ORIGIN).cloned() else { return next.run(request).await };
    let is_own = origin_of(request.headers()) == Origin::Own;
    if !is_own && !deps.config.compat.may_open_sockets(&origin) {
        let json = [(header::CONTENT_TYPE, "application/json")];
        return (StatusCode::FORBIDDEN, json, FORBIDDEN).into_response();
    }
    let mut response = if cors::is_preflight(&request) { cors::preflight() } else { next.run(request).await };
    cors::grant_credentials(response.headers_mut(), origin);
    response
}
