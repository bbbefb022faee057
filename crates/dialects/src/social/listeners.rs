//! The sockets that joined the rooms of groups, and what comes to them: each message of the group's log once and in its
//! order, nothing after a membership or a session has ended.
//!
//! One task owns who listens where; all others send it what happens. A message is read again before it is announced,
//! with the people and the group that it speaks of, which nobody may wait for where events are delivered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use parlor_app::group_faces::Followed;
use parlor_app::{App, Caller};
use parlor_bus::{EndedSessions, Notice, Received};
use parlor_core::{AccountId, Event, EventBody, GroupId, Seq, SessionId};
use parlor_socketio::{NamespaceHandle, Socket};
use tokio::sync::{mpsc, oneshot};

use super::Reach;
use super::answer::Refused;
use super::documents::Announced;

/// What may wait for the task. Beyond it messages are lost to those who listen: they are all let go then, come back, and
/// read.
const MOST_WAITING: usize = 4_096;
/// How often a group that is written to all the time is read again by one who joins.
const MOST_TRIES: usize = 8;
/// How often it is asked whether sessions have run out.
const COMPARE_SESSIONS: Duration = Duration::from_secs(30);

#[derive(Default)]
pub(super) struct Listeners {
    queue: OnceLock<mpsc::Sender<Step>>,
    heard: Arc<Heard>,
    /// Until it is run.
    teller: Mutex<Option<(Teller, mpsc::Receiver<Step>)>>,
}

/// What is known where events are delivered. Its lock is held for a look-up only.
#[derive(Default)]
struct Heard {
    /// In which groups somebody listens, or is about to, and how many.
    groups: Mutex<HashMap<GroupId, usize>>,
    /// Something did not fit into the queue.
    lost: std::sync::atomic::AtomicBool,
}

/// What happens.
enum Step {
    Enter { group: GroupId, listener: Listener, done: oneshot::Sender<()> },
    Leave { group: GroupId, socket: Socket, done: oneshot::Sender<()> },
    Gone(Socket),
    Said { group: GroupId, seq: Seq },
    Left { group: GroupId, account: AccountId },
    GroupGone(GroupId),
}

/// A socket in the room of a group. The group is followed for as long as it is there.
struct Listener {
    socket: Socket,
    account: AccountId,
    session: SessionId,
    _followed: Arc<dyn Followed>,
}

/// The room of a group in the namespace.
pub(super) fn room_of(group: GroupId) -> String {
    group.to_string()
}

/// Nothing can be done now.
pub(super) fn busy() -> Refused {
    Refused::new(StatusCode::SERVICE_UNAVAILABLE, "The server cannot do that now; please try again")
}

impl Listeners {
    /// Says to which sockets it tells what comes.
    pub(super) fn attach(&self, app: &App, namespace: &NamespaceHandle) {
        let (sender, steps) = mpsc::channel(MOST_WAITING);
        let _ = self.queue.set(sender);
        let (app, namespace, heard) = (app.clone(), namespace.clone(), self.heard.clone());
        let teller = Teller { app, namespace, heard, listening: HashMap::new() };
        *self.teller.lock().unwrap_or_else(PoisonError::into_inner) = Some((teller, steps));
    }

    /// Tells them, for ever.
    pub(super) async fn tell(&self) {
        let teller = self.teller.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((teller, steps)) = teller {
            teller.run(steps).await;
        }
        std::future::pending::<()>().await;
    }

    /// Lets a socket hear what is said in a group from now on.
    pub(super) async fn join(
        &self,
        app: &App,
        reach: &Reach,
        socket: &Socket,
        caller: &Caller,
        group: GroupId,
    ) -> Result<(), Refused> {
        let queue = self.queue.get().ok_or_else(busy)?;
        let followed: Arc<dyn Followed> = reach.groups.follow(group).into();
        let (done, entered) = oneshot::channel();
        let mut done = Some(done);
        for _ in 0..MOST_TRIES {
            let read = app.listen_to_social_group(caller, group).await?;
            let (mut fits, kept) = (true, followed.clone());
            let enter = || {
                let Some(done) = done.take() else { return };
                let (socket, account, session) = (socket.clone(), caller.account.id, caller.session);
                let listener = Listener { socket, account, session, _followed: kept };
                self.heard.begin(group);
                fits = queue.try_send(Step::Enter { group, listener, done }).is_ok();
            };
            if followed.enter(read, Box::new(enter)).await {
                if !fits {
                    self.heard.end(group);
                    return Err(busy());
                }
                return entered.await.map_err(|_| busy());
            }
        }
        Err(busy())
    }

    /// Lets a socket hear no more of a group; it need not have.
    pub(super) async fn leave(&self, socket: &Socket, group: GroupId) {
        let (done, left) = oneshot::channel();
        self.send(Step::Leave { group, socket: socket.clone(), done }).await;
        // An error: the server goes down.
        let _ = left.await;
    }

    /// A socket is gone.
    pub(super) async fn gone(&self, socket: &Socket) {
        self.send(Step::Gone(socket.clone())).await;
    }

    /// Something happened in a group that somebody on this node follows. Must not wait.
    pub(super) fn deliver(&self, event: &Arc<Event>) {
        let group = event.group;
        let step = match &event.body {
            EventBody::Message { .. } => Step::Said { group, seq: event.seq },
            EventBody::MemberLeft { account, .. } => Step::Left { group, account: account.id },
            _ => return,
        };
        self.try_send(group, step);
    }

