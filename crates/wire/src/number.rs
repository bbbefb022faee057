//! Numbers as clients send them: ids and positions, both below 2^53, both plain JSON numbers.
//!
//! A number too large for us is kept as the largest one, so that it reads as "no such thing" (404, or the head of the
//! log) and not as a wrong type. `5.0` is 5: not every client can write it otherwise. A negative position is refused
//! here, wherever it comes from; a negative id is no such thing. Whether a number is in range is decided where it is
//! turned into a `core` type.

use serde::de::Unexpected;
use serde::{Deserialize, Deserializer, Serialize};

/// An id of an account or a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema))]
#[cfg_attr(feature = "describe", ts(export_to = "numbers.ts"))]
pub struct Id(pub i64);

/// A position in a group's log: 1, 2, 3 … without gaps; 0 is before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema))]
#[cfg_attr(feature = "describe", ts(export_to = "numbers.ts"))]
pub struct Seq(pub i64);

/// Where in which log: `epoch` changes only when a log is lost or restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema))]
#[cfg_attr(feature = "describe", ts(export_to = "numbers.ts"))]
pub struct Position {
    /// The life of the log.
    pub epoch: Seq,
    /// The place in it.
    pub seq: Seq,
}

impl std::str::FromStr for Position {
    type Err = NotAPosition;

    /// Reads `<epoch>:<seq>`, as it stands in `?after=`.
    fn from_str(text: &str) -> Result<Self, NotAPosition> {
        let (epoch, seq) = text.split_once(':').ok_or(NotAPosition)?;
        Ok(Self { epoch: Seq(digits(epoch)?), seq: Seq(digits(seq)?) })
    }
}

/// The text is not `<epoch>:<seq>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAPosition;

/// Reads an unsigned decimal number; too many digits are the largest number, not an error.
fn digits(text: &str) -> Result<i64, NotAPosition> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotAPosition);
    }
    Ok(text.parse().unwrap_or(i64::MAX))
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_i64(WholeNumber).map(Self)
    }
}

impl<'de> Deserialize<'de> for Seq {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = deserializer.deserialize_i64(WholeNumber)?;
        if number < 0 {
            let found = Unexpected::Signed(number);
            return Err(serde::de::Error::invalid_value(found, &"a whole number that is not negative"));
        }
        Ok(Self(number))
    }
}

struct WholeNumber;

impl serde::de::Visitor<'_> for WholeNumber {
    type Value = i64;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<i64, E> {
        Ok(number)
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<i64, E> {
        Ok(i64::try_from(number).unwrap_or(i64::MAX))
    }

    /// With a fraction part of zero, or beyond 64 bits.
    #[allow(clippy::cast_possible_truncation, reason = "too large is the largest")]
    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<i64, E> {
        if number.fract() == 0.0 {
            Ok(number as i64)
        } else {
            Err(E::invalid_type(Unexpected::Float(number), &self))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_two_numbers() {
        assert_eq!("1:42".parse(), Ok(Position { epoch: Seq(1), seq: Seq(42) }));
        assert_eq!("1:99999999999999999999".parse(), Ok(Position { epoch: Seq(1), seq: Seq(i64::MAX) }));
        for bad in ["", "1", ":", "1:", ":1", "-1:2", "1:2:3", "1: 2", "a:b", "1:+2"] {
            assert_eq!(bad.parse::<Position>(), Err(NotAPosition), "{bad:?}");
        }
    }

    #[test]
    fn too_large_is_the_largest() {
        for text in ["18446744073709551615", "99999999999999999999999", "1e30", "9223372036854775807"] {
            assert_eq!(serde_json::from_str::<Id>(text).unwrap(), Id(i64::MAX), "{text}");
            assert_eq!(serde_json::from_str::<Seq>(text).unwrap(), Seq(i64::MAX), "{text}");
        }
    }

    #[test]
    fn whole_numbers_may_be_written_with_a_point() {
        for text in ["5", "5.0", "5e0", "0.5e1"] {
            assert_eq!(serde_json::from_str::<Seq>(text).unwrap(), Seq(5), "{text}");
        }
        assert_eq!(serde_json::from_str::<Id>("-5.0").unwrap(), Id(-5));
        for bad in ["\"7\"", "7.5", "1e-3", "null", "true", "[7]"] {
            assert!(serde_json::from_str::<Id>(bad).is_err(), "{bad}");
            assert!(serde_json::from_str::<Seq>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn positions_are_not_negative() {
        for bad in ["-1", "-1.0", "-1e30", "-9223372036854775808"] {
            assert!(serde_json::from_str::<Seq>(bad).is_err(), "{bad}");
        }
        assert_eq!(serde_json::from_str::<Seq>("-0.0").unwrap(), Seq(0));
    }
}
