//! Who is there, and what their players say. Kept in memory only; who comes again is new.

use super::{Play, PlayerState, Report, Rev};
use crate::{AccountId, Role, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;

/// The viewers of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    /// Since when there is somebody to note who comes and goes.
    since: Timestamp,
    viewers: BTreeMap<AccountId, Present>,
}

/// One viewer. Several pages of one account are one viewer; the page that reported last speaks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// As what in the group.
    pub role: Role,
    /// Since when.
    pub since: Timestamp,
    /// When they went, if they did: kept until nobody asks any more.
    pub left_at: Option<Timestamp>,
    /// The newest report, and when it came.
    pub report: Option<(Report, Timestamp)>,
    /// For which change of the player they were ready, and since when.
    pub ready: Option<(Rev, Timestamp)>,
    /// For which change they have had no data, and since when.
    stalled: Option<(Rev, Timestamp)>,
    /// Since when their page is out of sight.
    hidden_since: Option<Timestamp>,
    /// Whether they have played along since they came: before, nobody waits for them.
    settled: bool,
}

/// A report counts for this long: until three that are due every two seconds are missing.
pub const REPORT_COUNTS: Duration = Duration::from_secs(6);
/// Who left is remembered this long, so that a page that is loaded again does not lose the lead.
pub const GRACE: Duration = Duration::from_secs(15);
/// A page out of sight for this long is taken for one that nobody sits before.
pub const AWAY: Duration = Duration::from_secs(600);
/// Who is nearer than this to the others, in milliseconds, plays along.
const ALONG_MS: u32 = 1_000;

impl Audience {
    /// Most viewers that are kept account of. Further ones watch like all others; nobody waits for them, and their votes
    /// to skip do not count.
    pub const MOST: usize = 2_000;

    /// Nobody, from `now`.
    #[must_use]
    pub const fn new(now: Timestamp) -> Self {
        Self { since: now, viewers: BTreeMap::new() }
    }

    /// Somebody comes. A further page of one who is there changes nothing.
    pub fn join(&mut self, account: AccountId, role: Role, now: Timestamp) {
        self.viewers.retain(|_, viewer| viewer.left_at.is_none_or(|left| now.since(left) < GRACE));
        let here = self.viewers.get(&account).is_some_and(|viewer| viewer.left_at.is_none());
        if here || (self.viewers.len() >= Self::MOST && !self.viewers.contains_key(&account)) {
            return;
        }
        self.viewers.insert(
            account,
            Present {
                role,
                since: now,
                left_at: None,
                report: None,
                ready: None,
                stalled: None,
                hidden_since: None,
                settled: false,
            },
        );
    }

    /// Somebody's last page is gone.
    pub fn leave(&mut self, account: AccountId, now: Timestamp) {
        if let Some(viewer) = self.viewers.get_mut(&account) {
            viewer.left_at.get_or_insert(now);
        }
    }

    /// A player says how it is. Of one who is not there it is dropped.
    pub fn report(&mut self, account: AccountId, report: Report, now: Timestamp) {
        let Some(viewer) = self.here_mut(account) else { return };
        viewer.stalled = match (report.state, viewer.stalled) {
            (PlayerState::Buffering, Some((rev, since))) if rev == report.rev => Some((rev, since)),
            (PlayerState::Buffering, _) => Some((report.rev, now)),
            _ => None,
        };
        viewer.hidden_since = report.hidden.then(|| viewer.hidden_since.unwrap_or(now));
        let along = report.state == PlayerState::Playing && report.drift_ms.unsigned_abs() < ALONG_MS;
        viewer.settled |= along;
        viewer.report = Some((report, now));
    }

    /// A player stands where it should and has data. A second time for the same change is not later.
    pub fn ready(&mut self, account: AccountId, rev: Rev, now: Timestamp) {
        let Some(viewer) = self.here_mut(account) else { return };
        if viewer.ready.is_none_or(|(known, _)| known != rev) {
            viewer.ready = Some((rev, now));
        }
    }

    /// Everybody who is there, in the order of their ids.
    pub fn here(&self) -> impl Iterator<Item = (AccountId, &Present)> {
        self.viewers.iter().filter(|(_, viewer)| viewer.left_at.is_none()).map(|(id, viewer)| (*id, viewer))
    }

    /// Those whom the player is steered for: there, in sight, heard of lately, neither ahead or behind by choice nor kept
    /// from playing by something that waiting does not mend.
    pub fn active(&self, now: Timestamp) -> impl Iterator<Item = (AccountId, &Present)> {
        self.here().filter(move |(_, viewer)| viewer.is_active(now))
    }

