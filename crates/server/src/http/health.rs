//! Whether the process lives, whether it can serve, and what it counts.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::client::Client;
use super::problem::{Answer, Failed};
use crate::deps::Deps;

/// A database that takes longer is as good as away.
const DATABASE_DEADLINE: Duration = Duration::from_secs(2);

/// `GET /healthz`: the process lives and its event loop turns.
pub async fn alive() -> &'static str {
    "ok"
}

/// `GET /readyz`: 503 while the database cannot be read. A bus that is away is told and is no reason to turn clients
/// away: the log still works, others only see it later.
pub async fn ready(State(deps): State<Arc<Deps>>) -> Response {
    let database = matches!(tokio::time::timeout(DATABASE_DEADLINE, deps.app.is_ready()).await, Ok(Ok(())));
    let bus = deps.bus.is_connected();
    let status = if database { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = json!({
        "ready": database,
        "database": if database { "ok" } else { "unreachable" },
        "bus": if bus { "ok" } else { "degraded" },
        "duels": duels(&deps),
    });
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, body.to_string()).into_response()
}

/// `ok`, or why nobody can duel: no reason to turn clients away, since everything else works.
fn duels(deps: &Deps) -> String {
    deps.app.duel_status().reason.unwrap_or_else(|| "ok".to_owned())
}

/// `GET /metrics` on the main address: for this machine only, and not at all where they have an address of their own.
/// What a proxy passes on comes from somewhere else.
pub async fn metrics(State(deps): State<Arc<Deps>>, client: Client) -> Answer {
    if deps.config.metrics_bind.is_some() || !client.local {
        return Err(Failed::not_found());
    }
    Ok(all_metrics(State(deps)).await)
}

/// `GET /metrics` on an address of its own.
pub async fn all_metrics(State(deps): State<Arc<Deps>>) -> Response {
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], deps.metrics.scrape()).into_response()
}
