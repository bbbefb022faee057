//! What an owner asks for: how many rounds, and how long they are.

use crate::Invalid;
use std::time::Duration;

/// Rounds of minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    rounds: u32,
    minutes: u32,
    threes: bool,
}

impl Plan {
    /// Most rounds: with 60 minutes each it is two days, with 5 an evening.
    pub const MOST_ROUNDS: u32 = 50;
    /// Most minutes of one round.
    pub const MOST_MINUTES: u32 = 60;

    /// Checks 1 to 50 rounds of 1 to 60 minutes; `threes` is the group's setting.
    ///
    /// # Errors
    /// `rounds` or `minutes`, when it is outside.
    pub fn new(rounds: i64, minutes: i64, threes: bool) -> Result<Self, Invalid> {
        let within = |value, most, field, rule| match u32::try_from(value) {
            Ok(value) if (1..=most).contains(&value) => Ok(value),
            _ => Err(Invalid { field, rule }),
        };
        let rounds = within(rounds, Self::MOST_ROUNDS, "rounds", "must be between 1 and 50")?;
        let minutes = within(minutes, Self::MOST_MINUTES, "minutes", "must be between 1 and 60")?;
        Ok(Self { rounds, minutes, threes })
    }

    /// The same, as the group's setting has it.
    #[must_use]
    pub const fn with_threes(self, threes: bool) -> Self {
        Self { threes, ..self }
    }

    /// How many rounds there are.
    #[must_use]
    pub const fn rounds(self) -> u32 {
        self.rounds
    }

    /// How long one takes, in minutes.
    #[must_use]
    pub const fn minutes(self) -> u32 {
        self.minutes
    }

    /// How long one takes.
    #[must_use]
    pub const fn round_length(self) -> Duration {
        Duration::from_secs(self.minutes as u64 * 60)
    }

    /// Whether one who would sit out may join two others.
    #[must_use]
    pub const fn threes(self) -> bool {
        self.threes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_has_limits() {
        for (rounds, minutes, fine) in [
            (1, 1, true),
            (50, 60, true),
            (0, 5, false),
            (51, 5, false),
            (5, 0, false),
            (5, 61, false),
            (-1, i64::MAX, false),
        ] {
            assert_eq!(Plan::new(rounds, minutes, false).is_ok(), fine, "{rounds} {minutes}");
        }
        assert_eq!(Plan::new(3, 5, true).map(Plan::round_length), Ok(Duration::from_secs(300)));
        assert_eq!(Plan::new(0, 5, true).unwrap_err().field, "rounds");
    }
}
