//! Node to node: which group has something new, who is typing, which session has ended.
//!
//! The log is the truth, the bus is a hint: everything here is delivered **at most once** and may be lost. A reader
//! that missed something is told so ([`Received::Missed`]) or sees a jump in `seq`, and reads the log. What must hold
//! though a notice is lost (a session that ended, a removed member) is checked against the database within seconds by
//! whoever depends on it. This crate must never know the database, an operation or a socket.
//!
//! Reading order: [`notice`] holds the words, [`lobby`] those of lobbies and rooms; [`in_process`] is the bus of a single
//! node and the last step of every other. `network` is the bus of several, over `redis` or `nats`: `outbox` is what
//! waits to be sent, `encoding` how it looks on the way, `ears` what comes. [`address`] opens the one that a setting
//! names. [`contract`] is what each backend must keep, as tests.

pub mod address;
pub mod contract;
mod ears;
mod encoding;
pub mod in_process;
pub mod lobby;
mod nats;
mod network;
pub mod notice;
mod outbox;
mod redis;

pub use address::{Address, AddressError, Refused};
pub use in_process::InProcess;
pub use lobby::{LobbyNotice, News, Occupant, RoomView, Said, SaidAloud};
pub use notice::{EndedSessions, Notice, Received, Signal, SignalKind};

use std::sync::Arc;
use tokio::sync::mpsc;

/// How many notices wait for one subscriber before it is told that it missed some.
pub const QUEUE: usize = 4_096;

/// Something that carries notices between nodes.
///
/// A backend hands every notice that is published on this node to the subscribers on this node, too, in the order in
/// which it was published.
pub trait Backend: Send + Sync {
    /// Publishes. Never waits: what cannot be taken on at once is dropped, and the readers find out by themselves.
    fn publish(&self, notice: Notice);

    /// Hands something to the subscribers of this node only.
    fn tell_here(&self, received: Received);

    /// Starts to listen: everything that is published after this returns.
    fn subscribe(&self) -> Subscription;

    /// Whether other nodes can be reached. Says nothing about this one, which always can.
    fn is_connected(&self) -> bool;

    /// What this node is called among the others; `None` where there are none.
    fn node(&self) -> Option<i64> {
        None
    }

    /// What has been counted since the start.
    fn counters(&self) -> Counters {
        Counters::default()
    }
}

/// What a backend counts. A single node has nothing to count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Connections that were made: each after the first is an outage that ended.
    pub connections: u64,
    /// Hints that other nodes were not sent, signals not among them. They found out and read the log.
    pub dropped: u64,
}

/// A handle on the bus; cheap to clone.
#[derive(Clone)]
pub struct Bus {
    backend: Arc<dyn Backend>,
}

impl Bus {
    /// The bus of a single node.
    #[must_use]
    pub fn in_process() -> Self {
        Self::over(InProcess::default())
    }

    /// A bus over any backend.
    #[must_use]
    pub fn over(backend: impl Backend + 'static) -> Self {
        Self { backend: Arc::new(backend) }
    }

    /// See [`Backend::publish`].
    pub fn publish(&self, notice: Notice) {
        self.backend.publish(notice);
    }

    /// See [`Backend::tell_here`].
    pub fn tell_here(&self, received: Received) {
        self.backend.tell_here(received);
    }

    /// See [`Backend::subscribe`].
    #[must_use]
    pub fn subscribe(&self) -> Subscription {
        self.backend.subscribe()
    }

    /// See [`Backend::is_connected`].
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.backend.is_connected()
    }

    /// See [`Backend::node`].
    #[must_use]
    pub fn node(&self) -> Option<i64> {
        self.backend.node()
    }

    /// See [`Backend::counters`].
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.backend.counters()
    }
}

/// One listener's end: a bounded queue of [`QUEUE`] notices.
///
/// When it is full, signals are dropped in silence, everything else is dropped and [`Received::Missed`] comes next.
pub struct Subscription {
    queue: mpsc::Receiver<Received>,
    missed: Arc<std::sync::atomic::AtomicBool>,
}

impl Subscription {
    /// Waits for what comes next; `None` once the bus is gone. Dropping the future loses nothing.
    pub async fn receive(&mut self) -> Option<Received> {
        if self.missed_some() {
            return Some(Received::Missed);
        }
        self.queue.recv().await
    }

    /// What is there already, without waiting.
    pub fn try_receive(&mut self) -> Option<Received> {
        if self.missed_some() {
            return Some(Received::Missed);
        }
        self.queue.try_recv().ok()
    }

    /// Whether nothing can come any more.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.queue.is_closed() && self.queue.is_empty()
    }

    fn missed_some(&self) -> bool {
        self.missed.swap(false, std::sync::atomic::Ordering::AcqRel)
    }
}
