//! Delivery: from one call to thousands of sockets at the cost of the system calls.
//!
//! Connections live in shards. Whoever wants something of them (send, broadcast, join a room, close)
//! appends an operation to the shard's queue; one task per shard, the flusher, takes all that is
//! pending, in order, concatenates what each connection gets and tries one non-blocking write. Only a
//! connection whose kernel buffer is full gets a queue and a wake-up of its own. The flusher alone
//! touches rooms, queues and timers, so none of them has a lock.
//!
//! Knows nothing of packets, namespaces' names or handlers.

pub(crate) mod connection;
pub(crate) mod encoded;
pub(crate) mod flusher;
pub(crate) mod rooms;
pub(crate) mod tick;
pub(crate) mod wheel;

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::sync::{Notify, oneshot};

use crate::engine::packet::Payload;
use crate::engine::session::{CloseReason, Session};
use crate::stream::WriteHalf;
use encoded::Encoded;

/// The name of a room.
pub(crate) type RoomName = Arc<str>;

/// Somebody who can sit in rooms: a Socket.IO socket.
pub(crate) trait Member: Send + Sync {
    fn seat(&self) -> &Seat;
    /// Asked by the flusher when a message to this room finds too much waiting for this member's
    /// connection: what now?
    fn overflow(self: Arc<Self>, room: &RoomName) -> Overflow;
}

/// What a member has for the flusher.
pub(crate) struct Seat {
    /// Unique in the process.
    pub(crate) id: u64,
    pub(crate) namespace: u32,
    pub(crate) session: Arc<Session>,
    /// The flusher's number for it, [`NOWHERE`] before and after.
    pub(crate) number: AtomicUsize,
}

/// The answer to a full queue.
pub(crate) enum Overflow {
    /// Close the connection.
    Close,
    /// Leave the room whose message did not fit, and say this.
    Leave(Option<Encoded>),
}

/// No number given by a flusher.
pub(crate) const NOWHERE: usize = usize::MAX;

/// One thing to do, done in the order of the calls.
pub(crate) enum Op {
    /// A new connection, on polling if there is no stream.
    Open {
        session: Arc<Session>,
        stream: Option<WriteHalf>,
    },
    Send {
        session: Arc<Session>,
        message: Encoded,
        volatile: bool,
    },
    Attach(Arc<dyn Member>),
    Detach(Arc<dyn Member>),
    Join(Arc<dyn Member>, RoomName),
    Leave(Arc<dyn Member>, RoomName),
    Broadcast(Arc<Broadcast>),
    /// A poll waits for packets.
    Poll {
        session: Arc<Session>,
        answer: oneshot::Sender<Polled>,
    },
    /// A client on long-polling gave up its poll: it is gone.
    PollCancelled(Arc<Session>),
    /// A websocket asked whether it may take over from polling.
    Probe {
        session: Arc<Session>,
        stream: WriteHalf,
    },
    /// It takes over.
    Upgrade(Arc<Session>),
    /// It went away before it did.
    UpgradeFailed(Arc<Session>),
    Close {
        session: Arc<Session>,
        reason: CloseReason,
        goodbye: Goodbye,
    },
    /// The kernel takes bytes of this connection again.
    Writable(Arc<Session>),
    /// Answered when everything before it has been handed to the transports.
    Barrier(oneshot::Sender<()>),
    /// Closes every connection, at once or after what is queued for it.
    CloseAll {
        reason: CloseReason,
        goodbye: Goodbye,
    },
    /// The server is gone; nobody will push anything more.
    End,
}

/// How a connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goodbye {
    /// The other side is gone or not worth a word.
    None,
    /// What is queued, then a websocket close frame with this code, or the Engine.IO packet `close`.
    Close(u16),
    /// The client said `close` by POST: its waiting poll ends with a `noop`.
    Noop,
}

/// A message to many.
pub(crate) struct Broadcast {
    pub(crate) namespace: u32,
    pub(crate) target: Target,
    /// Members, by id, who do not get it.
    pub(crate) except: Vec<u64>,
    /// Rooms whose members do not get it.
    pub(crate) except_rooms: Vec<RoomName>,
    pub(crate) volatile: bool,
    pub(crate) message: Encoded,
}

/// Who gets it; who is in several of the rooms gets it once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Everyone,
    Room(RoomName),
    Rooms(Vec<RoomName>),
}

/// The answer to a poll.
#[derive(Debug)]
pub(crate) enum Polled {
    Payload(Payload),
    /// The session is unknown, over, upgraded, or has a poll already.
    Refused,
}

/// The entrance of a shard: its queue and the flusher's bell.
pub(crate) struct Shard {
    queue: Mutex<Vec<Op>>,
    bell: Notify,
    /// Rung after each tick for those whom [`Shard::relief`] holds back.
    relieved: Notify,
}

