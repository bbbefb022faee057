//! What a win is worth, and what points are called.

/// Points for the winner of a duel that counts; nobody loses any.
pub const WIN: u32 = 10;
/// Wins against the same player within a day that count. The more two friends play, the less it says about anybody else.
pub const MOST_WINS_PER_PAIR: u32 = 5;

/// Points in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DuelRank {
    /// 0 to 250.
    Bronze,
    /// 251 to 500.
    Silver,
    /// 501 to 750.
    Gold,
    /// 751 and more.
    Platinum,
}

impl DuelRank {
    /// From the lowest on.
    pub const ALL: [Self; 4] = [Self::Bronze, Self::Silver, Self::Gold, Self::Platinum];

    /// The rank of so many points.
    #[must_use]
    pub const fn of(xp: u32) -> Self {
        match xp {
            0..=250 => Self::Bronze,
            251..=500 => Self::Silver,
            501..=750 => Self::Gold,
            _ => Self::Platinum,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rank_has_its_last_point() {
        for (xp, rank) in [
            (0, DuelRank::Bronze),
            (250, DuelRank::Bronze),
            (251, DuelRank::Silver),
            (500, DuelRank::Silver),
            (501, DuelRank::Gold),
            (750, DuelRank::Gold),
            (751, DuelRank::Platinum),
            (u32::MAX, DuelRank::Platinum),
        ] {
            assert_eq!(DuelRank::of(xp), rank, "{xp}");
        }
    }
}
