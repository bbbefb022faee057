//! One connection as Socket.IO sees it: which namespaces it is in, and what its packets mean.

use std::any::Any;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Instant;

use bytes::Bytes;

use super::broadcast::encode;
use super::inbox::{Full, Incoming, Item, begin, deliver};
use super::namespace::{ConnectError, ConnectRequest, Registered};
use super::socket::{DisconnectReason, Socket, SocketInner};
use crate::arguments::{Values, decode_ack, decode_event};
use crate::config::InboxFull;
use crate::delivery::{Goodbye, Op};
use crate::engine::Engine;
use crate::engine::packet::EngineVersion;
use crate::engine::session::{CloseReason, Connection, Peer, ProtocolError, Session};
use crate::guard::{Panicked, guarded};
use crate::metrics::{add, subtract};
use crate::packet::{self, Packet, PacketType};

pub(crate) struct Client {
    session: Arc<Session>,
    namespaces: Arc<[Arc<Registered>]>,
    this: Weak<Client>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    sockets: Vec<Arc<SocketInner>>,
    /// Namespaces whose owner has not decided yet, by number.
    connecting: Vec<u32>,
    /// Namespaces that the server took the client out of; packets for them may still be on their way.
    left: Vec<u32>,
    partial: Option<Box<Partial>>,
    closed: bool,
}

/// A binary packet whose attachments are still coming.
struct Partial {
    kind: PacketType,
    namespace: String,
    ack: Option<u64>,
    data: String,
    missing: usize,
    attachments: Vec<Bytes>,
    bytes: usize,
    since: Instant,
}

const NO_EVENT_BEFORE_CONNECT: ProtocolError = ProtocolError("packet for a namespace that is not connected");

impl Client {
    pub(crate) fn open(connection: Connection, namespaces: Arc<[Arc<Registered>]>) -> Arc<Client> {
        let client = Arc::new_cyclic(|this| Client {
            session: connection.0,
            namespaces,
            this: this.clone(),
            state: Mutex::default(),
        });
        if client.session.version == EngineVersion::V3 {
            // Clients of 2.x are in the main namespace without asking.
            let _ = client.connect("/", "", "");
        }
        client
    }

    /// Takes a socket out of its namespace at the server's wish, or the client's.
    pub(crate) fn disconnect(&self, socket: &Arc<SocketInner>, reason: DisconnectReason) {
        {
            let mut state = self.lock();
            let before = state.sockets.len();
            state.sockets.retain(|other| !Arc::ptr_eq(other, socket));
            if state.sockets.len() == before {
                return;
            }
            if reason == DisconnectReason::ServerNamespaceDisconnect {
                state.left.push(socket.namespace.number);
            }
        }
        if reason == DisconnectReason::ServerNamespaceDisconnect {
            Socket(socket.clone()).send_disconnect();
        }
        self.session.namespaces.fetch_sub(1, Ordering::Relaxed);
        self.session.shard.push(Op::Detach(socket.clone()));
        gone(socket, reason);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, namespace: &str) -> Option<&Arc<Registered>> {
        self.namespaces.iter().find(|registered| registered.name == namespace)
    }

    fn engine(&self) -> Result<Arc<Engine>, ProtocolError> {
        let any = self.namespaces.first().and_then(|namespace| namespace.engine());
        any.ok_or(ProtocolError("the server is gone"))
    }

    fn packet(&self, packet: &Packet<'_>, attachments: Vec<Bytes>, size: usize) -> Result<(), ProtocolError> {
        match packet.kind {
            PacketType::Connect => {
                self.connect(packet.namespace, packet.data, packet.query.unwrap_or_default())
            }
            PacketType::ConnectError => Err(ProtocolError("CONNECT_ERROR from a client")),
            PacketType::Disconnect => {
                if let Some(socket) = self.socket(packet.namespace)? {
                    self.disconnect(&socket, DisconnectReason::ClientNamespaceDisconnect);
                }
                Ok(())
            }
            PacketType::Event | PacketType::BinaryEvent => {
                let Some(socket) = self.socket(packet.namespace)? else { return Ok(()) };
                let engine = self.engine()?;
                let (name, arguments) = decode_event(packet.data, attachments, engine.config.max_json_depth)
                    .map_err(|_| ProtocolError("malformed event"))?;
                let item = Item::Event(Incoming { name, arguments, ack: packet.ack, size });
                deliver(&socket, item, engine.config.inbox_events, engine.config.inbox_bytes)
                    .or_else(|full| self.refuse(&engine, &socket, full))
            }
            PacketType::Ack | PacketType::BinaryAck => {
                let Some(socket) = self.socket(packet.namespace)? else { return Ok(()) };
                let engine = self.engine()?;
                let arguments = decode_ack(packet.data, attachments, engine.config.max_json_depth)
                    .map_err(|_| ProtocolError("malformed acknowledgement"))?;
                let id = packet.ack.ok_or(ProtocolError("acknowledgement without an id"))?;
                if !socket.acks.lock().unwrap_or_else(PoisonError::into_inner).resolve(id, arguments) {
                    add(&engine.metrics.unknown_acks, 1);
                }
                Ok(())
            }
        }
    }

