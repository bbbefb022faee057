//! What is not kept: typing; and the one entry of the realtime layer to everything that happens.

use crate::groups::GroupError;
use crate::limits::Limit;
use crate::{App, Caller, Failure};
use parlor_bus::{Notice, Signal, SignalKind, Subscription};
use parlor_core::permission::{Action, may};
use parlor_core::{Code, GroupId, Refusal};
use parlor_store::members;
use std::sync::Arc;
use std::time::Duration;

/// Too many groups opened and closed on sockets by one account.
#[derive(Debug, thiserror::Error)]
#[error("too many groups opened and closed")]
pub struct OpenTooOften {
    /// When to try again.
    pub retry_after: Duration,
}

impl Refusal for OpenTooOften {
    fn code(&self) -> Code {
        Code::RateLimited
    }

    fn retry_after(&self) -> Option<Duration> {
        Some(self.retry_after)
    }
}

impl App {
    /// Everything that happens from now on, on every node: at most once, in a bounded queue.
    ///
    /// The events of a group come in order, but may be missing: keep a [`parlor_core::Cursor`] per followed group and
    /// fill gaps with [`App::events_after`].
    #[must_use]
    pub fn subscribe(&self) -> Subscription {
        self.inner.bus.subscribe()
    }

    /// Whether the caller may open or close groups on a socket once more: 60 times at once, then 5 a second.
    ///
    /// # Errors
    /// See [`OpenTooOften`].
    #[tracing::instrument(
        name = "chat.may_open", level = "debug", skip_all,
        fields(account.id = caller.account.id.get())
    )]
    pub fn may_open(&self, caller: &Caller) -> Result<(), OpenTooOften> {
        self.limits()
            .take(Limit::Open, self.limits().account(caller.account.id), self.now())
            .map_err(|retry_after| OpenTooOften { retry_after })
    }

    /// Tells the group that the caller writes, or has stopped. More than 5 a second are dropped in silence, of
    /// whichever kind: who shows that somebody writes takes it back by itself after a while.
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
        if !limited {
            self.signal(caller, group, SignalKind::Typing { on });
        }
        Ok(())
    }

    fn signal(&self, caller: &Caller, group: GroupId, kind: SignalKind) {
        let signal = Signal { group, by: caller.account.author(), kind };
        self.tell(Notice::Signal(Arc::new(signal)));
    }
}

#[cfg(test)]
mod tests {
    use crate::Settings;
    use crate::testing::House;
    use parlor_bus::Received;
    use parlor_core::{Code, Refusal, Seq};
    use std::time::Duration;

    #[tokio::test]
    async fn signals_reads_and_openings_are_limited() {
        let house = House::with(Settings { rate_limits: true });
        let (ada, bob) = (house.account("ada").await, house.account("bob").await);
        let group = house.group(&ada, &[&bob]).await;
        let mut notices = house.app.subscribe();
        for turn in 0..100 {
            house.app.typing(&ada, group, turn % 2 == 0).await.unwrap();
        }
        let mut told = 0;
        while let Some(Received::Notice(_)) = notices.try_receive() {
            told += 1;
        }
        assert_eq!(told, 5, "that they stopped is limited, too");

        for _ in 0..60 {
            house.app.may_open(&ada).unwrap();
            house.app.mark_read(&ada, group, Seq::START).await.unwrap();
        }
        let refused = house.app.may_open(&ada).unwrap_err();
        assert_eq!(
            (refused.code(), refused.retry_after()),
            (Code::RateLimited, Some(Duration::from_millis(200)))
        );
        let refused = house.app.mark_read(&ada, group, Seq::START).await.unwrap_err();
        assert_eq!(
            (refused.code(), refused.retry_after()),
            (Code::RateLimited, Some(Duration::from_millis(100)))
        );
        house.app.may_open(&bob).unwrap();
        house.clock.advance(Duration::from_millis(200));
        house.app.may_open(&ada).unwrap();
        house.app.mark_read(&ada, group, Seq::START).await.unwrap();
    }
}
