//! Noomnim: groups that are found by their name, people who are known by a username, messages in one order, and for
//! each member when they last read.
//!
//! | event | file |
//! |---|---|
//! | `find_user`; that a socket is gone, and what is done from time to time | `people` |
//! | `create_group`, `join_group`, `leave_group` | `groups` |
//! | `visit_group`, `enter_group` | `visiting` |
//! | `send_message`, and what happens in groups to the sockets that hear it | `messages` |
//!
//! `seats` knows for whom a socket speaks and which group it hears: one at a time. `answers` has every body.

mod answers;
mod groups;
mod messages;
mod people;
mod seats;
mod visiting;

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use parlor_app::App;
use parlor_app::group_faces::{GroupFace, GroupRoad};
use parlor_core::{GroupId, GroupName};
use parlor_socketio::{Event, NamespaceHandle, Socket, SocketIo, Values};
use serde::Deserialize;
use serde_json::Value;

use crate::{Dialect, Work, payload};
use people::Present;
use seats::Seats;

/// In its URLs, and in the settings.
pub const NAME: &str = "noomnim";

/// What can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long after its last socket a name without a password is kept.
    pub guest_ttl: Duration,
}

pub(crate) struct Noomnim {
    app: App,
    settings: Settings,
    seats: Seats,
    /// Seconds that were counted, for what is due less often.
    rounds: AtomicU64,
    /// How it hears of groups; set once, at start.
    road: OnceLock<Arc<dyn GroupRoad>>,
    /// Its own namespace, and the root where it answers there too.
    namespaces: OnceLock<Vec<NamespaceHandle>>,
}

/// What every event brings; a field that is no text counts as left out.
#[derive(Deserialize, Default)]
struct Call {
    #[serde(default)]
    username: Value,
    #[serde(default)]
    password: Value,
    #[serde(default)]
    group_name: Value,
    #[serde(default)]
    text: Value,
}

/// A group as a call means it.
#[derive(Clone)]
struct Named {
    id: GroupId,
    name: Arc<str>,
}

impl Noomnim {
    pub(crate) fn new(app: App, settings: Settings) -> Self {
        Self {
            app,
            settings,
            seats: Seats::default(),
            rounds: AtomicU64::new(0),
            road: OnceLock::new(),
            namespaces: OnceLock::new(),
        }
    }

    /// What an event brings and for whom its socket speaks; tells the socket where it does not speak for that name.
    async fn heard_from(&self, socket: &Socket, event: &Event) -> Option<(Call, Arc<Present>)> {
        let call: Call = payload::object(event).unwrap_or_default();
        let name = payload::text(&call.username).unwrap_or_default();
        let present = self.seats.present(socket).filter(|present| present.is_called(name));
        match present {
            Some(present) if self.is_still(socket, &present).await => Some((call, present)),
            _ => {
                answers::name_not_found(socket);
                None
            }
        }
    }

    /// The group that a call names.
    async fn group(&self, socket: &Socket, call: &Call) -> Result<Option<Named>, parlor_app::Failure> {
        let Some(name) = payload::text(&call.group_name).and_then(|name| GroupName::parse(name).ok()) else {
            return Ok(None);
        };
        // Who hears a group speaks to that one most of the time.
        if let Some(here) = self.seats.hears(socket).filter(|here| &*here.name == name.as_str()) {
            return Ok(Some(here));
        }
        let id = self.app.named_group(people::FACE, name.clone()).await?;
        Ok(id.map(|id| Named { id, name: name.as_str().into() }))
    }

    /// Emits to the sockets that hear a group, encoded once for each namespace.
    fn emit_to(&self, room: &str, event: &str, values: &Values) {
        for namespace in self.namespaces.get().into_iter().flatten() {
            namespace.to(room).emit_values(event, values);
        }
    }
}

impl Dialect for Noomnim {
    fn name(&self) -> &'static str {
        NAME
    }

    fn knows(&self, event: &str) -> bool {
        matches!(
            event,
            "find_user"
                | "create_group"
                | "join_group"
                | "leave_group"
                | "send_message"
                | "visit_group"
                | "enter_group"
        )
    }

    fn claims(&self, _: &Socket, event: &Event) -> bool {
        event.name() != "join_group" || payload::has(event, "group_name")
    }

    fn handle<'a>(&'a self, socket: &'a Socket, event: &'a mut Event) -> Work<'a> {
        match event.name() {
            "find_user" => Box::pin(self.find_user(socket, event)),
            "create_group" => Box::pin(self.create_group(socket, event)),
            "join_group" => Box::pin(self.join_group(socket, event)),
            "leave_group" => Box::pin(self.leave_group(socket, event)),
            "send_message" => Box::pin(self.send_message(socket, event)),
            "visit_group" => Box::pin(self.visit_group(socket, event)),
            "enter_group" => Box::pin(self.enter_group(socket, event)),
            _ => Box::pin(std::future::ready(())),
        }
    }

    fn gone<'a>(&'a self, socket: &'a Socket) -> Work<'a> {
        Box::pin(self.vanish(socket))
    }

    fn prefixes(&self) -> &'static [&'static str] {
        &["/noomnim"]
    }

    fn routes(self: Arc<Self>) -> Router {
        Router::new()
    }

    fn attach(&self, io: &SocketIo, groups: &Arc<dyn GroupRoad>, root: bool) {
        let names = ["/noomnim", "/"];
        let names = names.iter().take(if root { 2 } else { 1 });
        let _ = self.namespaces.set(names.filter_map(|name| io.namespace(name)).collect());
        let _ = self.road.set(groups.clone());
    }

    fn tidy(&self) -> Work<'_> {
        Box::pin(self.keep_people())
    }

    fn group_face(self: Arc<Self>) -> Option<Arc<dyn GroupFace>> {
        Some(self)
    }
}
