//! ChatBackend: accounts with a login, rooms that a short gid opens, their whole history, and a plain TCP socket over
//! which what is said is pushed.
//!
//! | what | file |
//! |---|---|
//! | `POST /register`, `POST /login` | `people` |
//! | `POST /create-room`, `POST /send-message` | `rooms` |
//! | `GET /get-room-history` | `history` |
//! | the push socket | `push` |
//!
//! `answers` has the one shape of all answers, `message` the one of a message.

mod answers;
mod history;
mod message;
mod people;
mod push;
mod rooms;

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::routing::{get, post};
use parlor_app::face_groups::Face;
use parlor_app::group_faces::{GroupFace, GroupRoad};
use parlor_app::sessions::AuthenticateError;
use parlor_app::{App, Caller};
use parlor_socketio::{Event, Socket, SocketIo};
use serde_json::{Map, Value};

use crate::{Dialect, Work, body};
use answers::Refused;
pub(crate) use push::Push;

/// In its URLs, and in the settings.
pub const NAME: &str = "chatbackend";
/// What its people and rooms are kept under.
const FACE: Face = Face::ChatBackend;

pub(crate) struct ChatBackend {
    app: App,
    push: Push,
    /// How it hears of groups; set once, at start.
    road: OnceLock<Arc<dyn GroupRoad>>,
}

/// Somebody who is signed in here, with the key that they showed.
struct Signed {
    caller: Caller,
    key: Arc<str>,
}

impl ChatBackend {
    pub(crate) fn new(app: App) -> Self {
        Self { app, push: Push::default(), road: OnceLock::new() }
    }

    /// Who calls, by the header `user`.
    async fn signed(&self, headers: &HeaderMap) -> Result<Signed, Refused> {
        let key = headers.get("user").and_then(|key| key.to_str().ok()).unwrap_or_default();
        self.signed_by(key).await
    }

    async fn signed_by(&self, key: &str) -> Result<Signed, Refused> {
        match self.app.authenticate_key(key).await {
            Ok(caller) => Ok(Signed { caller, key: key.to_ascii_lowercase().into() }),
            Err(AuthenticateError::Unauthorized) => Err(Refused::UnknownUser),
            Err(AuthenticateError::Failure(failure)) => Err(failure.into()),
        }
    }
}

impl Dialect for ChatBackend {
    fn name(&self) -> &'static str {
        NAME
    }

    fn knows(&self, _: &str) -> bool {
        false
    }

    fn claims(&self, _: &Socket, _: &Event) -> bool {
        false
    }

    fn handle<'a>(&'a self, _: &'a Socket, _: &'a mut Event) -> Work<'a> {
        Box::pin(std::future::ready(()))
    }

    fn gone<'a>(&'a self, _: &'a Socket) -> Work<'a> {
        Box::pin(std::future::ready(()))
    }

    fn prefixes(&self) -> &'static [&'static str] {
        &["/chatbackend"]
    }

    fn routes(self: Arc<Self>) -> Router {
        Router::new()
            .route("/register", post(people::register))
            .route("/login", post(people::sign_in))
            .route("/create-room", post(rooms::create))
            .route("/send-message", post(rooms::send))
            .route("/get-room-history", get(history::show))
            .with_state(self)
    }

    fn attach(&self, _: &SocketIo, groups: &Arc<dyn GroupRoad>, _: bool) {
        let _ = self.road.set(groups.clone());
    }

    fn tidy(&self) -> Work<'_> {
        Box::pin(self.close_ended())
    }

    fn group_face(self: Arc<Self>) -> Option<Arc<dyn GroupFace>> {
        Some(self)
    }
}

/// The object that a request brings.
async fn object(request: Request) -> Result<Map<String, Value>, Refused> {
    let bytes = body::read(request.into_body()).await.map_err(|_| Refused::InvalidData)?;
    parlor_wire::parse::object(&bytes).map_err(|_| Refused::InvalidData)
}

/// A text of that object; what is empty or no text counts as missing.
fn text<'a>(object: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, Refused> {
    let text = object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    text.ok_or(Refused::Missing(name))
}
