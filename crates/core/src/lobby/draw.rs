//! Chance, as a parameter: numbers below a bound, and what is drawn with them.

/// A source of chance: given a bound above zero, a number below it, each as likely. A larger answer counts as the
/// largest allowed.
pub type Chance<'a> = dyn FnMut(u64) -> u64 + 'a;

/// A place among `count`; 0 when `count` is 0.
pub(super) fn pick(chance: &mut Chance<'_>, count: usize) -> usize {
    let last = count.saturating_sub(1);
    if last == 0 {
        return 0;
    }
    usize::try_from(chance(count as u64)).map_or(last, |drawn| drawn.min(last))
}

/// Every order as likely.
pub(super) fn shuffle<T>(items: &mut [T], chance: &mut Chance<'_>) {
    for end in (1..items.len()).rev() {
        items.swap(end, pick(chance, end + 1));
    }
}

/// Keeps the item with the lowest key of all that were offered; among equals each is as likely.
pub(super) struct Lowest<K, T> {
    best: Option<(K, T)>,
    equals: usize,
}

impl<K: Ord, T> Lowest<K, T> {
    pub(super) const fn new() -> Self {
        Self { best: None, equals: 0 }
    }

    pub(super) fn offer(&mut self, key: K, item: T, chance: &mut Chance<'_>) {
        match &mut self.best {
            Some((least, _)) if key > *least => {}
            Some((least, kept)) if key == *least => {
                self.equals += 1;
                // The k-th of k equals takes the place with 1/k, so each of them ends up in it with 1/k.
                if pick(chance, self.equals) == 0 {
                    *kept = item;
                }
            }
            best => {
                *best = Some((key, item));
                self.equals = 1;
            }
        }
    }

    pub(super) fn take(self) -> Option<T> {
        self.best.map(|(_, item)| item)
    }
}

/// `SplitMix64` (Steele, Lea, Flood 2014): chance for tests, the same in every run.
#[cfg(test)]
pub(super) fn seeded(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |bound| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        // The upper half of a 128-bit product: a bias of at most bound / 2^64.
        ((u128::from(mixed) * u128::from(bound)) >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_answers_too_much_is_cut() {
        assert_eq!(pick(&mut |_| u64::MAX, 7), 6);
        assert_eq!(pick(&mut |_| panic!("no draw is needed"), 1), 0);
        assert_eq!(pick(&mut |_| panic!("no draw is needed"), 0), 0);
    }

    #[test]
    fn the_lowest_wins_and_equals_are_as_likely() {
        let mut chance = seeded(1);
        let mut won = [0_u32; 5];
        for _ in 0..3_000 {
            let mut lowest = Lowest::new();
            for (item, key) in [9, 4, 4, 7, 4].into_iter().enumerate() {
                lowest.offer(key, item, &mut chance);
            }
            won[lowest.take().unwrap()] += 1;
        }
        assert_eq!((won[0], won[3]), (0, 0));
        for equal in [1, 2, 4] {
            assert!(won[equal].abs_diff(1_000) < 130, "{won:?}");
        }
    }

    #[test]
    fn every_order_is_as_likely() {
        let mut chance = seeded(2);
        let mut seen = std::collections::BTreeMap::<[u8; 3], u32>::new();
        for _ in 0..6_000 {
            let mut items = [1, 2, 3];
            shuffle(&mut items, &mut chance);
            *seen.entry(items).or_default() += 1;
        }
        assert_eq!(seen.len(), 6);
        assert!(seen.values().all(|times| times.abs_diff(1_000) < 150), "{seen:?}");
    }
}
