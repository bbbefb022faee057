//! A namespace: who may connect to it and what happens to the events of its sockets.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::broadcast::Broadcast;
use super::inbox::Event;
use super::socket::{DisconnectReason, Socket, SocketInner};
use crate::arguments::Values;
use crate::engine::Engine;
use crate::engine::handshake::Handshake;
use crate::engine::session::Connection;
use crate::metrics::add;

pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type State = Arc<dyn Any + Send + Sync>;
type Authorize = dyn Fn(ConnectRequest) -> BoxFuture<Result<State, ConnectError>> + Send + Sync;
type Connected = dyn Fn(Socket) -> BoxFuture<()> + Send + Sync;
type Handler = dyn Fn(Socket, Event) -> BoxFuture<()> + Send + Sync;
type Disconnected = dyn Fn(Socket, DisconnectReason) -> BoxFuture<()> + Send + Sync;
type SlowPolicy = dyn Fn(&Socket, &str) -> SlowReader + Send + Sync;

/// A namespace that is being described.
///
/// Handlers of one socket run one after another, in the order in which its events came: the next
/// starts when the one before has finished, or has said [`Event::let_go`]. Different sockets run in
/// parallel.
pub struct Namespace {
    name: String,
    authorize: Box<Authorize>,
    connected: Option<Box<Connected>>,
    handlers: HashMap<String, Box<Handler>>,
    fallback: Option<Box<Handler>>,
    disconnected: Option<Box<Disconnected>>,
    slow_reader: Option<Box<SlowPolicy>>,
}

/// What becomes of a reader for whom too much is waiting.
#[derive(Debug)]
pub enum SlowReader {
    /// Its connection is closed.
    Close,
    /// It leaves the room whose message did not fit, so nothing of that room is lost unnoticed, and is
    /// told so by an event.
    LeaveRoom(Option<(&'static str, Values)>),
}

impl Namespace {
    /// A namespace that anybody may connect to. The name begins with `/`.
    pub fn new(name: impl Into<String>) -> Namespace {
        Namespace {
            name: name.into(),
            authorize: Box::new(|_| Box::pin(async { Ok(Arc::new(()) as State) })),
            connected: None,
            handlers: HashMap::new(),
            fallback: None,
            disconnected: None,
            slow_reader: None,
        }
    }

    /// Decides who may connect. What it returns stays with the socket: [`Socket::state`].
    pub fn authorize<F, Fut, S>(mut self, authorize: F) -> Self
    where
        F: Fn(ConnectRequest) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<S, ConnectError>> + Send + 'static,
        S: Any + Send + Sync,
    {
        self.authorize = Box::new(move |request| {
            let decided = authorize(request);
            Box::pin(async move { decided.await.map(|state| Arc::new(state) as State) })
        });
        self
    }

    /// Runs when a socket has connected, before its first event.
    pub fn connected<F, Fut>(mut self, connected: F) -> Self
    where
        F: Fn(Socket) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.connected = Some(Box::new(move |socket| Box::pin(connected(socket))));
        self
    }

    /// Handles the events of that name.
    pub fn on<F, Fut>(mut self, event: impl Into<String>, handler: F) -> Self
    where
        F: Fn(Socket, Event) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.handlers.insert(event.into(), Box::new(move |socket, event| Box::pin(handler(socket, event))));
        self
    }

    /// Handles the events that no [`on`](Namespace::on) names. Without it they are ignored.
    pub fn fallback<F, Fut>(mut self, handler: F) -> Self
    where
        F: Fn(Socket, Event) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.fallback = Some(Box::new(move |socket, event| Box::pin(handler(socket, event))));
        self
    }

    /// Runs once when a socket is gone, after its last event.
    pub fn disconnected<F, Fut>(mut self, disconnected: F) -> Self
    where
        F: Fn(Socket, DisconnectReason) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.disconnected = Some(Box::new(move |socket, reason| Box::pin(disconnected(socket, reason))));
        self
    }

    /// Decides about a reader for whom more than `max_queue_bytes` are waiting; the room is that of the
    /// message that did not fit. It runs within delivery: it must be quick and not block. Without it
    /// such a reader is closed, and always where the message went to no room.
    pub fn slow_reader<F>(mut self, policy: F) -> Self
    where
        F: Fn(&Socket, &str) -> SlowReader + Send + Sync + 'static,
    {
        self.slow_reader = Some(Box::new(policy));
        self
    }
}

/// Somebody asks to connect to a namespace.
#[derive(Debug)]
pub struct ConnectRequest {
    pub(crate) connection: Connection,
    pub(crate) auth: String,
    pub(crate) query: String,
}

