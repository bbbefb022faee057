//! Numbers as clients send them: ids and positions, both below 2^53, both plain JSON numbers.
//!
//! A number too large for us is kept as the largest one, so that it reads as "no such thing" (404, or the head of the
//! log) and not as a wrong type. Whether a number is in range is decided where it is turned into a `core` type.

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
        deserializer.deserialize_i64(WholeNumber).map(Self)
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
        let id: Id = serde_json::from_str("18446744073709551615").unwrap();
        assert_eq!(id, Id(i64::MAX));
        assert!(serde_json::from_str::<Id>("\"7\"").is_err());
        assert!(serde_json::from_str::<Id>("7.5").is_err());
    }
}
