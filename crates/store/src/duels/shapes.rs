//! How the places of a round, and numbers with a fraction, are stored.

use crate::{Failure, rows};
use parlor_core::duel::{RoundPlace, Standing};
use serde::{Deserialize, Serialize};

/// The stored shape. A field is only ever added, with a default; another meaning raises `v`.
#[derive(Serialize, Deserialize)]
struct Stored {
    v: u32,
    places: Vec<StoredPlace>,
}

#[derive(Serialize, Deserialize)]
struct StoredPlace {
    player: i64,
    place: u32,
    passed: u32,
    total: u32,
    wrong: u32,
    solved_ms: Option<u64>,
    length: Option<u32>,
}

pub(super) fn places_json(places: &[RoundPlace]) -> String {
    let stored = Stored {
        v: 1,
        places: places
            .iter()
            .map(|RoundPlace { player, place, standing }| StoredPlace {
                player: player.get(),
                place: *place,
                passed: standing.passed,
                total: standing.total,
                wrong: standing.wrong,
                solved_ms: standing.solved_ms,
                length: standing.length,
            })
            .collect(),
    };
    serde_json::to_string(&stored).expect("numbers are JSON")
}

pub(super) fn places_of(text: &str) -> Result<Vec<RoundPlace>, Failure> {
    let stored: Stored = serde_json::from_str(text).map_err(Failure::internal)?;
    let place = |one: StoredPlace| {
        let StoredPlace { player, place, passed, total, wrong, solved_ms, length } = one;
        let standing = Standing { passed, total, wrong, solved_ms, length };
        Ok(RoundPlace { player: rows::account_id(player)?, place, standing })
    };
    stored.places.into_iter().map(place).collect()
}

/// Millionths.
pub(super) fn micros(value: f64) -> i64 {
    (value * 1e6).round() as i64
}

pub(super) fn fraction(micros: i64) -> f64 {
    micros as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use parlor_core::AccountId;

    #[test]
    fn the_stored_shape_is_read_for_ever() {
        let golden = r#"{"v":1,"places":[{"player":3,"place":1,"passed":12,"total":12,"wrong":1,"solved_ms":61000,"length":27}]}"#;
        let places = places_of(golden).unwrap();
        assert_eq!(places_json(&places), golden);
        assert_eq!(Some(places[0].player), AccountId::new(3));
        assert!(places_of(r#"{"v":1}"#).is_err());
        assert_eq!(fraction(micros(1_662.310_4)), 1_662.310_4);
    }
}
