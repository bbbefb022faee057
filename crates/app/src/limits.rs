//! How often something may be tried: token buckets in memory, per address, per account, per name or code.
//!
//! The table is bounded: when it holds [`MOST_BUCKETS`], those that are full again are forgotten (they say nothing), and
//! if that is not enough all are. A flood from that many addresses then gets its first tries again, which is better
//! than a table that grows without end. Counted on each node by itself.

mod wrong_codes;

use crate::App;
use parlor_core::Timestamp;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Most buckets: about 8 MiB.
const MOST_BUCKETS: usize = 100_000;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Limit {
    /// Sign-ins from one address, to whatever name.
    SignInByAddress,
    /// Sign-ins to one name from one address: somebody else, elsewhere, is never kept out of their account.
    SignInToName,
    /// New accounts from one address.
    NewAccount,
    /// New guests from one address.
    NewGuest,
    /// Wrong access codes from one address.
    WrongCodeByAddress,
    /// Wrong access codes by one account.
    WrongCodeByAccount,
    /// Tries with one wrong access code, from wherever.
    WrongCode,
    /// New groups by one account.
    NewGroup,
    /// Messages by one account, in all groups.
    Message,
    /// Edits, deletions and reactions by one account.
    Change,
    /// Read positions moved by one account.
    Read,
    /// Typing signals by one account, that they began and that they stopped.
    Typing,
    /// Groups opened and closed on sockets by one account.
    Open,
    /// Steps of one person in lobbies: in, out, on to the next, keep, block.
    Lobby,
    /// What the player of one account says of itself: one report every two seconds, and at once when it changes.
    PlayerReport,
    /// Steps of one account around duels: seek, challenge, join, agree, give up.
    Duel,
    /// Programs of one account that are tried or submitted.
    DuelJob,
    /// What stands in an editor of one account, to be kept.
    DuelCode,
    /// Programs that one account runs outside of duels.
    RunByAccount,
    /// The same from one address, by people who are not signed in.
    RunByAddress,
    /// Problems that a service writes for one account.
    NewProblem,
    /// What one connection says in a race.
    RaceStep,
    /// Searches for videos by one account that are not answered from memory.
    VideoSearch,
    /// Addresses by one account that this server asks what they are.
    VideoLookUp,
    /// Reports by one person.
    Report,
    /// New groups over an old face from one address.
    NewFaceGroup,
    /// Files announced by one account.
    NewUpload,
    /// Parts of files sent by one account.
    UploadPart,
    /// Files opened by one account: each jump in a film is one.
    Content,
}

impl Limit {
    /// How many at once, and how long until one more.
    fn rate(self) -> (u32, Duration) {
        match self {
            // A class behind one address signs in within a minute.
            Self::SignInByAddress => (60, Duration::from_secs(2)),
            Self::SignInToName => (10, Duration::from_secs(20)),
            Self::NewAccount => (60, Duration::from_secs(10)),
            Self::NewGuest => (120, Duration::from_secs(1)),
            Self::WrongCodeByAddress | Self::WrongCodeByAccount => (20, Duration::from_secs(6)),
            Self::WrongCode => (20, Duration::from_secs(6)),
            Self::NewGroup => (20, Duration::from_secs(30)),
            Self::NewFaceGroup => (60, Duration::from_secs(10)),
            // Fast enough for whoever looks at each one for a moment, slow enough that nobody walks through a crowd.
            Self::Lobby => (30, Duration::from_secs(1)),
            Self::PlayerReport => (40, Duration::from_millis(100)),
            Self::Duel => (30, Duration::from_secs(1)),
            // Enough to mend a program and try again, too little to guess the hidden tests.
            Self::DuelJob => (3, Duration::from_secs(2)),
            Self::DuelCode => (5, Duration::from_millis(400)),
            // Twenty a minute (contracts/codemaze.md).
            Self::RunByAccount | Self::RunByAddress => (20, Duration::from_secs(3)),
            // Each costs whoever runs the server.
            Self::NewProblem => (3, Duration::from_secs(20 * 60)),
            Self::RaceStep => (60, Duration::from_millis(100)),
            // Ten an hour: the whole server has a hundred a day.
            Self::VideoSearch => (10, Duration::from_secs(6 * 60)),
            Self::VideoLookUp => (20, Duration::from_secs(6)),
            Self::Report => (10, Duration::from_secs(60)),
            // An album at once, then as fast as somebody picks one.
            Self::NewUpload => (60, Duration::from_secs(5)),
            Self::UploadPart => (120, Duration::from_millis(100)),
            Self::Content => (400, Duration::from_millis(25)),
            Self::Message => (40, Duration::from_millis(100)),
            Self::Change | Self::Read => (60, Duration::from_millis(100)),
            Self::Open => (60, Duration::from_millis(200)),
            Self::Typing => (5, Duration::from_millis(200)),
        }
    }
}

impl Limit {
    fn full(self) -> Duration {
        let (most, one) = self.rate();
        one * most
    }
}

/// Whom a bucket belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key(u64);

impl Key {
    /// What tells it from others while the process lives.
    pub(crate) fn number(self) -> u64 {
        self.0
    }
}

pub(crate) struct Limits {
    on: bool,
    // Keyed by chance, so that nobody can choose names that fall together.
    hasher: RandomState,
    wrong_codes: wrong_codes::WrongCodes,
    // Held for a look-up only.
    buckets: Mutex<HashMap<(Limit, Key), Bucket>>,
}