    /// The client's socket in that namespace; `None` where the server has just taken it out.
    fn socket(&self, namespace: &str) -> Result<Option<Arc<SocketInner>>, ProtocolError> {
        let number = self.find(namespace).ok_or(NO_EVENT_BEFORE_CONNECT)?.number;
        let state = self.lock();
        if let Some(socket) = state.sockets.iter().find(|socket| socket.namespace.number == number) {
            return Ok(Some(socket.clone()));
        }
        if state.closed || state.left.contains(&number) { Ok(None) } else { Err(NO_EVENT_BEFORE_CONNECT) }
    }

    /// An event for which there is no room in the inbox.
    fn refuse(
        &self,
        engine: &Engine,
        socket: &Arc<SocketInner>,
        Full(item): Full,
    ) -> Result<(), ProtocolError> {
        add(&engine.metrics.inbox_refused, 1);
        match &engine.config.inbox_full {
            InboxFull::Close => {
                self.session.close(CloseReason::InboxFull, Goodbye::Close(1008));
            }
            InboxFull::Refuse(answer) => {
                if let Item::Event(Incoming { ack: Some(id), .. }) = item {
                    let message =
                        super::broadcast::encode_ack(&socket.namespace.name, id, &Values::one(answer));
                    self.session.send(message, false);
                }
            }
        }
        Ok(())
    }

    /// Asks a namespace's owner whether the client may join it.
    fn connect(&self, namespace: &str, auth: &str, query: &str) -> Result<(), ProtocolError> {
        let Some(registered) = self.find(namespace) else {
            if self.session.version == EngineVersion::V4 || namespace != "/" {
                self.refuse_connect(namespace, &ConnectError::new("Invalid namespace"));
            }
            return Ok(());
        };
        let engine = self.engine()?;
        if crate::arguments::depth(auth) > engine.config.max_json_depth
            || (!auth.is_empty() && serde_json::from_str::<serde::de::IgnoredAny>(auth).is_err())
        {
            return Err(ProtocolError("malformed CONNECT payload"));
        }
        {
            let mut state = self.lock();
            if state.closed {
                return Ok(());
            }
            let number = registered.number;
            if state.connecting.contains(&number)
                || state.sockets.iter().any(|socket| socket.namespace.number == number)
            {
                return Err(ProtocolError("CONNECT to a namespace that is connected"));
            }
            if state.sockets.len() + state.connecting.len() >= engine.config.max_namespaces {
                drop(state);
                self.refuse_connect(namespace, &ConnectError::new("Too many namespaces"));
                return Ok(());
            }
            state.connecting.push(number);
            state.left.retain(|other| *other != number);
        }
        self.session.namespaces.fetch_add(1, Ordering::Relaxed);
        let request = ConnectRequest {
            connection: Connection(self.session.clone()),
            auth: auth.to_owned(),
            query: query.to_owned(),
        };
        let (client, registered) = (self.this.clone(), registered.clone());
        let mut decide: super::namespace::BoxFuture<()> = Box::pin(async move {
            let decided = guarded(async { registered.authorize(request).await }).await;
            let decided = decided.unwrap_or_else(|Panicked| {
                registered.count_panic();
                Err(ConnectError::new("Internal error"))
            });
            if let Some(client) = client.upgrade() {
                client.decided(&registered, decided);
            }
        });
        let waker = std::task::Waker::noop();
        if decide.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_pending() {
            tokio::spawn(decide);
        }
        Ok(())
    }

