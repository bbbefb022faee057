//! Who calls, from where, and how much of a list they want.

use parlor_core::ids::ID_LIMIT;
use parlor_core::{Account, SessionId};
use std::net::IpAddr;

/// Someone who is signed in: the answer of `authenticate`, the first parameter of almost everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Who.
    pub account: Account,
    /// Whether they run this server.
    pub admin: bool,
    /// By which session.
    pub session: SessionId,
}

impl Caller {
    /// Somebody without a session, where a name is enough to be let in. What asks for their session finds none: no row
    /// has this id.
    pub(crate) fn without_session(account: Account) -> Self {
        let nobodys = SessionId::new(ID_LIMIT - 1).expect("the last id is an id");
        Self { account, admin: false, session: nobodys }
    }
}

/// Where somebody comes from who is not signed in yet.
#[derive(Clone, Debug)]
pub struct Client {
    /// The address of the peer, or what a trusted proxy says it is. Limits count by it (IPv6: by its /64).
    pub address: IpAddr,
    /// How the program names itself, for the list of sessions; cut to 200 characters.
    pub agent: Option<String>,
}

/// How many items of a list at once: 1 to 200, 50 unless said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLimit(u16);

impl PageLimit {
    /// The largest page; a larger wish is cut to it.
    pub const MOST: u16 = 200;

    /// Cuts any number to the range of a page.
    #[must_use]
    pub fn new(wish: i64) -> Self {
        Self(u16::try_from(wish.clamp(1, i64::from(Self::MOST))).unwrap_or(Self::MOST))
    }

    /// The number of items.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0 as usize
    }
}

impl Default for PageLimit {
    fn default() -> Self {
        Self(50)
    }
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<Item, Key> {
    /// The items.
    pub items: Vec<Item>,
    /// What to ask for next (the `cursor` or `before` of the next call); `None` at the end.
    pub next: Option<Key>,
}

impl<Item, Key> Page<Item, Key> {
    /// A page of what was read with one more than `limit`, so that it is known whether there is more.
    pub(crate) fn cut(mut items: Vec<Item>, limit: PageLimit, key: impl Fn(&Item) -> Key) -> Self {
        let more = items.len() > limit.get();
        items.truncate(limit.get());
        let next = if more { items.last().map(key) } else { None };
        Self { items, next }
    }
}
