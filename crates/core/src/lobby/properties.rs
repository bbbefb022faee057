//! What holds for every lobby: random people, random histories, one at a time and all at once.

use super::draw::{pick, seeded};
use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const NOW: Timestamp = Timestamp::from_millis(10_000_000);

fn id(value: usize) -> WaiterId {
    WaiterId::new(value as u64)
}

/// A lobby of `size` people: of 100 pairs so many have met, so many are blocked; a third has a last partner.
fn random_lobby(size: usize, met_of_100: usize, blocked_of_100: usize, seed: u64) -> (Vec<Waiter>, History) {
    let mut chance = seeded(seed);
    let mut history = History::new();
    for a in 0..size {
        for b in a + 1..size {
            if pick(&mut chance, 100) < met_of_100 {
                history.add_meeting(id(a), id(b), pick(&mut chance, 50) as u64);
            }
            if pick(&mut chance, 100) < blocked_of_100 {
                history.block(id(a), id(b));
            }
        }
    }
    let mut people = Vec::with_capacity(size);
    for at in 0..size {
        let last = match pick(&mut chance, 6) {
            0 => LastPartners::one(id(pick(&mut chance, size))),
            1 => LastPartners::two(id(pick(&mut chance, size)), id(pick(&mut chance, size))),
            _ => LastPartners::NONE,
        };
        // Up to 70 s, so that some are out of patience, and in whole seconds, so that some came together.
        let since = Timestamp::from_millis(NOW.as_millis() - 1_000 * pick(&mut chance, 70) as i64);
        people.push(Waiter { id: id(at), since, last });
    }
    (people, history)
}

/// Whether two may be together, said once more, in other words than the code's.
fn fine_together(a: &Waiter, b: &Waiter, history: &History) -> bool {
    let met_last = a.last.iter().any(|last| last == b.id) || b.last.iter().any(|last| last == a.id);
    a.id != b.id && !met_last && !history.is_blocked(a.id, b.id)
}

/// The most pairs there can be, by trying all: for few people.
fn most_pairs(people: &[Waiter], fine: &dyn Fn(&Waiter, &Waiter) -> bool) -> usize {
    let Some((first, rest)) = people.split_first() else { return 0 };
    let mut most = most_pairs(rest, fine);
    for at in 0..rest.len() {
        if fine(first, &rest[at]) {
            let mut others = rest.to_vec();
            others.remove(at);
            most = most.max(1 + most_pairs(&others, fine));
        }
    }
    most
}

