//! One search for a path along which partners can be changed: Edmonds' blossom algorithm ("Paths, Trees, and Flowers",
//! 1965), with rows of bits in the place of lists. It must never change a partner but along such a path.
//!
//! A search costs the part of the graph it walks: at most n² / 64 words for growing, and n for each of n / 2 blossoms.

use super::{Matching, NOBODY};
use crate::lobby::graph::{Graph, Set};
use std::collections::VecDeque;

/// A tree of paths out of `root`, who is free. Along the path to an *outer* member partners can be changed so that the
/// root has one and that member is free; between an *inner* member and its outer partner each path passes.
pub(super) struct Search<'a> {
    graph: &'a Graph,
    matching: &'a mut Matching,
    root: usize,
    /// Before an inner member, or one that was inner before a blossom made it outer: the outer member it was seen from.
    parent: Vec<usize>,
    /// The blossom a member is in, by the member of it that is nearest to the root.
    base: Vec<usize>,
    outer: Set,
    unseen: Set,
    queue: VecDeque<usize>,
}

impl<'a> Search<'a> {
    pub(super) fn new(graph: &'a Graph, matching: &'a mut Matching, root: usize) -> Self {
        let size = graph.size();
        let (mut outer, mut unseen) = (Set::empty(size), Set::full(size));
        outer.insert(root);
        unseen.remove(root);
        let (parent, base) = (vec![NOBODY; size], (0..size).collect());
        Self { graph, matching, root, parent, base, outer, unseen, queue: VecDeque::from([root]) }
    }

    /// Grows the tree until somebody else who is free can be reached; pairs along that path. Whether there was one.
    pub(super) fn reach_somebody_free(&mut self) -> bool {
        self.matching.free.remove(self.root);
        while let Some(at) = self.queue.pop_front() {
            if let Some(end) = self.graph.next(at, &self.matching.free, 0) {
                self.parent[end] = at;
                self.matching.free.remove(end);
                self.change_partners(end);
                return true;
            }
            // Nobody near is free, so whoever is unseen has a partner, unseen too.
            while let Some(inner) = self.graph.next(at, &self.unseen, 0) {
                let outer = self.matching.mate[inner];
                self.parent[inner] = at;
                self.unseen.remove(inner);
                self.unseen.remove(outer);
                self.outer.insert(outer);
                self.queue.push_back(outer);
            }
            let mut from = 0;
            while let Some(other) = self.graph.next(at, &self.outer, from) {
                if self.base[other] != self.base[at] {
                    self.shrink(at, other);
                }
                from = other + 1;
            }
        }
        self.matching.free.insert(self.root);
        false
    }

    /// After the tree has grown as far as it can: the root gets a partner, its highest outer member loses one.
    pub(super) fn free_highest(&mut self) -> bool {
        let above = (self.root + 1..self.base.len()).rev();
        let Some(freed) = above.into_iter().find(|at| self.outer.has(*at)) else { return false };
        let inner = self.matching.mate[freed];
        self.matching.mate[freed] = NOBODY;
        self.matching.free.insert(freed);
        self.matching.free.remove(self.root);
        self.change_partners(inner);
        true
    }

    /// From `end`, who has no partner or has just lost it, back to the root: everybody goes with whom they came from.
    fn change_partners(&mut self, end: usize) {
        let mut inner = end;
        while inner != NOBODY {
            let outer = self.parent[inner];
            let next = self.matching.mate[outer];
            self.matching.mate[inner] = outer;
            self.matching.mate[outer] = inner;
            inner = next;
        }
    }

    /// Two outer members may be paired: the odd cycle through both and their common base becomes one blossom, all of it
    /// outer.
    fn shrink(&mut self, a: usize, b: usize) {
        let base = self.common_base(a, b);
        let mut shrunk = Set::empty(self.base.len());
        self.mark_path(a, base, b, &mut shrunk);
        self.mark_path(b, base, a, &mut shrunk);
        for member in 0..self.base.len() {
            if shrunk.has(self.base[member]) {
                self.base[member] = base;
                if !self.outer.has(member) {
                    self.outer.insert(member);
                    self.queue.push_back(member);
                }
            }
        }
    }

    fn common_base(&self, a: usize, b: usize) -> usize {
        let mut above = Set::empty(self.base.len());
        let mut at = self.base[a];
        above.insert(at);
        while at != self.root && self.matching.mate[at] != NOBODY {
            at = self.base[self.parent[self.matching.mate[at]]];
            above.insert(at);
        }
        at = self.base[b];
        while !above.has(at) {
            at = self.base[self.parent[self.matching.mate[at]]];
        }
        at
    }

    fn mark_path(&mut self, from: usize, base: usize, mut child: usize, shrunk: &mut Set) {
        let mut at = from;
        while self.base[at] != base {
            let inner = self.matching.mate[at];
            shrunk.insert(self.base[at]);
            shrunk.insert(self.base[inner]);
            self.parent[at] = child;
            child = inner;
            at = self.parent[inner];
        }
    }
}
