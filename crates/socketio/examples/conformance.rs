//! A server that offers what the public test suites of Engine.IO and Socket.IO expect.
//!
//! `cargo run --example conformance -- 3000`, then run a suite against that port.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use parlor_socketio::{
    Application, CloseReason, Config, ConnectRequest, Connection, EngineServer, Event, Listener,
    ListenerConfig, Namespace, Peer, ProtocolError, Socket, SocketIo, Values,
};

struct Echo;
struct EchoPeer(Connection);

impl Application for Echo {
    fn open(&self, connection: Connection) -> Arc<dyn Peer> {
        Arc::new(EchoPeer(connection))
    }
}

impl Peer for EchoPeer {
    fn text(&self, text: &str) -> Result<(), ProtocolError> {
        self.0.send_text(text);
        Ok(())
    }
    fn binary(&self, data: Bytes) -> Result<(), ProtocolError> {
        self.0.send_binary(data);
        Ok(())
    }
    fn closed(&self, _reason: CloseReason) {}
}

fn echoing(name: &str) -> Namespace {
    Namespace::new(name)
        .authorize(|request: ConnectRequest| async move { Ok(request.auth_json().to_owned()) })
        .connected(|socket: Socket| async move {
            let auth = socket.state::<String>().map_or("{}", String::as_str);
            let auth: serde_json::Value = serde_json::from_str(auth).unwrap_or_default();
            socket.emit("auth", &auth);
        })
        .on("message", |socket: Socket, event: Event| async move {
            socket.emit_values("message-back", &Values::from(event.arguments()));
        })
        .on("message-with-ack", |_socket: Socket, mut event: Event| async move {
            let values = Values::from(event.arguments());
            if let Some(ack) = event.take_ack() {
                ack.send_values(&values);
            }
        })
}

// One thread: the suites send requests on two streams at once and expect them to be handled in the order
// of their arrival, which no server with several threads can see.
#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(3000);
    let config = Config {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_millis(200),
        connect_timeout: Duration::from_secs(1),
        ..Config::default()
    };
    let app = axum::Router::new()
        .route_service("/engine.io/", EngineServer::new(config.clone(), Echo))
        .route_service("/socket.io/", SocketIo::new(config, [echoing("/"), echoing("/custom")]));
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    Listener::new(listener, ListenerConfig::default()).serve(app, std::future::pending()).await;
    Ok(())
}