fn check_decision(people: &[Waiter], history: &History, decision: &Decision) {
    let by_id: BTreeMap<WaiterId, &Waiter> = people.iter().map(|waiter| (waiter.id, waiter)).collect();
    let mut seen = BTreeSet::new();
    for together in &decision.matches {
        for who in together.members() {
            assert!(seen.insert(*who), "{who:?} is in two rooms");
            for other in together.members().iter().filter(|other| *other != who) {
                assert!(fine_together(by_id[who], by_id[other], history), "{who:?} {other:?}");
            }
        }
    }
    for who in &decision.waiting {
        assert!(seen.insert(*who), "{who:?} waits and is in a room");
        for other in decision.waiting.iter().filter(|other| *other != who) {
            assert!(!fine_together(by_id[who], by_id[other], history), "{who:?} and {other:?} are left");
        }
    }
    assert_eq!(seen.len(), people.len());
    let since = |who: &WaiterId| by_id[who].since;
    assert!(decision.waiting.is_sorted_by_key(since));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]

    #[test]
    fn a_lobby_is_paired_as_far_as_it_can_be(
        size in 1_usize..70, met in 0_usize..=100, blocked in 0_usize..=100, threes: bool, seed: u64
    ) {
        let (people, history) = random_lobby(size, met, blocked, seed);
        let last_arrival = people.iter().map(|waiter| waiter.since).max().unwrap_or(NOW);
        let threes = if threes { Threes::Allowed { last_arrival } } else { Threes::Off };
        let decision = pair_waiting(&people, &history, threes, NOW, &mut seeded(!seed));
        check_decision(&people, &history, &decision);
        prop_assert_eq!(&decision, &pair_waiting(&people, &history, threes, NOW, &mut seeded(!seed)));
        if threes == Threes::Off {
            prop_assert!(decision.matches.iter().all(|together| together.members().len() == 2));
        }
    }

    #[test]
    fn a_small_lobby_has_as_many_pairs_as_there_can_be(
        size in 1_usize..9, met in 0_usize..=100, blocked in 0_usize..=80, seed: u64
    ) {
        let (people, history) = random_lobby(size, met, blocked, seed);
        let decision = pair_waiting(&people, &history, Threes::Off, NOW, &mut seeded(!seed));
        check_decision(&people, &history, &decision);
        let fine = |a: &Waiter, b: &Waiter| fine_together(a, b, &history);
        prop_assert_eq!(decision.matches.len(), most_pairs(&people, &fine));
        // Where all can be paired with somebody new, all are.
        let new = |a: &Waiter, b: &Waiter| fine(a, b) && history.met(a.id, b.id).is_none();
        let met_before = |together: &&Match| history.met(together.members()[0], together.members()[1]).is_some();
        if 2 * most_pairs(&people, &new) == size {
            prop_assert_eq!(decision.matches.iter().filter(met_before).count(), 0);
        }
    }

    #[test]
    fn a_newcomer_meets_the_best_there_is(
        size in 1_usize..60, met in 0_usize..=100, blocked in 0_usize..=100, seed: u64
    ) {
        let (people, history) = random_lobby(size, met, blocked, seed);
        let (newcomer, waiting) = people.split_first().unwrap();
        let choice = Choice::ByHistory { now: NOW };
        let chosen = pair_newcomer(newcomer, waiting, &history, choice, &mut seeded(!seed));
        let mut fine: Vec<&Waiter> =
            waiting.iter().filter(|waiter| fine_together(newcomer, waiter, &history)).collect();
        prop_assert_eq!(chosen.is_some(), !fine.is_empty());
        if let Some(chosen) = chosen.and_then(|chosen| fine.iter().find(|waiter| waiter.id == chosen).copied()) {
            fine.sort_by_key(|waiter| waiter.since);
            if NOW.since(fine[0].since) >= PATIENCE {
                prop_assert_eq!(chosen.since, fine[0].since);
            } else {
                let best = fine.iter().map(|waiter| history.met(newcomer.id, waiter.id)).min();
                prop_assert_eq!(Some(history.met(newcomer.id, chosen.id)), best);
            }
        }
        let at_random = pair_newcomer(newcomer, waiting, &history, Choice::AtRandom, &mut seeded(!seed));
        prop_assert_eq!(at_random.is_some(), !fine.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn a_large_lobby_too(size in 70_usize..=2_000, met in 0_usize..4, blocked in 0_usize..4, seed: u64) {
        let (people, history) = random_lobby(size, met, blocked, seed);
        let decision = pair_waiting(&people, &history, Threes::Off, NOW, &mut seeded(!seed));
        check_decision(&people, &history, &decision);
    }
}

#[test]
fn two_thousand_at_once_with_and_without_a_history() {
    for (size, met, blocked) in [(2_000, 0, 0), (1_999, 2, 1), (400, 100, 0), (401, 99, 5), (300, 50, 97)] {
        let (people, history) = random_lobby(size, met, blocked, size as u64);
        let decision = pair_waiting(&people, &history, Threes::Off, NOW, &mut seeded(1));
        check_decision(&people, &history, &decision);
    }
}

/// A live lobby, one thing after another: somebody comes, or leaves a room and comes back at once.
#[test]
fn in_ten_thousand_comings_and_goings_nobody_is_twice_or_left_beside_one_they_may_meet() {
    let mut chance = seeded(21);
    let (mut waiting, mut rooms): (Vec<Waiter>, Vec<[WaiterId; 2]>) = (Vec::new(), Vec::new());
    let mut last = BTreeMap::<WaiterId, LastPartners>::new();
    let mut history = History::new();
    for step in 0..10_000_u64 {
        let now = Timestamp::from_millis(step as i64 * 100);
        let mut coming = vec![id(pick(&mut chance, 30))];
        if pick(&mut chance, 2) == 0 && !rooms.is_empty() {
            coming = rooms.swap_remove(pick(&mut chance, rooms.len())).to_vec();
        }
        for who in coming {
            if waiting.iter().any(|waiter| waiter.id == who) || rooms.as_flattened().contains(&who) {
                continue;
            }
            let newcomer = Waiter { id: who, since: now, last: last.get(&who).copied().unwrap_or_default() };
            let choice = Choice::ByHistory { now };
            let Some(met) = pair_newcomer(&newcomer, &waiting, &history, choice, &mut chance) else {
                waiting.push(newcomer);
                continue;
            };
            let at = waiting.iter().position(|waiter| waiter.id == met).unwrap();
            assert!(fine_together(&newcomer, &waiting.swap_remove(at), &history));
            last.insert(who, LastPartners::one(met));
            last.insert(met, LastPartners::one(who));
            history.add_meeting(who, met, step);
            rooms.push([who, met]);
        }
        for a in &waiting {
            assert!(waiting.iter().all(|b| !fine_together(a, b, &history)), "step {step}");
        }
    }
    assert!(history.of(id(0)).len() > 20);
}
