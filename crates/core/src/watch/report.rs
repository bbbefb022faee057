//! What a viewer's player says about itself: for the others to see, and for the rule of whom to wait for. Never believed
//! further than that.

use super::named::named;
use super::{MediaTime, Rev};
use crate::Invalid;

/// One report. A client sends one every two seconds, and at once when its state changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// The newest change of the player that it follows.
    pub rev: Rev,
    /// What it does.
    pub state: PlayerState,
    /// How far it is behind (above zero) or ahead, in milliseconds.
    pub drift_ms: i32,
    /// How much more than it shows it has, in milliseconds.
    pub buffered_ms: u32,
    /// How long it takes a message to reach it, in milliseconds: half a round trip.
    pub delay_ms: u16,
    /// How long it finds the item to be.
    pub length: Option<MediaTime>,
    /// Whether its page is out of sight.
    pub hidden: bool,
    /// Whether its user chose to be ahead or behind.
    pub solo: bool,
}

/// What a player does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlayerState {
    /// Nothing yet.
    Idle,
    /// It plays.
    Playing,
    /// It stands, as it should.
    Paused,
    /// It would play and has no data.
    Buffering,
    /// Something else is shown, such as an advertisement.
    Interrupted,
    /// The browser does not let it begin before its user does something.
    Blocked,
    /// It cannot play this.
    Failed,
}

named!(PlayerState: Idle = "idle", Playing = "playing", Paused = "paused", Buffering = "buffering",
    Interrupted = "interrupted", Blocked = "blocked", Failed = "failed");

impl Report {
    /// Beyond this a delay says nothing about a start that all can keep; `wait` never plans for more anyway.
    pub const MOST_DELAY_MS: u16 = 10_000;

    /// Checks a difference to the common position, in milliseconds.
    ///
    /// # Errors
    /// `drift`, when it is no number or longer than any item.
    pub fn parse_drift(millis: f64) -> Result<i32, Invalid> {
        let most = f64::from(MediaTime::MOST);
        if (-most..=most).contains(&millis) {
            Ok(millis as i32)
        } else {
            Err(Invalid { field: "drift", rule: "must be a number of milliseconds within 7 days" })
        }
    }

    /// Checks a delay in milliseconds.
    ///
    /// # Errors
    /// `delay`, when it is no number, negative or over ten seconds.
    pub fn parse_delay(millis: f64) -> Result<u16, Invalid> {
        if (0.0..=f64::from(Self::MOST_DELAY_MS)).contains(&millis) {
            Ok(millis as u16)
        } else {
            Err(Invalid { field: "delay", rule: "must be between 0 and 10000 milliseconds" })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_refused_by_name() {
        for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e12, -1e12] {
            assert_eq!(Report::parse_drift(wrong).unwrap_err().field, "drift", "{wrong}");
            assert_eq!(Report::parse_delay(wrong).unwrap_err().field, "delay", "{wrong}");
        }
        assert!(Report::parse_delay(-1.0).is_err());
        assert_eq!((Report::parse_drift(-12.7), Report::parse_delay(99.9)), (Ok(-12), Ok(99)));
    }
}