    /// Since when somebody has been away; `None` while they are there.
    #[must_use]
    pub fn away_since(&self, account: AccountId) -> Option<Timestamp> {
        match self.viewers.get(&account) {
            Some(viewer) => viewer.left_at,
            None => Some(self.since),
        }
    }

    fn here_mut(&mut self, account: AccountId) -> Option<&mut Present> {
        self.viewers.get_mut(&account).filter(|viewer| viewer.left_at.is_none())
    }
}

impl Present {
    /// Whether somebody is likely to sit before it: counts for votes.
    #[must_use]
    pub fn is_awake(&self, now: Timestamp) -> bool {
        self.hidden_since.is_none_or(|since| now.since(since) < AWAY)
    }

    /// For how long there has been no data for this state of the player, of one who played along before.
    #[must_use]
    pub fn stalled_for(&self, play: &Play, now: Timestamp) -> Option<Duration> {
        self.stalled.filter(|(rev, _)| self.settled && *rev == play.rev).map(|(_, since)| now.since(since))
    }

    /// When they were ready for this state of the player.
    #[must_use]
    pub fn ready_for(&self, play: &Play) -> Option<Timestamp> {
        self.ready.filter(|(rev, _)| *rev == play.rev).map(|(_, at)| at)
    }

    /// The newest report, while it counts.
    #[must_use]
    pub fn fresh_report(&self, now: Timestamp) -> Option<&Report> {
        self.report.as_ref().filter(|(_, at)| now.since(*at) < REPORT_COUNTS).map(|(report, _)| report)
    }

    fn is_active(&self, now: Timestamp) -> bool {
        self.fresh_report(now).is_some_and(|report| {
            let kept_from_playing =
                matches!(report.state, PlayerState::Interrupted | PlayerState::Blocked | PlayerState::Failed);
            !report.hidden && !report.solo && !kept_from_playing
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::testing::{account, at, report};

    fn here(audience: &Audience) -> Vec<i64> {
        audience.here().map(|(id, _)| id.get()).collect()
    }

    #[test]
    fn who_comes_again_is_new_and_a_second_page_is_not() {
        let mut audience = Audience::new(at(0));
        audience.join(account(1), Role::Member, at(10));
        audience.join(account(1), Role::Member, at(20));
        assert_eq!(audience.viewers[&account(1)].since, at(10));
        assert_eq!((audience.away_since(account(1)), audience.away_since(account(2))), (None, Some(at(0))));
        audience.leave(account(1), at(30));
        audience.leave(account(1), at(40));
        assert_eq!((here(&audience), audience.away_since(account(1))), (vec![], Some(at(30))));
        audience.join(account(1), Role::Member, at(50));
        assert_eq!(audience.viewers[&account(1)].since, at(50));
    }

    #[test]
    fn only_who_can_and_wants_to_watch_along_is_waited_for() {
        let mut audience = Audience::new(at(0));
        let fine = report(Rev::START, PlayerState::Playing);
        let reports = [
            fine,
            Report { hidden: true, ..fine },
            Report { solo: true, ..fine },
            Report { state: PlayerState::Blocked, ..fine },
            Report { state: PlayerState::Interrupted, ..fine },
            Report { state: PlayerState::Failed, ..fine },
            Report { state: PlayerState::Buffering, ..fine },
        ];
        for (id, said) in (1..).zip(reports) {
            audience.join(account(id), Role::Member, at(0));
            audience.report(account(id), said, at(0));
        }
        audience.join(account(99), Role::Member, at(0));
        let active = |now| audience.active(now).map(|(id, _)| id.get()).collect::<Vec<_>>();
        assert_eq!(active(at(5_999)), [1, 7]);
        assert_eq!(active(at(6_000)), [0; 0]);
        let awake = |now| audience.here().filter(|(_, viewer)| viewer.is_awake(now)).count();
        assert_eq!((awake(at(599_999)), awake(at(600_000))), (8, 7));
    }

    #[test]
    fn it_keeps_account_of_a_bounded_number() {
        let mut audience = Audience::new(at(0));
        for id in 1..=Audience::MOST as i64 + 10 {
            audience.join(account(id), Role::Member, at(0));
        }
        assert_eq!(audience.here().count(), Audience::MOST);
        audience.leave(account(1), at(0));
        audience.join(account(9_999), Role::Member, at(15_000));
        assert!(audience.away_since(account(9_999)).is_none());
    }

    #[test]
    fn reports_of_one_who_is_not_there_are_dropped() {
        let mut audience = Audience::new(at(0));
        audience.report(account(1), report(Rev::START, PlayerState::Playing), at(0));
        audience.ready(account(1), Rev::START, at(0));
        assert_eq!(audience, Audience::new(at(0)));
    }
}
