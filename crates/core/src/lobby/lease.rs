//! How long the place of one whose socket has vanished is kept, in the lobby and in a room.

use crate::Timestamp;
use std::time::Duration;

/// How long a waiting or paired socket that vanished may come back to its place (contracts/circle.md, `join_room` and
/// disconnect; issue 4, What 2).
pub const PLACE_KEPT: Duration = Duration::from_secs(20);

/// What holds for a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Its socket is there.
    Taken,
    /// Its socket is away and may come back, to the same room or the same wait.
    Kept {
        /// From this moment on it is given up.
        until: Timestamp,
    },
    /// It is given up: one who waited is forgotten, a partner left behind is told.
    GivenUp,
}

impl Place {
    /// Whether one who waits in this place may be paired now: one whose socket is away never is, even while the place
    /// is kept (circle.md, case 5).
    #[must_use]
    pub const fn may_be_paired(self) -> bool {
        matches!(self, Self::Taken)
    }
}

/// What holds at `now` for a place whose socket vanished at `vanished_at` (`None`: it is there).
///
/// Of a node that died nobody hears when its sockets went: the moment of its last sign of life stands for that.
#[must_use]
pub fn place(vanished_at: Option<Timestamp>, now: Timestamp) -> Place {
    let Some(vanished_at) = vanished_at else { return Place::Taken };
    let until = vanished_at.plus(PLACE_KEPT);
    if now < until { Place::Kept { until } } else { Place::GivenUp }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_kept_for_twenty_seconds() {
        let at = Timestamp::from_millis;
        let until = at(25_000);
        for (vanished, now, expected) in [
            (None, 1_000_000, Place::Taken),
            (Some(5_000), 5_000, Place::Kept { until }),
            (Some(5_000), 24_999, Place::Kept { until }),
            (Some(5_000), 25_000, Place::GivenUp),
            (Some(5_000), i64::MAX, Place::GivenUp),
            // A clock that was set back keeps the place, it never takes it away.
            (Some(5_000), 4_000, Place::Kept { until }),
        ] {
            assert_eq!(place(vanished.map(at), at(now)), expected, "{vanished:?} {now}");
        }
    }

    #[test]
    fn only_one_who_is_there_is_paired() {
        let until = Timestamp::from_millis(1);
        assert!(Place::Taken.may_be_paired());
        assert!(!Place::Kept { until }.may_be_paired());
        assert!(!Place::GivenUp.may_be_paired());
    }
}
