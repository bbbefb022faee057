//! The day by which YouTube counts: it begins at midnight on the Pacific coast of the United States.
//!
//! Their rule since 2007, written out instead of a table of all time zones: eight hours behind UTC, seven from two
//! o'clock on the second Sunday of March to two o'clock on the first Sunday of November.

use parlor_core::Timestamp;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// A day of the Pacific calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PacificDay {
    /// Days since 1970-01-01 there.
    pub(super) number: i64,
    /// When the next one begins.
    pub(super) ends_at: Timestamp,
}

impl PacificDay {
    pub(super) fn of(now: Timestamp) -> Self {
        let millis = now.as_millis();
        let number = (millis - behind_utc(millis)).div_euclid(DAY);
        let midnight = |behind: i64| (number + 1) * DAY + behind;
        // The clocks change at two, so at midnight it is one or the other.
        let in_winter = midnight(8 * HOUR);
        let ends_at = if behind_utc(in_winter - HOUR) == 7 * HOUR { midnight(7 * HOUR) } else { in_winter };
        Self { number, ends_at: Timestamp::from_millis(ends_at) }
    }
}

/// Milliseconds by which the Pacific clock is behind UTC at a moment of UTC.
fn behind_utc(millis: i64) -> i64 {
    let day = millis.div_euclid(DAY);
    // The mean year of the calendar: around New Year it may be the neighbour, where it is winter all the same.
    let year = 1970 + (day * 400).div_euclid(146_097);
    let march = first_of_march(year);
    let begins = first_sunday(march) + 7;
    let ends = first_sunday(march + 245);
    let summer = begins * DAY + 10 * HOUR..ends * DAY + 9 * HOUR;
    if summer.contains(&millis) { 7 * HOUR } else { 8 * HOUR }
}

/// Days since 1970-01-01.
fn first_of_march(year: i64) -> i64 {
    let leap_days = |year: i64| year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * (year - 1970) + leap_days(year) - leap_days(1969) + 59
}

/// The first Sunday from a day on; 1970-01-01 was a Thursday.
fn first_sunday(day: i64) -> i64 {
    day + (-(day + 4)).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_on_the_pacific_coast() {
        // From the tables of zone America/Los_Angeles: a second of UTC, and the second at which the next day begins.
        for (now, ends_at) in [
            // 2026-01-15 12:00 and 2026-07-15 12:00.
            (1_768_507_200, 1_768_550_400),
            (1_784_142_000, 1_784_185_200),
            // 2026-03-07 23:59:59 and 2026-03-08 00:00, 01:59:59, 03:00: that day has 23 hours.
            (1_772_956_799, 1_772_956_800),
            (1_772_956_800, 1_773_039_600),
            (1_772_963_999, 1_773_039_600),
            (1_772_964_000, 1_773_039_600),
            // 2026-11-01 00:00 and the second 01:59:59: that day has 25 hours.
            (1_793_516_400, 1_793_606_400),
            (1_793_527_199, 1_793_606_400),
            // 2027-12-31 23:59:59 and 2028-02-29 12:00.
            (1_830_326_399, 1_830_326_400),
            (1_835_467_200, 1_835_510_400),
        ] {
            let day = PacificDay::of(Timestamp::from_millis(now * 1_000));
            assert_eq!(day.ends_at.as_millis(), ends_at * 1_000, "{now}");
        }
    }

    #[test]
    fn days_follow_each_other_without_a_gap() {
        let mut day = PacificDay::of(Timestamp::from_millis(1_700_000_000_000));
        for _ in 0..20 * 366 {
            let last = PacificDay::of(Timestamp::from_millis(day.ends_at.as_millis() - 1));
            assert_eq!(last, day);
            let next = PacificDay::of(day.ends_at);
            let hours = (next.ends_at.as_millis() - day.ends_at.as_millis()) / HOUR;
            assert_eq!(next.number, day.number + 1);
            assert!((23..=25).contains(&hours), "{hours}");
            day = next;
        }
    }
}
