//! Takes connections for a router: deadlines and limits of slow or many clients are the listener's of
//! `parlor_socketio`, which also hands upgraded streams to the sockets.

use std::time::Duration;

use axum::Router;
use parlor_socketio::{Listener, ListenerConfig};
use tokio::net::TcpListener;

use crate::tls::ServerTls;

/// What is under way may take this long once the server stops: it exits within ten seconds.
pub const DRAIN: Duration = Duration::from_secs(8);

/// Serves until `stop` is done, then lets what is under way end.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<ServerTls>,
    stop: impl Future<Output = ()>,
) {
    let config = ListenerConfig {
        header_timeout: Duration::from_secs(10),
        drain_timeout: DRAIN,
        tls: tls.map(ServerTls::into_inner),
        ..ListenerConfig::default()
    };
    Listener::new(listener, config).serve(router, stop).await;
}
