//! What a group watches, over REST: to look at. Who watches along does so over a socket.

use std::sync::Arc;

use axum::extract::State;
use parlor_wire::watch as wire;

use super::body::ok;
use super::path::InGroup;
use super::problem::Answer;
use super::query::Query;
use super::session::SignedIn;
use crate::deps::Deps;
use crate::realtime::watch_view;

/// `GET /groups/{id}/watch`
pub async fn show(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
) -> Answer {
    let view = deps.app.watch(&caller, group).await?;
    Ok(ok(&watch_view::watch(group, &view)))
}

/// `GET /groups/{id}/watched`
pub async fn watched(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
    query: Query,
) -> Answer {
    let page = deps.app.watched(&caller, group, query.key("cursor")?, query.limit()?).await?;
    let watched = page.items.iter().map(watch_view::watched).collect();
    Ok(ok(&wire::WatchedList { watched, next: page.next.map(|key| key.to_string()) }))
}
