//! A hashed timer wheel: thousands of deadlines for the price of a list. Knows nothing of what is due.
//!
//! Entries are hints: whoever takes one out looks at its own deadlines and arms it again. So a deadline
//! that moves later, as a heartbeat's does all the time, costs nothing.

/// Times are milliseconds since the server's start.
#[derive(Debug)]
pub(crate) struct Wheel<T> {
    slots: Box<[Vec<T>]>,
    /// Width of a slot in milliseconds.
    tick: u64,
    /// The slot number (not wrapped) that is emptied next.
    next: u64,
    /// The first slot that holds anything, `u64::MAX` while none does.
    first: u64,
}

const SLOTS: u64 = 512;

impl<T> Wheel<T> {
    /// A wheel whose entries are up to `tick` milliseconds late.
    pub(crate) fn new(tick: u64, now: u64) -> Self {
        let tick = tick.max(1);
        Wheel { slots: (0..SLOTS).map(|_| Vec::new()).collect(), tick, next: now / tick, first: u64::MAX }
    }

    /// Puts an entry where it will be taken out at or after `deadline`, or earlier if `deadline`
    /// is more than one turn away.
    pub(crate) fn arm(&mut self, deadline: u64, entry: T) {
        let slot = deadline.div_ceil(self.tick).clamp(self.next, self.next + SLOTS - 1);
        self.slots[(slot % SLOTS) as usize].push(entry);
        self.first = self.first.min(slot);
    }

    /// Takes out what is due.
    pub(crate) fn due(&mut self, now: u64, out: &mut Vec<T>) {
        // After a long sleep one turn empties every slot; more turns would find nothing.
        let last = (now / self.tick).min(self.next + SLOTS - 1);
        while self.next <= last {
            let slot = &mut self.slots[(self.next % SLOTS) as usize];
            out.append(slot);
            if slot.capacity() > 64 {
                *slot = Vec::new();
            }
            self.next += 1;
        }
        self.next = self.next.max(now / self.tick + 1);
        if self.first < self.next {
            let mut slots = self.next..self.next + SLOTS;
            self.first =
                slots.find(|slot| !self.slots[(slot % SLOTS) as usize].is_empty()).unwrap_or(u64::MAX);
        }
    }

    /// When to look again; `None` while nothing is armed.
    pub(crate) fn next_due(&self) -> Option<u64> {
        (self.first != u64::MAX).then(|| self.first * self.tick)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_is_forgotten_early_or_very_late(
            deadlines in proptest::collection::vec(0u64..20_000, 1..100),
            steps in proptest::collection::vec(1u64..700, 60..100),
        ) {
            let mut wheel = Wheel::new(10, 0);
            for deadline in &deadlines {
                wheel.arm(*deadline, *deadline);
            }
            let (mut now, mut fired) = (0, Vec::new());
            let mut before = 0;
            for step in steps {
                now += step;
                let mut out = Vec::new();
                wheel.due(now, &mut out);
                for deadline in out {
                    if deadline > now {
                        wheel.arm(deadline, deadline); // more than a turn away: armed again, as the shard does
                    } else {
                        prop_assert!(deadline + 10 >= before, "{deadline} was due before {before}");
                        fired.push(deadline);
                    }
                }
                before = now;
            }
            let mut expected: Vec<u64> = deadlines.into_iter().filter(|deadline| deadline + 10 <= now).collect();
            expected.sort_unstable();
            fired.sort_unstable();
            fired.truncate(expected.len());
            prop_assert_eq!(fired, expected);
        }
    }

    #[test]
    fn the_next_look_is_at_the_first_full_slot() {
        let mut wheel = Wheel::new(10, 1_000);
        assert_eq!(wheel.next_due(), None);
        wheel.arm(1_234, ());
        assert_eq!(wheel.next_due(), Some(1_240));
        wheel.due(1_239, &mut Vec::new());
        assert_eq!(wheel.next_due(), Some(1_240));
        let mut out = Vec::new();
        wheel.due(1_240, &mut out);
        assert_eq!((out.len(), wheel.next_due()), (1, None));
    }
}
