//! One who comes while others wait: with whom they are put together at once, if with anybody.
//!
//! One pass over those who wait, each looked up among what the newcomer knows. Since everybody is paired who can be, few
//! wait: 10,000 who come one after another take a millisecond. With 10,000 waiting already, one takes 0.1 ms.

use super::draw::{Chance, Lowest};
use super::{History, Met, Waiter, WaiterId, history, may_meet};
use crate::Timestamp;
use std::time::Duration;

/// After this wait one comes before everybody who waits less, however well known to the newcomer: without it, somebody
/// whom all have met could wait forever beside one whom nobody has. Chosen: six times the wait for a three.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How one of several who may be met is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// All alike, as the circle dialect has it.
    AtRandom,
    /// Never met first, then the longest ago, among equals at random; the oldest of those whose [`PATIENCE`] has ended
    /// by `now` before all.
    ByHistory {
        /// The moment of the decision.
        now: Timestamp,
    },
}

/// Whom of `waiting` the `newcomer` meets; `None`: they wait too.
///
/// Never themselves, never the last partner of either side, never one with whom there is a block. Of `history` only
/// what the newcomer knows is read. Somebody is always found when anybody may be met.
pub fn pair_newcomer(
    newcomer: &Waiter,
    waiting: &[Waiter],
    history: &History,
    choice: Choice,
    chance: &mut Chance<'_>,
) -> Option<WaiterId> {
    let known = history.of(newcomer.id);
    let mut lowest = Lowest::new();
    for waiter in waiting.iter().filter(|waiter| may_meet(newcomer, waiter, known)) {
        let preference = match choice {
            Choice::AtRandom => Preference::Acquaintance(None),
            Choice::ByHistory { now } if out_of_patience(waiter, now) => Preference::Patience(waiter.since),
            Choice::ByHistory { .. } => {
                Preference::Acquaintance(history::find(known, waiter.id).and_then(|known| known.met))
            }
        };
        lowest.offer(preference, waiter.id, chance);
    }
    lowest.take()
}

/// Whether somebody has waited for [`PATIENCE`].
pub(super) fn out_of_patience(waiter: &Waiter, now: Timestamp) -> bool {
    now.since(waiter.since) >= PATIENCE
}

/// The lowest is met.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Preference {
    Patience(Timestamp),
    Acquaintance(Option<Met>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lobby::LastPartners;
    use crate::lobby::draw::seeded;

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);

    fn id(value: u64) -> WaiterId {
        WaiterId::new(value)
    }

    /// One who came `seconds` before now.
    fn waiter(value: u64, seconds: i64) -> Waiter {
        let since = Timestamp::from_millis(NOW.as_millis() - seconds * 1_000);
        Waiter { id: id(value), since, last: LastPartners::NONE }
    }

    /// How often each of `waiting` was chosen in 4,000 draws; the last place counts nobody.
    fn chosen(newcomer: &Waiter, waiting: &[Waiter], history: &History, choice: Choice) -> Vec<u32> {
        let mut chance = seeded(7);
        let mut times = vec![0; waiting.len() + 1];
        for _ in 0..4_000 {
            let met = pair_newcomer(newcomer, waiting, history, choice, &mut chance);
            let at = met.and_then(|met| waiting.iter().position(|waiter| waiter.id == met));
            times[at.unwrap_or(waiting.len())] += 1;
        }
        times
    }

    #[test]
    fn equals_are_as_likely() {
        let waiting = [1, 2, 3, 4].map(|value| waiter(value, 5));
        for choice in [Choice::AtRandom, Choice::ByHistory { now: NOW }] {
            let times = chosen(&waiter(9, 0), &waiting, &History::new(), choice);
            // Chi-square with three degrees of freedom: above 16.3 in one of a thousand fair draws.
            let chi: f64 = times[..4].iter().map(|seen| (f64::from(*seen) - 1_000.0).powi(2) / 1_000.0).sum();
            assert!(chi < 16.3, "{choice:?} {times:?}");
        }
    }

    #[test]
    fn never_met_come_first_then_the_longest_ago() {
        let mut history = History::new();
        history.add_meeting(id(9), id(1), 3);
        history.add_meeting(id(9), id(2), 1);
        let by_history = Choice::ByHistory { now: NOW };
        let waiting = [1, 2, 3].map(|value| waiter(value, 5));
        assert_eq!(chosen(&waiter(9, 0), &waiting, &history, by_history), [0, 0, 4_000, 0]);
        assert_eq!(chosen(&waiter(9, 0), &waiting[..2], &history, by_history), [0, 4_000, 0]);
        assert!(
            chosen(&waiter(9, 0), &waiting, &history, Choice::AtRandom)[..3].iter().all(|seen| *seen > 1_000)
        );
    }

    #[test]
    fn the_last_partner_of_either_side_and_the_blocked_are_never_met() {
        let mut history = History::new();
        history.block(id(3), id(9));
        let mut newcomer = waiter(9, 0);
        newcomer.last = LastPartners::two(id(1), id(7));
        let mut waiting = [1, 2, 3, 9].map(|value| waiter(value, 500));
        waiting[1].last = LastPartners::one(id(9));
        for choice in [Choice::AtRandom, Choice::ByHistory { now: NOW }] {
            assert_eq!(chosen(&newcomer, &waiting, &history, choice), [0, 0, 0, 0, 4_000]);
        }
    }

    #[test]
    fn whose_patience_has_ended_comes_before_all_the_oldest_first() {
        let mut history = History::new();
        history.add_meeting(id(9), id(1), 3);
        history.add_meeting(id(9), id(2), 3);
        let by_history = Choice::ByHistory { now: NOW };
        let waiting = [waiter(1, 60), waiter(2, 61), waiter(3, 59)];
        assert_eq!(chosen(&waiter(9, 0), &waiting, &history, by_history), [0, 4_000, 0, 0]);
        let waiting = [waiter(1, 59), waiter(2, 59), waiter(3, 59)];
        assert_eq!(chosen(&waiter(9, 0), &waiting, &history, by_history), [0, 0, 4_000, 0]);
    }

    #[test]
    fn ten_thousand_one_after_another_leave_nobody_who_could_be_paired() {
        let (history, mut chance) = (History::new(), seeded(3));
        let mut waiting: Vec<Waiter> = Vec::new();
        let mut pairs = 0;
        for value in 0..10_001 {
            let newcomer = waiter(value, 0);
            match pair_newcomer(&newcomer, &waiting, &history, Choice::ByHistory { now: NOW }, &mut chance) {
                Some(met) => {
                    waiting.retain(|waiter| waiter.id != met);
                    pairs += 1;
                }
                None => waiting.push(newcomer),
            }
        }
        assert_eq!((pairs, waiting.len()), (5_000, 1));
    }
}