impl ConnectRequest {
    /// The `auth` payload as a type; `{}` where the client gave none.
    pub fn auth<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.auth_json())
    }

    /// The `auth` payload as JSON text, always an object.
    pub fn auth_json(&self) -> &str {
        if self.auth.is_empty() { "{}" } else { &self.auth }
    }

    /// What a 2.x client put behind the namespace's name, still encoded: `token=…`.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The request that opened the connection, with its headers.
    pub fn handshake(&self) -> &Handshake {
        self.connection.handshake()
    }

    /// The client's address, where the owner's listener or router knows it.
    pub fn address(&self) -> Option<IpAddr> {
        self.connection.address()
    }
}

/// Why a connect is refused: what the client finds in its `connect_error`.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectError {
    /// For people.
    pub message: String,
    /// For programs.
    pub data: Option<serde_json::Value>,
}

impl ConnectError {
    /// A refusal with a message alone.
    pub fn new(message: impl Into<String>) -> Self {
        ConnectError { message: message.into(), data: None }
    }

    /// With data beside the message.
    pub fn with_data(message: impl Into<String>, data: serde_json::Value) -> Self {
        ConnectError { message: message.into(), data: Some(data) }
    }
}

/// A namespace in a running server.
pub(crate) struct Registered {
    pub(crate) number: u32,
    pub(crate) name: String,
    description: Namespace,
    engine: OnceLock<Weak<Engine>>,
    sockets: Mutex<HashMap<u64, Arc<SocketInner>>>,
}

impl Registered {
    pub(crate) fn new(number: u32, mut description: Namespace) -> Arc<Registered> {
        let name = std::mem::take(&mut description.name);
        Arc::new(Registered { number, name, description, engine: OnceLock::new(), sockets: Mutex::default() })
    }

    pub(crate) fn set_engine(&self, engine: &Arc<Engine>) {
        let _ = self.engine.set(Arc::downgrade(engine));
    }

    /// The server, while it runs.
    pub(crate) fn engine(&self) -> Option<Arc<Engine>> {
        self.engine.get()?.upgrade()
    }

    pub(crate) fn authorize(&self, request: ConnectRequest) -> BoxFuture<Result<State, ConnectError>> {
        (self.description.authorize)(request)
    }

    pub(crate) fn run_connected(&self, socket: Socket) -> Option<BoxFuture<()>> {
        self.description.connected.as_ref().map(|connected| connected(socket))
    }

    pub(crate) fn run_event(&self, socket: Socket, event: Event) -> Option<BoxFuture<()>> {
        let handler = self.description.handlers.get(event.name()).or(self.description.fallback.as_ref())?;
        Some(handler(socket, event))
    }

    pub(crate) fn run_disconnected(&self, socket: Socket, reason: DisconnectReason) -> Option<BoxFuture<()>> {
        self.description.disconnected.as_ref().map(|disconnected| disconnected(socket, reason))
    }

    pub(crate) fn slow_reader(&self, socket: &Socket, room: &str) -> SlowReader {
        match &self.description.slow_reader {
            Some(policy) => policy(socket, room),
            None => SlowReader::Close,
        }
    }

    /// The owner's code panicked for one of its sockets.
    pub(crate) fn count_panic(&self) {
        tracing::error!(
            namespace = self.name,
            "the code of a namespace panicked; one client is let go for it"
        );
        if let Some(engine) = self.engine() {
            add(&engine.metrics.handler_panics, 1);
        }
    }

    pub(crate) fn add(&self, socket: &Arc<SocketInner>) {
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner).insert(socket.seat.id, socket.clone());
    }

    pub(crate) fn remove(&self, socket: &SocketInner) -> bool {
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner).remove(&socket.seat.id).is_some()
    }
}

/// A namespace of a running server, for whoever is not in a handler.
#[derive(Clone)]
pub struct NamespaceHandle(pub(crate) Arc<Registered>);

impl NamespaceHandle {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Chooses the sockets of a room.
    pub fn to(&self, room: impl Into<Arc<str>>) -> Broadcast {
        self.broadcast().to(room)
    }

    /// Chooses every socket.
    pub fn broadcast(&self) -> Broadcast {
        Broadcast::new(self.0.clone())
    }

    /// Emits to every socket.
    pub fn emit(&self, event: &str, argument: &(impl Serialize + ?Sized)) {
        self.broadcast().emit(event, argument);
    }

    /// Every socket that is connected now.
    pub fn sockets(&self) -> Vec<Socket> {
        let sockets = self.0.sockets.lock().unwrap_or_else(PoisonError::into_inner);
        sockets.values().cloned().map(Socket).collect()
    }
}

impl fmt::Debug for NamespaceHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("NamespaceHandle").field(&self.0.name).finish()
    }
}
