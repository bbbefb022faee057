//! One ordered inbox per socket: handlers of one socket run one after another, those of different
//! sockets in parallel. An idle socket has no task and no buffer.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Waker};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::broadcast::encode_ack;
use super::namespace::BoxFuture;
use super::socket::{DisconnectReason, Socket, SocketInner};
use crate::arguments::{Arguments, Values};
use crate::guard::guarded;

/// What waits for one socket's handlers.
#[derive(Default)]
pub(crate) struct Inbox {
    queue: VecDeque<Item>,
    bytes: usize,
    /// A handler has the turn.
    running: bool,
    /// Counts turns, so that a handler that was let go knows that the turn is no longer its own.
    turn: u64,
    /// Handlers that were let go and have not finished.
    let_go: usize,
}

/// One thing for a handler.
pub(crate) enum Item {
    Connected,
    Event(Incoming),
    Disconnected(DisconnectReason),
}

/// An event as it came.
pub(crate) struct Incoming {
    pub(crate) name: String,
    pub(crate) arguments: Arguments,
    pub(crate) ack: Option<u64>,
    /// Bytes on the wire.
    pub(crate) size: usize,
}

/// The inbox holds as much as it may; the item is given back.
pub(crate) struct Full(pub(crate) Item);

/// Puts an item into a socket's inbox and, if no handler has the turn, starts its handler at once.
///
/// Only events count against the limits: that a socket came and went is always told.
pub(crate) fn deliver(
    socket: &Arc<SocketInner>,
    item: Item,
    max_events: usize,
    max_bytes: usize,
) -> Result<(), Full> {
    let turn = {
        let mut inbox = socket.inbox.lock().unwrap_or_else(PoisonError::into_inner);
        if let Item::Event(event) = &item {
            let unfinished = inbox.queue.len() + inbox.let_go + usize::from(inbox.running);
            if unfinished >= max_events || (inbox.bytes > 0 && inbox.bytes + event.size > max_bytes) {
                return Err(Full(item));
            }
        }
        if inbox.running {
            inbox.bytes += item.size();
            inbox.queue.push_back(item);
            return Ok(());
        }
        inbox.running = true;
        inbox.turn
    };
    start(socket, item, turn);
    Ok(())
}

/// Tells a new socket that it has come; what happened to it meanwhile follows.
pub(crate) fn begin(socket: &Arc<SocketInner>) {
    start(socket, Item::Connected, 0);
}

fn start(socket: &Arc<SocketInner>, item: Item, turn: u64) {
    // Most handlers finish without waiting: those cost no task.
    let mut work: BoxFuture<()> = Box::pin(work(socket.clone(), item, turn));
    if work.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
        tokio::spawn(work);
    }
}

/// Runs an item's handler, then those of the items behind it, until the inbox is empty or the turn was
/// given away.
async fn work(socket: Arc<SocketInner>, mut item: Item, mut turn: u64) {
    loop {
        run(&socket, item, turn).await;
        let mut inbox = socket.inbox.lock().unwrap_or_else(PoisonError::into_inner);
        if inbox.turn != turn {
            inbox.let_go -= 1;
            return;
        }
        match inbox.next() {
            Some(next) => (item, turn) = next,
            None => return,
        }
    }
}

impl Inbox {
    /// Of a socket that will [`begin`]: others may see it before that, but nothing runs.
    pub(crate) fn held() -> Inbox {
        Inbox { running: true, ..Inbox::default() }
    }

    /// Passes the turn on.
    fn next(&mut self) -> Option<(Item, u64)> {
        self.turn += 1;
        match self.queue.pop_front() {
            Some(item) => {
                self.bytes -= item.size();
                Some((item, self.turn))
            }
            None => {
                self.running = false;
                self.queue = VecDeque::new();
                None
            }
        }
    }
}

impl Item {
    fn size(&self) -> usize {
        match self {
            Item::Event(event) => event.size,
            Item::Connected | Item::Disconnected(_) => 0,
        }
    }
}

async fn run(inner: &Arc<SocketInner>, item: Item, turn: u64) {
    let socket = Socket(inner.clone());
    let handler = async {
        let handler = match item {
            Item::Connected => inner.namespace.run_connected(socket),
            Item::Event(incoming) => {
                let ack = incoming.ack.map(|id| Ack { socket: inner.clone(), id });
                let event = Event {
                    name: incoming.name,
                    arguments: incoming.arguments,
                    ack,
                    socket: inner.clone(),
                    turn,
                };
                inner.namespace.run_event(socket, event)
            }
            Item::Disconnected(reason) => inner.namespace.run_disconnected(socket, reason),
        };
        if let Some(handler) = handler {
            handler.await;
        }
    };
    if guarded(handler).await.is_err() {
        // What the socket believes is no longer known, so it goes.
        inner.namespace.count_panic();
        Socket(inner.clone()).disconnect();
    }
}

/// An event of a client.
pub struct Event {
    name: String,
    arguments: Arguments,
    ack: Option<Ack>,
    socket: Arc<SocketInner>,
    turn: u64,
}

impl Event {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its arguments.
    pub fn arguments(&self) -> &Arguments {
        &self.arguments
    }

    /// The first argument as a type; a missing one reads as JSON `null`.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        self.arguments.parse(0)
    }

    /// The acknowledgement that the client asked for, once.
    pub fn take_ack(&mut self) -> Option<Ack> {
        self.ack.take()
    }

    /// Answers the acknowledgement with one value, if the client asked for one.
    pub fn acknowledge(&mut self, answer: &(impl Serialize + ?Sized)) {
        if let Some(ack) = self.ack.take() {
            ack.send(answer);
        }
    }

    /// Lets the handler of the socket's next event start while this one still runs. What must happen
    /// in order has to have happened before.
    pub fn let_go(&self) {
        let next = {
            let mut inbox = self.socket.inbox.lock().unwrap_or_else(PoisonError::into_inner);
            if inbox.turn != self.turn {
                return;
            }
            inbox.let_go += 1;
            inbox.next()
        };
        if let Some((item, turn)) = next {
            tokio::spawn(work(self.socket.clone(), item, turn));
        }
    }
}

impl fmt::Debug for Event {
    /// Without the arguments: they may be private.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Event").field("name", &self.name).finish_non_exhaustive()
    }
}

/// An acknowledgement that a client waits for.
pub struct Ack {
    socket: Arc<SocketInner>,
    id: u64,
}

impl Ack {
    /// Answers with one value.
    pub fn send(self, answer: &(impl Serialize + ?Sized)) {
        self.send_values(&Values::one(answer));
    }

    /// Answers with any number of values.
    pub fn send_values(self, values: &Values) {
        let message = encode_ack(&self.socket.namespace.name, self.id, values);
        self.socket.seat.session.send(message, false);
    }
}

impl fmt::Debug for Ack {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Ack").field("id", &self.id).finish_non_exhaustive()
    }
}
