//! The envelope of every answer: `{"data", "message", "status"}`, also of a refusal.

use std::error::Error;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use parlor_core::{Code, Invalid, Refusal};
use serde::Serialize;

use crate::document::{refuse, respond, status_of};

/// What stands in every answer.
#[derive(Serialize)]
pub(super) struct Envelope<T> {
    data: T,
    message: String,
    status: u16,
}

/// `{}`
#[derive(Serialize)]
pub(super) struct Nothing {}

/// Why something was not done.
#[derive(Debug)]
pub(super) struct Refused {
    status: StatusCode,
    sentence: String,
    retry_after: Option<Duration>,
}

/// What a handler answers with.
pub(super) type Answer = Result<Response, Refused>;

/// A success: always 200.
pub(super) fn ok(data: impl Serialize, message: &str) -> Response {
    respond(StatusCode::OK, &Envelope { data, message: message.to_owned(), status: 200 })
}

/// The envelope of an acknowledged event.
pub(super) fn acknowledged(done: Result<(), Refused>) -> Envelope<Nothing> {
    let (status, message) = match done {
        Ok(()) => (200, "OK".to_owned()),
        Err(refused) => (refused.status.as_u16(), refused.sentence),
    };
    Envelope { data: Nothing {}, message, status }
}

/// Any other method.
pub(super) async fn no_such_method() -> Refused {
    Refused::new(StatusCode::METHOD_NOT_ALLOWED, "This path does not know this method")
}

impl Refused {
    pub(super) fn new(status: StatusCode, sentence: &str) -> Self {
        Self { status, sentence: sentence.to_owned(), retry_after: None }
    }

    /// What does not exist, or not for the one who asks.
    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "There is no such thing, or it is not for you")
    }

    /// Nobody, or nobody any more.
    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Please log in first")
    }

    pub(super) fn bad(sentence: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, sentence)
    }
}

impl From<Invalid> for Refused {
    fn from(invalid: Invalid) -> Self {
        Self::bad(&format!("{invalid}"))
    }
}

/// What an operation refuses. What is a fault of ours is logged here, once.
impl<E: RefusedByUs> From<E> for Refused {
    fn from(refused: E) -> Self {
        if refused.is_fault() {
            let cause = Error::source(&refused).map(ToString::to_string);
            tracing::error!(error = %refused, cause, "a call of the social dialect failed on our side");
        }
        let sentence = match refused.code() {
            Code::Unavailable | Code::Internal => {
                "The server cannot do that now; please try again".to_owned()
            }
            _ => refused.to_string(),
        };
        Self { status: status_of(refused.code()), sentence, retry_after: refused.retry_after() }
    }
}

/// The errors of operations; apart from [`Invalid`], which has a form of its own.
pub(super) trait RefusedByUs: Refusal + 'static {}
impl RefusedByUs for parlor_app::Failure {}
impl RefusedByUs for parlor_app::sessions::AuthenticateError {}
impl RefusedByUs for parlor_app::sessions::SignInError {}
impl RefusedByUs for parlor_app::social::PlayerError {}
impl RefusedByUs for parlor_app::social::SocialError {}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self { status, sentence, retry_after } = self;
        let envelope = Envelope { data: Nothing {}, message: sentence, status: status.as_u16() };
        refuse(status, &envelope, retry_after)
    }
}
