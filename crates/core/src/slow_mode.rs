//! How long a member waits between two messages.

use crate::permission::{Action, may};
use crate::{Invalid, Role, Timestamp};
use std::time::Duration;

/// The wait between two messages of one member, in whole seconds; 0 is off, at most six hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlowMode(u32);

impl SlowMode {
    /// No wait.
    pub const OFF: Self = Self(0);
    /// The longest wait, in seconds.
    pub const MOST: u32 = 6 * 60 * 60;

    /// Checks a number of seconds.
    ///
    /// # Errors
    /// `slow_mode_s`, when it is below zero or over six hours.
    pub fn from_secs(seconds: i64) -> Result<Self, Invalid> {
        match u32::try_from(seconds) {
            Ok(seconds) if seconds <= Self::MOST => Ok(Self(seconds)),
            _ => Err(Invalid { field: "slow_mode_s", rule: "must be between 0 and 21600" }),
        }
    }

    /// The wait in seconds.
    #[must_use]
    pub const fn as_secs(self) -> u32 {
        self.0
    }

    /// Whether one with this `role`, who sent last at `last_sent`, may send at `now`.
    ///
    /// # Errors
    /// How long they still have to wait.
    pub fn may_send(self, role: Role, last_sent: Option<Timestamp>, now: Timestamp) -> Result<(), Duration> {
        let Some(last_sent) = last_sent else { return Ok(()) };
        if self == Self::OFF || may(role, Action::SkipSlowMode, None).is_ok() {
            return Ok(());
        }
        let free_at = last_sent.plus(Duration::from_secs(u64::from(self.0)));
        if now >= free_at { Ok(()) } else { Err(free_at.since(now)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    #[test]
    fn one_waits_from_ones_own_last_message() {
        let slow = SlowMode::from_secs(10).unwrap();
        assert_eq!(slow.may_send(Role::Member, None, at(0)), Ok(()));
        assert_eq!(slow.may_send(Role::Member, Some(at(100)), at(103)), Err(Duration::from_secs(7)));
        assert_eq!(slow.may_send(Role::Guest, Some(at(100)), at(110)), Ok(()));
        assert_eq!(slow.may_send(Role::Moderator, Some(at(100)), at(100)), Ok(()));
        assert_eq!(SlowMode::OFF.may_send(Role::Guest, Some(at(100)), at(100)), Ok(()));
    }

    #[test]
    fn a_wait_has_limits() {
        assert!(SlowMode::from_secs(-1).is_err());
        assert!(SlowMode::from_secs(21_600).is_ok());
        assert!(SlowMode::from_secs(21_601).is_err());
    }
}
