//! Wrong access codes over the circle dialect, whose codes are short: ten from one address within a minute, and nothing
//! is let in from there until that minute is over, right codes included (contracts/circle.md).

use super::{Key, Limits};
use parlor_core::Timestamp;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Wrong codes in a minute.
const MOST: u32 = 10;
const MINUTE: Duration = Duration::from_secs(60);
/// Addresses that are remembered at most; beyond that the minutes that are over are forgotten, and if that is not enough
/// all of them are.
const MOST_ADDRESSES: usize = 50_000;

#[derive(Default)]
pub(super) struct WrongCodes(Mutex<HashMap<Key, Window>>);

#[derive(Clone, Copy)]
struct Window {
    began: Timestamp,
    wrong: u32,
}

impl Window {
    fn left(self, now: Timestamp) -> Option<Duration> {
        MINUTE.checked_sub(now.since(self.began)).filter(|left| !left.is_zero())
    }
}

impl Limits {
    /// Whether anything is let in from an address.
    ///
    /// # Errors
    /// How long until it is.
    pub(crate) fn wrong_codes_from(&self, address: IpAddr, now: Timestamp) -> Result<(), Duration> {
        if !self.on {
            return Ok(());
        }
        let windows = self.wrong_codes.0.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.get(&self.address(address)).filter(|window| window.wrong >= MOST);
        window.and_then(|window| window.left(now)).map_or(Ok(()), Err)
    }

    /// Counts one, also before it is known to be wrong, so that of many tries at once no more than ten are answered.
    pub(crate) fn count_wrong_code(&self, address: IpAddr, now: Timestamp) {
        let key = self.address(address);
        let mut windows = self.wrong_codes.0.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= MOST_ADDRESSES {
            windows.retain(|_, window| window.left(now).is_some());
            if windows.len() >= MOST_ADDRESSES / 2 {
                windows.clear();
            }
        }
        let window = windows.entry(key).or_insert(Window { began: now, wrong: 0 });
        if window.left(now).is_none() {
            *window = Window { began: now, wrong: 0 };
        }
        window.wrong = window.wrong.saturating_add(1);
    }

    /// Takes one back that was right.
    pub(crate) fn forgive_wrong_code(&self, address: IpAddr) {
        let mut windows = self.wrong_codes.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(window) = windows.get_mut(&self.address(address)) {
            window.wrong = window.wrong.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenth_wrong_code_closes_the_door_until_the_minute_is_over() {
        let limits = Limits::new(true);
        let (here, there) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1_000);
        for second in 0..10 {
            assert_eq!(limits.wrong_codes_from(here, at(second)), Ok(()));
            limits.count_wrong_code(here, at(second));
        }
        assert_eq!(limits.wrong_codes_from(here, at(20)), Err(Duration::from_secs(40)));
        assert_eq!(limits.wrong_codes_from(there, at(20)), Ok(()));
        assert_eq!(limits.wrong_codes_from(here, at(60)), Ok(()));
        limits.count_wrong_code(here, at(61));
        assert_eq!(limits.wrong_codes_from(here, at(61)), Ok(()), "a new minute");
        (0..9).for_each(|_| limits.count_wrong_code(here, at(62)));
        assert!(limits.wrong_codes_from(here, at(62)).is_err());
        limits.forgive_wrong_code(here);
        assert_eq!(limits.wrong_codes_from(here, at(62)), Ok(()), "one of the ten was right");
        let off = Limits::new(false);
        (0..20).for_each(|_| off.count_wrong_code(here, at(0)));
        assert_eq!(off.wrong_codes_from(here, at(0)), Ok(()));
    }
}