/// Holds time instead of pieces, so that nothing is ever rounded: one piece is what its limit takes to give one more.
struct Bucket {
    left: Duration,
    at: Timestamp,
}

impl Limits {
    pub(crate) fn new(on: bool) -> Self {
        Self {
            on,
            hasher: RandomState::new(),
            wrong_codes: wrong_codes::WrongCodes::default(),
            buckets: Mutex::default(),
        }
    }

    /// The key of an address: an IPv6 host owns a /64, so that is what counts.
    pub(crate) fn address(&self, address: IpAddr) -> Key {
        match address.to_canonical() {
            IpAddr::V4(address) => Key(self.hasher.hash_one(address)),
            IpAddr::V6(address) => Key(self.hasher.hash_one(&address.octets()[..8])),
        }
    }

    /// The key of an account.
    pub(crate) fn account(&self, account: parlor_core::AccountId) -> Key {
        Key(self.hasher.hash_one(account))
    }

    /// The key of somebody in a lobby.
    pub(crate) fn waiter(&self, who: parlor_core::WaiterId) -> Key {
        Key(self.hasher.hash_one(who))
    }

    /// The key of a text.
    pub(crate) fn text(&self, text: &str) -> Key {
        Key(self.hasher.hash_one(text))
    }

    /// The key of a text together with an address.
    pub(crate) fn text_from(&self, text: &str, address: IpAddr) -> Key {
        Key(self.hasher.hash_one((text, self.address(address))))
    }

    /// Takes one.
    ///
    /// # Errors
    /// How long until there is one.
    pub(crate) fn take(&self, limit: Limit, key: Key, now: Timestamp) -> Result<(), Duration> {
        let (_, one) = limit.rate();
        self.with_bucket(limit, key, now, |bucket| {
            bucket.left = bucket.left.checked_sub(one).ok_or_else(|| one - bucket.left)?;
            Ok(())
        })
    }

    /// Gives one back: it was no misuse.
    pub(crate) fn give_back(&self, limit: Limit, key: Key, now: Timestamp) {
        let _ = self.with_bucket(limit, key, now, |bucket| {
            bucket.left = (bucket.left + limit.rate().1).min(limit.full());
            Ok(())
        });
    }

    fn with_bucket(
        &self,
        limit: Limit,
        key: Key,
        now: Timestamp,
        act: impl FnOnce(&mut Bucket) -> Result<(), Duration>,
    ) -> Result<(), Duration> {
        if !self.on {
            return Ok(());
        }
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST_BUCKETS {
            make_room(&mut buckets, now);
        }
        let bucket = buckets.entry((limit, key)).or_insert(Bucket { left: limit.full(), at: now });
        bucket.refill(limit, now);
        act(bucket)
    }
}

impl Bucket {
    fn refill(&mut self, limit: Limit, now: Timestamp) {
        self.left = (self.left + now.since(self.at)).min(limit.full());
        self.at = self.at.max(now);
    }
}

fn make_room(buckets: &mut HashMap<(Limit, Key), Bucket>, now: Timestamp) {
    buckets.retain(|(limit, _), bucket| {
        bucket.refill(*limit, now);
        bucket.left < limit.full()
    });
    if buckets.len() >= MOST_BUCKETS / 2 {
        buckets.clear();
    }
}

impl App {
    pub(crate) fn limits(&self) -> &Limits {
        &self.inner.limits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parlor_core::AccountId;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let limits = Limits::new(true);
        let key = limits.account(AccountId::new(1).unwrap());
        for _ in 0..5 {
            assert_eq!(limits.take(Limit::Typing, key, at(0)), Ok(()));
        }
        assert_eq!(limits.take(Limit::Typing, key, at(0)), Err(Duration::from_millis(200)));
        assert_eq!(limits.take(Limit::Typing, key, at(150)), Err(Duration::from_millis(50)));
        assert_eq!(limits.take(Limit::Typing, key, at(200)), Ok(()));
        limits.give_back(Limit::Typing, key, at(200));
        assert_eq!(limits.take(Limit::Typing, key, at(200)), Ok(()));
        // Another account has its own.
        assert_eq!(limits.take(Limit::Typing, limits.account(AccountId::new(2).unwrap()), at(0)), Ok(()));
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing() {
        let limits = Limits::new(true);
        let key = limits.text("x");
        for _ in 0..5 {
            assert_eq!(limits.take(Limit::Typing, key, at(10_000)), Ok(()));
        }
        assert!(limits.take(Limit::Typing, key, at(0)).is_err());
        assert!(limits.take(Limit::Typing, key, at(10_000)).is_err());
    }

    #[test]
    fn hosts_of_one_ipv6_network_count_as_one() {
        let limits = Limits::new(true);
        let key = |text: &str| limits.address(text.parse().unwrap());
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
        assert_eq!(key("::ffff:10.0.0.1"), key("10.0.0.1"));
        assert_ne!(key("10.0.0.1"), key("10.0.0.2"));
    }

    #[test]
    fn the_table_is_bounded() {
        let limits = Limits::new(true);
        for number in 0..MOST_BUCKETS * 2 {
            let _ = limits.take(Limit::Typing, Key(number as u64), at(0));
        }
        assert!(limits.buckets.lock().unwrap().len() <= MOST_BUCKETS);
    }

    #[test]
    fn off_is_off() {
        let limits = Limits::new(false);
        for _ in 0..1_000 {
            assert_eq!(limits.take(Limit::Typing, Key(1), at(0)), Ok(()));
        }
    }
}
