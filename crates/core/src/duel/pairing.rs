//! Who is put with whom: those who want the same, of about the same strength, and the longer one waits the less that
//! matters.
//!
//! Two fit when their ranks are no further apart than the longer wait of the two allows: the same rank at once, one
//! apart after ten seconds, any after thirty. The idea is that of the waves of a chess server's pools, where each wave
//! missed widens the range; the numbers are ours, for servers where a handful of people seek. Among those who fit, who
//! waits longest chooses first, and chooses whose rating is the nearest.

use super::points::DuelRank;
use super::terms::{BestOf, Language, Minutes, Mode, Terms};
use crate::{AccountId, Timestamp};
use std::collections::BTreeSet;
use std::time::Duration;

/// After so long the next rank is near enough.
const NEXT_RANK: Duration = Duration::from_secs(10);
/// After so long any is.
const ANY_RANK: Duration = Duration::from_secs(30);

/// What somebody wants; `None` is all the same to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// What decides a round.
    pub mode: Mode,
    /// The one language.
    pub language: Option<Language>,
    /// How many rounds.
    pub best_of: Option<BestOf>,
    /// How long one takes.
    pub minutes: Option<Minutes>,
}

impl Wish {
    /// What both agree upon, if they can.
    #[must_use]
    pub fn agree(&self, other: &Self) -> Option<Terms> {
        fn both<T: PartialEq>(one: Option<T>, other: Option<T>) -> Option<Option<T>> {
            match (one, other) {
                (Some(one), Some(other)) if one != other => None,
                (one, other) => Some(one.or(other)),
            }
        }
        if self.mode != other.mode {
            return None;
        }
        Some(Terms {
            mode: self.mode,
            language: both(self.language, other.language)?,
            best_of: both(self.best_of, other.best_of)?.unwrap_or(BestOf::USUAL),
            minutes: both(self.minutes, other.minutes)?.unwrap_or(Minutes::USUAL),
        })
    }
}

/// One who seeks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seeker {
    /// Who.
    pub account: AccountId,
    /// What they want.
    pub wish: Wish,
    /// Their points.
    pub xp: u32,
    /// Their rating, rounded.
    pub rating: i64,
    /// Since when.
    pub since: Timestamp,
    /// Whom they never meet.
    pub blocked: BTreeSet<AccountId>,
}

/// Two who were put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Who waited longer first.
    pub players: [AccountId; 2],
    /// What they agree upon.
    pub terms: Terms,
}

/// Everybody who can be put together now.
#[must_use]
pub fn pairs(seekers: &[Seeker], now: Timestamp) -> Vec<Pair> {
    let mut order: Vec<&Seeker> = seekers.iter().collect();
    order.sort_by_key(|seeker| (seeker.since, seeker.account));
    let mut pairs = Vec::new();
    while !order.is_empty() {
        let first = order.remove(0);
        let found = order
            .iter()
            .enumerate()
            .filter_map(|(at, other)| Some((at, fit(first, other, now)?)))
            .min_by_key(|(at, _)| ((order[*at].rating - first.rating).abs(), *at));
        if let Some((at, terms)) = found {
            pairs.push(Pair { players: [first.account, order.remove(at).account], terms });
        }
    }
    pairs
}

fn fit(one: &Seeker, other: &Seeker, now: Timestamp) -> Option<Terms> {
    let strangers = one.account != other.account
        && !one.blocked.contains(&other.account)
        && !other.blocked.contains(&one.account);
    let apart = (DuelRank::of(one.xp) as i32 - DuelRank::of(other.xp) as i32).abs();
    let waited = now.since(one.since.min(other.since));
    let near = match apart {
        0 => true,
        1 => waited >= NEXT_RANK,
        _ => waited >= ANY_RANK,
    };
    (strangers && near).then(|| one.wish.agree(&other.wish)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANY: Wish = Wish { mode: Mode::Fastest, language: None, best_of: None, minutes: None };

    fn seeker(id: i64, xp: u32, rating: i64, since: i64, wish: Wish) -> Seeker {
        let (account, since) = (AccountId::new(id).unwrap(), Timestamp::from_millis(since));
        Seeker { account, wish, xp, rating, since, blocked: BTreeSet::new() }
    }

    fn check(seekers: &[Seeker], now: i64, expected: &[[i64; 2]]) {
        let found: Vec<[i64; 2]> = pairs(seekers, Timestamp::from_millis(now))
            .iter()
            .map(|pair| pair.players.map(AccountId::get))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_range_widens_with_the_longer_wait() {
        let apart = |one, other| [seeker(1, one, 1500, 0, ANY), seeker(2, other, 1500, 5_000, ANY)];
        check(&apart(0, 250), 5_000, &[[1, 2]]);
        check(&apart(0, 251), 9_999, &[]);
        check(&apart(0, 251), 10_000, &[[1, 2]]);
        check(&apart(0, 900), 29_999, &[]);
        check(&apart(0, 900), 30_000, &[[1, 2]]);
    }

    #[test]
    fn who_waits_longest_gets_the_nearest() {
        let seekers = [seeker(1, 0, 1500, 9, ANY), seeker(2, 0, 1900, 5, ANY), seeker(3, 0, 1510, 7, ANY)];
        check(&seekers, 10, &[[2, 3]]);
        check(&[seeker(4, 0, 1880, 8, ANY), seekers[0].clone(), seekers[1].clone()], 10, &[[2, 4]]);
    }

    #[test]
    fn only_those_who_agree_meet() {
        let python = Wish { language: Some(Language::Python), ..ANY };
        let javascript = Wish { language: Some(Language::JavaScript), ..ANY };
        check(&[seeker(1, 0, 0, 0, python), seeker(2, 0, 0, 0, javascript)], 99_000, &[]);
        check(&[seeker(1, 0, 0, 0, python), seeker(2, 0, 0, 0, ANY)], 0, &[[1, 2]]);
        let terms = python.agree(&Wish { best_of: BestOf::parse(5).ok(), ..ANY }).unwrap();
        assert_eq!(
            (terms.language, terms.best_of.get(), terms.minutes),
            (Some(Language::Python), 5, Minutes::USUAL)
        );
        let mut blocked = [seeker(1, 0, 0, 0, ANY), seeker(2, 0, 0, 0, ANY)];
        blocked[1].blocked.insert(blocked[0].account);
        check(&blocked, 99_000, &[]);
        check(&[seeker(1, 0, 0, 0, ANY), seeker(1, 0, 0, 0, ANY)], 99_000, &[]);
    }
}