    fn decided(
        &self,
        registered: &Arc<Registered>,
        decided: Result<Arc<dyn Any + Send + Sync>, ConnectError>,
    ) {
        let mut state = self.lock();
        state.connecting.retain(|number| *number != registered.number);
        if state.closed {
            return;
        }
        let data = match decided {
            Ok(data) => data,
            Err(error) => {
                drop(state);
                self.session.namespaces.fetch_sub(1, Ordering::Relaxed);
                return self.refuse_connect(&registered.name, &error);
            }
        };
        let socket = SocketInner::new(self.session.clone(), registered.clone(), self.this.clone(), data);
        registered.add(&socket);
        state.sockets.push(socket.clone());
        // The client hears CONNECT before anything that is emitted to the namespace.
        self.session.send(
            encode(PacketType::Connect, &registered.name, None, &[], |out| {
                if self.session.version == EngineVersion::V4 {
                    out.extend_from_slice(format!(r#"{{"sid":"{}"}}"#, socket.id.as_str()).as_bytes());
                }
            }),
            false,
        );
        self.session.shard.push(Op::Attach(socket.clone()));
        // Under the lock: who takes the socket out counts it down again.
        if let Some(engine) = registered.engine() {
            add(&engine.metrics.sockets_open, 1);
        }
        drop(state);
        begin(&socket);
    }

    fn refuse_connect(&self, namespace: &str, error: &ConnectError) {
        if let Ok(engine) = self.engine() {
            add(&engine.metrics.connects_refused, 1);
        }
        let payload = match (self.session.version, &error.data) {
            (EngineVersion::V3, Some(data)) => data.clone(),
            (EngineVersion::V3, None) => error.message.clone().into(),
            (EngineVersion::V4, Some(data)) => serde_json::json!({"message": error.message, "data": data}),
            (EngineVersion::V4, None) => serde_json::json!({"message": error.message}),
        };
        let packet = encode(PacketType::ConnectError, namespace, None, &[], |out| {
            serde_json::to_writer(out, &payload).expect("a JSON value is JSON");
        });
        self.session.send(packet, false);
    }
}

impl Peer for Client {
    fn text(&self, text: &str) -> Result<(), ProtocolError> {
        let engine = self.engine()?;
        let packet = packet::decode(text, engine.config.max_attachments)
            .map_err(|_| ProtocolError("malformed Socket.IO packet"))?;
        {
            let mut state = self.lock();
            if state.closed {
                return Ok(());
            }
            if state.partial.is_some() {
                return Err(ProtocolError("a packet among the attachments of another"));
            }
            if packet.attachments > 0 {
                state.partial = Some(Box::new(Partial {
                    kind: packet.kind,
                    namespace: packet.namespace.to_owned(),
                    ack: packet.ack,
                    data: packet.data.to_owned(),
                    missing: packet.attachments,
                    attachments: Vec::new(),
                    bytes: text.len(),
                    since: Instant::now(),
                }));
                return Ok(());
            }
        }
        self.packet(&packet, Vec::new(), text.len())
    }

    fn binary(&self, data: Bytes) -> Result<(), ProtocolError> {
        let engine = self.engine()?;
        let partial = {
            let mut state = self.lock();
            if state.closed {
                return Ok(());
            }
            let partial =
                state.partial.as_mut().ok_or(ProtocolError("binary data that nothing announced"))?;
            partial.bytes += data.len();
            if partial.bytes > engine.config.max_payload {
                return Err(ProtocolError("attachments larger than a payload may be"));
            }
            partial.attachments.push(data);
            partial.missing -= 1;
            if partial.missing > 0 {
                return Ok(());
            }
            state.partial.take()
        };
        let Some(partial) = partial else { return Ok(()) };
        let packet = Packet {
            kind: partial.kind,
            attachments: partial.attachments.len(),
            namespace: &partial.namespace,
            query: None,
            ack: partial.ack,
            data: &partial.data,
        };
        self.packet(&packet, partial.attachments, partial.bytes)
    }

    fn closed(&self, reason: CloseReason) {
        let sockets = {
            let mut state = self.lock();
            state.closed = true;
            state.partial = None;
            std::mem::take(&mut state.sockets)
        };
        for socket in sockets {
            gone(&socket, DisconnectReason::Connection(reason));
        }
    }

    fn waiting_since(&self) -> Option<Instant> {
        self.lock().partial.as_ref().map(|partial| partial.since)
    }
}

/// Tells a socket's namespace, once, that it is gone.
fn gone(socket: &Arc<SocketInner>, reason: DisconnectReason) {
    if !socket.mark_disconnected() {
        return;
    }
    socket.namespace.remove(socket);
    if let Some(engine) = socket.namespace.engine() {
        subtract(&engine.metrics.sockets_open, 1);
    }
    // Never full: only events count.
    let _ = deliver(socket, Item::Disconnected(reason), usize::MAX, usize::MAX);
}
