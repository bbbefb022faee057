//! What is not kept: typing and presence; and the one entry of the realtime layer to everything that happens.

use crate::groups::GroupError;
use crate::limits::Limit;
use crate::{App, Caller, Failure};
use parlor_bus::{Notice, Signal, SignalKind, Subscription};
use parlor_core::GroupId;
use parlor_core::permission::{Action, may};
use parlor_store::members;
use std::sync::Arc;

impl App {
    /// Everything that happens from now on, on every node: at most once, in a bounded queue.
    ///
    /// The events of a group come in order, but may be missing: keep a [`parlor_core::Cursor`] per followed group and
    /// fill gaps with [`App::events_after`].
    #[must_use]
    pub fn subscribe(&self) -> Subscription {
        self.inner.bus.subscribe()
    }

    /// Tells the group that the caller writes, or has stopped. More than 5 a second are dropped in silence.
    ///
    /// # Errors
    /// See [`GroupError`].
    #[tracing::instrument(
        name = "chat.typing", level = "debug", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn typing(&self, caller: &Caller, group: GroupId, on: bool) -> Result<(), GroupError> {
        let (now, account) = (self.now(), caller.account.id);
        let limited = self.limits().take(Limit::Typing, self.limits().account(account), now).is_err();
        let role = self
            .store()
            .read::<_, Failure>(move |tx| members::role_in_live_group(tx, group, account, now))
            .await?;
        may(role.ok_or(GroupError::NotFound)?, Action::Send, None)?;
        // That somebody stopped is told in any case: else they would seem to write for ever.
        if !limited || !on {
            self.signal(caller, group, SignalKind::Typing { on });
        }
        Ok(())
    }

    /// Tells the group that the caller is there with at least one socket on this node, or no more.
    #[tracing::instrument(
        name = "chat.presence", level = "debug", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub fn presence(&self, caller: &Caller, group: GroupId, online: bool) {
        self.signal(caller, group, SignalKind::Presence { online });
    }

    fn signal(&self, caller: &Caller, group: GroupId, kind: SignalKind) {
        let signal = Signal { group, by: caller.account.author(), kind };
        self.tell(Notice::Signal(Arc::new(signal)));
    }
}
