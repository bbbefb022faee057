//! Groups, their members and bans, as the operations answer with them.

use crate::{
    AccessCode, Account, AccountId, BanReason, Description, Epoch, GroupId, GroupName, Invalid, Position,
    Role, Rules, Seq, SlowMode, Timestamp,
};
use std::time::Duration;

/// The durable place that people share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// What it is called.
    pub name: GroupName,
    /// What it is about; may be empty.
    pub description: Description,
    /// What holds in it; may be empty.
    pub rules: Rules,
    /// Who owns it.
    pub owner_id: AccountId,
    /// What lets one in. `None` when it is turned off, and for callers who may not see it.
    pub access_code: Option<AccessCode>,
    /// How long one waits between two messages.
    pub slow_mode: SlowMode,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends, if it does.
    pub expires_at: Option<Timestamp>,
    /// Whether one who is left over in the lobby may join two others.
    pub lobby_threes: bool,
    /// Which life its log is in.
    pub epoch: Epoch,
    /// Its newest event.
    pub head: Seq,
}

impl Group {
    /// The end of the group's log.
    #[must_use]
    pub fn position(&self) -> Position {
        Position { epoch: self.epoch, seq: self.head }
    }

    /// The group as somebody sees it who may not see the access code.
    #[must_use]
    pub fn without_code(self) -> Self {
        Self { access_code: None, ..self }
    }
}

/// How long from now a group lives: 1 second to 10 years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime(Duration);

impl Lifetime {
    /// The longest, in seconds.
    pub const MOST: u64 = 10 * 366 * 24 * 60 * 60;

    /// Checks a number of seconds.
    ///
    /// # Errors
    /// `expires_in_s`, when it is below 1 or over ten years.
    pub fn from_secs(seconds: i64) -> Result<Self, Invalid> {
        match u64::try_from(seconds) {
            Ok(seconds) if (1..=Self::MOST).contains(&seconds) => Ok(Self(Duration::from_secs(seconds))),
            _ => Err(Invalid { field: "expires_in_s", rule: "must be between 1 second and 10 years" }),
        }
    }

    /// The end, when it begins at `now`.
    #[must_use]
    pub fn end(self, now: Timestamp) -> Timestamp {
        now.plus(self.0)
    }
}

/// One member of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub account: Account,
    /// As what.
    pub role: Role,
    /// Up to where they have read.
    pub last_read: Seq,
    /// Since when.
    pub joined_at: Timestamp,
}

/// One of the caller's groups, with what is new in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The group, with its code only where the role may see it.
    pub group: Group,
    /// The caller's role in it.
    pub role: Role,
    /// Up to where the caller has read.
    pub last_read: Seq,
    /// Messages by others, not deleted, after `last_read`.
    pub unread: i64,
}

/// Somebody who may not come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ban {
    /// Who.
    pub account: Account,
    /// Why; may be empty.
    pub reason: BanReason,
    /// By whom.
    pub by: AccountId,
    /// Since when.
    pub at: Timestamp,
}
