//! A socket: one client's presence in one namespace.

use std::any::Any;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use serde::Serialize;

use super::acks::{AckError, Acks};
use super::broadcast::{Broadcast, encode, encode_event};
use super::client::Client;
use super::inbox::Inbox;
use super::namespace::{Registered, SlowReader};
use crate::arguments::{Arguments, Values};
use crate::delivery::{Goodbye, Member, NOWHERE, Op, Overflow, RoomName, Seat};
use crate::engine::handshake::Handshake;
use crate::engine::session::{CloseReason, Session, Sid};
use crate::guard::{Panicked, guarded_call};
use crate::packet::PacketType;

/// A socket; clones are handles to the same one. A handle may outlive the connection: then what is
/// emitted goes nowhere.
#[derive(Clone)]
pub struct Socket(pub(crate) Arc<SocketInner>);

pub(crate) struct SocketInner {
    pub(crate) seat: Seat,
    pub(crate) id: Sid,
    pub(crate) namespace: Arc<Registered>,
    pub(crate) client: Weak<Client>,
    pub(crate) inbox: Mutex<Inbox>,
    pub(crate) acks: Mutex<Acks>,
    connected: AtomicBool,
    state: Arc<dyn Any + Send + Sync>,
    rooms: Mutex<Vec<RoomName>>,
}

/// Why a socket is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisconnectReason {
    /// The client left the namespace.
    ClientNamespaceDisconnect,
    /// The owner took it out: [`Socket::disconnect`].
    ServerNamespaceDisconnect,
    /// Its connection ended.
    Connection(CloseReason),
}

impl DisconnectReason {
    /// The text that Socket.IO servers give for it.
    pub fn as_str(self) -> &'static str {
        match self {
            DisconnectReason::ClientNamespaceDisconnect => "client namespace disconnect",
            DisconnectReason::ServerNamespaceDisconnect => "server namespace disconnect",
            DisconnectReason::Connection(reason) => reason.as_str(),
        }
    }
}

/// The socket is in as many rooms as `max_rooms` allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyRooms;

impl fmt::Display for TooManyRooms {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the socket is in as many rooms as it may be")
    }
}

impl std::error::Error for TooManyRooms {}

impl SocketInner {
    pub(crate) fn new(
        session: Arc<Session>,
        namespace: Arc<Registered>,
        client: Weak<Client>,
        state: Arc<dyn Any + Send + Sync>,
    ) -> Arc<SocketInner> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Arc::new(SocketInner {
            seat: Seat {
                id: NEXT.fetch_add(1, Ordering::Relaxed),
                namespace: namespace.number,
                session,
                number: AtomicUsize::new(NOWHERE),
            },
            id: Sid::random(),
            namespace,
            client,
            inbox: Mutex::new(Inbox::held()),
            acks: Mutex::default(),
            connected: AtomicBool::new(true),
            state,
            rooms: Mutex::default(),
        })
    }

    /// Marks the socket as gone. False if it was before.
    pub(crate) fn mark_disconnected(&self) -> bool {
        let was_connected = self.connected.swap(false, Ordering::AcqRel);
        if was_connected {
            self.acks.lock().unwrap_or_else(PoisonError::into_inner).close();
        }
        was_connected
    }

    fn forget_room(&self, room: &str) {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.retain(|other| &**other != room);
    }
}

impl Member for SocketInner {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn overflow(self: Arc<Self>, room: &RoomName) -> Overflow {
        let socket = Socket(self);
        match guarded_call(|| socket.0.namespace.slow_reader(&socket, room)) {
            Ok(SlowReader::LeaveRoom(tell)) => {
                socket.0.forget_room(room);
                let encode = |(event, values)| encode_event(&socket.0.namespace.name, event, None, &values);
                Overflow::Leave(tell.map(encode))
            }
            Ok(SlowReader::Close) => Overflow::Close,
            Err(Panicked) => {
                socket.0.namespace.count_panic();
                Overflow::Close
            }
        }
    }
}

impl Socket {
    /// The id that the client knows as `socket.id` (from version 3.x on). Not a secret.
    pub fn id(&self) -> &str {
        self.0.id.as_str()
    }

    /// The namespace's name.
    pub fn namespace(&self) -> &str {
        &self.0.namespace.name
    }

    /// What the namespace's `authorize` returned, if it is of this type.
    pub fn state<S: Any>(&self) -> Option<&S> {
        self.0.state.downcast_ref()
    }

    /// The request that opened the connection.
    pub fn handshake(&self) -> &Handshake {
        &self.0.seat.session.handshake
    }

    /// Whether the socket is still connected.
    pub fn is_connected(&self) -> bool {
        self.0.connected.load(Ordering::Acquire)
    }

    /// Emits an event with one argument.
    pub fn emit(&self, event: &str, argument: &(impl Serialize + ?Sized)) {
        self.emit_values(event, &Values::one(argument));
    }

