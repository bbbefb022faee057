//! Peer of the fan-out bench: the crate socketioxide, everybody in one room. `peer-socketioxide PORT [WORKERS]`
//!
//! Its best setting: the handler is not async (async ones are spawned apart and overtake each other), and the
//! buffer per connection is 4,096 packets (with the default of 128 it drops in bursts and tells nobody).

use socketioxide::SocketIo;
use socketioxide::extract::{Data, SocketRef};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let port: u16 = words.next().ok_or("a port")?.parse()?;
    let workers: usize = words.next().map_or(Ok(1), |w| w.parse())?;
    let runtime = if workers > 1 {
        tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build()?
    } else {
        tokio::runtime::Builder::new_current_thread().enable_all().build()?
    };
    runtime.block_on(serve(port))
}

async fn serve(port: u16) -> Result<(), Box<dyn std::error::Error>> {
    let (layer, io) = SocketIo::builder().max_buffer_size(4096).build_layer();
    let room = io.clone();
    io.ns("/", async move |socket: SocketRef| {
        socket.join("room");
        socket.on("message", move |Data::<serde_json::Value>(text)| {
            // The future that emits needs no waiting with the local adapter: it is done when polled once.
            let room = room.clone();
            let emitted = async move { room.to("room").emit("message", &text).await };
            let mut emitted = std::pin::pin!(emitted);
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            let _ = emitted.as_mut().poll(&mut context);
            async {}
        });
    });
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    Ok(axum::serve(listener, axum::Router::new().layer(layer)).await?)
}
