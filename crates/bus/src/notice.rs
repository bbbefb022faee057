//! What nodes tell each other.

use crate::lobby::LobbyNotice;
use parlor_core::watch::{Report, Rev};
use parlor_core::{AccountId, Author, DisplayName, Emoji, Event, GroupId, Position, Role, Seq, SessionId};
use std::sync::Arc;

/// One hint. Cheap to clone: what is large is shared.
#[derive(Clone, Debug)]
pub enum Notice {
    /// Events that were committed, whole, in the order of the commit; contiguous within each group.
    Events(Arc<[Arc<Event>]>),
    /// A group's log ends here now; its new events were too large to send along.
    Head {
        /// The group.
        group: GroupId,
        /// The end of its log.
        position: Position,
    },
    /// Something ephemeral.
    Signal(Arc<Signal>),
    /// Sessions ended: their sockets are disconnected at once.
    SessionsEnded(EndedSessions),
    /// A membership began, ended or changed. The same is in the log as an event; this one comes sooner.
    Membership {
        /// The group.
        group: GroupId,
        /// Whose.
        account: AccountId,
        /// The role now; `None` when no member any more.
        role: Option<Role>,
    },
    /// Somebody read on, on one of their devices: for the others.
    ReadMoved {
        /// The group.
        group: GroupId,
        /// Who.
        account: AccountId,
        /// Up to where.
        last_read: Seq,
        /// What is left.
        unread: i64,
    },
    /// An account has another display name: for its open sockets.
    Renamed {
        /// Whose.
        account: AccountId,
        /// The name now.
        name: DisplayName,
    },
    /// Something happened in a lobby or a room.
    Lobby(LobbyNotice),
    /// Somebody watches along, or says how their player is.
    Viewer {
        /// With which group.
        group: GroupId,
        /// Who.
        account: AccountId,
        /// What.
        news: ViewerNews,
    },
    /// Who has a group open on a node: whoever comes, and everybody again every few seconds. Who is not named is not
    /// gone; who has not been named for a while is.
    Here {
        /// On which node.
        node: i64,
        /// Which group.
        group: GroupId,
        /// Who.
        people: Arc<[Author]>,
    },
    /// Somebody has a group open on a node no more.
    NoLongerHere {
        /// On which node.
        node: i64,
        /// Which group.
        group: GroupId,
        /// Who.
        account: AccountId,
    },
    /// A node begins to follow a group, and would be told by the others who has it open there.
    WhoIsHere {
        /// Which node.
        node: i64,
        /// Which group.
        group: GroupId,
    },
    /// A group was deleted or has expired: nothing comes from it any more.
    GroupGone {
        /// The group.
        group: GroupId,
    },
}

impl Notice {
    /// Whether it may be dropped where there is too much: nothing depends on it.
    #[must_use]
    pub const fn is_signal(&self) -> bool {
        match self {
            // Who is here is told again every few seconds.
            Self::Signal(_) | Self::Here { .. } | Self::NoLongerHere { .. } | Self::WhoIsHere { .. } => true,
            Self::Lobby(notice) => notice.is_signal(),
            Self::Viewer { news, .. } => matches!(news, ViewerNews::Reported(_)),
            _ => false,
        }
    }
}

/// What is new of somebody who watches along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewerNews {
    /// They came, with this role.
    Came(Role),
    /// Their last page is gone.
    Went,
    /// Their player says how it is.
    Reported(Report),
    /// Their player stands where it should and has data, for this change.
    Ready(Rev),
}

/// Which sessions ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedSessions {
    /// Whose.
    pub account: AccountId,
    /// This one only; `None` for every session of the account …
    pub only: Option<SessionId>,
    /// … except this one.
    pub except: Option<SessionId>,
}

impl EndedSessions {
    /// Whether the session of the account is among them.
    #[must_use]
    pub fn includes(&self, account: AccountId, session: SessionId) -> bool {
        self.account == account
            && self.only.is_none_or(|only| only == session)
            && self.except != Some(session)
    }
}

/// Something that is not in the log and may be lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// Where.
    pub group: GroupId,
    /// From whom; they do not get it back.
    pub by: Author,
    /// What.
    pub kind: SignalKind,
}

/// The kinds of signals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignalKind {
    /// Writes, or has stopped.
    Typing {
        /// Writes.
        on: bool,
    },
    /// Lets an emoji float over what is watched.
    Cheer {
        /// Which.
        emoji: Emoji,
    },
    /// Is there with at least one socket, or no more.
    Presence {
        /// Is there.
        online: bool,
    },
}

/// What a subscriber gets.
#[derive(Clone, Debug)]
pub enum Received {
    /// A notice.
    Notice(Notice),
    /// Some were lost on the way to this subscriber: compare the head of every followed group with the log, and ask
    /// again whether the sessions in use are still there.
    Missed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ended_sessions_are_one_all_or_all_but_one() {
        let account = AccountId::new(1).unwrap();
        let (mine, other) = (SessionId::new(1).unwrap(), SessionId::new(2).unwrap());
        let one = EndedSessions { account, only: Some(mine), except: None };
        assert!(one.includes(account, mine) && !one.includes(account, other));
        let all = EndedSessions { account, only: None, except: None };
        assert!(all.includes(account, mine) && all.includes(account, other));
        let others = EndedSessions { account, only: None, except: Some(mine) };
        assert!(!others.includes(account, mine) && others.includes(account, other));
        assert!(!all.includes(AccountId::new(2).unwrap(), mine));
    }
}