    /// Emits an event with any number of arguments, binary ones too.
    pub fn emit_values(&self, event: &str, values: &Values) {
        self.send(event, None, values, false);
    }

    /// Emits an event that is dropped unless the client is ready to take it now.
    pub fn emit_volatile(&self, event: &str, values: &Values) {
        self.send(event, None, values, true);
    }

    /// Emits an event and waits until the client acknowledges it, at most for `deadline`.
    pub async fn emit_with_ack(
        &self,
        event: &str,
        values: &Values,
        deadline: Duration,
    ) -> Result<Arguments, AckError> {
        let limit = self.0.namespace.engine().ok_or(AckError::Disconnected)?.config.max_pending_acks;
        let (id, answer) = self.0.acks.lock().unwrap_or_else(PoisonError::into_inner).expect(limit)?;
        // Also where the caller itself stops waiting.
        let _place = AckPlace { socket: &self.0, id };
        self.send(event, Some(id), values, false);
        match tokio::time::timeout(deadline, answer).await {
            Ok(Ok(arguments)) => Ok(arguments),
            Ok(Err(_)) => Err(AckError::Disconnected),
            Err(_) => Err(AckError::Deadline),
        }
    }

    /// Joins a room; being in it already is no error. What is emitted to the room after this call
    /// reaches the socket, nothing before does.
    pub fn join(&self, room: impl Into<Arc<str>>) -> Result<(), TooManyRooms> {
        let room = room.into();
        let limit = self.0.namespace.engine().map_or(0, |engine| engine.config.max_rooms);
        let mut rooms = self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if !rooms.contains(&room) {
            if rooms.len() >= limit {
                return Err(TooManyRooms);
            }
            rooms.push(room.clone());
        }
        // Asked for in any case: the flusher may just be taking a slow reader out of this very room.
        // Under the lock, so that join and leave enter the queue in the order of the list.
        self.0.seat.session.shard.push(Op::Join(self.0.clone(), room));
        Ok(())
    }

    /// Leaves a room. What is emitted to the room after this call does not reach the socket.
    pub fn leave(&self, room: &str) {
        let mut rooms = self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = rooms.iter().position(|other| &**other == room) {
            let room = rooms.swap_remove(place);
            self.0.seat.session.shard.push(Op::Leave(self.0.clone(), room));
        }
    }

    /// The rooms that the socket is in.
    pub fn rooms(&self) -> Vec<Arc<str>> {
        self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Chooses the sockets of a room, without this one.
    pub fn to(&self, room: impl Into<Arc<str>>) -> Broadcast {
        self.broadcast().to(room)
    }

    /// Chooses every socket of the namespace, this one too.
    pub fn everyone(&self) -> Broadcast {
        Broadcast::new(self.0.namespace.clone())
    }

    /// Chooses all other sockets of the namespace.
    pub fn broadcast(&self) -> Broadcast {
        Broadcast::new(self.0.namespace.clone()).except(self)
    }

    /// Takes the socket out of its namespace; the connection stays for its other namespaces. The
    /// official clients do not reconnect after this.
    pub fn disconnect(&self) {
        if let Some(client) = self.0.client.upgrade() {
            client.disconnect(&self.0, DisconnectReason::ServerNamespaceDisconnect);
        }
    }

    /// Closes the whole connection after what was emitted. Clients reconnect by themselves.
    pub fn close(&self) {
        self.0.seat.session.close(CloseReason::ServerClose, Goodbye::Close(1000));
    }

    pub(crate) fn send_disconnect(&self) {
        let packet = encode(PacketType::Disconnect, &self.0.namespace.name, None, &[], |_| {});
        self.0.seat.session.send(packet, false);
    }

    fn send(&self, event: &str, ack: Option<u64>, values: &Values, volatile: bool) {
        if self.is_connected() {
            let message = encode_event(&self.0.namespace.name, event, ack, values);
            self.0.seat.session.send(message, volatile);
        }
    }
}

/// The place of an awaited acknowledgement, given back when it is dropped.
struct AckPlace<'a> {
    socket: &'a SocketInner,
    id: u64,
}

impl Drop for AckPlace<'_> {
    fn drop(&mut self) {
        self.socket.acks.lock().unwrap_or_else(PoisonError::into_inner).forget(self.id);
    }
}

impl PartialEq for Socket {
    fn eq(&self, other: &Self) -> bool {
        self.0.seat.id == other.0.seat.id
    }
}

impl Eq for Socket {}

impl std::hash::Hash for Socket {
    fn hash<H: std::hash::Hasher>(&self, hasher: &mut H) {
        self.0.seat.id.hash(hasher);
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Socket")
            .field("namespace", &self.namespace())
            .field("number", &self.0.seat.id)
            .finish()
    }
}
