//! The Socket.IO server on top of Engine.IO: namespaces, sockets, events, acknowledgements, rooms.

mod acks;
mod broadcast;
mod client;
mod inbox;
mod namespace;
mod public_id;
mod socket;

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;

pub use acks::AckError;
pub use broadcast::Broadcast;
pub use inbox::{Ack, Event};
pub use namespace::{ConnectError, ConnectRequest, Namespace, NamespaceHandle, SlowReader};
pub use socket::{DisconnectReason, Socket, TooManyRooms};

use crate::config::Config;
use crate::engine::session::{Connection, Peer};
use crate::engine::{Application, Engine, EngineServer};
use crate::metrics::MetricsSnapshot;
use client::Client;
use namespace::Registered;

/// A Socket.IO server, to mount in a hyper or axum program. Clones are handles to the same server.
#[derive(Clone)]
pub struct SocketIo {
    engine: EngineServer,
    namespaces: Arc<[Arc<Registered>]>,
}

/// The namespaces, as the application that stands behind the Engine.IO server.
struct Namespaces(Arc<[Arc<Registered>]>);

impl Application for Namespaces {
    fn open(&self, connection: Connection) -> Arc<dyn Peer> {
        Client::open(connection, self.0.clone())
    }
}

impl SocketIo {
    /// Starts a server with these namespaces. Must be called within a tokio runtime.
    ///
    /// # Panics
    /// If two namespaces have the same name.
    pub fn new(config: Config, namespaces: impl IntoIterator<Item = Namespace>) -> SocketIo {
        let namespaces: Arc<[Arc<Registered>]> = namespaces
            .into_iter()
            .enumerate()
            .map(|(number, namespace)| Registered::new(number as u32, namespace))
            .collect();
        for (number, namespace) in namespaces.iter().enumerate() {
            let twin = namespaces[..number].iter().any(|other| other.name == namespace.name);
            assert!(!twin, "the namespace {} is registered twice", namespace.name);
        }
        let engine = Engine::start(config, Arc::new(Namespaces(namespaces.clone())), true);
        for namespace in namespaces.iter() {
            namespace.set_engine(&engine);
        }
        SocketIo { engine: EngineServer(engine), namespaces }
    }

    /// A handle to a namespace, for broadcasts from outside a handler.
    pub fn namespace(&self, name: &str) -> Option<NamespaceHandle> {
        self.namespaces.iter().find(|namespace| namespace.name == name).cloned().map(NamespaceHandle)
    }

    /// Answers one HTTP request. The path is not looked at.
    pub async fn handle<B>(&self, request: Request<B>) -> Response<Full<Bytes>>
    where
        B: http_body::Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.engine.handle(request).await
    }

    /// What the counters read now.
    pub fn metrics(&self) -> MetricsSnapshot {
        self.engine.metrics()
    }

    /// Waits until everything that was emitted, joined or left before this call has taken effect: it
    /// is with the kernel, in the queue of a slow reader, or dropped with its connection.
    pub async fn settled(&self) {
        self.engine.0.shards.barrier().await;
    }

    /// Refuses new connections from now on; those that exist go on.
    pub fn refuse_new(&self) {
        self.engine.0.refuse_new();
    }

    /// Refuses new connections, closes the others after what is queued for them, and ends within the
    /// deadline. True if every connection was closed in time.
    ///
    /// Clients see their transport close and reconnect by themselves (but for the Python clients on
    /// long-polling, which take it for a goodbye). To tell them more, emit it before.
    pub async fn stop(&self, deadline: Duration) -> bool {
        self.engine.stop(deadline).await
    }
}

impl<B> tower_service::Service<Request<B>> for SocketIo
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        self.engine.call(request)
    }
}
