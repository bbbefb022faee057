//! The Socket.IO namespace `/v1`: every socket event on one page, and what all of them share.
//!
//! A handler parses with `wire`, calls one operation of `app` and acknowledges. What others did comes over the bus
//! to `fan_out`, which keeps it in order and encodes it once for everybody in a group. No rule lives here.

mod attendance;
mod calls;
mod connection;
mod deliver;
mod duel;
pub(crate) mod duel_view;
mod dueling;
mod faces;
mod fan_out;
mod follow;
mod lobby;
mod lobby_told;
pub(crate) mod lobby_view;
mod open;
mod people;
mod viewing;
mod watch;
pub(crate) mod watch_view;

use std::pin::Pin;
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use parlor_app::App;
use parlor_app::group_faces::GroupFace;
use parlor_core::GroupId;
use parlor_socketio::{
    Config, Event, InboxFull, Namespace, NamespaceHandle, SlowReader, Socket, SocketIo, Values,
};
use parlor_wire::problem::{Code, Problem};
use parlor_wire::socket::{Ack, Done, Resume};

use crate::telemetry::metrics::Metrics;
use attendance::Attendance;
use dueling::Dueling;
use follow::Follows;
use people::People;
use viewing::Viewing;

/// The name of the namespace.
pub const NAMESPACE: &str = "/v1";

/// Clients of a node that goes down come back within this time, spread at random.
const RETURN_WITHIN_MS: u64 = 3_000;

/// The realtime layer of one node; cheap to clone.
#[derive(Clone)]
pub struct Realtime(Arc<Shared>);

type BoxedHandler = Pin<Box<dyn Future<Output = ()> + Send>>;

struct Shared {
    app: App,
    /// Whether there are limits per account.
    limited: bool,
    follows: Follows,
    people: People,
    attendance: Attendance,
    viewing: Viewing,
    dueling: Dueling,
    faces: OnceLock<Vec<Weak<dyn GroupFace>>>,
    io: OnceLock<(SocketIo, NamespaceHandle)>,
}

impl Realtime {
    /// Starts it: from now on it follows what happens. Must be called within a tokio runtime.
    ///
    /// `limited` says whether there are limits per address; `others` are the namespaces that share its sockets' server.
    #[must_use]
    pub fn start(app: App, limited: bool, others: Vec<Namespace>) -> Self {
        let realtime = Self(Arc::new(Shared {
            app,
            limited,
            follows: Follows::default(),
            people: People::default(),
            attendance: Attendance::default(),
            viewing: Viewing::default(),
            dueling: Dueling::default(),
            faces: OnceLock::new(),
            io: OnceLock::new(),
        }));
        let io = SocketIo::new(config(limited), others.into_iter().chain([realtime.describe()]));
        let namespace = io.namespace(NAMESPACE).expect("it was described a line above");
        let _ = realtime.0.io.set((io, namespace));
        tokio::spawn(fan_out::run(realtime.0.app.subscribe(), Arc::downgrade(&realtime.0)));
        let among_others = realtime.0.app.is_among_others();
        tokio::spawn(fan_out::look_around(Arc::downgrade(&realtime.0), among_others));
        realtime
    }

    /// The service for the path `/socket.io/`.
    #[must_use]
    pub fn service(&self) -> SocketIo {
        self.io().clone()
    }

    /// Every event of the namespace.
    fn describe(&self) -> Namespace {
        // The namespace belongs to the server that `self` owns: it may look at its owner, not own it.
        let shared = Arc::downgrade(&self.0);
        let authorize = move |request| connection::authorize(shared.upgrade().map(Realtime), request);
        let on_connected = self.handler(|realtime, socket, ()| connection::connected(realtime, socket));
        let on_gone = self.handler(|realtime, socket, _reason| connection::disconnected(realtime, socket));
        Namespace::new(NAMESPACE)
            .authorize(authorize)
            .connected(move |socket| on_connected(socket, ()))
            .on("open", self.handler(open::open))
            .on("close", self.handler(calls::close))
            .on("send", self.handler(calls::send))
            .on("edit", self.handler(calls::edit))
            .on("delete", self.handler(calls::delete))
            .on("react", self.handler(calls::react))
            .on("read", self.handler(calls::read))
            .on("typing", self.handler(calls::typing))
            .on("lobby_enter", self.handler(lobby::enter))
            .on("lobby_leave", self.handler(lobby::leave))
            .on("lobby_state", self.handler(lobby::state))
            .on("room_send", self.handler(lobby::send))
            .on("room_signal", self.handler(lobby::signal))
            .on("room_leave", self.handler(lobby::leave_room))
            .on("room_next", self.handler(lobby::next))
            .on("room_keep", self.handler(lobby::keep))
            .on("room_report", self.handler(lobby::report))
            .on("room_block", self.handler(lobby::block))
            .on("watch_open", self.handler(watch::open))
            .on("watch_close", self.handler(watch::close))
            .on("player_command", self.handler(watch::command))
            .on("player_report", self.handler(watch::report))
            .on("player_ready", self.handler(watch::ready))
            .on("player_cheer", self.handler(watch::cheer))
            .on("time", self.handler(watch::time))
            .on("duel_seek", self.handler(duel::seek))
            .on("duel_seek_cancel", self.handler(duel::stop_seeking))
            .on("duel_challenge", self.handler(duel::challenge))
            .on("duel_join", self.handler(duel::join))
            .on("duel_start", self.handler(duel::start))
            .on("duel_leave", self.handler(duel::leave))
            .on("duel_open", self.handler(duel::open))
            .on("duel_close", self.handler(duel::close))
            .on("duel_code", self.handler(duel::code))
            .on("duel_run", self.handler(duel::run))
            .on("duel_submit", self.handler(duel::submit))
            .on("duel_say", self.handler(duel::say))
            .on("duel_react", self.handler(duel::react))
            .on("duel_ready", self.handler(duel::ready))
            .on("duel_record", self.handler(duel::record))
            .on("duel_rematch", self.handler(duel::rematch))
            .on("duel_abort", self.handler(duel::abort))
            .on("duel_forfeit", self.handler(duel::forfeit))
            .fallback(self.handler(unknown_event))
            .disconnected(on_gone)
            .slow_reader(slow_reader)
    }

