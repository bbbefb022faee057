//! How an operation says no: the stable codes that a client may act on, and the one shape that every error enum has.
//!
//! The enums themselves stand beside their operations. A face maps [`Refusal`] to its own form (problem+json, an ack)
//! in one place and never looks at the variants. The text of a refusal is for people; it holds no secret and no
//! message body.

use std::time::Duration;

/// The codes of DESIGN section 8. A face may add its own for what never reaches an operation (`malformed` …).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// Nobody, or nobody any more.
    Unauthorized,
    /// A member who may not.
    Forbidden,
    /// Does not exist, or not for this caller: the two are told alike.
    NotFound,
    /// The state of things is against it.
    Conflict,
    /// A `client_id` that already stands for another message.
    ClientIdReused,
    /// More than fits.
    TooLarge,
    /// A field is wrong; see [`Refusal::field`].
    Invalid,
    /// Too often; see [`Refusal::retry_after`].
    RateLimited,
    /// Not now, and not the caller's fault; see [`Refusal::retry_after`].
    Unavailable,
    /// A fault of ours that trying again does not mend.
    Internal,
}

impl Code {
    /// The code as it is written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::ClientIdReused => "client_id_reused",
            Self::TooLarge => "too_large",
            Self::Invalid => "invalid",
            Self::RateLimited => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }
}

/// What every error of an operation can be asked. `Display` is the text for people.
pub trait Refusal: std::error::Error {
    /// What the caller may act on.
    fn code(&self) -> Code;

    /// The field that is wrong, with [`Code::Invalid`].
    fn field(&self) -> Option<&'static str> {
        None
    }

    /// When to try again, with [`Code::RateLimited`] and [`Code::Unavailable`].
    fn retry_after(&self) -> Option<Duration> {
        None
    }

    /// Whether something is broken that whoever runs the server should see in its log.
    fn is_fault(&self) -> bool {
        matches!(self.code(), Code::Unavailable | Code::Internal)
    }
}

/// A value from outside that breaks a rule: which field, and the rule in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} {rule}")]
pub struct Invalid {
    /// The field's name as the client wrote it.
    pub field: &'static str,
    /// The rule that it breaks, as the end of a sentence that begins with the field's name.
    pub rule: &'static str,
}

impl Refusal for Invalid {
    fn code(&self) -> Code {
        Code::Invalid
    }

    fn field(&self) -> Option<&'static str> {
        Some(self.field)
    }
}
