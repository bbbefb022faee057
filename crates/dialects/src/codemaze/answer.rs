//! Answers and refusals: `{"status": "fail", "message"}`, and `{"msg"}` for a token that stands for nobody.

use std::error::Error;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use parlor_core::{Code, Invalid, Refusal};
use serde::Serialize;

use crate::document::{refuse, respond, status_of};

#[derive(Serialize)]
struct Said<'a> {
    status: &'static str,
    message: &'a str,
}

#[derive(Serialize)]
struct Nobody {
    msg: &'static str,
}

/// Why something was not done.
#[derive(Debug)]
pub(super) enum Refused {
    /// The token is missing, or void.
    Nobody,
    /// All else.
    Failed { status: StatusCode, sentence: String, retry_after: Option<Duration> },
}

/// What a handler answers with.
pub(super) type Answer = Result<Response, Refused>;

/// Something was done, and there is no more to say.
pub(super) fn success(status: StatusCode, message: &str) -> Response {
    respond(status, &Said { status: "success", message })
}

/// A document.
pub(super) fn document(status: StatusCode, document: &impl Serialize) -> Response {
    respond(status, document)
}

/// Any other method.
pub(super) async fn no_such_method() -> Refused {
    Refused::new(StatusCode::METHOD_NOT_ALLOWED, "This path does not know this method")
}

impl Refused {
    pub(super) fn new(status: StatusCode, sentence: &str) -> Self {
        Self::Failed { status, sentence: sentence.to_owned(), retry_after: None }
    }

    pub(super) fn bad(sentence: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, sentence)
    }
}

impl From<Invalid> for Refused {
    fn from(invalid: Invalid) -> Self {
        Self::bad(&invalid.to_string())
    }
}

/// What an operation refuses. What is a fault of ours is logged here, once.
impl<E: RefusedByUs> From<E> for Refused {
    fn from(refused: E) -> Self {
        if refused.is_fault() {
            let cause = Error::source(&refused).map(ToString::to_string);
            tracing::error!(error = %refused, cause, "a call of the codemaze dialect failed on our side");
        }
        let sentence = match refused.code() {
            Code::Internal => "The server cannot do that now; please try again".to_owned(),
            _ => refused.to_string(),
        };
        Self::Failed { status: status_of(refused.code()), sentence, retry_after: refused.retry_after() }
    }
}

/// The errors of operations; apart from [`Invalid`], which has a form of its own.
pub(super) trait RefusedByUs: Refusal + 'static {}
impl RefusedByUs for parlor_app::Failure {}
impl RefusedByUs for parlor_app::accounts::CreateAccountError {}
impl RefusedByUs for parlor_app::duel::DuelError {}
impl RefusedByUs for parlor_app::duel::race::people::RacerSignInError {}
impl RefusedByUs for parlor_app::duel::race::record::RecordError {}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self::Failed { status, sentence, retry_after } = self else {
            return respond(StatusCode::UNAUTHORIZED, &Nobody { msg: "Please log in first" });
        };
        refuse(status, &Said { status: "fail", message: &sentence }, retry_after)
    }
}
