//! Pairs in a graph, and how to get one more of them where only changing partners helps.

mod search;

use super::draw::{Chance, pick};
use super::graph::{Graph, Set};
use search::Search;

const NOBODY: usize = usize::MAX;

/// Who is paired with whom. Nobody has two partners.
pub(super) struct Matching {
    mate: Vec<usize>,
    free: Set,
}

impl Matching {
    pub(super) fn new(size: usize) -> Self {
        Self { mate: vec![NOBODY; size], free: Set::full(size) }
    }

    pub(super) const fn free(&self) -> &Set {
        &self.free
    }

    pub(super) fn mate(&self, of: usize) -> Option<usize> {
        Some(self.mate[of]).filter(|mate| *mate != NOBODY)
    }

    /// The pairs, each once, the lower number first.
    pub(super) fn pairs(&self) -> impl Iterator<Item = [usize; 2]> + '_ {
        let pairs = self.mate.iter().enumerate().map(|(a, b)| [a, *b]);
        pairs.filter(|[a, b]| a < b && *b != NOBODY)
    }

    /// Pairs two that are free.
    pub(super) fn join(&mut self, a: usize, b: usize) {
        debug_assert!(a != b && self.free.has(a) && self.free.has(b));
        self.mate[a] = b;
        self.mate[b] = a;
        self.free.remove(a);
        self.free.remove(b);
    }

    /// Whether nobody is free.
    pub(super) fn is_complete(&self) -> bool {
        self.free.iter().next().is_none()
    }

    /// Pairs the free, the lowest number choosing first, each with any of those it may have; changes no pair.
    pub(super) fn pair_at_random(&mut self, graph: &Graph, chance: &mut Chance<'_>) {
        for at in 0..graph.size() {
            if self.free.has(at) {
                let choices = graph.count(at, &self.free);
                if let Some(other) = graph.nth(at, &self.free, pick(chance, choices)) {
                    self.join(at, other);
                }
            }
        }
    }

    /// Gives `root`, who is free, a partner if that leaves nobody else without one; whether it did. Once this said no
    /// to everybody who is free, there are as many pairs as the graph allows.
    pub(super) fn augment(&mut self, graph: &Graph, root: usize) -> bool {
        !self.is_only_free() && Search::new(graph, self, root).reach_somebody_free()
    }

    /// The same; where it can not be, `root` takes the partner over from the highest number above its own that can be
    /// freed. With numbers in the order of age that is the youngest. Whether `root` has a partner now.
    pub(super) fn augment_or_free_highest(&mut self, graph: &Graph, root: usize) -> bool {
        if self.is_only_free() {
            // Nearly always the case with an odd number, and a search through thousands who all may meet takes long.
            let Some(highest) = self.highest_paired_above(root) else { return false };
            let mate = self.mate[highest];
            if graph.has(root, mate) {
                self.free.insert(mate);
                self.free.insert(highest);
                self.mate[highest] = NOBODY;
                self.join(root, mate);
                return true;
            }
        }
        let mut search = Search::new(graph, self, root);
        search.reach_somebody_free() || search.free_highest()
    }

    fn is_only_free(&self) -> bool {
        self.free.iter().nth(1).is_none()
    }

    fn highest_paired_above(&self, number: usize) -> Option<usize> {
        (number + 1..self.mate.len()).rev().find(|at| self.mate[*at] != NOBODY)
    }
}

#[cfg(test)]
mod tests {
    use super::super::draw::seeded;
    use super::*;

    /// The most pairs there can be, by trying all: for at most 16.
    fn most_pairs(graph: &Graph) -> usize {
        let size = graph.size();
        let mut most = vec![0_usize; 1 << size];
        for among in 1..1_usize << size {
            let a = among.trailing_zeros() as usize;
            let without = among & !(1 << a);
            let with = (a + 1..size).filter(|b| without >> b & 1 == 1 && graph.has(a, *b));
            let best = with.map(|b| 1 + most[without & !(1 << b)]).max().unwrap_or(0);
            most[among] = best.max(most[without]);
        }
        most[(1 << size) - 1]
    }

    fn random_graph(size: usize, gone_of_100: usize, chance: &mut Chance<'_>) -> Graph {
        let mut graph = Graph::complete(size);
        for a in 0..size {
            for b in 0..a {
                if pick(chance, 100) < gone_of_100 {
                    graph.remove(a, b);
                }
            }
        }
        graph
    }

    fn check_partners(graph: &Graph, matching: &Matching) {
        for at in 0..graph.size() {
            match matching.mate(at) {
                Some(mate) => {
                    assert!(
                        graph.has(at, mate) && matching.mate(mate) == Some(at) && !matching.free().has(at)
                    );
                }
                None => assert!(matching.free().has(at)),
            }
        }
    }

    #[test]
    fn there_are_as_many_pairs_as_there_can_be() {
        let mut chance = seeded(11);
        for case in 0..600 {
            let (size, gone_of_100) = (1 + pick(&mut chance, 9), 20 + pick(&mut chance, 75));
            let graph = random_graph(size, gone_of_100, &mut chance);
            let mut matching = Matching::new(size);
            for root in 0..size {
                if matching.free().has(root) {
                    matching.augment(&graph, root);
                }
            }
            check_partners(&graph, &matching);
            assert_eq!(matching.pairs().count(), most_pairs(&graph), "case {case}");
        }
    }

    #[test]
    fn the_highest_are_those_left_without() {
        let mut chance = seeded(12);
        for case in 0..600 {
            let size = 1 + pick(&mut chance, 9);
            let graph = random_graph(size, 20 + pick(&mut chance, 75), &mut chance);
            let mut matching = Matching::new(size);
            for a in 0..size {
                let taken = graph.next(a, matching.free(), 0).filter(|_| matching.free().has(a));
                if let Some(b) = taken {
                    matching.join(a, b);
                }
            }
            for root in 0..size {
                if matching.free().has(root) {
                    let before = matching.pairs().count();
                    let paired = matching.augment_or_free_highest(&graph, root);
                    assert_eq!(paired, matching.mate(root).is_some(), "case {case}");
                    assert!(matching.pairs().count() >= before);
                    check_partners(&graph, &matching);
                }
            }
            assert_eq!(matching.pairs().count(), most_pairs(&graph), "case {case}");
            let nobody_older_waits = |free: usize| {
                // Whoever is free could not take the place of somebody higher: without that one there are fewer pairs.
                (free + 1..size).filter(|higher| matching.mate(*higher).is_some()).all(|higher| {
                    let mut without = graph.clone();
                    (0..size).filter(|at| *at != higher).for_each(|at| without.remove(at, higher));
                    let mut rest = Matching::new(size);
                    for [a, b] in matching.pairs().filter(|pair| !pair.contains(&higher)) {
                        rest.join(a, b);
                    }
                    !rest.augment(&without, free)
                })
            };
            assert!(matching.free().iter().all(nobody_older_waits), "case {case}");
        }
    }
}
