//! The one who is left over: whether, when and with whom they make a three, in groups that allow it.

use super::draw::{Chance, Lowest};
use super::{History, Waiter, history, may_meet};
use crate::Timestamp;
use std::time::Duration;

/// How long nobody else must have come before a three is made (issue 4, What 1).
pub const QUIET: Duration = Duration::from_secs(10);

/// Whether a group allows threes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threes {
    /// One who is left over waits.
    Off,
    /// One who is left over joins a pair when the lobby has been quiet for [`QUIET`].
    Allowed {
        /// When somebody came into the lobby last, whether they were paired at once or not.
        last_arrival: Timestamp,
    },
}

/// What becomes of those who are left over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOver {
    /// The one joins this pair, by its place in what was passed.
    Joins(usize),
    /// It is too early for a three: decide again at this moment, if nobody has come.
    TooEarly(Timestamp),
    /// Nothing but somebody's coming or leaving changes anything.
    Waits,
}

/// Decides about those who are `left_over` when all who can be paired are.
///
/// A three is made only for exactly one, of whom neither of the two is a last partner, and with whom neither has a
/// block. Preferred is the pair whose better known member the one never met or met the longest ago, then the other
/// member likewise, then chance. `pairs` may be those of the same decision or rooms in which two already talk; a member
/// of such a room has the other as last partner. Which rooms are open to a third is the caller's to say.
pub fn place_left_over(
    left_over: &[Waiter],
    pairs: &[[Waiter; 2]],
    history: &History,
    threes: Threes,
    now: Timestamp,
    chance: &mut Chance<'_>,
) -> LeftOver {
    let (Threes::Allowed { last_arrival }, [one]) = (threes, left_over) else { return LeftOver::Waits };
    let open_at = last_arrival.max(one.since).plus(QUIET);
    if now < open_at {
        return LeftOver::TooEarly(open_at);
    }
    let known = history.of(one.id);
    let met = |other: &Waiter| history::find(known, other.id).and_then(|known| known.met);
    let mut lowest = Lowest::new();
    for (at, [a, b]) in pairs.iter().enumerate() {
        if may_meet(one, a, known) && may_meet(one, b, known) {
            let (a, b) = (met(a), met(b));
            lowest.offer((a.max(b), a.min(b)), at, chance);
        }
    }
    lowest.take().map_or(LeftOver::Waits, LeftOver::Joins)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lobby::draw::seeded;
    use crate::lobby::{LastPartners, WaiterId};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn waiter(value: u64) -> Waiter {
        Waiter { id: WaiterId::new(value), since: at(100), last: LastPartners::NONE }
    }

    fn check(left_over: &[Waiter], history: &History, last_arrival: i64, now: i64) -> LeftOver {
        let pairs = [[waiter(1), waiter(2)], [waiter(3), waiter(4)]];
        let threes = Threes::Allowed { last_arrival: at(last_arrival) };
        place_left_over(left_over, &pairs, history, threes, at(now), &mut seeded(1))
    }

    #[test]
    fn a_three_needs_one_left_over_and_ten_quiet_seconds() {
        let nothing = History::new();
        assert_eq!(check(&[waiter(9)], &nothing, 100, 109), LeftOver::TooEarly(at(110)));
        assert!(matches!(check(&[waiter(9)], &nothing, 100, 110), LeftOver::Joins(_)));
        assert_eq!(check(&[waiter(9)], &nothing, 105, 110), LeftOver::TooEarly(at(115)));
        // Whoever says that the last came before the one who waits is wrong: that one came then.
        assert_eq!(check(&[waiter(9)], &nothing, 50, 109), LeftOver::TooEarly(at(110)));
        assert_eq!(check(&[waiter(8), waiter(9)], &nothing, 100, 200), LeftOver::Waits);
        assert_eq!(check(&[], &nothing, 100, 200), LeftOver::Waits);
        let off = place_left_over(
            &[waiter(9)],
            &[[waiter(1), waiter(2)]],
            &nothing,
            Threes::Off,
            at(200),
            &mut seeded(1),
        );
        assert_eq!(off, LeftOver::Waits);
    }

    #[test]
    fn nobody_becomes_the_third_beside_one_they_may_not_meet() {
        let mut history = History::new();
        history.block(WaiterId::new(9), WaiterId::new(2));
        assert_eq!(check(&[waiter(9)], &history, 100, 200), LeftOver::Joins(1));
        let mut one = waiter(9);
        one.last = LastPartners::one(WaiterId::new(4));
        assert_eq!(check(&[one], &history, 100, 200), LeftOver::Waits);
    }

    #[test]
    fn the_least_known_pair_is_joined() {
        let mut history = History::new();
        history.add_meeting(WaiterId::new(9), WaiterId::new(1), 5);
        assert_eq!(check(&[waiter(9)], &history, 100, 200), LeftOver::Joins(1));
        history.add_meeting(WaiterId::new(9), WaiterId::new(3), 2);
        history.add_meeting(WaiterId::new(9), WaiterId::new(4), 3);
        assert_eq!(check(&[waiter(9)], &history, 100, 200), LeftOver::Joins(1));
    }
}
