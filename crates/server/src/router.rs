//! Every route on one page. The socket events of the namespace `/v1` stand in `realtime`.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, patch, post, put};
use parlor_wire::problem::Code;
use parlor_wire::routes::PREFIX;

use crate::assets;
use crate::deps::Deps;
use crate::http::problem::Failed;
use crate::http::{
    access_codes, accounts, bans, cross_origin, docs, duels, groups, health, lobby, members, messages,
    server_info, sessions, uploads, videos, watch,
};
use crate::telemetry::requests;

/// The whole server.
pub fn router(deps: Arc<Deps>) -> Router {
    Router::new()
        .nest(PREFIX, api())
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .merge(sockets(&deps))
        .merge(deps.dialects.routes())
        .merge(web_client())
        .method_not_allowed_fallback(no_such_method)
        .layer(from_fn_with_state(deps.clone(), requests::surround))
        .with_state(deps)
}

/// The sockets of every namespace, for the pages that may have them.
fn sockets(deps: &Arc<Deps>) -> Router<Arc<Deps>> {
    Router::new()
        .route_service(requests::SOCKETS, deps.realtime.service())
        .layer(from_fn_with_state(deps.clone(), cross_origin::guard_sockets))
}

/// `/metrics` alone, for an address of its own.
pub fn metrics_router(deps: Arc<Deps>) -> Router {
    Router::new().route("/metrics", get(health::all_metrics)).fallback(nothing_here).with_state(deps)
}

fn api() -> Router<Arc<Deps>> {
    Router::new()
        .route("/server", get(server_info::show))
        .route("/openapi.json", get(docs::openapi))
        .route("/docs", get(docs::page))
        .route("/accounts", post(accounts::create))
        .route("/guests", post(accounts::create_guest))
        .route("/sessions", post(sessions::create).get(sessions::list).delete(sessions::end_all))
        .route("/sessions/current", delete(sessions::end_current))
        .route("/sessions/{session_id}", delete(sessions::end_one))
        .route("/me", get(accounts::me).patch(accounts::rename))
        .route("/me/password", put(accounts::change_password))
        .route("/groups", get(groups::list).post(groups::create))
        .route("/groups/join", post(access_codes::join))
        .route("/groups/{id}", get(groups::show).patch(groups::change).delete(groups::end))
        .route("/groups/{id}/members", get(members::list))
        .route("/groups/{id}/members/{account_id}", patch(members::set_role).delete(members::remove))
        .route("/groups/{id}/bans", get(bans::list).post(bans::ban))
        .route("/groups/{id}/bans/{account_id}", delete(bans::unban))
        .route("/groups/{id}/owner", post(members::hand_over))
        .route("/groups/{id}/access_code", post(access_codes::rotate).delete(access_codes::turn_off))
        .route("/groups/{id}/messages", post(messages::send).get(messages::history))
        .route("/groups/{id}/messages/{seq}", patch(messages::edit).delete(messages::delete))
        .route("/groups/{id}/messages/{seq}/edits", get(messages::edits))
        .route(
            "/groups/{id}/messages/{seq}/reactions/{emoji}",
            put(messages::react).delete(messages::unreact),
        )
        .route("/groups/{id}/events", get(messages::events))
        .route("/groups/{id}/read", put(messages::read))
        .route("/groups/{id}/watch", get(watch::show))
        .route("/groups/{id}/watched", get(watch::watched))
        .route("/groups/{id}/lobby", get(lobby::state))
        .route("/groups/{id}/speed_chat", post(lobby::start_speed_chat).delete(lobby::stop_speed_chat))
        .route("/groups/{id}/reports", get(lobby::reports))
        .route("/groups/{id}/reports/{report_id}", delete(lobby::delete_report))
        .merge(files())
        .route("/me/blocks", get(lobby::blocks))
        .route("/me/blocks/{account_id}", delete(lobby::unblock))
        .route("/videos/search", get(videos::search))
        .route("/videos/lookup", get(videos::look_up))
        .route("/duels", get(duels::list))
        .route("/duels/status", get(duels::status))
        .route("/duels/{duel_id}", get(duels::show))
        .route("/duels/{duel_id}/replay", get(duels::replay))
        .route("/problems/{problem_id}/promote", post(duels::promote))
        .route("/leaderboard", get(duels::leaderboard))
        .route("/accounts/{account_id}/duels", get(duels::profile))
        .fallback(nothing_here)
}

fn files() -> Router<Arc<Deps>> {
    let upload = get(uploads::show).patch(uploads::append).delete(uploads::delete);
    Router::new()
        .route("/groups/{id}/uploads", get(uploads::list).post(uploads::announce))
        .route("/groups/{id}/uploads/{upload_id}", upload)
        .route_layer(from_fn(uploads::tus::speak))
        .route("/groups/{id}/uploads/{upload_id}/content", get(uploads::content::whole))
        .route("/groups/{id}/uploads/{upload_id}/thumbnail", get(uploads::content::thumbnail))
}

/// The page at each of the client's own paths; its files; a 404 for everything else.
fn web_client() -> Router<Arc<Deps>> {
    let mut router = Router::new().route("/", get(assets::page));
    for screen in assets::SCREENS {
        router = router
            .route(&format!("/{screen}"), get(assets::page))
            .route(&format!("/{screen}/{{*rest}}"), get(assets::page));
    }
    router.fallback(fallback)
}

async fn fallback(State(_): State<Arc<Deps>>, request: Request) -> Response {
    match *request.method() {
        axum::http::Method::GET | axum::http::Method::HEAD => assets::asset(request).await,
        _ => nothing_here().await.into_response(),
    }
}

async fn nothing_here() -> Failed {
    Failed::not_found()
}

async fn no_such_method() -> Failed {
    Failed::new(Code::MethodNotAllowed, "this path does not know this method")
}
