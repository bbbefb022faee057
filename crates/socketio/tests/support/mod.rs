//! What the tests of this crate share: a server on a free port, and clients made of bare sockets that
//! can also do what no client should.

#![allow(dead_code, reason = "each test program uses a part of it")]

pub mod client;
pub mod http;
pub mod websocket;

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use parlor_socketio::{
    Config, Event, Listener, ListenerConfig, MetricsSnapshot, Namespace, Socket, SocketIo, Values,
};
use tokio::net::TcpListener;

/// Longer than anything here may take: reached only when something is broken.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Short enough that a test waits for it, long enough that nothing else is slower.
pub const SHORT: Duration = Duration::from_millis(250);

/// A Socket.IO server on a port of its own.
pub struct Server {
    pub io: SocketIo,
    pub address: SocketAddr,
}

impl Server {
    /// Two shards, so that what crosses shards is tested everywhere.
    pub fn config() -> Config {
        Config { shards: 2, ..Config::default() }
    }

    pub async fn start(config: Config, namespaces: impl IntoIterator<Item = Namespace>) -> Server {
        Server::listen(config, ListenerConfig::default(), namespaces).await
    }

    pub async fn listen(
        config: Config,
        listener: ListenerConfig,
        namespaces: impl IntoIterator<Item = Namespace>,
    ) -> Server {
        let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        Server::listen_on(tcp, config, listener, namespaces)
    }

    pub fn listen_on(
        tcp: TcpListener,
        config: Config,
        listener: ListenerConfig,
        namespaces: impl IntoIterator<Item = Namespace>,
    ) -> Server {
        let io = SocketIo::new(config, namespaces);
        let app = axum::Router::new().route_service("/socket.io/", io.clone());
        let address = tcp.local_addr().unwrap();
        tokio::spawn(Listener::new(tcp, listener).serve(app, std::future::pending()));
        Server { io, address }
    }

    /// One that echoes, with the default limits.
    pub async fn echo() -> Server {
        Server::start(Server::config(), [echoing("/")]).await
    }

    pub fn metrics(&self) -> MetricsSnapshot {
        self.io.metrics()
    }

    /// Waits until everything emitted so far is with its transport.
    pub async fn settled(&self) {
        within(PATIENCE, self.io.settled()).await.expect("every shard delivers");
    }

    /// Waits until the counters read as they should.
    pub async fn counts(&self, what: &str, condition: impl Fn(&MetricsSnapshot) -> bool) {
        let reached = within(PATIENCE, async {
            while !condition(&self.metrics()) {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        });
        if reached.await.is_none() {
            panic!("{what} did not come to pass: {:?}", self.metrics());
        }
    }

    /// A stranger is served within a second.
    pub async fn still_serves(&self) {
        let served = within(Duration::from_secs(1), async {
            let mut client = client::Client::connect(self.address).await;
            assert_eq!(client.ask("ask", r#""well?""#).await, r#"["well?"]"#);
        });
        served.await.expect("another client is served within a second");
    }
}

/// The future's output, or nothing if it takes too long.
pub async fn within<F: Future>(time: Duration, future: F) -> Option<F::Output> {
    tokio::time::timeout(time, future).await.ok()
}

/// A namespace that answers `ask` with its arguments, `echo` with an event, and lets sockets `join`,
/// `leave` and `say`.
pub fn echoing(name: &str) -> Namespace {
    Namespace::new(name)
        .on("ask", |_: Socket, mut event: Event| async move {
            let values = Values::from(event.arguments());
            if let Some(ack) = event.take_ack() {
                ack.send_values(&values);
            }
        })
        .on("echo", |socket: Socket, event: Event| async move {
            socket.emit_values("echoed", &Values::from(event.arguments()));
        })
        .on("join", |socket: Socket, mut event: Event| async move {
            let joined = socket.join(event.parse::<String>().unwrap_or_default()).is_ok();
            event.acknowledge(&joined);
        })
        .on("leave", |socket: Socket, mut event: Event| async move {
            socket.leave(&event.parse::<String>().unwrap_or_default());
            event.acknowledge(&true);
        })
        .on("say", |socket: Socket, mut event: Event| async move {
            let (room, text): (String, String) = event.parse().unwrap_or_default();
            socket.everyone().to(room).emit("said", &text);
            event.acknowledge(&true);
        })
}

/// A small generator of numbers that are the same in each run.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}
