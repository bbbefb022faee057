//! The parlor binary: routes, sockets, configuration.
//!
//! Reading order: `main` → `start` (opens everything) → `serve` → `router` (every route on one page) → one handler in
//! `http`. What a request passes through before its handler is in `telemetry/requests`.

pub mod assets;
pub mod config;
pub mod deps;
pub mod duels;
pub mod http;
pub mod listen;
pub mod problem_writer;
pub mod realtime;
pub mod router;
pub mod start;
pub mod telemetry;
pub mod tls;
pub mod videos;

use std::sync::Arc;

use deps::Deps;
use tls::ServerTls;
use tokio::net::TcpListener;

/// Serves until `stop` is done, then drains: at most ten seconds.
pub async fn serve(
    listener: TcpListener,
    tls: Option<ServerTls>,
    deps: Arc<Deps>,
    stop: impl Future<Output = ()>,
) {
    let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
    let requests = listen::serve(listener, router::router(deps.clone()), tls, async {
        stop.await;
        // Nobody listens only where the server is being dropped.
        let _ = stopping.send(());
    });
    let sockets = async {
        if stopped.await.is_ok() {
            deps.realtime.stop(listen::DRAIN).await;
        }
    };
    let lobby_faces = [vec![deps.realtime.lobby_face()], deps.dialects.lobby_faces()].concat();
    // None of these ends by itself.
    let chores = async {
        tokio::join!(
            deps.app.keep_house(),
            deps.app.keep_lobby_time(),
            deps.app.keep_presence(),
            deps.app.keep_among_nodes(),
            deps.app.follow_lobbies(lobby_faces),
            deps.app.follow_watches(vec![deps.realtime.watch_face()]),
            deps.app.follow_duels(vec![deps.realtime.duel_face()]),
            deps.dialects.work(),
            deps.dialects.keep_tidy(),
            deps.dialects.push()
        )
    };
    tokio::select! {
        _ = async { tokio::join!(requests, sockets) } => {}
        _ = chores => {}
    }
    deps.app.leave_nodes().await;
}
