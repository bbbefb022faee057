//! Codemaze: two players get one problem and race to solve it in Python or JavaScript; points make ranks. Accounts,
//! tokens, problems and points are the native ones, a race is `parlor_app::duel::race`.
//!
//! | path or event | file |
//! |---|---|
//! | `/auth` | `auth` |
//! | `/users` | `users` |
//! | `/problems` | `problems` |
//! | `/sessions` | `sessions` |
//! | `/run` | `run` |
//! | `join_room`, `leave_room`, and that a socket is gone | `rooms` |
//! | everything that is said in a room | `talking` |
//!
//! `bearer` knows the token, `fields` reads what was sent, `answer` is how it is refused, `documents` what is answered.

mod answer;
mod auth;
mod bearer;
mod documents;
mod fields;
mod problems;
mod rooms;
mod run;
mod sessions;
mod talking;
mod users;

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::routing::{MethodRouter, get, patch, post};
use parlor_app::App;
use parlor_app::duel::race::RaceCode;
use parlor_app::group_faces::GroupRoad;
use parlor_socketio::{Event, NamespaceHandle, Socket, SocketIo, Values};

use crate::{Dialect, Work, payload};

/// In its URLs, and in the settings.
pub const NAME: &str = "codemaze";

pub(crate) struct Codemaze {
    app: App,
    /// Its own namespace, and the root where it answers there too.
    namespaces: OnceLock<Vec<NamespaceHandle>>,
}

impl Codemaze {
    pub(crate) fn new(app: App) -> Self {
        Self { app, namespaces: OnceLock::new() }
    }

    /// Emits to everybody in a race, encoded once for each namespace.
    fn emit_to(&self, race: RaceCode, event: &str, values: &Values) {
        for namespace in self.namespaces.get().into_iter().flatten() {
            namespace.to(socket_room(race)).emit_values(event, values);
        }
    }
}

/// The Socket.IO room of a race.
fn socket_room(race: RaceCode) -> String {
    format!("race {race}")
}

impl Dialect for Codemaze {
    fn name(&self) -> &'static str {
        NAME
    }

    fn knows(&self, event: &str) -> bool {
        matches!(event, "join_room" | "leave_room") || talking::knows(event)
    }

    fn claims(&self, socket: &Socket, event: &Event) -> bool {
        match event.name() {
            "join_room" => payload::has(event, "username"),
            "leave_room" => self.app.race_of(socket.id()).is_some(),
            _ => true,
        }
    }

    fn handle<'a>(&'a self, socket: &'a Socket, event: &'a mut Event) -> Work<'a> {
        match event.name() {
            "join_room" => Box::pin(self.join_room(socket, event)),
            name => {
                if name == "leave_room" {
                    self.leave_room(socket);
                } else {
                    self.hear(socket, event);
                }
                Box::pin(std::future::ready(()))
            }
        }
    }

    fn gone<'a>(&'a self, socket: &'a Socket) -> Work<'a> {
        self.vanish(socket);
        Box::pin(std::future::ready(()))
    }

    fn prefixes(&self) -> &'static [&'static str] {
        &["/codemaze"]
    }

    fn routes(self: Arc<Self>) -> Router {
        let paths: [(&str, MethodRouter<Arc<Self>>); 11] = [
            ("/auth/register", post(auth::register)),
            ("/auth/login", post(auth::sign_in)),
            ("/auth/logout", post(auth::sign_out)),
            ("/users/profile", get(users::profile)),
            ("/users/leaderboard", get(users::leaderboard)),
            ("/users/update", patch(users::change)),
            ("/users/avatars", post(users::avatars)),
            ("/problems/random", get(problems::random)),
            ("/problems/generate", post(problems::generate)),
            ("/sessions", post(sessions::record)),
            ("/run", post(run::run)),
        ];
        let mut router = Router::new();
        for (path, methods) in paths {
            let methods = methods.fallback(answer::no_such_method);
            router = router.route(path, methods.clone()).route(&format!("{path}/"), methods);
        }
        router.with_state(self)
    }

    fn attach(&self, io: &SocketIo, _: &Arc<dyn GroupRoad>, root: bool) {
        let names = ["/codemaze", "/"];
        let names = names.iter().take(if root { 2 } else { 1 });
        let _ = self.namespaces.set(names.filter_map(|name| io.namespace(name)).collect());
    }
}
