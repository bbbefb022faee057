//! Who meets whom: the lobby of a group, where people wait to be paired, and its rounds of speed chat.
//!
//! Everything here is decided from what is passed in: who waits, who met whom, the moment, and a source of chance. It
//! must never know a socket, a table or a clock. With the same input and the same chance the answer is the same.
//!
//! Reading order: [`history`], who met whom; [`newcomer`], one who comes while others wait; [`batch`], all who wait at
//! once; [`third`], one who is left over; [`speed_chat`], everybody anew every few minutes; [`lease`], how long a place
//! is kept; [`name`], what one is called there; [`room`], why one leaves the place where they met. `draw`, `graph` and `matching` are the tools of these.

pub mod batch;
mod draw;
mod graph;
pub mod history;
pub mod lease;
mod matching;
pub mod name;
pub mod newcomer;
#[cfg(test)]
mod properties;
pub mod room;
pub mod speed_chat;
pub mod third;

pub use batch::{Decision, pair_waiting};
pub use draw::Chance;
pub use history::{History, Known, Met};
pub use lease::{PLACE_KEPT, Place, place};
pub use name::lobby_name;
pub use newcomer::{Choice, PATIENCE, pair_newcomer};
pub use room::Departure;
pub use speed_chat::{Change, Ending, Plan, SpeedChat};
pub use third::{LeftOver, QUIET, Threes, place_left_over};

use crate::{AccountId, Timestamp};

/// One who waits: an account, or a connection without one. No two are the same, in whatever lobby.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WaiterId(u64);

impl WaiterId {
    /// Connections without an account begin here, far above every id of an account.
    const STRANGERS: u64 = 1 << 62;

    /// A connection without an account, from 61 bits of chance.
    #[must_use]
    pub const fn stranger(random: u64) -> Self {
        Self(Self::STRANGERS | (random >> 3))
    }

    /// The account; `None` for a connection without one.
    #[must_use]
    pub fn account(self) -> Option<AccountId> {
        i64::try_from(self.0).ok().and_then(AccountId::new)
    }

    /// Any number is one.
    #[must_use]
    pub const fn new(value: u64) -> Self {
        Self(value)
    }

    /// The bare number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl From<AccountId> for WaiterId {
    fn from(account: AccountId) -> Self {
        Self(account.get().unsigned_abs())
    }
}

/// Somebody in the lobby. Only those whose socket is there are passed in: see [`Place::may_be_paired`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiter {
    /// Who.
    pub id: WaiterId,
    /// Since when they wait.
    pub since: Timestamp,
    /// Whom they met last.
    pub last: LastPartners,
}

/// Whom somebody met last: nobody yet, one, or the two others of a three.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastPartners([Option<WaiterId>; 2]);

impl LastPartners {
    /// Nobody yet.
    pub const NONE: Self = Self([None, None]);

    /// After a pair.
    #[must_use]
    pub const fn one(partner: WaiterId) -> Self {
        Self([Some(partner), None])
    }

    /// After a three.
    #[must_use]
    pub const fn two(first: WaiterId, second: WaiterId) -> Self {
        Self([Some(first), Some(second)])
    }

    /// Whether `other` is one of them.
    #[must_use]
    pub fn contains(self, other: WaiterId) -> bool {
        self.0.contains(&Some(other))
    }

    /// Those there are.
    pub fn iter(self) -> impl Iterator<Item = WaiterId> {
        self.0.into_iter().flatten()
    }
}

/// Those who come together in one room: two, or three. Nobody is in it twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Match {
    /// A pair.
    Two([WaiterId; 2]),
    /// A pair and one who was left over.
    Three([WaiterId; 3]),
}

impl Match {
    /// All of them.
    #[must_use]
    pub const fn members(&self) -> &[WaiterId] {
        match self {
            Self::Two(pair) => pair,
            Self::Three(three) => three,
        }
    }

    /// What each of them has as last partners once they have met.
    #[must_use]
    pub fn partners_of(&self, who: WaiterId) -> LastPartners {
        let mut others = self.members().iter().copied().filter(|member| *member != who);
        LastPartners([others.next(), others.next()])
    }
}

/// Whether two may be put together at all; `known_to_a` is what [`History::of`] says of `a`.
fn may_meet(a: &Waiter, b: &Waiter, known_to_a: &[Known]) -> bool {
    a.id != b.id
        && !a.last.contains(b.id)
        && !b.last.contains(a.id)
        && !history::find(known_to_a, b.id).is_some_and(|known| known.blocked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_is_never_taken_for_an_account() {
        let ada = AccountId::new(7).unwrap();
        assert_eq!(WaiterId::from(ada).account(), Some(ada));
        for random in [0, 7, u64::MAX] {
            let stranger = WaiterId::stranger(random);
            assert_eq!(stranger.account(), None);
            assert!(i64::try_from(stranger.get()).is_ok(), "it fits into a column");
        }
    }

    #[test]
    fn each_of_a_three_has_the_two_others_as_last_partners() {
        let [a, b, c] = [1, 2, 3].map(WaiterId::new);
        assert_eq!(Match::Three([a, b, c]).partners_of(b), LastPartners::two(a, c));
        assert_eq!(Match::Two([a, b]).partners_of(b), LastPartners::one(a));
        assert_eq!(LastPartners::two(a, c).iter().collect::<Vec<_>>(), [a, c]);
        assert!(!LastPartners::NONE.contains(a));
    }
}
