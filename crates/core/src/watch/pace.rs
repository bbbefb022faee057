//! How fast one viewer's commands may come.

use super::Refused;
use crate::Timestamp;
use std::time::Duration;

/// The commands of one viewer in the last second. Not kept beyond the life of a process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandPace {
    /// When each of the last ones came, the oldest at `next`.
    accepted: [Option<Timestamp>; CommandPace::MOST],
    next: usize,
}

impl CommandPace {
    /// Most commands within any second: the tenth is refused. A person who drags, presses and votes needs four or five.
    pub const MOST: usize = 9;
    /// How long a command counts.
    pub const SPAN: Duration = Duration::from_secs(1);

    /// Counts a command at `now`, if it may come. One that is refused does not count.
    ///
    /// # Errors
    /// [`Refused::TooManyCommands`], with how long to wait.
    pub fn take(&mut self, now: Timestamp) -> Result<(), Refused> {
        if let Some(oldest) = self.accepted[self.next] {
            let free_at = oldest.plus(Self::SPAN);
            // A clock that was set back must not lock somebody out for longer than the span.
            let retry_after = free_at.since(now).min(Self::SPAN);
            if now >= oldest && now < free_at {
                return Err(Refused::TooManyCommands { retry_after });
            }
        }
        self.accepted[self.next] = Some(now);
        self.next = (self.next + 1) % Self::MOST;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn the_tenth_command_within_a_second_is_refused_by_name() {
        let mut pace = CommandPace::default();
        for index in 0..9 {
            assert_eq!(pace.take(at(index * 100)), Ok(()));
        }
        let retry_after = Duration::from_millis(100);
        assert_eq!(pace.take(at(900)), Err(Refused::TooManyCommands { retry_after }));
        assert_eq!(pace.take(at(1_000)), Ok(()));
        assert!(pace.take(at(1_050)).is_err());
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let mut pace = CommandPace::default();
        (0..9).for_each(|_| pace.take(at(3_600_000)).unwrap());
        assert_eq!(pace.take(at(0)), Ok(()));
    }

    proptest! {
        #[test]
        fn no_second_has_more_than_nine(gaps in proptest::collection::vec(0..300_i64, 1..200)) {
            let (mut pace, mut now, mut accepted) = (CommandPace::default(), 0, Vec::new());
            for gap in gaps {
                now += gap;
                if pace.take(at(now)).is_ok() {
                    accepted.push(now);
                }
            }
            for first in &accepted {
                let within = accepted.iter().filter(|moment| (*first..first + 1_000).contains(moment)).count();
                prop_assert!(within <= CommandPace::MOST);
            }
        }
    }
}
