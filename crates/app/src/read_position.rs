//! How far somebody has read, and what is left.

use crate::limits::Limit;
use crate::{App, Caller, Failure};
use parlor_bus::Notice;
use parlor_core::{Code, GroupId, Refusal, Seq};
use parlor_store::reading::{self, Reading};
use parlor_store::{heads, members};
use std::time::Duration;
use tracing::Instrument as _;

/// A read position and what lies after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadState {
    /// Up to where.
    pub last_read: Seq,
    /// Messages by others, not deleted, after it.
    pub unread: i64,
}

/// Why a read position stays.
#[derive(Debug, thiserror::Error)]
pub enum MarkReadError {
    /// There is no such group, or the caller is no member: the same answer.
    #[error("there is no such group")]
    NotFound,
    /// Too many at once.
    #[error("too many read positions")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for MarkReadError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::TooOften { .. } => Code::RateLimited,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooOften { retry_after } => Some(*retry_after),
            Self::Failure(failure) => failure.retry_after(),
            Self::NotFound => None,
        }
    }
}

impl App {
    /// Moves the caller's read position to `seq`; never back, and never past the head. Handed to the writer before it
    /// returns.
    ///
    /// The future fails as [`MarkReadError`] says.
    pub fn mark_read(
        &self,
        caller: &Caller,
        group: GroupId,
        seq: Seq,
    ) -> impl Future<Output = Result<ReadState, MarkReadError>> + Send + 'static + use<> {
        let (now, account) = (self.now(), caller.account.id);
        let span = tracing::debug_span!("chat.mark_read", account.id = account.get(), group.id = group.get());
        let bus = self.inner.bus.clone();
        let allowed = self.limits().take(Limit::Read, self.limits().account(account), now);
        let pending = allowed.map(|()| {
            self.store().write_in(group, move |write| {
                members::role_in_live_group(write, group, account, now)?.ok_or(MarkReadError::NotFound)?;
                let head = heads::load(write, group)?.ok_or(MarkReadError::NotFound)?;
                reading::advance(write, group, &head, account, seq)?.ok_or(MarkReadError::NotFound)
            })
        });
        async move {
            let pending = pending.map_err(|retry_after| MarkReadError::TooOften { retry_after })?;
            let (Reading { last_read, unread }, moved) = pending.await?;
            if moved {
                bus.publish(Notice::ReadMoved { group, account, last_read, unread });
            }
            Ok(ReadState { last_read, unread })
        }
        .instrument(span)
    }
}
