//! What a duel that counts does to its players' points and ratings.
//!
//! Ratings are Glicko-2 (Glickman, "Example of the Glicko-2 system", 2022), by the crate `skillratings`: each duel is a
//! rating period, and of several players each has a result against every other, by their places.

use parlor_core::AccountId;
use parlor_core::duel::{Place, points};
use parlor_store::duels::results::Rating;
use skillratings::Outcomes;
use skillratings::glicko2::{Glicko2Config, Glicko2Rating, glicko2_rating_period};

/// Everybody as they are afterwards, in the same order.
pub(super) fn after(before: &[Rating], places: &[Place], winner: Option<AccountId>) -> Vec<Rating> {
    let place = |account| places.iter().find(|place| place.player == account).map(|place| place.place);
    let config = Glicko2Config::new();
    before
        .iter()
        .map(|own| {
            let others = before.iter().filter(|other| other.account != own.account);
            let results: Vec<(Glicko2Rating, Outcomes)> = others
                .map(|other| {
                    let outcome = match place(own.account).cmp(&place(other.account)) {
                        std::cmp::Ordering::Less => Outcomes::WIN,
                        std::cmp::Ordering::Equal => Outcomes::DRAW,
                        std::cmp::Ordering::Greater => Outcomes::LOSS,
                    };
                    (glicko(other), outcome)
                })
                .collect();
            let new = glicko2_rating_period(&glicko(own), &results, &config);
            let won = winner == Some(own.account);
            Rating {
                account: own.account,
                xp: own.xp.saturating_add(if won { points::WIN } else { 0 }),
                wins: own.wins + u32::from(won),
                losses: own.losses + u32::from(!won && winner.is_some()),
                draws: own.draws + u32::from(winner.is_none()),
                rating: stored(new.rating),
                deviation: stored(new.deviation),
                volatility: stored(new.volatility),
            }
        })
        .collect()
}

/// As exact as it is written down, so that what is told is what is found later: millionths.
fn stored(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn glicko(rating: &Rating) -> Glicko2Rating {
    Glicko2Rating { rating: rating.rating, deviation: rating.deviation, volatility: rating.volatility }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn player(id: i64) -> Rating {
        Rating::new(AccountId::new(id).unwrap())
    }

    fn places(of: &[(i64, u32)]) -> Vec<Place> {
        let place = |&(id, place): &(i64, u32)| Place { player: AccountId::new(id).unwrap(), place, won: 0 };
        of.iter().map(place).collect()
    }

    /// Two newcomers: the numbers of Glicko-2 with a volatility of 0.06 and a system constant of 0.5.
    #[test]
    fn a_win_is_worth_ten_points_and_moves_both_ratings() {
        let before = [player(1), player(2)];
        let after = after(&before, &places(&[(2, 1), (1, 2)]), AccountId::new(2));
        assert_eq!((after[0].xp, after[1].xp), (0, 10));
        assert_eq!((after[0].losses, after[1].wins), (1, 1));
        assert!((after[1].rating - 1662.31).abs() < 0.01, "{}", after[1].rating);
        assert!((after[0].rating - 1337.69).abs() < 0.01, "{}", after[0].rating);
        assert!(after[1].deviation < 350.0);
    }

    #[test]
    fn a_draw_of_equals_only_makes_surer() {
        let after = after(&[player(1), player(2)], &places(&[(1, 1), (2, 1)]), None);
        assert!(after.iter().all(|one| (one.rating - 1500.0).abs() < 1e-9 && one.deviation < 350.0));
        assert!(after.iter().all(|one| (one.xp, one.draws) == (0, 1)));
    }

    #[test]
    fn of_three_the_middle_stays_where_it_was() {
        let before = [player(1), player(2), player(3)];
        let after = after(&before, &places(&[(1, 1), (2, 2), (3, 3)]), AccountId::new(1));
        assert!(after[0].rating > 1500.0 && after[2].rating < 1500.0);
        assert!((after[1].rating - 1500.0).abs() < 1e-6);
    }
}