    pub(super) fn group_gone(&self, group: GroupId) {
        self.try_send(group, Step::GroupGone(group));
    }

    fn try_send(&self, group: GroupId, step: Step) {
        let Some(queue) = self.queue.get().filter(|_| self.heard.has(group)) else { return };
        if queue.try_send(step).is_err() {
            self.heard.lost.store(true, std::sync::atomic::Ordering::Release);
        }
    }

    async fn send(&self, step: Step) {
        if let Some(queue) = self.queue.get() {
            let _ = queue.send(step).await;
        }
    }
}

impl Heard {
    fn has(&self, group: GroupId) -> bool {
        self.lock().contains_key(&group)
    }

    fn begin(&self, group: GroupId) {
        *self.lock().entry(group).or_insert(0) += 1;
    }

    fn end(&self, group: GroupId) {
        let mut groups = self.lock();
        if let Some(listeners) = groups.get_mut(&group) {
            *listeners -= 1;
            if *listeners == 0 {
                groups.remove(&group);
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<GroupId, usize>> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The one who knows who listens where.
struct Teller {
    app: App,
    namespace: NamespaceHandle,
    heard: Arc<Heard>,
    listening: HashMap<GroupId, Vec<Listener>>,
}

impl Teller {
    async fn run(mut self, mut steps: mpsc::Receiver<Step>) {
        let mut notices = self.app.subscribe();
        let mut ticks = tokio::time::interval(COMPARE_SESSIONS);
        loop {
            tokio::select! {
                step = steps.recv() => match step {
                    Some(step) => self.take(step).await,
                    None => return,
                },
                received = notices.receive() => match received {
                    Some(Received::Notice(Notice::SessionsEnded(ended))) => self.end_sessions(&ended),
                    Some(Received::Notice(_)) => {}
                    Some(Received::Missed) => self.compare_sessions().await,
                    None => return,
                },
                _ = ticks.tick() => self.compare_sessions().await,
            }
        }
    }

    async fn take(&mut self, step: Step) {
        if self.heard.lost.swap(false, std::sync::atomic::Ordering::AcqRel) {
            tracing::warn!("too much was said at once for the social dialect; its sockets are let go");
            self.let_all_go();
        }
        match step {
            Step::Enter { group, listener, done } => {
                self.enter(group, listener).await;
                let _ = done.send(());
            }
            Step::Leave { group, socket, done } => {
                self.remove(group, |listener| listener.socket == socket);
                let _ = done.send(());
            }
            Step::Gone(socket) => self.remove_everywhere(|listener| listener.socket == socket),
            Step::Said { group, seq } => self.announce(group, seq).await,
            Step::Left { group, account } => self.remove(group, |listener| listener.account == account),
            Step::GroupGone(group) => self.remove(group, |_| true),
        }
    }

    /// A session that ended while its socket joined is found now.
    async fn enter(&mut self, group: GroupId, listener: Listener) {
        let is_there = |there: &Vec<Listener>| there.iter().any(|other| other.socket == listener.socket);
        let ended = self.app.ended_sessions(vec![listener.session]).await;
        let has_ended = ended.is_ok_and(|ended| !ended.is_empty());
        if has_ended || !listener.socket.is_connected() || self.listening.get(&group).is_some_and(is_there) {
            return self.heard.end(group);
        }
        if listener.socket.join(room_of(group)).is_err() {
            // As many rooms as a socket may be in: it hears nothing of this one.
            return self.heard.end(group);
        }
        self.listening.entry(group).or_default().push(listener);
    }

    async fn announce(&self, group: GroupId, seq: Seq) {
        if !self.listening.contains_key(&group) {
            return;
        }
        match self.app.announced_message(group, seq).await {
            Ok(Some(message)) => {
                self.namespace.to(room_of(group)).emit("message", &Announced::from(&message));
            }
            // Deleted already, or the group is.
            Ok(None) => {}
            Err(error) => {
                tracing::error!(error = %error, "a message was not announced by the social dialect");
            }
        }
    }

    fn remove(&mut self, group: GroupId, goes: impl Fn(&Listener) -> bool) {
        let Some(listeners) = self.listening.get_mut(&group) else { return };
        for gone in listeners.extract_if(.., |listener| goes(listener)) {
            gone.socket.leave(&room_of(group));
            self.heard.end(group);
        }
        if listeners.is_empty() {
            self.listening.remove(&group);
        }
    }

    fn remove_everywhere(&mut self, goes: impl Fn(&Listener) -> bool) {
        let groups: Vec<GroupId> = self.listening.keys().copied().collect();
        for group in groups {
            self.remove(group, &goes);
        }
    }

    fn end_sessions(&mut self, ended: &EndedSessions) {
        self.remove_everywhere(|listener| ended.includes(listener.account, listener.session));
    }

    async fn compare_sessions(&mut self) {
        let mut sessions: Vec<SessionId> =
            self.listening.values().flatten().map(|listener| listener.session).collect();
        sessions.sort_unstable();
        sessions.dedup();
        match self.app.ended_sessions(sessions).await {
            Ok(ended) => {
                self.remove_everywhere(|listener| ended.binary_search(&listener.session).is_ok());
            }
            // The next turn asks again.
            Err(error) => tracing::warn!(error = %error, "cannot tell which sessions are still there"),
        }
    }

    fn let_all_go(&mut self) {
        let sockets: Vec<Socket> =
            self.listening.values().flatten().map(|listener| listener.socket.clone()).collect();
        self.remove_everywhere(|_| true);
        sockets.iter().for_each(Socket::close);
    }
}
