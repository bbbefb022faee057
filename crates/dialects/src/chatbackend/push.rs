//! The push socket: a client says by one JSON object who it is and which room it listens to, and gets each new message of
//! that room as one line of JSON.
//!
//! | file | what |
//! |---|---|
//! | `greeting` | reads that object |
//! | `listener` | one socket: what waits for it, what it takes, that it is gone |
//! | `shard` | a part of all sockets: lays out what comes, and writes once to each |
//!
//! What happens in a room is encoded once for all its listeners, and once more for each socket of the sender's, who know
//! themselves by their own key. It goes to the shards in the order of the room's log; a listener comes in and goes by the
//! same queue, so it gets exactly what follows the place where it came in. A shard takes everything that waits for it
//! before it writes, so many messages to one socket are one system call.

mod greeting;
mod listener;
mod shard;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use parlor_app::group_faces::{Followed, GroupFace};
use parlor_core::{Event, EventBody, GroupId, SessionId};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::{ChatBackend, Refused, Signed};
use listener::Listener;
use shard::{Operation, Shards};

/// Sockets that are open at once; one more is closed at once.
const MOST_SOCKETS: usize = 50_000;
/// From the first byte to the object being whole.
const GREETING_TIMEOUT: Duration = Duration::from_secs(10);
/// After an error of `accept`: as a rule there are too many open files.
const PAUSE: Duration = Duration::from_millis(100);
/// How often a flood may run ahead of the reading before a socket is closed.
const MOST_TRIES: usize = 50;
/// Seconds between two looks for sessions that have ended.
const SESSIONS_EVERY: u64 = 2;
/// Sessions in one question.
const SESSIONS_AT_ONCE: usize = 500;

/// All push sockets of this node.
#[derive(Default)]
pub(crate) struct Push {
    socket: OnceLock<TcpListener>,
    shards: OnceLock<Shards>,
    /// Taken under the lock of a group; nothing is taken under it.
    rooms: Mutex<Rooms>,
    rounds: AtomicU64,
}

#[derive(Default)]
struct Rooms {
    /// How many listen to each room.
    listening: HashMap<GroupId, usize>,
    /// Every listener, by its number.
    listeners: HashMap<u64, (SessionId, Arc<Listener>)>,
    next: u64,
}

impl Push {
    /// Where they come in; said once, before [`ChatBackend::push`].
    pub(crate) fn listen(&self, socket: TcpListener) {
        let _ = self.socket.set(socket);
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> Option<SocketAddr> {
        self.socket.get()?.local_addr().ok()
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count_in(&self, room: GroupId, session: SessionId, listener: &Arc<Listener>) -> u64 {
        let mut rooms = self.rooms();
        *rooms.listening.entry(room).or_default() += 1;
        rooms.next += 1;
        let number = rooms.next;
        rooms.listeners.insert(number, (session, listener.clone()));
        number
    }

    fn count_out(&self, room: GroupId, number: u64) {
        let mut rooms = self.rooms();
        rooms.listeners.remove(&number);
        if let Some(count) = rooms.listening.get_mut(&room) {
            *count -= 1;
            if *count == 0 {
                rooms.listening.remove(&room);
            }
        }
    }
}

impl ChatBackend {
    pub(crate) fn push_socket(&self) -> &Push {
        &self.push
    }

    /// Takes push sockets, for ever; whoever starts the server runs it and drops it at the end, with all its sockets.
    /// Without an address it only waits.
    pub(crate) async fn push(self: Arc<Self>) {
        let Some(socket) = self.push.socket.get() else { return std::future::pending().await };
        let mut tasks = JoinSet::new();
        let (shards, running) = Shards::new();
        running.into_iter().for_each(|shard| drop(tasks.spawn(shard)));
        let _ = self.push.shards.set(shards);
        let places = Arc::new(Semaphore::new(MOST_SOCKETS));
        loop {
            while tasks.try_join_next().is_some() {}
            match socket.accept().await {
                Ok((stream, _)) => {
                    let Ok(place) = places.clone().try_acquire_owned() else { continue };
                    let chat = self.clone();
                    tasks.spawn(async move {
                        chat.serve(stream).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a push socket could not be taken");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// One socket, from its greeting to its end.
    async fn serve(&self, stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let Ok(Some(wish)) = tokio::time::timeout(GREETING_TIMEOUT, greeting::read(&stream)).await else {
            return;
        };
        let Some((signed, room)) = self.verify(&wish).await else { return };
        let listener = Arc::new(Listener::new(stream, signed.caller.account.id, signed.key.clone()));
        // First followed, then read: what happens between the two is remembered.
        let Some(road) = self.road.get() else { return };
        let followed: Arc<dyn Followed> = road.follow(room).into();
        if let Some(number) = self.come_in(&followed, &signed, room, &listener).await {
            listener.run().await;
            self.push.count_out(room, number);
            self.shards().leave(room, listener).await;
        }
    }

    async fn verify(&self, wish: &greeting::Greeting) -> Option<(Signed, GroupId)> {
        let verified = async {
            let signed = self.signed_by(&wish.uuid).await?;
            Ok::<_, Refused>((signed, self.room(&wish.room_gid).await?))
        };
        verified.await.ok()
    }

    /// Lets a listener in where the room's delivery is at its end; its number.
    async fn come_in(
        &self,
        followed: &Arc<dyn Followed>,
        signed: &Signed,
        room: GroupId,
        listener: &Arc<Listener>,
    ) -> Option<u64> {
        for _ in 0..MOST_TRIES {
            let heads = self.app.heads(vec![room]).await.map_err(Refused::from).ok()?;
            let (_, end) = *heads.first()?;
            let mut number = None;
            let enter = || {
                if self.shards().enter(room, listener) {
                    number = Some(self.push.count_in(room, signed.caller.session, listener));
                }
            };
            if followed.enter(end, Box::new(enter)).await {
                return number;
            }
        }
        None
    }

    fn shards(&self) -> &Shards {
        self.push.shards.get().expect("sockets are taken when there are shards")
    }

    /// Closes the sockets of sessions that have ended.
    pub(super) async fn close_ended(&self) {
        if !self.push.rounds.fetch_add(1, Ordering::Relaxed).is_multiple_of(SESSIONS_EVERY) {
            return;
        }
        let listeners: Vec<_> = self.push.rooms().listeners.values().cloned().collect();
        for portion in listeners.chunks(SESSIONS_AT_ONCE) {
            let sessions = portion.iter().map(|(session, _)| *session).collect();
            match self.app.ended_sessions(sessions).await {
                Ok(ended) => {
                    let gone = portion.iter().filter(|(session, _)| ended.contains(session));
                    gone.for_each(|(_, listener)| listener.close());
                }
                Err(failure) => drop(Refused::from(failure)),
            }
        }
    }
}

impl GroupFace for ChatBackend {
    fn deliver(&self, event: &Arc<Event>) {
        if !matches!(&event.body, EventBody::Message { text: Some(_), .. }) {
            return;
        }
        if self.push.rooms().listening.contains_key(&event.group) {
            self.shards().tell(&Operation::Said(event.clone(), shard::encode_for_others(event)));
        }
    }

    fn gone(&self, group: GroupId) {
        if self.push.rooms().listening.contains_key(&group) {
            self.shards().tell(&Operation::Gone(group));
        }
    }
}
