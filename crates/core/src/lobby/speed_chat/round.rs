//! One round of speed chat: everybody present is put together anew, or sits out.
//!
//! Where the seats say who is next and nothing speaks against it, they meet. All else is found as in [`batch`]: as many
//! as possible meet somebody new, then somebody they met once, and so on; the same partner as the last time only where
//! one would sit out otherwise. With an odd number one more, *the bye*, is paired like anybody, but only with those who
//! sat out least.
//!
//! [`batch`]: crate::lobby::batch

use crate::lobby::Met;
use crate::lobby::draw::{Chance, Lowest, shuffle};
use crate::lobby::graph::Graph;
use crate::lobby::matching::Matching;
use std::collections::BTreeMap;

/// What a round is drawn from. People go by their place in `byes`.
pub(super) struct Sitting<'a> {
    /// How often each one sat out.
    pub byes: &'a [u32],
    /// Who sits opposite whom.
    pub opposite: &'a [[usize; 2]],
    /// Who sits opposite an empty seat.
    pub opposite_nobody: &'a [usize],
    /// The turn of everybody's last meeting, with whomever it was: who met then is the last partner.
    pub last_met: &'a [u64],
    /// Those who met in this speed chat, the lower place first.
    pub met: &'a BTreeMap<[usize; 2], Met>,
    /// Those who must never meet.
    pub blocked: &'a [[usize; 2]],
}

/// Who meets in a round; who is in none of the pairs sits out.
///
/// There are as many pairs as there can be; last partners are among them only where there would be fewer otherwise; if
/// all can meet somebody new, all do. Without blocks exactly one of an odd number sits out, one who sat out least, and that comes before the
/// two rules about partners. Where blocks do not let it be one of those, it may be anybody.
pub(super) fn draw_round(sitting: &Sitting<'_>, chance: &mut Chance<'_>) -> Vec<[usize; 2]> {
    let people = sitting.byes.len();
    let least = sitting.byes.iter().min().copied().unwrap_or(0);
    let mut matching = pair(sitting, least, chance);
    if !matching.is_complete() && !people.is_multiple_of(2) {
        matching = pair(sitting, u32::MAX, chance);
    }
    matching.pairs().filter(|[_, b]| *b < people).collect()
}

/// Pairs people, and with an odd number one of those with `most_byes` or fewer with the bye.
fn pair(sitting: &Sitting<'_>, most_byes: u32, chance: &mut Chance<'_>) -> Matching {
    let people = sitting.byes.len();
    let bye = (!people.is_multiple_of(2)).then_some(people);
    let mut matching = Matching::new(people + usize::from(bye.is_some()));
    let order = who_sat_out_most_first(sitting, bye, chance);
    let most_times = sitting.met.values().map(|met| met.times).max().unwrap_or(0);

    for times in 0..=most_times {
        let mut graph = who_may_meet(sitting, bye, most_byes);
        leave_out_the_known(&mut graph, sitting, times);
        pair_as_seated(&mut matching, &graph, sitting, bye);
        if times == 0 {
            matching.pair_at_random(&graph, chance);
        } else {
            pair_longest_ago(&mut matching, &graph, people, sitting.met, chance);
        }
        augment_all(&mut matching, &graph, &order);
        if matching.is_complete() {
            return matching;
        }
    }
    augment_all(&mut matching, &who_may_meet(sitting, bye, most_byes), &order);
    matching
}

/// Anybody without a block with anybody, and the bye with those who sat out little enough.
fn who_may_meet(sitting: &Sitting<'_>, bye: Option<usize>, most_byes: u32) -> Graph {
    let mut graph = Graph::complete(sitting.byes.len() + usize::from(bye.is_some()));
    for [a, b] in sitting.blocked {
        graph.remove(*a, *b);
    }
    if let Some(bye) = bye {
        for (at, _) in sitting.byes.iter().enumerate().filter(|(_, byes)| **byes > most_byes) {
            graph.remove(at, bye);
        }
    }
    graph
}

/// Takes out who met more than `most_times`, and the last partners of either side.
fn leave_out_the_known(graph: &mut Graph, sitting: &Sitting<'_>, most_times: u32) {
    let last = sitting.last_met;
    for ([a, b], met) in sitting.met {
        if met.times > most_times || met.last == last[*a] || met.last == last[*b] {
            graph.remove(*a, *b);
        }
    }
}

fn pair_as_seated(matching: &mut Matching, graph: &Graph, sitting: &Sitting<'_>, bye: Option<usize>) {
    let out = sitting.opposite_nobody.iter().filter_map(|at| bye.map(|bye| [*at, bye]));
    for [a, b] in sitting.opposite.iter().copied().chain(out) {
        if graph.has(a, b) && matching.free().has(a) && matching.free().has(b) {
            matching.join(a, b);
        }
    }
}

fn pair_longest_ago(
    matching: &mut Matching,
    graph: &Graph,
    people: usize,
    met: &BTreeMap<[usize; 2], Met>,
    chance: &mut Chance<'_>,
) {
    for at in 0..people {
        if matching.mate(at).is_some() {
            continue;
        }
        let (mut lowest, mut from) = (Lowest::new(), 0);
        while let Some(other) = graph.next(at, matching.free(), from).filter(|other| *other < people) {
            lowest.offer(met.get(&[at.min(other), at.max(other)]), other, chance);
            from = other + 1;
        }
        if let Some(other) = lowest.take() {
            matching.join(at, other);
        }
    }
}

/// The bye before all, so that it finds one of those who sat out least; then who sat out most.
fn who_sat_out_most_first(sitting: &Sitting<'_>, bye: Option<usize>, chance: &mut Chance<'_>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sitting.byes.len()).collect();
    shuffle(&mut order, chance);
    order.sort_by_key(|at| std::cmp::Reverse(sitting.byes[*at]));
    bye.into_iter().chain(order).collect()
}

fn augment_all(matching: &mut Matching, graph: &Graph, order: &[usize]) {
    for at in order {
        if matching.mate(*at).is_none() {
            matching.augment(graph, *at);
        }
    }
}
