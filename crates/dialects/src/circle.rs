//! The Circle: a closed group that a short code opens, whose members are put together two by two. No accounts; what is
//! said is never stored.
//!
//! | event | file |
//! |---|---|
//! | `join_group`, `leave`, `leave_room`, and that a socket is gone | `coming_and_going` |
//! | `join_room`, `message`; `received`, after which nothing follows | `talking` |
//! | what happens in lobbies and rooms, to the sockets | `told` |
//! | `POST /groups`, `GET /groups` | `groups` |
//!
//! `seats` knows which socket is where. Whom they meet, what a wrong code costs and what ends when are the lobby's own
//! (`parlor_app::lobby`).

mod coming_and_going;
mod groups;
mod said;
mod seats;
mod talking;
mod told;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::routing::{MethodRouter, get};
use parlor_app::App;
use parlor_app::group_faces::GroupRoad;
use parlor_app::lobby::LobbyError;
use parlor_app::lobby::told::LobbyFace;
use parlor_core::Lifetime;
use parlor_socketio::{Event, NamespaceHandle, Socket, SocketIo, Values};
use serde::Serialize;

use crate::{Dialect, Work, payload};
use seats::Seats;

/// In its URLs, and in the settings.
pub const NAME: &str = "circle";

/// What can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long a group lives.
    pub group_ttl: Lifetime,
    /// How long the record of a connection lives.
    pub connection_ttl: Duration,
    /// Whether `GET /groups` lists all groups, with their codes. Without it one is still found by its code.
    pub list: bool,
}

pub(crate) struct Circle {
    app: App,
    settings: Settings,
    seats: Seats,
    /// Its own namespace, and the root where it answers there too.
    namespaces: OnceLock<Vec<NamespaceHandle>>,
}

/// `join_error`, `message_error`
#[derive(Serialize)]
struct Refused {
    error: String,
}

impl Circle {
    pub(crate) fn new(app: App, settings: Settings) -> Self {
        Self { app, settings, seats: Seats::default(), namespaces: OnceLock::new() }
    }

    /// Emits to the sockets of a Socket.IO room, encoded once for each namespace.
    fn emit_to(&self, room: &str, event: &str, values: &Values) {
        for namespace in self.namespaces.get().into_iter().flatten() {
            namespace.to(room).emit_values(event, values);
        }
    }
}

impl Dialect for Circle {
    fn name(&self) -> &'static str {
        NAME
    }

    fn knows(&self, event: &str) -> bool {
        matches!(event, "join_group" | "message" | "join_room" | "leave" | "leave_room" | "received")
    }

    fn claims(&self, socket: &Socket, event: &Event) -> bool {
        match event.name() {
            "join_group" => payload::has(event, "access_code"),
            "join_room" => payload::has(event, "room"),
            "leave_room" => self.seats.has(socket),
            _ => true,
        }
    }

    fn handle<'a>(&'a self, socket: &'a Socket, event: &'a mut Event) -> Work<'a> {
        match event.name() {
            "join_group" => Box::pin(self.join_group(socket, event)),
            "leave" => Box::pin(self.leave(socket, event)),
            "leave_room" => Box::pin(self.leave_room(socket)),
            "join_room" => Box::pin(self.join_room(socket, event)),
            "message" => {
                self.say(socket, event);
                Box::pin(std::future::ready(()))
            }
            // `received`: that a client has heard something. Nobody waits for it.
            _ => Box::pin(std::future::ready(())),
        }
    }

    fn gone<'a>(&'a self, socket: &'a Socket) -> Work<'a> {
        Box::pin(self.vanish(socket))
    }

    fn prefixes(&self) -> &'static [&'static str] {
        &["/circle"]
    }

    fn routes(self: Arc<Self>) -> Router {
        Router::new()
    }

    fn groups(self: Arc<Self>) -> Option<MethodRouter> {
        let groups = get(groups::list).post(groups::create).fallback(groups::no_such_method);
        Some(groups.with_state(self))
    }

    fn attach(&self, io: &SocketIo, _: &Arc<dyn GroupRoad>, root: bool) {
        let names = ["/circle", "/"];
        let names = names.iter().take(if root { 2 } else { 1 });
        let _ = self.namespaces.set(names.filter_map(|name| io.namespace(name)).collect());
    }

    fn lobby_face(self: Arc<Self>) -> Option<Arc<dyn LobbyFace>> {
        Some(self)
    }
}

/// Answers a refused `join_group`.
fn refuse_join(socket: &Socket, error: &LobbyError) {
    let error = match error {
        LobbyError::NotFound => "Group Not Found".to_owned(),
        other => sentence(other),
    };
    socket.emit("join_error", &Refused { error });
}

/// Answers what a room or a lobby refused.
fn refuse(socket: &Socket, error: &LobbyError) {
    refuse_saying(socket, &sentence(error));
}

fn refuse_saying(socket: &Socket, error: &str) {
    socket.emit("message_error", &Refused { error: error.to_owned() });
}

fn sentence(error: &LobbyError) -> String {
    match error {
        LobbyError::TooOften { .. } => "Too many attempts".to_owned(),
        LobbyError::Failure(failure) => {
            tracing::error!(error = %failure, "a call of the circle dialect failed on our side");
            "The server cannot do that now; please try again".to_owned()
        }
        other => other.to_string(),
    }
}
