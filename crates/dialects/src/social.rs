//! Social Community: people who sign in by email make groups, write to each other and watch together. Its groups,
//! members, messages and players are the native ones (`parlor_app::social`); a native group is not among them.
//!
//! | path or event | file |
//! |---|---|
//! | `/users` | `users` |
//! | `/groups` | `groups` |
//! | `/members` | `members` |
//! | `/messages` | `messages` |
//! | `/players` | `players` |
//! | `join`, `leave`, `message` | `talking` |
//! | messages that come, to the sockets that joined | `listeners` |
//!
//! `session` knows the cookie, `fields` reads what was sent, `answer` is the envelope, `documents` what is in it.

mod answer;
mod documents;
mod fields;
mod groups;
mod listeners;
mod members;
mod messages;
mod players;
mod session;
mod talking;
mod users;

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::{MethodRouter, get, post, put};
use parlor_app::App;
use parlor_app::group_faces::{GroupFace, GroupRoad};
use parlor_app::videos::Videos;
use parlor_core::{Event as GroupEvent, GroupId};
use parlor_socketio::{Event, NamespaceHandle, Socket, SocketIo};

use crate::cors::Origins;
use crate::{Dialect, Work};
use listeners::Listeners;

/// In its URLs, and in the settings.
pub const NAME: &str = "social";

/// Its namespace. It has no events at the root.
const NAMESPACE: &str = "/social";

/// What can be set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The origins whose pages may call with its cookie; each is named.
    pub cors_origins: Origins,
}

pub(crate) struct Social {
    app: App,
    videos: Videos,
    settings: Settings,
    listeners: Listeners,
    reach: OnceLock<Reach>,
}

/// What it is given once the server is there.
struct Reach {
    namespace: NamespaceHandle,
    groups: Arc<dyn GroupRoad>,
}

impl Social {
    pub(crate) fn new(app: App, videos: Videos, settings: Settings) -> Self {
        Self { app, videos, settings, listeners: Listeners::default(), reach: OnceLock::new() }
    }
}

impl Dialect for Social {
    fn name(&self) -> &'static str {
        NAME
    }

    fn knows(&self, event: &str) -> bool {
        matches!(event, "join" | "leave" | "message")
    }

    fn claims(&self, _: &Socket, _: &Event) -> bool {
        true
    }

    fn listens_at_root(&self) -> bool {
        false
    }

    fn handle<'a>(&'a self, socket: &'a Socket, event: &'a mut Event) -> Work<'a> {
        Box::pin(self.hear(socket, event))
    }

    fn gone<'a>(&'a self, socket: &'a Socket) -> Work<'a> {
        Box::pin(self.listeners.gone(socket))
    }

    fn prefixes(&self) -> &'static [&'static str] {
        // A later front end of the same service knows it under the second.
        &["/social", "/social/api/v1"]
    }

    fn routes(self: Arc<Self>) -> Router {
        let paths: [(&str, MethodRouter<Arc<Self>>); 12] = [
            ("/users", get(users::list)),
            ("/users/register", post(users::register)),
            ("/users/login", post(users::sign_in)),
            ("/users/logout", get(users::sign_out)),
            ("/users/{id}", put(users::change).delete(users::delete)),
            ("/groups/{id}", get(groups::show).put(groups::change).delete(groups::delete)),
            ("/members", get(members::list).post(members::add)),
            // Here and below an id that is read is the group's, one that is changed its own.
            ("/members/{id}", get(members::of_group).put(members::change).delete(members::delete)),
            ("/messages", get(messages::list).post(messages::send)),
            (
                "/messages/{id}",
                get(messages::of_group)
                    .post(messages::send_to)
                    .put(messages::change)
                    .delete(messages::delete),
            ),
            ("/players", get(players::list).post(players::set)),
            // A group has one player: its id is the group's.
            (
                "/players/{id}",
                get(players::of_group)
                    .post(players::set_of_group)
                    .put(players::set_of_group)
                    .delete(players::delete),
            ),
        ];
        let mut router = Router::new();
        for (path, methods) in paths {
            let methods = methods.fallback(answer::no_such_method);
            router = router.route(path, methods.clone()).route(&format!("{path}/"), methods);
        }
        router.with_state(self)
    }

    fn groups(self: Arc<Self>) -> Option<MethodRouter> {
        let groups = get(groups::list).post(groups::create).fallback(answer::no_such_method);
        Some(groups.with_state(self))
    }

    fn claims_request(&self, headers: &HeaderMap) -> bool {
        session::token(headers).is_some()
    }

    fn cookie_origins(&self) -> Option<&Origins> {
        Some(&self.settings.cors_origins)
    }

    fn attach(&self, io: &SocketIo, groups: &Arc<dyn GroupRoad>, _: bool) {
        let Some(namespace) = io.namespace(NAMESPACE) else { return };
        self.listeners.attach(&self.app, &namespace);
        let _ = self.reach.set(Reach { namespace, groups: groups.clone() });
    }

    fn work(&self) -> Work<'_> {
        Box::pin(self.listeners.tell())
    }

    fn group_face(self: Arc<Self>) -> Option<Arc<dyn GroupFace>> {
        Some(self)
    }
}

impl GroupFace for Social {
    fn deliver(&self, event: &Arc<GroupEvent>) {
        self.listeners.deliver(event);
    }

    fn gone(&self, group: GroupId) {
        self.listeners.group_gone(group);
    }
}
