//! A place in what is watched and how fast it goes: numbers from outside become these, or are refused.

use crate::Invalid;

/// A place in an item, or the length of one, in whole milliseconds: 0 to 7 days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MediaTime(u32);

impl MediaTime {
    /// The beginning.
    pub const START: Self = Self(0);
    /// Most milliseconds: 7 days. The longest films and streams kept by the usual sites last some hours.
    pub const MOST: u32 = 7 * 24 * 60 * 60 * 1_000;

    /// Checks a number of milliseconds as JSON brings it; a fraction is cut off.
    ///
    /// # Errors
    /// `field`, when it is no number, infinite, negative or over 7 days. Whether it lies beyond the end of an item is
    /// for [`decide`](super::decide()) to say, which knows the item.
    pub fn parse(field: &'static str, millis: f64) -> Result<Self, Invalid> {
        if !millis.is_finite() {
            return Err(Invalid { field, rule: "must be a finite number of milliseconds" });
        }
        if !(0.0..=f64::from(Self::MOST)).contains(&millis) {
            return Err(Invalid { field, rule: "must be between 0 and 7 days, in milliseconds" });
        }
        Ok(Self(millis as u32))
    }

    /// From whole milliseconds that are ours; what is more than 7 days is 7 days.
    #[must_use]
    pub fn from_millis(millis: u64) -> Self {
        Self(u32::try_from(millis).map_or(Self::MOST, |millis| millis.min(Self::MOST)))
    }

    /// In milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> u32 {
        self.0
    }

    /// The place `millis` further on; the end of time where that is beyond it.
    #[must_use]
    pub fn plus_millis(self, millis: u64) -> Self {
        Self::from_millis(u64::from(self.0).saturating_add(millis))
    }
}

/// How fast all watch, in thousandths: 0.25 to 2 times the speed at which it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(u16);

impl Rate {
    /// As it was made.
    pub const NORMAL: Self = Self(1_000);

    /// Checks a factor; it is kept to the nearest thousandth, so that a replay of the log is exact.
    ///
    /// # Errors
    /// `rate`, when it is no number or outside 0.25 to 2, which is what players and YouTube offer.
    pub fn parse(factor: f64) -> Result<Self, Invalid> {
        if !(0.25..=2.0).contains(&factor) {
            return Err(Invalid { field: "rate", rule: "must be between 0.25 and 2" });
        }
        Ok(Self((factor * 1_000.0).round() as u16))
    }

    /// As a factor.
    #[must_use]
    pub fn as_factor(self) -> f64 {
        f64::from(self.0) / 1_000.0
    }

    /// In thousandths.
    #[must_use]
    pub const fn as_thousandths(self) -> u16 {
        self.0
    }

    /// How much of an item passes in `millis` of the clock; rounded down, so it never goes back.
    #[must_use]
    pub const fn of_millis(self, millis: u64) -> u64 {
        millis.saturating_mul(self.0 as u64) / 1_000
    }

    /// How long the clock needs for `media` milliseconds of an item; rounded up, so that they have passed then.
    #[must_use]
    pub const fn clock_millis(self, media: u64) -> u64 {
        media.saturating_mul(1_000).div_ceil(self.0 as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_place_is_a_finite_number_within_seven_days() {
        let most = f64::from(MediaTime::MOST);
        for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, -0.001, most + 1.0, 1e300] {
            assert_eq!(MediaTime::parse("position", wrong).unwrap_err().field, "position", "{wrong}");
        }
        for (fine, millis) in [(0.0, 0), (-0.0, 0), (1_234.9, 1_234), (most, MediaTime::MOST)] {
            assert_eq!(MediaTime::parse("position", fine).map(MediaTime::as_millis), Ok(millis));
        }
        assert_eq!(MediaTime::from_millis(u64::MAX).as_millis(), MediaTime::MOST);
    }

    #[test]
    fn a_rate_is_between_a_quarter_and_two() {
        for wrong in [f64::NAN, f64::INFINITY, -1.0, 0.0, 0.2499, 2.0001] {
            assert_eq!(Rate::parse(wrong).unwrap_err().field, "rate", "{wrong}");
        }
        for (fine, thousandths) in [(0.25, 250), (1.0, 1_000), (4.0 / 3.0, 1_333), (2.0, 2_000)] {
            assert_eq!(Rate::parse(fine).map(Rate::as_thousandths), Ok(thousandths));
        }
    }

    proptest! {
        #[test]
        fn no_number_panics(millis in any::<f64>(), factor in any::<f64>()) {
            prop_assert!(MediaTime::parse("position", millis).is_ok_and(|time| time.as_millis() <= MediaTime::MOST)
                || !(0.0..=f64::from(MediaTime::MOST)).contains(&millis));
            prop_assert_eq!(Rate::parse(factor).is_ok(), (0.25..=2.0).contains(&factor));
        }

        #[test]
        fn the_clock_time_of_a_length_lets_it_pass(media in 0..1_000_000_u64, thousandths in 250..=2_000_u16) {
            let rate = Rate(thousandths);
            prop_assert!(rate.of_millis(rate.clock_millis(media)) >= media);
        }
    }
}
