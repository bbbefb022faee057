//! The sockets of this node, spread over as many tasks as there are cores. Each lays out everything that waits for it, then
//! writes once to every socket that got something.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use axum::body::Bytes;
use parlor_core::{Event, EventBody, GroupId};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::super::message::{message, public_id};
use super::listener::Listener;

/// Operations that wait for one shard. Beyond, it closes all its sockets: they read the history, and nothing is left out
/// in silence.
const MOST_WAITING: usize = 8_192;
/// Operations that are taken before something is written: what comes for ever must not keep it from that.
const MOST_AT_ONCE: usize = 256;

/// What a shard does, in this order for each room.
#[derive(Clone)]
pub(super) enum Operation {
    /// A socket hears a room from now on.
    Enter(GroupId, Arc<Listener>),
    /// And no longer.
    Leave(GroupId, Arc<Listener>),
    /// A message, and its line for all but the sender.
    Said(Arc<Event>, Bytes),
    /// A room is no more.
    Gone(GroupId),
}

/// All of them.
pub(super) struct Shards {
    shards: Vec<Arc<Shard>>,
    next: AtomicUsize,
}

struct Shard {
    operations: Sender<Operation>,
    /// More came than could wait.
    is_overrun: AtomicBool,
}

type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Shards {
    /// As many as there are cores, and what runs them.
    pub(super) fn new() -> (Self, Vec<Running>) {
        let count = std::thread::available_parallelism().map_or(1, usize::from);
        let (mut shards, mut running) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let (operations, queue) = channel(MOST_WAITING);
            let shard = Arc::new(Shard { operations, is_overrun: AtomicBool::new(false) });
            shards.push(shard.clone());
            running.push(Box::pin(async move { run(&shard, queue).await }) as Running);
        }
        (Self { shards, next: AtomicUsize::new(0) }, running)
    }

    /// Lets a socket hear a room; false where its shard is full.
    pub(super) fn enter(&self, room: GroupId, listener: &Arc<Listener>) -> bool {
        let place = self.next.fetch_add(1, Ordering::Relaxed) % self.shards.len();
        self.shards[place].operations.try_send(Operation::Enter(room, listener.clone())).is_ok()
    }

    /// Lets a socket go. All shards are told: which one has it is not kept.
    pub(super) async fn leave(&self, room: GroupId, listener: Arc<Listener>) {
        for shard in &self.shards {
            let _ = shard.operations.send(Operation::Leave(room, listener.clone())).await;
        }
    }

    /// Tells all shards. Never waits.
    pub(super) fn tell(&self, operation: &Operation) {
        for shard in &self.shards {
            if shard.operations.try_send(operation.clone()).is_err() {
                shard.is_overrun.store(true, Ordering::Release);
            }
        }
    }
}

/// The sockets of one shard, by their room.
type Rooms = HashMap<GroupId, Vec<Arc<Listener>>>;

async fn run(shard: &Shard, mut queue: Receiver<Operation>) {
    let mut rooms = Rooms::new();
    let mut operations = Vec::with_capacity(MOST_AT_ONCE);
    let mut dirty: Vec<Arc<Listener>> = Vec::new();
    while queue.recv_many(&mut operations, MOST_AT_ONCE).await > 0 {
        for operation in operations.drain(..) {
            take(&mut rooms, operation, &mut dirty);
        }
        for listener in dirty.drain(..) {
            listener.flush();
        }
        if shard.is_overrun.swap(false, Ordering::AcqRel) {
            tracing::warn!("more was said than could be pushed; the push sockets are closed and come again");
            rooms.drain().for_each(|(_, listeners)| listeners.iter().for_each(|listener| listener.close()));
        }
        tokio::task::yield_now().await;
    }
}

fn take(rooms: &mut Rooms, operation: Operation, dirty: &mut Vec<Arc<Listener>>) {
    match operation {
        Operation::Enter(room, listener) => rooms.entry(room).or_default().push(listener),
        Operation::Leave(room, listener) => {
            let Some(listeners) = rooms.get_mut(&room) else { return };
            if let Some(place) = listeners.iter().position(|other| Arc::ptr_eq(other, &listener)) {
                listeners.swap_remove(place);
            }
            if listeners.is_empty() {
                rooms.remove(&room);
            }
        }
        Operation::Said(event, line) => {
            for listener in rooms.get(&event.group).into_iter().flatten() {
                let is_own = listener.account == event.by.id;
                let line = if is_own { encode(&event, &listener.key) } else { line.clone() };
                if listener.lay(line) {
                    dirty.push(listener.clone());
                }
            }
        }
        Operation::Gone(room) => {
            let listeners = rooms.remove(&room).unwrap_or_default();
            listeners.iter().for_each(|listener| listener.close());
        }
    }
}

/// The line of a message for all but its sender.
pub(super) fn encode_for_others(event: &Event) -> Bytes {
    encode(event, &public_id(event.by.id))
}

fn encode(event: &Event, uuid: &str) -> Bytes {
    let EventBody::Message { text: Some(text), .. } = &event.body else { return Bytes::new() };
    let message = message(uuid, &event.by, (event.seq, event.at), text.as_str());
    let mut line = serde_json::to_vec(&message).expect("our documents are JSON");
    line.push(b'\n');
    line.into()
}
