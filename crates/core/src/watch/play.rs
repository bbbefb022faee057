//! What plays and where it is: a handful of numbers from which everybody reckons the position by themselves.

use super::{MediaTime, Rate};
use crate::{Epoch, ItemId, Timestamp};

/// How many times the player was changed; grows by one with each change of [`Play`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rev(u64);

impl Rev {
    /// Before the first change.
    pub const START: Self = Self(0);

    /// Any number is one.
    #[must_use]
    pub const fn new(value: u64) -> Self {
        Self(value)
    }

    /// The bare number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The one after. A change a microsecond reaches the end after half a million years.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// The state that every viewer's player is steered to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Play {
    /// Which life of the server's clock `at` belongs to: another one means that clients measure that clock anew.
    pub epoch: Epoch,
    /// Which change this is.
    pub rev: Rev,
    /// What plays; `None` before the first.
    pub item: Option<ItemId>,
    /// What it does.
    pub phase: Phase,
    /// Where it was at `at`.
    pub pos: MediaTime,
    /// When, by the server's clock. May lie ahead: then it stands at `pos` until then, and all begin at once.
    pub at: Timestamp,
    /// How fast it goes while it plays.
    pub rate: Rate,
}

/// What the player does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// There is nothing to play.
    Idle,
    /// All go to `pos` and say when they are ready.
    Preparing {
        /// Then it begins with whoever is.
        until: Timestamp,
    },
    /// It plays.
    Playing,
    /// Somebody stopped it.
    Paused,
    /// It was played to its end, or taken off with nothing after it.
    Ended,
}

impl Phase {
    /// The phase as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Preparing { .. } => "preparing",
            Self::Playing => "playing",
            Self::Paused => "paused",
            Self::Ended => "ended",
        }
    }
}

impl Play {
    /// Nothing, at `now`.
    #[must_use]
    pub const fn new(epoch: Epoch, now: Timestamp) -> Self {
        Self {
            epoch,
            rev: Rev::START,
            item: None,
            phase: Phase::Idle,
            pos: MediaTime::START,
            at: now,
            rate: Rate::NORMAL,
        }
    }

    /// Where it is at `now`; the end of the item is not known here, see [`Watch::position`](super::Watch::position).
    #[must_use]
    pub fn position(&self, now: Timestamp) -> MediaTime {
        let played = match self.phase {
            Phase::Playing => self.rate.of_millis(millis_since(now, self.at)),
            _ => 0,
        };
        self.pos.plus_millis(played)
    }

    /// When it reaches `place`, if it plays on; at once when it is past it.
    pub(super) fn reaches(&self, place: MediaTime) -> Timestamp {
        let ahead = u64::from(place.as_millis().saturating_sub(self.pos.as_millis()));
        self.at.plus(std::time::Duration::from_millis(self.rate.clock_millis(ahead)))
    }

    /// The next change: standing at `pos` in this phase, at `now`.
    pub(super) const fn then(&self, phase: Phase, pos: MediaTime, now: Timestamp) -> Self {
        Self { rev: self.rev.next(), phase, pos, at: now, ..*self }
    }
}

fn millis_since(now: Timestamp, earlier: Timestamp) -> u64 {
    u64::try_from(now.since(earlier).as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_in_the_future_stands_until_then() {
        let epoch = Epoch::new(1).unwrap();
        let at = Timestamp::from_millis(1_000);
        let play = Play {
            phase: Phase::Playing,
            pos: MediaTime::from_millis(5_000),
            rate: Rate::parse(1.5).unwrap(),
            ..Play::new(epoch, at)
        };
        for (now, position) in [(0, 5_000), (1_000, 5_000), (1_001, 5_001), (3_000, 8_000)] {
            assert_eq!(play.position(Timestamp::from_millis(now)).as_millis(), position, "{now}");
        }
        assert_eq!(play.reaches(MediaTime::from_millis(8_000)), Timestamp::from_millis(3_000));
        assert_eq!(play.reaches(MediaTime::START), at);
    }
}
