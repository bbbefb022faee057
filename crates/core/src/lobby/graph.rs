//! Who may be paired with whom, as rows of bits: nearly everybody with everybody, so the exceptions are taken out.
//!
//! A graph of n people is n² / 8 bytes: 0.5 MB for 2,000, 12.5 MB for 10,000.

const BITS: usize = u64::BITS as usize;

/// A set of the numbers below a size.
#[derive(Clone, Debug)]
pub(super) struct Set {
    words: Vec<u64>,
}

impl Set {
    pub(super) fn empty(size: usize) -> Self {
        Self { words: vec![0; size.div_ceil(BITS)] }
    }

    pub(super) fn full(size: usize) -> Self {
        let mut set = Self { words: vec![u64::MAX; size.div_ceil(BITS)] };
        if let Some(last) = set.words.last_mut()
            && !size.is_multiple_of(BITS)
        {
            *last = (1 << (size % BITS)) - 1;
        }
        set
    }

    pub(super) fn insert(&mut self, member: usize) {
        self.words[member / BITS] |= 1 << (member % BITS);
    }

    pub(super) fn remove(&mut self, member: usize) {
        self.words[member / BITS] &= !(1 << (member % BITS));
    }

    pub(super) fn has(&self, member: usize) -> bool {
        self.words[member / BITS] & (1 << (member % BITS)) != 0
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut word = *word;
            std::iter::from_fn(move || {
                let bit = word.trailing_zeros() as usize;
                word &= word.checked_sub(1)?;
                Some(at * BITS + bit)
            })
        })
    }
}

/// An undirected graph without loops.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    rows: Vec<Set>,
}

impl Graph {
    /// Everybody with everybody else.
    pub(super) fn complete(size: usize) -> Self {
        let mut rows = vec![Set::full(size); size];
        for (at, row) in rows.iter_mut().enumerate() {
            row.remove(at);
        }
        Self { rows }
    }

    pub(super) fn remove(&mut self, a: usize, b: usize) {
        self.rows[a].remove(b);
        self.rows[b].remove(a);
    }

    pub(super) const fn size(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn has(&self, a: usize, b: usize) -> bool {
        self.rows[a].has(b)
    }

    /// The first neighbour of `a` in `among` that is not below `from`.
    pub(super) fn next(&self, a: usize, among: &Set, from: usize) -> Option<usize> {
        let mut mask = u64::MAX << (from % BITS);
        let words = self.rows[a].words.iter().zip(&among.words).enumerate().skip(from / BITS);
        for (at, (row, among)) in words {
            let both = row & among & mask;
            if both != 0 {
                return Some(at * BITS + both.trailing_zeros() as usize);
            }
            mask = u64::MAX;
        }
        None
    }

    /// How many neighbours of `a` are in `among`.
    pub(super) fn count(&self, a: usize, among: &Set) -> usize {
        let both = self.rows[a].words.iter().zip(&among.words);
        both.map(|(row, among)| (row & among).count_ones() as usize).sum()
    }

    /// The `nth` neighbour of `a` in `among`, counted from 0.
    pub(super) fn nth(&self, a: usize, among: &Set, nth: usize) -> Option<usize> {
        let mut left = nth;
        for (at, (row, among)) in self.rows[a].words.iter().zip(&among.words).enumerate() {
            let mut both = row & among;
            let here = both.count_ones() as usize;
            if left >= here {
                left -= here;
                continue;
            }
            for _ in 0..left {
                both &= both - 1;
            }
            return Some(at * BITS + both.trailing_zeros() as usize);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_every_size_hold_what_was_put_in() {
        for size in [0, 1, 63, 64, 65, 130] {
            assert_eq!(Set::full(size).iter().collect::<Vec<_>>(), (0..size).collect::<Vec<_>>());
            let mut set = Set::empty(size);
            assert_eq!(set.iter().next(), None);
            for member in (0..size).step_by(3) {
                set.insert(member);
            }
            assert_eq!(set.iter().collect::<Vec<_>>(), (0..size).step_by(3).collect::<Vec<_>>());
        }
    }

    #[test]
    fn neighbours_are_counted_and_found_as_they_are_walked() {
        let mut graph = Graph::complete(130);
        for gone in [0, 64, 128] {
            graph.remove(gone, 5);
        }
        let mut among = Set::full(130);
        among.remove(7);
        let mut walked = Vec::new();
        let mut from = 0;
        while let Some(next) = graph.next(5, &among, from) {
            walked.push(next);
            from = next + 1;
        }
        assert_eq!(walked, (0..130).filter(|at| ![0, 5, 7, 64, 128].contains(at)).collect::<Vec<_>>());
        assert_eq!(graph.count(5, &among), walked.len());
        for (nth, expected) in walked.iter().enumerate() {
            assert_eq!(graph.nth(5, &among, nth), Some(*expected));
        }
        assert_eq!(graph.nth(5, &among, walked.len()), None);
        assert!(!graph.has(64, 5) && graph.has(63, 5) && !graph.has(3, 3));
    }
}
