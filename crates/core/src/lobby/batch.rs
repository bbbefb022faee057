//! All who wait, paired at once: after a start, after a node is gone, or when a lobby opens.
//!
//! First those who never met, the oldest choosing first and at random; where that strands somebody, partners are
//! changed along a path until as many as possible meet somebody new. Then the rest, each with whom they met the longest
//! ago, and again partners are changed until there are as many pairs as there can be at all.

use super::draw::{Chance, Lowest, shuffle};
use super::graph::Graph;
use super::matching::Matching;
use super::newcomer::out_of_patience;
use super::{History, LeftOver, Match, Threes, Waiter, WaiterId, place_left_over};
use crate::Timestamp;
use std::collections::{HashMap, HashSet};

/// What becomes of those who wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// Who comes together, one room each; in a pair the one who waited longer stands first.
    pub matches: Vec<Match>,
    /// Who goes on waiting, the oldest first. No two of them may meet.
    pub waiting: Vec<WaiterId>,
    /// When one is left over and it is too early for a three: when to decide again, if nobody has come.
    pub look_again_at: Option<Timestamp>,
}

/// Pairs those who wait; somebody who is in `waiting` twice counts once, since the earlier moment.
///
/// - Nobody is with a last partner of either side, nor with one with whom there is a block.
/// - There are as many pairs as can be under these two, so never two are left who may meet.
/// - As many as possible are between people who never met. One of these is given up only where that makes one pair
///   more, or for somebody whose [`PATIENCE`](super::PATIENCE) has ended.
/// - The older choose first, and among equals chance decides. When all can meet somebody new but their number is odd,
///   the youngest is left over.
/// - Nobody goes on waiting after their patience in whose place somebody younger could.
///
/// Takes n² / 8 bytes twice for n people, and reads what each of them knows. Measured on the 2-core machine (release):
/// 2,000 who never met 1 ms, 2,000 who all met each other 55 to 135 ms, 10,000 who never met 10 ms.
pub fn pair_waiting(
    waiting: &[Waiter],
    history: &History,
    threes: Threes,
    now: Timestamp,
    chance: &mut Chance<'_>,
) -> Decision {
    let people = oldest_first(waiting, chance);
    let places = people.iter().enumerate().map(|(at, waiter)| (waiter.id, at)).collect();
    let (new, allowed) = who_may_meet(&people, &places, history);
    let mut matching = Matching::new(people.len());

    matching.pair_at_random(&new, chance);
    for at in 0..people.len() {
        if matching.mate(at).is_none() {
            matching.augment_or_free_highest(&new, at);
        }
    }

    pair_longest_ago(&mut matching, &allowed, &people, &places, history, chance);
    for (at, waiter) in people.iter().enumerate() {
        if matching.mate(at).is_some() {
            continue;
        }
        if out_of_patience(waiter, now) {
            matching.augment_or_free_highest(&allowed, at);
        } else {
            matching.augment(&allowed, at);
        }
    }
    decide(&matching, &people, history, threes, now, chance)
}

/// In the order of coming; those who came at the same moment in any order.
fn oldest_first(waiting: &[Waiter], chance: &mut Chance<'_>) -> Vec<Waiter> {
    let mut people = waiting.to_vec();
    shuffle(&mut people, chance);
    people.sort_by_key(|waiter| waiter.since);
    let mut seen = HashSet::with_capacity(people.len());
    people.retain(|waiter| seen.insert(waiter.id));
    people
}

/// Who may meet and never did; and who may meet at all.
fn who_may_meet(people: &[Waiter], places: &HashMap<WaiterId, usize>, history: &History) -> (Graph, Graph) {
    let mut new = Graph::complete(people.len());
    let mut allowed = new.clone();
    for (at, waiter) in people.iter().enumerate() {
        for known in history.of(waiter.id) {
            let Some(other) = places.get(&known.other) else { continue };
            new.remove(at, *other);
            if known.blocked {
                allowed.remove(at, *other);
            }
        }
        for last in waiter.last.iter() {
            if let Some(other) = places.get(&last) {
                new.remove(at, *other);
                allowed.remove(at, *other);
            }
        }
    }
    (new, allowed)
}

