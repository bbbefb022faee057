//! Whose an event or a request is. In a dialect's own namespace and below its own path it is that dialect's; at the root
//! a few names belong to several, and what was sent tells which is meant (contracts/README.md, "The root too").

use std::sync::{Arc, Weak};

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, any};
use parlor_socketio::{Event, Socket};

use crate::Dialect;
use crate::cors::{self, Origins};

/// Who handles an event: the dialect that it is meant for, else the first that knows its name, which then says in its
/// own words what is missing. Nobody where none knows it, or the server is going down.
pub(crate) fn addressee(
    dialects: &[Weak<dyn Dialect>],
    socket: &Socket,
    event: &Event,
) -> Option<Arc<dyn Dialect>> {
    let knowing = dialects.iter().filter_map(Weak::upgrade).filter(|dialect| dialect.knows(event.name()));
    let knowing: Vec<_> = knowing.collect();
    let meant = knowing.iter().find(|dialect| dialect.claims(socket, event));
    meant.or(knowing.first()).cloned()
}

/// `/groups` of all who have it: a request is for the one that claims it. Who knows it by a cookie is asked first.
pub(crate) fn groups(dialects: &[Arc<dyn Dialect>], others: &Origins) -> Router {
    let mut having: Vec<(Arc<dyn Dialect>, MethodRouter)> =
        dialects.iter().filter_map(|dialect| Some((dialect.clone(), dialect.clone().groups()?))).collect();
    having.sort_by_key(|(dialect, _)| dialect.cookie_origins().is_none());
    let Some((first, _)) = having.first() else { return Router::new() };
    let named = first.cookie_origins().cloned().unwrap_or_default();
    let having: Arc<[_]> = having.into();
    let asked = any(move |request: Request| async move {
        let meant = having.iter().find(|(dialect, _)| dialect.claims_request(request.headers()));
        match meant.or(having.last()) {
            Some((_, groups)) => groups.clone().call(request, ()).await,
            None => StatusCode::NOT_FOUND.into_response(),
        }
    });
    cors::shared(with_groups(Router::new(), Some(asked)), &named, others)
}

/// Adds `/groups`, with and without a slash at its end.
pub(crate) fn with_groups(routes: Router, groups: Option<MethodRouter>) -> Router {
    match groups {
        Some(groups) => routes.route("/groups", groups.clone()).route("/groups/", groups),
        None => routes,
    }
}
