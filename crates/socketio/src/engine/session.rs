//! An Engine.IO session: one client's connection, whatever transport carries it. Knows nothing of
//! Socket.IO; what arrives goes to its [`Peer`].

use std::fmt;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Instant;

use bytes::Bytes;
use tokio::sync::Notify;

use super::Engine;
use super::handshake::Handshake;
use super::limits::Permit;
use super::packet::EngineVersion;
use crate::delivery::encoded::Encoded;
use crate::delivery::{Goodbye, NOWHERE, Op, Shard};

/// Why a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CloseReason {
    /// The client closed it.
    TransportClose,
    /// Reading or writing failed.
    TransportError,
    /// The client did not answer a ping, or sent none, in time.
    PingTimeout,
    /// The client sent what is no frame, payload or packet of the protocol, or one out of turn.
    ParseError,
    /// A frame, a body, a CONNECT or an upgrade did not come in time.
    Deadline,
    /// The client sent more events than its inbox holds.
    InboxFull,
    /// The client does not read what is sent to it.
    SlowReader,
    /// The owner closed it.
    ServerClose,
    /// The server is stopping.
    ServerStopping,
}

impl CloseReason {
    /// The text that Socket.IO servers give for it.
    pub fn as_str(self) -> &'static str {
        match self {
            CloseReason::TransportClose => "transport close",
            CloseReason::TransportError => "transport error",
            CloseReason::PingTimeout => "ping timeout",
            CloseReason::ParseError => "parse error",
            CloseReason::Deadline => "deadline missed",
            CloseReason::InboxFull => "inbox full",
            CloseReason::SlowReader => "slow reader",
            CloseReason::ServerClose => "forced server close",
            CloseReason::ServerStopping => "server shutting down",
        }
    }
}

impl fmt::Display for CloseReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What a client sent does not follow the protocol; its connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProtocolError(pub(crate) &'static str);

impl ProtocolError {
    /// With a reason for the debug log; it must not quote what the client sent.
    pub fn new(reason: &'static str) -> Self {
        ProtocolError(reason)
    }
}

/// Who gets what a session receives.
pub trait Peer: Send + Sync + 'static {
    /// A text message. An error closes the connection.
    fn text(&self, text: &str) -> Result<(), ProtocolError>;
    /// A binary message. An error closes the connection.
    fn binary(&self, data: Bytes) -> Result<(), ProtocolError>;
    /// The connection is over; nothing comes after this.
    fn closed(&self, reason: CloseReason);
    /// Since when the rest of a message in several parts is awaited. One that stays away longer than
    /// `receive_timeout` closes the connection.
    fn waiting_since(&self) -> Option<Instant> {
        None
    }
}

/// The id of a session: 120 random bits as 20 characters.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Sid([u8; 20]);

impl Sid {
    pub(crate) fn random() -> Sid {
        use base64::Engine as _;
        let mut random = [0; 15];
        #[expect(clippy::disallowed_methods, reason = "a session id is made here and must be a surprise")]
        getrandom::fill(&mut random).expect("the kernel gives random bytes");
        let mut text = [0; 20];
        base64::engine::general_purpose::URL_SAFE_NO_PAD
            .encode_slice(random, &mut text)
            .expect("15 bytes are 20 characters");
        Sid(text)
    }

    pub(crate) fn parse(text: &str) -> Option<Sid> {
        text.as_bytes().try_into().ok().map(Sid)
    }

    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Sid {
    /// A session id is a secret of its client: whoever knows it can poll in its name.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sid(…)")
    }
}

/// What the transports, the flusher and the peer share of one connection.
pub(crate) struct Session {
    pub(crate) sid: Sid,
    pub(crate) version: EngineVersion,
    /// A version 3 client that can take binary polling payloads.
    pub(crate) binary_polling: bool,
    pub(crate) handshake: Handshake,
    pub(crate) shard: Arc<Shard>,
    /// The flusher's number for it.
    pub(crate) number: AtomicUsize,
    /// When its last ping or pong came, in milliseconds since the server's start.
    pub(crate) heard: AtomicU64,
    /// Namespaces it is in or asking for; without any it is closed after a while.
    pub(crate) namespaces: AtomicU32,
    /// A POST is being read; a second one beside it is refused.
    pub(crate) posting: AtomicBool,
    /// A websocket is probing or has taken over; no other may try.
    pub(crate) upgrading: AtomicBool,
    /// A websocket carries it, from the beginning or since it has taken over: polls and POSTs are refused.
    upgraded: AtomicBool,
    /// Told when that happens.
    take_over: Notify,
    /// In milliseconds since the server's start.
    pub(crate) opened_at: u64,
    engine: Weak<Engine>,
    peer: Mutex<PeerSlot>,
    permit: Mutex<Option<Permit>>,
}

impl Session {
    pub(crate) fn new(
        engine: &Arc<Engine>,
        version: EngineVersion,
        binary_polling: bool,
        handshake: Handshake,
        permit: Permit,
    ) -> Arc<Session> {
        let now = engine.shards.clock.now();
        Arc::new(Session {
            sid: Sid::random(),
            version,
            binary_polling,
            handshake,
            shard: engine.shards.assign(),
            number: AtomicUsize::new(NOWHERE),
            heard: AtomicU64::new(now),
            namespaces: AtomicU32::new(0),
            posting: AtomicBool::new(false),
            upgrading: AtomicBool::new(false),
            upgraded: AtomicBool::new(false),
            take_over: Notify::new(),
            opened_at: now,
            engine: Arc::downgrade(engine),
            peer: Mutex::new(PeerSlot::Awaited),
            permit: Mutex::new(Some(permit)),
        })
    }

