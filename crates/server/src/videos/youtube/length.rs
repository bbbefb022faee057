//! Lengths as YouTube writes them: `PT1H2M3S`, in the form of ISO 8601.

use parlor_core::watch::MediaTime;

/// Reads days, hours, minutes and seconds in whole numbers; `None` for another form and for nothing at all, which is
/// how a live one is written.
pub fn length(text: &str) -> Option<MediaTime> {
    let (days, clock) = text.strip_prefix('P')?.split_once('T').unwrap_or((text.strip_prefix('P')?, ""));
    let seconds = sum(days, &[('W', 604_800), ('D', 86_400)])?
        .checked_add(sum(clock, &[('H', 3_600), ('M', 60), ('S', 1)])?)?;
    (seconds > 0).then(|| MediaTime::from_millis(seconds.saturating_mul(1_000)))
}

/// Numbers with units, each at most once and the largest first.
fn sum(text: &str, units: &[(char, u64)]) -> Option<u64> {
    let (mut rest, mut sum) = (text, 0_u64);
    for (unit, seconds) in units {
        if let Some((number, after)) = rest.split_once(*unit) {
            let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            sum = sum.checked_add(number.parse::<u64>().ok().filter(|_| digits)?.checked_mul(*seconds)?)?;
            rest = after;
        }
    }
    rest.is_empty().then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_and_nonsense_is_none() {
        for (text, millis) in [
            ("PT3S", 3_000),
            ("PT4M13S", 253_000),
            ("PT1H2M3S", 3_723_000),
            ("PT12H", 43_200_000),
            ("P1DT1S", 86_401_000),
            ("P1D", 86_400_000),
            ("PT90M", 5_400_000),
            // More than any item may have.
            ("P1W1D", MediaTime::MOST),
            ("PT99999999999S", MediaTime::MOST),
        ] {
            assert_eq!(length(text).map(MediaTime::as_millis), Some(millis), "{text}");
        }
        for text in
            ["", "P", "PT", "P0D", "PT0S", "3S", "PT-3S", "PT+3S", "PT3", "PTS", "PT3S4M", "PT1.5S", "PT3Sx"]
        {
            assert_eq!(length(text), None, "{text}");
        }
        assert_eq!(length("PT99999999999999999999S"), None);
        assert_eq!(length("P999999999999999999D"), None);
    }
}