fn pair_longest_ago(
    matching: &mut Matching,
    allowed: &Graph,
    people: &[Waiter],
    places: &HashMap<WaiterId, usize>,
    history: &History,
    chance: &mut Chance<'_>,
) {
    for (at, waiter) in people.iter().enumerate() {
        if matching.mate(at).is_some() {
            continue;
        }
        let mut lowest = Lowest::new();
        for known in history.of(waiter.id) {
            let other = places.get(&known.other).copied();
            if let Some(other) = other.filter(|other| matching.free().has(*other) && allowed.has(at, *other))
            {
                lowest.offer(known.met, other, chance);
            }
        }
        if let Some(other) = lowest.take() {
            matching.join(at, other);
        }
    }
}

fn decide(
    matching: &Matching,
    people: &[Waiter],
    history: &History,
    threes: Threes,
    now: Timestamp,
    chance: &mut Chance<'_>,
) -> Decision {
    let pairs: Vec<[Waiter; 2]> = matching.pairs().map(|pair| pair.map(|at| people[at])).collect();
    let left: Vec<Waiter> = matching.free().iter().map(|at| people[at]).collect();
    let mut decision = Decision {
        matches: pairs.iter().map(|pair| Match::Two(pair.map(|waiter| waiter.id))).collect(),
        waiting: left.iter().map(|waiter| waiter.id).collect(),
        look_again_at: None,
    };
    match place_left_over(&left, &pairs, history, threes, now, chance) {
        LeftOver::Joins(at) => {
            let [a, b] = pairs[at].map(|waiter| waiter.id);
            decision.matches[at] = Match::Three([a, b, left[0].id]);
            decision.waiting.clear();
        }
        LeftOver::TooEarly(open_at) => decision.look_again_at = Some(open_at),
        LeftOver::Waits => {}
    }
    decision
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

    fn waiter(value: u64, seconds: i64) -> Waiter {
        let since = Timestamp::from_millis(NOW.as_millis() - seconds * 1_000);
        Waiter { id: id(value), since, last: LastPartners::NONE }
    }

    fn check(waiting: &[Waiter], history: &History, seed: u64) -> (Vec<[u64; 2]>, Vec<u64>) {
        let decision = pair_waiting(waiting, history, Threes::Off, NOW, &mut seeded(seed));
        let mut pairs = Vec::new();
        for pair in &decision.matches {
            let Match::Two(pair) = pair else { panic!("a three without leave") };
            let mut pair = pair.map(WaiterId::get);
            pair.sort_unstable();
            pairs.push(pair);
        }
        pairs.sort_unstable();
        (pairs, decision.waiting.into_iter().map(WaiterId::get).collect())
    }

    #[test]
    fn two_whose_only_other_choice_is_each_other_are_not_stranded() {
        // 3 and 4 met last: whoever of 1 and 2 takes the other of them would leave two who may not meet.
        let mut waiting = [1, 2, 3, 4].map(|value| waiter(value, 5));
        waiting[2].last = LastPartners::one(id(4));
        for seed in 0..50 {
            let (pairs, left) = check(&waiting, &History::new(), seed);
            assert!(pairs == [[1, 3], [2, 4]] || pairs == [[1, 4], [2, 3]], "{pairs:?}");
            assert_eq!(left, []);
        }
    }

    #[test]
    fn as_many_as_possible_meet_somebody_new() {
        // 1 never met anybody but may choose; 2 never met 1 only. 3 and 4 never met.
        let mut history = History::new();
        history.add_meeting(id(2), id(3), 1);
        history.add_meeting(id(2), id(4), 1);
        let waiting = [1, 2, 3, 4].map(|value| waiter(value, 5));
        for seed in 0..50 {
            assert_eq!(check(&waiting, &history, seed).0, [[1, 2], [3, 4]]);
        }
    }

    #[test]
    fn the_youngest_is_left_over_among_people_who_never_met() {
        let waiting = [1, 2, 3, 4, 5].map(|value| waiter(value, 50 - value as i64));
        for seed in 0..50 {
            assert_eq!(check(&waiting, &History::new(), seed).1, [5]);
        }
    }

    #[test]
    fn of_those_who_came_together_anybody_is_left_over() {
        let waiting = [1, 2, 3].map(|value| waiter(value, 5));
        let mut times = [0_u32; 4];
        for seed in 0..3_000 {
            times[check(&waiting, &History::new(), seed).1[0] as usize] += 1;
        }
        assert!(times[1..].iter().all(|seen| seen.abs_diff(1_000) < 130), "{times:?}");
    }

    #[test]
    fn who_met_all_waits_until_their_patience_ends() {
        let mut history = History::new();
        history.add_meeting(id(1), id(2), 1);
        history.add_meeting(id(1), id(3), 2);
        let others = [waiter(2, 9), waiter(3, 8)];
        let (pairs, left) = check(&[waiter(1, 59), others[0], others[1]], &history, 1);
        assert_eq!((pairs, left), (vec![[2, 3]], vec![1]));
        let (pairs, left) = check(&[waiter(1, 60), others[0], others[1]], &history, 1);
        assert_eq!((pairs, left), (vec![[1, 2]], vec![3]));
    }

    #[test]
    fn the_longest_ago_meet_when_nobody_is_new() {
        let mut history = History::new();
        for (number, (a, b)) in [(1, 2), (3, 4), (1, 3), (2, 4), (1, 4), (2, 3)].into_iter().enumerate() {
            history.add_meeting(id(a), id(b), number as u64);
        }
        let waiting = [1, 2, 3, 4].map(|value| waiter(value, 5));
        for seed in 0..20 {
            assert_eq!(check(&waiting, &history, seed).0, [[1, 2], [3, 4]]);
        }
    }

    #[test]
    fn every_partner_is_as_likely_among_equals() {
        let waiting: Vec<Waiter> = (1..=6).map(|value| waiter(value, 5)).collect();
        let mut times = [0_u32; 7];
        let mut chance = seeded(5);
        for _ in 0..5_000 {
            let decision = pair_waiting(&waiting, &History::new(), Threes::Off, NOW, &mut chance);
            let first = decision.matches.iter().find(|pair| pair.members().contains(&id(1))).unwrap();
            times[first.partners_of(id(1)).iter().next().unwrap().get() as usize] += 1;
        }
        // Chi-square with four degrees of freedom: above 18.5 in one of a thousand fair draws.
        let chi: f64 = times[2..].iter().map(|seen| (f64::from(*seen) - 1_000.0).powi(2) / 1_000.0).sum();
        assert!(chi < 18.5, "{times:?}");
    }

    #[test]
    fn one_left_over_makes_a_three_after_ten_quiet_seconds() {
        let waiting = [1, 2, 3].map(|value| waiter(value, 10));
        let threes = Threes::Allowed { last_arrival: waiting[0].since };
        let decision = pair_waiting(&waiting, &History::new(), threes, NOW, &mut seeded(1));
        assert_eq!((decision.matches.len(), decision.matches[0].members().len()), (1, 3));
        assert_eq!(decision.waiting, []);
        let waiting = [1, 2, 3].map(|value| waiter(value, 9));
        let decision = pair_waiting(&waiting, &History::new(), threes, NOW, &mut seeded(1));
        assert_eq!(decision.waiting.len(), 1);
        assert_eq!(decision.look_again_at, Some(Timestamp::from_millis(NOW.as_millis() + 1_000)));
    }

    #[test]
    fn who_is_told_twice_counts_once_and_nobody_is_no_trouble() {
        assert_eq!(check(&[], &History::new(), 1), (vec![], vec![]));
        assert_eq!(check(&[waiter(1, 5), waiter(1, 9)], &History::new(), 1), (vec![], vec![1]));
    }
}
