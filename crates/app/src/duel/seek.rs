//! Seeking somebody of about the same strength.

use super::arena::lock;
use super::begin::person;
use super::{DuelError, FoundBy};
use crate::limits::Limit;
use crate::{App, Caller, Failure};
use parlor_core::duel::pairing::pairs;
use parlor_core::duel::{Pair, Seats, Seeker, Wish};
use parlor_core::{AccountId, DuelId, Timestamp};
use parlor_store::accounts;
use parlor_store::duels::results;
use parlor_store::duels::{self, NewDuel};
use std::time::Duration;

/// People who seek on one node at most.
const MOST_SEEKERS: usize = 5_000;

/// What came of seeking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought {
    /// Nobody yet.
    Since(Timestamp),
    /// Somebody: this duel begins.
    Found(DuelId),
}

impl App {
    /// Seeks an opponent; a second time changes what is sought, and keeps the place in the row.
    ///
    /// # Errors
    /// See [`DuelError`].
    #[tracing::instrument(name = "duel.seek", level = "debug", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn seek_duel(&self, caller: &Caller, wish: Wish) -> Result<Sought, DuelError> {
        self.judge()?;
        let account = caller.account.id;
        self.may_step(account)?;
        if self.inner.duels.of(account).is_some() {
            return Err(DuelError::PlaysElsewhere);
        }
        let (rating, blocked) = self
            .store()
            .read::<_, Failure>(move |tx| Ok((results::rating(tx, account)?, duels::blocked(tx, account)?)))
            .await?;
        let since = {
            let mut seekers = lock(&self.inner.duels.seekers);
            let before = seekers.iter().position(|seeker| seeker.account == account);
            let since = before.map_or_else(|| self.now(), |at| seekers.remove(at).since);
            if seekers.len() >= MOST_SEEKERS {
                return Err(DuelError::Busy { retry_after: Duration::from_secs(10) });
            }
            let rounded = rating.rating.round() as i64;
            seekers.push(Seeker { account, wish, xp: rating.xp, rating: rounded, since, blocked });
            since
        };
        self.pair_seekers().await;
        Ok(self.inner.duels.of(account).map_or(Sought::Since(since), Sought::Found))
    }

    /// Seeks no more.
    pub fn stop_seeking(&self, account: AccountId) {
        lock(&self.inner.duels.seekers).retain(|seeker| seeker.account != account);
    }

    /// Puts everybody together who fits.
    pub(super) async fn pair_seekers(&self) {
        let now = self.now();
        let found = {
            let mut seekers = lock(&self.inner.duels.seekers);
            let found = pairs(&seekers, now);
            let is_paired = |seeker: &Seeker| found.iter().any(|pair| pair.players.contains(&seeker.account));
            seekers.retain(|seeker| !is_paired(seeker));
            found
        };
        for pair in found {
            if let Err(error) = self.begin_pair(pair, now).await {
                tracing::warn!(error = %error, "two who seek can not be put together");
            }
        }
    }

    async fn begin_pair(&self, pair: Pair, now: Timestamp) -> Result<(), DuelError> {
        let people = self
            .store()
            .read::<_, Failure>(move |tx| {
                let mut people = Vec::with_capacity(2);
                for account in pair.players {
                    let Some(stored) = accounts::load(tx, account)? else { continue };
                    people.push(person(&stored.account, results::rating(tx, account)?));
                }
                Ok(people)
            })
            .await?;
        if people.len() < 2 {
            return Err(DuelError::NotFound);
        }
        let new = NewDuel {
            node: self.inner.node,
            group: None,
            owner: None,
            public: true,
            terms: pair.terms,
            seats: Seats::TWO,
            at: now,
        };
        let arc = self.make_duel(new, people).await?;
        self.begin_everybody(&arc, FoundBy::Seek).await
    }

    pub(super) fn may_step(&self, account: AccountId) -> Result<(), DuelError> {
        let key = self.limits().account(account);
        self.limits()
            .take(Limit::Duel, key, self.now())
            .map_err(|retry_after| DuelError::TooOften { retry_after })
    }
}
