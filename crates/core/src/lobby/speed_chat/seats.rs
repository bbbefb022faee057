//! The circle method: who sits opposite whom in every turn, so that all meet all before anybody meets twice.
//!
//! One seat stays, the others move on by one around it. With m seats, m even, a cycle has m − 1 turns, and in it every
//! two seats are opposite exactly once. A seat that nobody has is a bye for the one opposite.

/// The pairs of seats of one turn; `seats` is even. A turn past the cycle is the one of the next cycle.
pub(super) fn opposite_seats(seats: usize, turn: u32) -> Vec<[usize; 2]> {
    let Some(moving) = seats.checked_sub(1).filter(|moving| *moving > 0) else { return Vec::new() };
    let turn = turn as usize % moving;
    let mut pairs = vec![[moving, turn]];
    pairs.extend((1..seats / 2).map(|step| [(turn + step) % moving, (turn + moving - step) % moving]));
    pairs
}

/// How many turns after `turn` two seats are opposite each other next: 1 to m − 1.
pub(super) fn turns_until_opposite(seats: usize, a: usize, b: usize, turn: u32) -> usize {
    let moving = seats.saturating_sub(1).max(1);
    let at = if a == moving || b == moving {
        a.min(b)
    } else {
        // Opposite are those whose numbers add up to twice the turn; seats / 2 is the inverse of 2 modulo m − 1.
        (a + b) * (seats / 2) % moving
    };
    let now = turn as usize % moving;
    match (at + moving - now) % moving {
        0 => moving,
        turns => turns,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn in_a_cycle_every_two_are_opposite_once() {
        for seats in (0..=40).step_by(2) {
            let mut met = BTreeSet::new();
            for turn in 0..(seats.max(1) - 1) as u32 {
                let pairs = opposite_seats(seats, turn);
                let sitting: BTreeSet<usize> = pairs.iter().flatten().copied().collect();
                assert_eq!(sitting, (0..seats).collect());
                for [a, b] in pairs {
                    assert!(met.insert([a.min(b), a.max(b)]), "{seats} {turn}");
                }
            }
            assert_eq!(met.len(), seats * seats.saturating_sub(1) / 2);
        }
    }

    #[test]
    fn the_next_meeting_is_when_it_is_said_to_be() {
        for seats in (2..=12).step_by(2) {
            for turn in 0..20 {
                for a in 0..seats {
                    for b in 0..a {
                        let next = turns_until_opposite(seats, a, b, turn);
                        let opposite = |later: usize| {
                            let pairs = opposite_seats(seats, turn + later as u32);
                            pairs.contains(&[a, b]) || pairs.contains(&[b, a])
                        };
                        assert!(
                            (1..next).all(|sooner| !opposite(sooner)) && opposite(next),
                            "{seats} {turn} {a} {b}"
                        );
                    }
                }
            }
        }
    }
}
