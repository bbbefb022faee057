//! The server that the benchmarks drive: every socket is in one room, each `message` goes to all of it.
//!
//! `cargo run --release --example fanout -- PORT [WORKERS]`

use std::net::Ipv4Addr;

use parlor_socketio::{Config, Event, Listener, ListenerConfig, Namespace, Socket, SocketIo, Values};

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1).map_while(|argument| argument.parse::<usize>().ok());
    let port = arguments.next().unwrap_or(3000) as u16;
    let workers = arguments.next().unwrap_or(1);
    let mut builder = if workers == 1 {
        tokio::runtime::Builder::new_current_thread()
    } else {
        tokio::runtime::Builder::new_multi_thread()
    };
    builder.worker_threads(workers).enable_all().build()?.block_on(serve(port, workers))
}

async fn serve(port: u16, workers: usize) -> std::io::Result<()> {
    let room = Namespace::new("/")
        .connected(|socket: Socket| async move {
            socket.join("room").expect("one room is not too many");
        })
        .on("message", |socket: Socket, event: Event| async move {
            let values = Values::from(event.arguments());
            socket.everyone().to("room").emit_values("message", &values);
        });
    let config = Config { shards: workers, max_connections_per_address: usize::MAX, ..Config::default() };
    let app = axum::Router::new().route_service("/socket.io/", SocketIo::new(config, [room]));
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let limits = ListenerConfig { max_streams_per_address: usize::MAX, ..ListenerConfig::default() };
    Listener::new(listener, limits).serve(app, std::future::pending()).await;
    Ok(())
}
