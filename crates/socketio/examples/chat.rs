//! The chat of the README, with a name in `auth` that decides who may connect.
//!
//! `cargo run --example chat -- 3000`

use std::net::Ipv4Addr;

use parlor_socketio::{
    Config, ConnectError, ConnectRequest, DisconnectReason, Event, Listener, ListenerConfig, Namespace,
    Socket, SocketIo,
};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Auth {
    name: String,
}

#[derive(Deserialize)]
struct Say {
    room: String,
    text: String,
}

#[derive(Serialize)]
struct Said<'a> {
    name: &'a str,
    text: &'a str,
}

fn name(socket: &Socket) -> &str {
    socket.state::<String>().map_or("somebody", String::as_str)
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(3000);
    let chat = Namespace::new("/")
        .authorize(|request: ConnectRequest| async move {
            match request.auth::<Auth>() {
                Ok(auth) if !auth.name.trim().is_empty() => Ok(auth.name),
                _ => Err(ConnectError::new("a name is needed")),
            }
        })
        .on("join", |socket: Socket, mut event: Event| async move {
            let joined = event.parse::<String>().is_ok_and(|room| socket.join(room).is_ok());
            event.acknowledge(&joined);
        })
        .on("say", |socket: Socket, event: Event| async move {
            if let Ok(say) = event.parse::<Say>() {
                socket.to(say.room).emit("said", &Said { name: name(&socket), text: &say.text });
            }
        })
        .disconnected(|socket: Socket, reason: DisconnectReason| async move {
            println_gone(name(&socket), reason);
        });
    let app = axum::Router::new().route_service("/socket.io/", SocketIo::new(Config::default(), [chat]));
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    Listener::new(listener, ListenerConfig::default()).serve(app, std::future::pending()).await;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]
fn println_gone(name: &str, reason: DisconnectReason) {
    println!("{name} is gone: {}", reason.as_str());
}