/// Operations beyond which readers wait before they read more; a handler's own calls always enter.
/// At some 40 bytes an operation this is under 3 MiB besides the messages themselves.
const CONGESTED: usize = 65_536;

impl Shard {
    pub(crate) fn new() -> Arc<Shard> {
        Arc::new(Shard { queue: Mutex::default(), bell: Notify::new(), relieved: Notify::new() })
    }

    pub(crate) fn push(self: &Arc<Self>, op: Op) {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let was_empty = queue.is_empty();
        queue.push(op);
        drop(queue);
        if was_empty {
            ring(self);
        }
    }

    /// Waits while the flusher is far behind, so that what clients send cannot pile up without bound.
    pub(crate) async fn relief(&self) {
        while self.is_congested() {
            let relieved = self.relieved.notified();
            if self.is_congested() {
                relieved.await;
            }
        }
    }

    fn is_congested(&self) -> bool {
        self.waiting() > CONGESTED
    }

    /// Operations that nobody has taken yet.
    fn waiting(&self) -> usize {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn take(&self, into: &mut Vec<Op>) {
        std::mem::swap(&mut *self.queue.lock().unwrap_or_else(PoisonError::into_inner), into);
    }
}

thread_local! {
    /// The shards that [`gathered`] rings at its end; `None` outside of it.
    static TO_RING: RefCell<Option<Vec<Arc<Shard>>>> = const { RefCell::new(None) };
}

/// Runs `work` and wakes the flushers only at its end: what one read of a client sets off becomes one
/// tick, also in shards whose flusher would otherwise start on another core after the first of it.
pub(crate) fn gathered<R>(work: impl FnOnce() -> R) -> R {
    struct Ring;
    impl Drop for Ring {
        fn drop(&mut self) {
            let shards = TO_RING.take();
            shards.into_iter().flatten().for_each(|shard| shard.bell.notify_one());
        }
    }
    TO_RING.set(Some(Vec::new()));
    let _ring = Ring;
    work()
}

fn ring(shard: &Arc<Shard>) {
    let is_gathered = TO_RING.with_borrow_mut(|to_ring| match to_ring {
        Some(shards) => {
            shards.push(shard.clone());
            true
        }
        None => false,
    });
    if !is_gathered {
        shard.bell.notify_one();
    }
}

/// The shards of one server.
pub(crate) struct Shards {
    shards: Box<[Arc<Shard>]>,
    next: AtomicUsize,
    /// Held while a broadcast enters all queues, so that it stands in the same order in each.
    order: Mutex<()>,
    pub(crate) clock: Clock,
}

impl Shards {
    pub(crate) fn new(count: usize) -> Shards {
        Shards {
            shards: (0..count.max(1)).map(|_| Shard::new()).collect(),
            next: AtomicUsize::new(0),
            order: Mutex::new(()),
            clock: Clock(Instant::now()),
        }
    }

    pub(crate) fn all(&self) -> &[Arc<Shard>] {
        &self.shards
    }

    /// The shard of the next connection, in turn.
    pub(crate) fn assign(&self) -> Arc<Shard> {
        self.shards[self.next.fetch_add(1, Ordering::Relaxed) % self.shards.len()].clone()
    }

    pub(crate) fn broadcast(&self, broadcast: Broadcast) {
        let broadcast = Arc::new(broadcast);
        let _order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        for shard in &self.shards {
            shard.push(Op::Broadcast(broadcast.clone()));
        }
    }

    /// Waits until everything that was asked for before has been handed to the transports.
    pub(crate) async fn barrier(&self) {
        let answers: Vec<_> = self
            .shards
            .iter()
            .map(|shard| {
                let (done, answer) = oneshot::channel();
                shard.push(Op::Barrier(done));
                answer
            })
            .collect();
        for answer in answers {
            // An error means that the flusher is gone and with it everything it could deliver.
            let _ = answer.await;
        }
    }
}

/// Milliseconds since the server's start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock(Instant);

impl Clock {
    pub(crate) fn now(self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    pub(crate) fn instant(self, at: u64) -> tokio::time::Instant {
        tokio::time::Instant::from_std(self.0 + std::time::Duration::from_millis(at))
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    struct Lonely(Seat);

    impl Member for Lonely {
        fn seat(&self) -> &Seat {
            &self.0
        }
        fn overflow(self: Arc<Self>, _room: &RoomName) -> Overflow {
            Overflow::Close
        }
    }

    /// A member without a connection.
    pub(crate) fn lonely_member() -> Arc<dyn Member> {
        let session = Session::for_test();
        Arc::new(Lonely(Seat { id: 0, namespace: 0, session, number: AtomicUsize::new(NOWHERE) }))
    }
}
