//! Who met whom, how often and when last, and who must never meet: the view that the pairing reads.
//!
//! The caller fills it with the rows of those concerned (of one newcomer, or of all who wait); somebody of whom nothing
//! is told has met nobody. Every entry counts for both sides.

use super::WaiterId;
use std::collections::HashMap;

/// What was between two. Ordered by preference: longer ago comes first, then less often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Met {
    /// The running number of their last meeting; larger is later. The caller counts, one number for a decision is
    /// enough.
    pub last: u64,
    /// How many times they met, at least 1.
    pub times: u32,
}

/// What one knows of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The other.
    pub other: WaiterId,
    /// Their meetings; `None` when they never met.
    pub met: Option<Met>,
    /// Whether one of them blocked the other: they are never put together again.
    pub blocked: bool,
}

/// All that is known about some people. 24 bytes and a little for each side of an entry.
#[derive(Clone, Debug, Default)]
pub struct History {
    of: HashMap<WaiterId, Vec<Known>>,
}

impl History {
    /// Nobody knows anybody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes what is stored of two; replaces what was said before.
    pub fn set_met(&mut self, a: WaiterId, b: WaiterId, met: Met) {
        self.change(a, b, |known| known.met = Some(met));
    }

    /// Adds a meeting with this running number.
    pub fn add_meeting(&mut self, a: WaiterId, b: WaiterId, number: u64) {
        self.change(a, b, |known| {
            let before = known.met.unwrap_or(Met { last: 0, times: 0 });
            let times = before.times.saturating_add(1);
            known.met = Some(Met { last: before.last.max(number), times });
        });
    }

    /// The two are never put together again, whoever of them wished it.
    pub fn block(&mut self, a: WaiterId, b: WaiterId) {
        self.change(a, b, |known| known.blocked = true);
    }

    /// Everybody of whom `who` has something to tell, in the order of their ids.
    #[must_use]
    pub fn of(&self, who: WaiterId) -> &[Known] {
        self.of.get(&who).map_or(&[], Vec::as_slice)
    }

    /// What was between two; `None` when they never met.
    #[must_use]
    pub fn met(&self, a: WaiterId, b: WaiterId) -> Option<Met> {
        find(self.of(a), b).and_then(|known| known.met)
    }

    /// Whether the two must never be put together.
    #[must_use]
    pub fn is_blocked(&self, a: WaiterId, b: WaiterId) -> bool {
        find(self.of(a), b).is_some_and(|known| known.blocked)
    }

    fn change(&mut self, a: WaiterId, b: WaiterId, change: impl Fn(&mut Known)) {
        if a == b {
            return;
        }
        for (who, other) in [(a, b), (b, a)] {
            let known = self.of.entry(who).or_default();
            let at = known.binary_search_by_key(&other, |known| known.other).unwrap_or_else(|at| {
                known.insert(at, Known { other, met: None, blocked: false });
                at
            });
            change(&mut known[at]);
        }
    }
}

/// The entry about `other` among those of one person.
pub(super) fn find(known: &[Known], other: WaiterId) -> Option<&Known> {
    known.binary_search_by_key(&other, |known| known.other).ok().map(|at| &known[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_counts_for_both_sides() {
        let [a, b, c] = [1, 2, 3].map(WaiterId::new);
        let mut history = History::new();
        history.add_meeting(a, c, 7);
        history.add_meeting(c, a, 9);
        history.block(b, a);
        assert_eq!(history.met(a, c), Some(Met { last: 9, times: 2 }));
        assert_eq!(history.met(c, a), history.met(a, c));
        assert!(history.is_blocked(a, b) && history.is_blocked(b, a));
        assert_eq!(history.met(a, b), None);
        assert_eq!(history.of(a).iter().map(|known| known.other).collect::<Vec<_>>(), [b, c]);
        assert_eq!(history.of(WaiterId::new(4)), []);
        history.set_met(a, c, Met { last: 3, times: 1 });
        assert_eq!(history.met(c, a), Some(Met { last: 3, times: 1 }));
    }

    #[test]
    fn nobody_knows_themselves() {
        let mut history = History::new();
        history.block(WaiterId::new(1), WaiterId::new(1));
        assert_eq!(history.of(WaiterId::new(1)), []);
    }

    #[test]
    fn never_met_comes_first_then_the_longest_ago_then_the_least_often() {
        let met = |last, times| Some(Met { last, times });
        let mut order = [met(9, 1), met(3, 5), None, met(3, 2)];
        order.sort();
        assert_eq!(order, [None, met(3, 2), met(3, 5), met(9, 1)]);
    }
}
