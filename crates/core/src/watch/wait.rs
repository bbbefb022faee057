//! For whom all wait, and how long at most.
//!
//! A command that moves the player is prepared by all first and begins for all at one moment. When data does not come to
//! some while all watch, the group may stop for them, but seldom and not for long: whoever is slower than that catches up
//! alone. The numbers are a judgement: long enough for a player that has its data near, short enough that nobody takes the
//! pause for a fault. Programs that wait for everybody, as long as it takes, are known for stopping several times a minute.

use super::{Audience, Patience, Phase, Play, Watch};
use crate::{AccountId, Timestamp};
use std::time::Duration;

/// At most this long for another place in the same item.
pub const SAME_ITEM: Duration = Duration::from_millis(1_500);
/// At most this long for another item.
pub const ANOTHER_ITEM: Duration = Duration::from_millis(4_000);
/// At most this long for those whose data does not come.
pub const STALLED: Duration = Duration::from_millis(5_000);
/// Without data for less than this is nothing to stop for.
pub const STALLED_LEAST: Duration = Duration::from_millis(700);
/// Once most are ready, the others have this long, counted from the first.
pub const QUORUM_GRACE: Duration = Duration::from_millis(800);
/// Most waits of a group within [`GROUP_SPAN`].
pub const GROUP_WAITS: usize = 2;
/// See [`GROUP_WAITS`].
pub const GROUP_SPAN: Duration = Duration::from_secs(60);
/// A group waits for the same viewer once in this time.
pub const MEMBER_SPAN: Duration = Duration::from_secs(120);
/// Most viewers that one wait is put down to; further ones wait along.
pub const MOST_NAMED: usize = 100;

/// Most are ready: four of five.
const QUORUM: (usize, usize) = (4, 5);
const LEAD_LEAST: Duration = Duration::from_millis(150);
const LEAD_MOST: Duration = Duration::from_millis(600);
/// What a message may need beyond the delay that was reported for it.
const LEAD_SPARE: Duration = Duration::from_millis(100);

/// When a group last waited, and for whom. Only as far back as it matters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waits(Vec<(Timestamp, Vec<AccountId>)>);

impl Waits {
    /// Takes what the database holds.
    #[must_use]
    pub const fn from_stored(remembered: Vec<(Timestamp, Vec<AccountId>)>) -> Self {
        Self(remembered)
    }

    /// All that are remembered, the oldest first.
    #[must_use]
    pub fn remembered(&self) -> &[(Timestamp, Vec<AccountId>)] {
        &self.0
    }

    pub(super) fn add(&mut self, at: Timestamp, whom: &[AccountId]) {
        self.0.retain(|(earlier, _)| at.since(*earlier) < MEMBER_SPAN);
        self.0.push((at, whom.to_vec()));
    }

    fn may_wait(&self, now: Timestamp) -> bool {
        self.0.iter().filter(|(at, _)| now.since(*at) < GROUP_SPAN).count() < GROUP_WAITS
    }

    fn may_wait_for(&self, account: AccountId, now: Timestamp) -> bool {
        !self.0.iter().any(|(at, whom)| now.since(*at) < MEMBER_SPAN && whom.contains(&account))
    }
}

/// Whether what is prepared begins now.
pub(super) fn begins(play: &Play, audience: &Audience, now: Timestamp) -> bool {
    let Phase::Preparing { until } = play.phase else { return false };
    let awaited = Awaited::of(play, audience, now);
    now >= until
        || awaited.ready == awaited.all
        || awaited.quorum_at().is_some_and(|quorum_at| now >= quorum_at)
}

/// When what is prepared begins at the latest, as things stand.
pub(super) fn begins_at(play: &Play, audience: &Audience, now: Timestamp) -> Option<Timestamp> {
    let Phase::Preparing { until } = play.phase else { return None };
    Some(Awaited::of(play, audience, now).quorum_at().map_or(until, |quorum_at| quorum_at.min(until)))
}

/// How far ahead a start is set, so that it reaches nearly all in time: the delay of 95 of 100, and some more.
pub(super) fn lead(audience: &Audience, now: Timestamp) -> Duration {
    let mut delays: Vec<u16> = audience
        .active(now)
        .filter_map(|(_, viewer)| viewer.fresh_report(now))
        .map(|report| report.delay_ms)
        .collect();
    delays.sort_unstable();
    let index = (delays.len() * 95).div_ceil(100).saturating_sub(1);
    let delay = Duration::from_millis(delays.get(index).copied().unwrap_or(0).into());
    (delay + LEAD_SPARE).clamp(LEAD_LEAST, LEAD_MOST)
}

/// For whom the group stops now: `None` for nobody. Never for one who came late and has not played along yet.
pub(super) fn stops_for(watch: &Watch, audience: &Audience, now: Timestamp) -> Option<Vec<AccountId>> {
    let plays = watch.play.phase == Phase::Playing && now >= watch.play.at;
    if !plays || watch.control.patience == Patience::Alone || !watch.waits.may_wait(now) {
        return None;
    }
    let mut all = 0;
    let mut stalled = Vec::new();
    for (account, viewer) in audience.active(now) {
        all += 1;
        let long = viewer.stalled_for(&watch.play, now).is_some_and(|span| span >= STALLED_LEAST);
        if long && watch.waits.may_wait_for(account, now) {
            stalled.push(account);
        }
    }
    let enough = !stalled.is_empty() && (all <= 2 || stalled.len() * 2 >= all);
    stalled.truncate(MOST_NAMED);
    enough.then_some(stalled)
}

/// Those who were there when it began to be prepared: who came later finds their way alone.
struct Awaited {
    all: usize,
    ready: usize,
    first_ready: Option<Timestamp>,
}

impl Awaited {
    fn of(play: &Play, audience: &Audience, now: Timestamp) -> Self {
        let mut awaited = Self { all: 0, ready: 0, first_ready: None };
        for (_, viewer) in audience.active(now).filter(|(_, viewer)| viewer.since <= play.at) {
            awaited.all += 1;
            if let Some(at) = viewer.ready_for(play) {
                awaited.ready += 1;
                awaited.first_ready = Some(awaited.first_ready.map_or(at, |first| first.min(at)));
            }
        }
        awaited
    }

    fn quorum_at(&self) -> Option<Timestamp> {
        let most = self.ready * QUORUM.1 >= self.all * QUORUM.0;
        self.first_ready.filter(|_| most).map(|first| first.plus(QUORUM_GRACE))
    }
}

#[cfg(test)]
mod tests;