    /// A handler that does nothing once the realtime layer is gone.
    fn handler<F, What, Fut>(
        &self,
        handler: F,
    ) -> impl Fn(Socket, What) -> BoxedHandler + Send + Sync + 'static + use<F, What, Fut>
    where
        F: Fn(Realtime, Socket, What) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
        What: 'static,
    {
        let shared = Arc::downgrade(&self.0);
        move |socket, what| match shared.upgrade() {
            Some(shared) => Box::pin(handler(Realtime(shared), socket, what)),
            None => Box::pin(std::future::ready(())),
        }
    }

    /// Waits until this node has delivered all of a group's log as it is now, so that whoever was sent away before
    /// this call hears nothing more after it.
    pub async fn catch_up(&self, group: GroupId) {
        if let Some(follow) = self.0.follows.find(group) {
            fan_out::compare_heads(self, vec![group]).await;
            fan_out::fill(self, &follow).await;
        }
        self.io().settled().await;
    }

    /// Tells every client to come back elsewhere, at a time of its own, and closes the connections. Ends within the
    /// deadline.
    pub async fn stop(&self, deadline: Duration) {
        self.io().refuse_new();
        let sockets = self.namespace().sockets();
        for (place, socket) in sockets.iter().enumerate() {
            // They come in the order of a hash table, so evenly is at random.
            let in_ms = RETURN_WITHIN_MS * place as u64 / sockets.len() as u64;
            socket.emit("resume", &Resume::Node { in_ms });
        }
        if !self.io().stop(deadline).await {
            tracing::warn!("some clients did not take their last words in time");
        }
    }

    /// Adds the sockets' counters to the page of numbers.
    pub fn count_in(&self, metrics: &Metrics) {
        let shared = Arc::downgrade(&self.0);
        metrics.add_source(move |page| {
            let Some(realtime) = shared.upgrade().map(Realtime) else { return };
            for (name, help, value) in realtime.io().metrics().iter() {
                let value = value as f64;
                if name.ends_with("_open") || name == "queue_bytes" {
                    page.gauge(&format!("parlor_sockets_{name}"), help, value);
                } else {
                    page.counter(&format!("parlor_sockets_{name}_total"), help, value);
                }
            }
            page.gauge(
                "parlor_groups_followed",
                "Groups open on this node.",
                realtime.0.follows.len() as f64,
            );
        });
    }

    fn io(&self) -> &SocketIo {
        &self.0.io.get().expect("set when it starts").0
    }

    fn namespace(&self) -> &NamespaceHandle {
        &self.0.io.get().expect("set when it starts").1
    }
}

fn config(limited: bool) -> Config {
    let refused = Ack::<Done>::refused(
        Problem::new(Code::RateLimited, "too many calls are waiting already").retry_after(1),
    );
    let mut config = Config {
        inbox_full: InboxFull::Refuse(serde_json::to_value(refused).expect("an ack is JSON")),
        inbox_events: 2_048,
        ..Config::default()
    };
    if !limited {
        config.max_connections_per_address = usize::MAX;
        config.inbox_events = 65_536;
        config.inbox_bytes = 64 << 20;
    }
    config
}

async fn unknown_event(_: Realtime, _: Socket, mut event: Event) {
    let problem = Problem::new(Code::UnknownEvent, "this namespace knows no such event");
    event.acknowledge(&Ack::<Done>::refused(problem));
}

/// A reader that falls too far behind in a group stops hearing it, and is told to open it again.
fn slow_reader(_: &Socket, room: &str) -> SlowReader {
    match follow::group_of_room(room) {
        Some(group) => {
            let resume = Resume::Group { group: group.into() };
            SlowReader::LeaveRoom(Some(("resume", Values::one(&resume))))
        }
        None => SlowReader::Close,
    }
}
