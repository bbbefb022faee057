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
            let seekers = &mut *lock(&self.inner.duels.seekers);
            let (now, rounded) = (self.now(), rating.rating.round() as i64);
            let seeker = Seeker { account, wish, xp: rating.xp, rating: rounded, since: now, blocked };
            let mut all = seekers.waiting.iter_mut().chain(&mut seekers.paired);
            if let Some(before) = all.find(|other| other.account == account) {
                let since = before.since;
                *before = Seeker { since, ..seeker };
                since
            } else {
                if seekers.waiting.len() >= MOST_SEEKERS {
                    return Err(DuelError::Busy { retry_after: Duration::from_secs(10) });
                }
                seekers.waiting.push(seeker);
                now
            }
        };
        self.pair_seekers().await;
        Ok(self.inner.duels.of(account).map_or(Sought::Since(since), Sought::Found))
    }

    /// Seeks no more.
    pub fn stop_seeking(&self, account: AccountId) {
        let mut seekers = lock(&self.inner.duels.seekers);
        seekers.waiting.retain(|seeker| seeker.account != account);
        seekers.paired.retain(|seeker| seeker.account != account);
    }

    /// Puts everybody together who fits.
    pub(super) async fn pair_seekers(&self) {
        let now = self.now();
        let found = {
            let mut seekers = lock(&self.inner.duels.seekers);
            let found = pairs(&seekers.waiting, now);
            let is_paired = |seeker: &Seeker| found.iter().any(|pair| pair.players.contains(&seeker.account));
            let (paired, waiting) = std::mem::take(&mut seekers.waiting).into_iter().partition(is_paired);
            seekers.waiting = waiting;
            seekers.paired.extend::<Vec<_>>(paired);
            found
        };
        for pair in found {
            let began = self.begin_pair(pair, now).await;
            self.settle_pair(pair, began.is_err());
            if let Err(error) = began {
                tracing::warn!(error = %error, "two who seek can not be put together");
            }
        }
    }

    /// The two are no pair any more. Where nothing came of it they seek on, each since when they did.
    fn settle_pair(&self, pair: Pair, seek_on: bool) {
        let seekers = &mut *lock(&self.inner.duels.seekers);
        let both = seekers.paired.extract_if(.., |seeker| pair.players.contains(&seeker.account));
        if seek_on {
            seekers.waiting.extend(both);
        } else {
            both.for_each(drop);
        }
    }

    async fn begin_pair(&self, pair: Pair, now: Timestamp) -> Result<(), DuelError> {
        if self.playable_problems().is_empty() {
            return Err(DuelError::NoProblems);
        }
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
        for account in pair.players {
            // Gone, or found another duel: these seek no more.
            if !people.iter().any(|person| person.author.id == account) {
                self.stop_seeking(account);
                return Err(DuelError::NotFound);
            }
            if self.inner.duels.of(account).is_some() {
                self.stop_seeking(account);
                return Err(DuelError::PlaysElsewhere);
            }
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
