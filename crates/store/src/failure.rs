//! What goes wrong with a database, whoever asked for whatever.

use parlor_core::{Code, Refusal};
use std::time::Duration;

/// Ours, not the caller's. `Display` is for the client and says nothing of the cause; the cause is in `source`.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Full queue, full disk, locked database: nothing was changed, or it is unknown; try again.
    #[error("not available at the moment")]
    Unavailable {
        /// When to try again.
        retry_after: Duration,
    },
    /// A fault of ours.
    #[error("something went wrong on the server")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Failure {
    /// Not now; in a second perhaps.
    #[must_use]
    pub const fn unavailable() -> Self {
        Self::Unavailable { retry_after: Duration::from_secs(1) }
    }

    /// A fault of ours, in words for the log.
    #[must_use]
    pub fn internal(what: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(what.into())
    }
}

impl Refusal for Failure {
    fn code(&self) -> Code {
        match self {
            Self::Unavailable { .. } => Code::Unavailable,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unavailable { retry_after } => Some(*retry_after),
            Self::Internal(_) => None,
        }
    }
}
