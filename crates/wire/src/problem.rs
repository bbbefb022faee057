//! What went wrong, in words for people and a code for programs: `application/problem+json` (RFC 9457) over REST, and
//! the `error` of an ack.
//!
//! The list of codes is a promise: one may be added, none changes its meaning. Which failure of an operation is which
//! code is decided in `server/http/problem.rs` alone. A detail never repeats what the client sent.

use serde::{Deserialize, Serialize};

/// A stable name that a program may act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "problem.ts"))]
pub enum Code {
    /// The body is not JSON, not an object, or nested too deeply.
    Malformed,
    /// No session, or one that has ended.
    Unauthorized,
    /// A member who may not do this, or a request from a foreign origin.
    Forbidden,
    /// There is no such thing, or it is not for the caller to know that there is.
    NotFound,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// The body did not arrive in time.
    Timeout,
    /// It cannot be done in the state that things are in.
    Conflict,
    /// The same `client_id` came before with another body.
    ClientIdReused,
    /// The body is larger than 64 KiB.
    TooLarge,
    /// The body is not `application/json`.
    Unsupported,
    /// A field is missing, of the wrong type, or out of its limits: `field` names it.
    Invalid,
    /// Too much in too short a time, or the group's slow mode: wait `retry_after` seconds.
    RateLimited,
    /// The socket call has no such name.
    UnknownEvent,
    /// The fault is ours.
    Internal,
    /// Not now, and not the caller's fault: try again after `retry_after` seconds; where there are none, waiting does not
    /// help.
    Unavailable,
}

impl Code {
    /// All codes, for the docs.
    pub const ALL: &'static [Self] = &[
        Self::Malformed,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Timeout,
        Self::Conflict,
        Self::ClientIdReused,
        Self::TooLarge,
        Self::Unsupported,
        Self::Invalid,
        Self::RateLimited,
        Self::UnknownEvent,
        Self::Internal,
        Self::Unavailable,
    ];

    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status that goes with it.
    #[must_use]
    pub fn status(self) -> u16 {
        self.row().1
    }

    /// The title of the problem.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.row().2
    }

    fn row(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::Malformed => ("malformed", 400, "The body cannot be read"),
            Self::Unauthorized => ("unauthorized", 401, "Sign in first"),
            Self::Forbidden => ("forbidden", 403, "Not allowed"),
            Self::NotFound => ("not_found", 404, "Not found"),
            Self::MethodNotAllowed => ("method_not_allowed", 405, "No such method here"),
            Self::Timeout => ("timeout", 408, "The request took too long"),
            Self::Conflict => ("conflict", 409, "Not possible as things are"),
            Self::ClientIdReused => ("client_id_reused", 409, "This client_id was used for something else"),
            Self::TooLarge => ("too_large", 413, "Too large"),
            Self::Unsupported => ("unsupported", 415, "Not a JSON body"),
            Self::Invalid => ("invalid", 422, "A field is not valid"),
            Self::RateLimited => ("rate_limited", 429, "Too many requests"),
            Self::UnknownEvent => ("unknown_event", 404, "No such event"),
            Self::Internal => ("internal", 500, "Something broke here"),
            Self::Unavailable => ("unavailable", 503, "Not available right now"),
        }
    }
}

/// The body of every answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "problem.ts"))]
pub struct Problem {
    /// Where the code is explained.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same for every problem of this code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// For programs.
    pub code: Code,
    /// For people.
    pub detail: String,
    /// With `invalid`: which field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional))]
    pub field: Option<String>,
    /// With `rate_limited` and `unavailable`: seconds to wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional))]
    pub retry_after: Option<u64>,
}

impl Problem {
    /// A problem of this code, explained in one sentence that repeats nothing of the client's.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/api/v1/docs#{}", code.name()),
            title: code.title().to_owned(),
            status: code.status(),
            code,
            detail: detail.into(),
            field: None,
            retry_after: None,
        }
    }

    /// `invalid`: which field, and what it must be.
    #[must_use]
    pub fn invalid(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..Self::new(Code::Invalid, detail) }
    }

    /// The same with the seconds after which another try makes sense: at least one.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds.max(1)), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_serde_says_and_none_is_missing() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{}\"", code.name()));
        }
        let last = serde_json::from_str::<Code>("\"no such code\"").unwrap_err().to_string();
        assert_eq!(last.matches('`').count() / 2, Code::ALL.len() + 1, "{last}");
    }
}
