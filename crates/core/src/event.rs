//! Everything that can happen in a group and is kept: one enum, one log.
//!
//! A capability adds its variants here, with a name in [`EventBody::kind`]; the name and the shape of the data are
//! stored and sent for ever, so a variant is only ever added. `Debug` shows no text.

use crate::watch::Change;
use crate::{
    Account, AccountId, Attachment, Author, ClientId, Description, Emoji, Epoch, GroupId, GroupName,
    MessageText, Position, Role, Rules, Seq, SlowMode, Timestamp,
};
use std::sync::Arc;

/// One thing that happened in a group, at its place in the group's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Where.
    pub group: GroupId,
    /// In which life of the log.
    pub epoch: Epoch,
    /// At which place.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub by: Author,
    /// What.
    pub body: EventBody,
}

impl Event {
    /// Its place in the log.
    #[must_use]
    pub fn position(&self) -> Position {
        Position { epoch: self.epoch, seq: self.seq }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventBody {
    /// A message was sent.
    Message {
        /// Its first text; `None` once the message is deleted.
        text: Option<MessageText>,
        /// The sender's name for it.
        client_id: ClientId,
        /// The message that it answers.
        reply_to: Option<Seq>,
        /// The files in it; none once the message is deleted.
        files: Vec<Attachment>,
    },
    /// A message was given another text.
    Edit {
        /// The message.
        seq: Seq,
        /// Its new text; `None` once the message is deleted.
        text: Option<MessageText>,
    },
    /// A message was deleted: its text is gone from the log.
    Delete {
        /// The message.
        seq: Seq,
    },
    /// Somebody put a reaction on a message or took it away.
    Reaction {
        /// The message.
        seq: Seq,
        /// Which.
        emoji: Emoji,
        /// Put on (true) or taken away.
        on: bool,
    },
    /// Somebody came.
    MemberJoined {
        /// Who.
        account: Account,
        /// As what.
        role: Role,
    },
    /// Somebody is no member any more; nothing after this reaches them.
    MemberLeft {
        /// Who.
        account: Account,
        /// Why.
        reason: LeaveReason,
    },
    /// Somebody's role changed.
    MemberRole {
        /// Who.
        account: Account,
        /// To what.
        role: Role,
    },
    /// The group itself changed.
    GroupUpdated(GroupChange),
    /// What the group watches, or how, has changed.
    Player(Arc<Change>),
    /// An event of a kind that this version does not know, written by a newer one: passed on as it is.
    Other {
        /// Its name.
        kind: Box<str>,
        /// Its data, a JSON object.
        data: Box<str>,
    },
}

impl EventBody {
    /// The name of the kind on the wire and in the database.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Message { .. } => "message",
            Self::Edit { .. } => "edit",
            Self::Delete { .. } => "delete",
            Self::Reaction { .. } => "reaction",
            Self::MemberJoined { .. } => "member_joined",
            Self::MemberLeft { .. } => "member_left",
            Self::MemberRole { .. } => "member_role",
            Self::GroupUpdated(_) => "group_updated",
            Self::Player(_) => "player",
            Self::Other { kind, .. } => kind,
        }
    }

    /// Bytes of text in it that can be large; for limits, not for billing.
    #[must_use]
    pub fn weight(&self) -> usize {
        match self {
            Self::Message { text, files, .. } => {
                let names = files.iter().map(|file| file.name.as_str().len());
                text.as_ref().map_or(0, |t| t.as_str().len()) + names.sum::<usize>()
            }
            Self::Edit { text, .. } => text.as_ref().map_or(0, |t| t.as_str().len()),
            Self::GroupUpdated(change) => {
                change.rules.as_ref().map_or(0, |rules| rules.as_str().len())
                    + change.description.as_ref().map_or(0, |description| description.as_str().len())
            }
            Self::Other { data, .. } => data.len(),
            _ => 0,
        }
    }
}

/// Why somebody is no member any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaveReason {
    /// They went.
    Left,
    /// They were sent away and may come back with the code.
    Kicked,
    /// They were sent away and may not come back.
    Banned,
}

impl LeaveReason {
    /// The reason as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Kicked => "kicked",
            Self::Banned => "banned",
        }
    }

    /// Reads what [`LeaveReason::as_str`] wrote.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "left" => Some(Self::Left),
            "kicked" => Some(Self::Kicked),
            "banned" => Some(Self::Banned),
            _ => None,
        }
    }
}

/// What of a group changed; `None` where nothing did. The access code is never in it: the log is for all members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupChange {
    /// The new name.
    pub name: Option<GroupName>,
    /// The new description.
    pub description: Option<Description>,
    /// The new rules.
    pub rules: Option<Rules>,
    /// The new owner.
    pub owner_id: Option<AccountId>,
    /// The new slow mode.
    pub slow_mode: Option<SlowMode>,
    /// Whether one who is left over in the lobby may join two others, from now on.
    pub lobby_threes: Option<bool>,
    /// The new end; `Some(None)` when it no longer ends.
    pub expires_at: Option<Option<Timestamp>>,
}

impl GroupChange {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
