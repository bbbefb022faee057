//! Moments as text: ISO 8601, in UTC, with milliseconds.

use parlor_core::Timestamp;
use time::OffsetDateTime;

/// `2026-11-20T10:46:01.123Z`.
pub(crate) fn iso(at: Timestamp) -> String {
    let nanos = i128::from(at.as_millis()) * 1_000_000;
    // Beyond the year 9999 there is no such text; nothing here is stamped with it.
    let moment = OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (year, month, day) = moment.to_calendar_date();
    let (hour, minute, second, millis) = moment.to_hms_milli();
    let month = u8::from(month);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_a_fixed_length() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_548_067_274_468, "2019-01-21T10:41:14.468Z"),
            (1_709_164_800_007, "2024-02-29T00:00:00.007Z"),
        ] {
            assert_eq!(iso(Timestamp::from_millis(millis)), text);
        }
    }
}
