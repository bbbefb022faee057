//! What has to be done from time to time: groups that expire, rows of groups that are gone, sessions that have ended,
//! files that nothing speaks of any more.

use crate::{App, Failure};
use parlor_bus::Notice;
use parlor_store::{accounts, blocks, purge};
use std::time::Duration;

/// How often the clock is looked at for groups whose time is over.
const EVERY: Duration = Duration::from_secs(1);
/// No connection without an account lasts longer: twice the twelve hours of contracts/circle.md.
const STRANGERS_LIVE: Duration = Duration::from_secs(24 * 60 * 60);
/// Portions of rows that one round takes away at most, so that it ends.
const PORTIONS: usize = 50;

impl App {
    /// Keeps the house in order, for ever; whoever starts the server runs it and drops it at the end.
    pub async fn keep_house(&self) {
        let mut round = tokio::time::interval(EVERY);
        round.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            round.tick().await;
            if let Err(failure) = self.tidy().await {
                tracing::warn!(error = %failure, "the house is not in order; tried again in a second");
            }
        }
    }

    /// One round of [`App::keep_house`]. A group whose time is over is refused everywhere without it; this tells those
    /// who are in it, and frees the space.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "house.tidy", level = "debug", skip_all)]
    pub async fn tidy(&self) -> Result<(), Failure> {
        let now = self.now();
        let expired = self.store().write::<_, Failure>(move |write| purge::mark_expired(write, now)).await?;
        for group in expired {
            self.tell(Notice::GroupGone { group });
        }
        for _ in 0..PORTIONS {
            if !self.store().write::<_, Failure>(purge::take_away_some).await? {
                break;
            }
        }
        self.store()
            .write::<_, Failure>(move |write| {
                blocks::forget_strangers(write, now.minus(STRANGERS_LIVE))?;
                purge::delete_ended_sessions(write, now)
            })
            .await?;
        self.tidy_uploads(now).await
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    #[tracing::instrument(name = "house.is_ready", level = "debug", skip_all)]
    pub async fn is_ready(&self) -> Result<(), Failure> {
        self.store().read(|tx| accounts::any_admin(tx).map(drop)).await
    }
}
