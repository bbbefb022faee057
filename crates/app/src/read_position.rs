//! How far somebody has read, and what is left.

use crate::groups::GroupError;
use crate::{App, Caller};
use parlor_bus::Notice;
use parlor_core::{GroupId, Seq};
use parlor_store::reading::{self, Reading};
use parlor_store::{heads, members};
use tracing::Instrument as _;

/// A read position and what lies after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadState {
    /// Up to where.
    pub last_read: Seq,
    /// Messages by others, not deleted, after it.
    pub unread: i64,
}

impl App {
    /// Moves the caller's read position to `seq`; never back, and never past the head. Handed to the writer before it
    /// returns.
    ///
    /// The future fails as [`GroupError`] says.
    pub fn mark_read(
        &self,
        caller: &Caller,
        group: GroupId,
        seq: Seq,
    ) -> impl Future<Output = Result<ReadState, GroupError>> + Send + 'static + use<> {
        let (now, account) = (self.now(), caller.account.id);
        let span = tracing::debug_span!("chat.mark_read", account.id = account.get(), group.id = group.get());
        let bus = self.inner.bus.clone();
        let pending = self.store().write(move |write| {
            members::role_in_live_group(write, group, account, now)?.ok_or(GroupError::NotFound)?;
            let head = heads::load(write, group)?.ok_or(GroupError::NotFound)?;
            reading::advance(write, group, &head, account, seq)?.ok_or(GroupError::NotFound)
        });
        async move {
            let (Reading { last_read, unread }, moved) = pending.await?;
            if moved {
                bus.publish(Notice::ReadMoved { group, account, last_read, unread });
            }
            Ok(ReadState { last_read, unread })
        }
        .instrument(span)
    }
}
