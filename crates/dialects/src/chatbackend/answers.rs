//! The shape of every answer: whether it went well stands in the body, the status is 200 either way.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use parlor_app::Failure;
use serde::Serialize;

/// It went well.
#[derive(Serialize)]
pub(super) struct Done<T> {
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<T>,
}

/// Why it did not.
#[derive(Debug)]
pub(super) enum Refused {
    UserExists,
    WrongCredentials,
    Missing(&'static str),
    /// The contract says nothing of what no name or text can be: it is told like what is missing, with its own word.
    Invalid(&'static str),
    UnknownUser,
    UnknownRoom,
    InvalidData,
    TooLong,
    TooOften,
    Ours,
}

#[derive(Serialize)]
struct NotDone {
    ok: bool,
    error: Error,
}

#[derive(Serialize)]
struct Error {
    code: u16,
    message: String,
}

/// `{"ok": true}`
pub(super) fn done() -> Response {
    json(&Done::<()> { ok: true, data: None })
}

/// `{"ok": true, "data": …}`
pub(super) fn done_with(data: impl Serialize) -> Response {
    json(&Done { ok: true, data: Some(data) })
}

impl Refused {
    fn code(&self) -> u16 {
        match self {
            Self::UnknownUser | Self::UnknownRoom => 404,
            Self::Ours => 500,
            _ => 400,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::UserExists => "User already exists".to_owned(),
            Self::WrongCredentials => "Login or password is invalid".to_owned(),
            Self::Missing(name) => format!("Missing param: {name}"),
            Self::Invalid(name) => format!("Invalid param: {name}"),
            Self::UnknownUser => "Unknown user".to_owned(),
            Self::UnknownRoom => "Unknown room".to_owned(),
            Self::InvalidData => "Invalid data".to_owned(),
            Self::TooLong => "Message is too long".to_owned(),
            Self::TooOften => "Too many requests".to_owned(),
            Self::Ours => "The server cannot do that now; please try again".to_owned(),
        }
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        tracing::error!(error = %failure, "a call of the chatbackend dialect failed on our side");
        Self::Ours
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        json(&NotDone { ok: false, error: Error { code: self.code(), message: self.message() } })
    }
}

fn json(body: &impl Serialize) -> Response {
    let body = serde_json::to_vec(body).expect("our answers are JSON");
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], body).into_response()
}