    #[cfg(test)]
    pub(crate) fn for_test() -> Arc<Session> {
        Arc::new(Session {
            sid: Sid::random(),
            version: EngineVersion::V4,
            binary_polling: false,
            handshake: Handshake::for_test(),
            shard: Shard::new(),
            number: AtomicUsize::new(NOWHERE),
            heard: AtomicU64::new(0),
            namespaces: AtomicU32::new(0),
            posting: AtomicBool::new(false),
            upgrading: AtomicBool::new(false),
            upgraded: AtomicBool::new(false),
            take_over: Notify::new(),
            opened_at: 0,
            engine: Weak::new(),
            peer: Mutex::new(PeerSlot::Awaited),
            permit: Mutex::new(None),
        })
    }

    pub(crate) fn set_peer(&self, peer: Arc<dyn Peer>) {
        let mut slot = self.peer.lock().unwrap_or_else(PoisonError::into_inner);
        if let PeerSlot::Ended(reason) = *slot {
            drop(slot);
            return peer.closed(reason);
        }
        *slot = PeerSlot::Here(peer);
    }

    /// Who gets what arrives; nobody once the session is over.
    pub(crate) fn peer(&self) -> Option<Arc<dyn Peer>> {
        match &*self.peer.lock().unwrap_or_else(PoisonError::into_inner) {
            PeerSlot::Here(peer) => Some(peer.clone()),
            PeerSlot::Awaited | PeerSlot::Ended(_) => None,
        }
    }

    pub(crate) fn send(self: &Arc<Self>, message: Encoded, volatile: bool) {
        self.shard.push(Op::Send { session: self.clone(), message, volatile });
    }

    pub(crate) fn close(self: &Arc<Self>, reason: CloseReason, goodbye: Goodbye) {
        self.shard.push(Op::Close { session: self.clone(), reason, goodbye });
    }

    /// A ping (version 3) or pong (version 4) came.
    pub(crate) fn hear(&self, now: u64) {
        self.heard.store(now, Ordering::Relaxed);
    }

    /// A websocket carries it from now on.
    pub(crate) fn carry_on_websocket(&self) {
        self.upgrading.store(true, Ordering::Relaxed);
        self.upgraded.store(true, Ordering::Release);
        self.take_over.notify_waiters();
    }

    /// The websocket that wanted to carry it is gone before it did; another may try. Its probe stands behind this in the
    /// flusher's queue.
    pub(crate) fn stay_on_polling(self: &Arc<Self>) {
        self.shard.push(Op::UpgradeFailed(self.clone()));
        self.upgrading.store(false, Ordering::Release);
    }

    pub(crate) fn is_on_websocket(&self) -> bool {
        self.upgraded.load(Ordering::Acquire)
    }

    /// Waits until a websocket carries it, for as long as that takes.
    pub(crate) async fn taken_over(&self) {
        let told = self.take_over.notified();
        // Looked at after the waiting began: a take-over in between is not missed.
        if !self.is_on_websocket() {
            told.await;
        }
    }

    /// Called by the flusher, once: tells the peer.
    pub(crate) fn end(&self, reason: CloseReason) {
        let mut slot = self.peer.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*slot, PeerSlot::Ended(_)) {
            return;
        }
        let before = std::mem::replace(&mut *slot, PeerSlot::Ended(reason));
        drop(slot);
        if let PeerSlot::Here(peer) = before {
            peer.closed(reason);
        }
    }
}

/// A session may end before its application has given it a peer.
enum PeerSlot {
    Awaited,
    Here(Arc<dyn Peer>),
    Ended(CloseReason),
}

impl Session {
    /// Called by the flusher when nothing is left of the connection: its id means nothing any more,
    /// and its place is free.
    pub(crate) fn forget(&self) {
        if let Some(engine) = self.engine.upgrade() {
            engine.forget(self);
        }
        self.permit.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// A handle to a connection, for an [`Application`](super::Application).
#[derive(Clone)]
pub struct Connection(pub(crate) Arc<Session>);

impl Connection {
    /// The session id. A secret: whoever knows it can poll in the client's name.
    pub fn sid(&self) -> &str {
        self.0.sid.as_str()
    }

    /// The version of Engine.IO that the client speaks.
    pub fn version(&self) -> EngineVersion {
        self.0.version
    }

    /// The request that opened the connection.
    pub fn handshake(&self) -> &Handshake {
        &self.0.handshake
    }

    /// Sends a text message.
    pub fn send_text(&self, text: &str) {
        let message = Encoded::text(&[], |out| {
            out.push(b'4');
            out.extend_from_slice(text.as_bytes());
        });
        self.0.send(message, false);
    }

    /// Sends a binary message.
    pub fn send_binary(&self, data: impl Into<Bytes>) {
        self.0.send(Encoded::binary(data.into()), false);
    }

    /// Closes the connection after what was sent.
    pub fn close(&self) {
        self.0.close(CloseReason::ServerClose, Goodbye::Close(1000));
    }

    /// The address of the client as the handshake knew it.
    pub fn address(&self) -> Option<IpAddr> {
        self.0.handshake.address()
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Connection").field("version", &self.0.version).finish_non_exhaustive()
    }
}
