//! From `core` to the wire, written out: a new field of a `core` type is not sent by accident.
//!
//! The way back is no conversion but parsing, and stands where a request is handled.

mod duel;
mod watch;

use parlor_core as core;

mod uploads;

use crate::account::{Account, Author, MyGroup};
use crate::event::{
    DeleteData, EditData, Event, GroupUpdatedData, LeaveReason, MemberJoinedData, MemberLeftData,
    MemberRoleData, MessageData, OtherEvent, ReactionData, What,
};
use crate::group::{Ban, Group, Member, Role};
use crate::lobby::{Departure, SpeedChat, SpeedChatEnding};
use crate::message::{Attachment, Message, Reaction};
use crate::number::{Id, Position, Seq};
use crate::problem::{Code, Problem};
use crate::time::Time;

impl From<core::lobby::Departure> for Departure {
    fn from(why: core::lobby::Departure) -> Self {
        use core::lobby::Departure as Why;
        match why {
            Why::Left => Self::Left,
            Why::Next => Self::Next,
            Why::Vanished => Self::Vanished,
            Why::Expired => Self::Expired,
            Why::GroupLeft => Self::GroupLeft,
            Why::RoundOver => Self::RoundOver,
            Why::Moved => Self::Moved,
            Why::Kept => Self::Kept,
        }
    }
}

impl From<&core::SpeedChat> for SpeedChat {
    /// Without who sits where: only some may see that.
    fn from(chat: &core::SpeedChat) -> Self {
        Self {
            rounds: chat.plan.rounds(),
            minutes: chat.plan.minutes(),
            round: chat.round,
            started_at: chat.started_at.into(),
            next_at: chat.next_at().map(Time::from),
            ending: chat.ending.map(|ending| match ending {
                core::lobby::Ending::Finished => SpeedChatEnding::Finished,
                core::lobby::Ending::Stopped => SpeedChatEnding::Stopped,
            }),
            tables: Vec::new(),
            sitting_out: Vec::new(),
        }
    }
}

impl From<&core::Event> for Event {
    fn from(event: &core::Event) -> Self {
        Self {
            group: event.group.into(),
            epoch: event.epoch.into(),
            seq: event.seq.into(),
            at: event.at.into(),
            by: (&event.by).into(),
            what: (&event.body).into(),
        }
    }
}

impl From<&core::EventBody> for What {
    fn from(body: &core::EventBody) -> Self {
        use core::EventBody as Body;
        match body {
            Body::Message { text, client_id, reply_to, files } => Self::Message(MessageData {
                text: words(text.as_ref()).into(),
                client_id: client_id.as_str().to_owned(),
                reply_to: reply_to.map(Seq::from),
                files: files.iter().map(Attachment::from).collect(),
                deleted: text.is_none(),
            }),
            Body::Edit { seq, text } => {
                Self::Edit(EditData { seq: (*seq).into(), text: words(text.as_ref()).into() })
            }
            Body::Delete { seq } => Self::Delete(DeleteData { seq: (*seq).into() }),
            Body::Reaction { seq, emoji, on } => {
                Self::Reaction(ReactionData { seq: (*seq).into(), emoji: emoji.as_str().to_owned(), on: *on })
            }
            Body::MemberJoined { account, role } => {
                Self::MemberJoined(MemberJoinedData { account: account.into(), role: (*role).into() })
            }
            Body::MemberLeft { account, reason } => {
                Self::MemberLeft(MemberLeftData { account: account.into(), reason: (*reason).into() })
            }
            Body::MemberRole { account, role } => {
                Self::MemberRole(MemberRoleData { account: account.into(), role: (*role).into() })
            }
            Body::GroupUpdated(change) => Self::GroupUpdated(change.into()),
            Body::Player(change) => Self::Player(change.as_ref().into()),
            Body::Other { kind, data } => Self::Other(OtherEvent {
                kind: kind.to_string(),
                data: serde_json::from_str(data).unwrap_or(serde_json::Value::Null),
            }),
        }
    }
}

impl From<&core::GroupChange> for GroupUpdatedData {
    fn from(change: &core::GroupChange) -> Self {
        Self {
            name: change.name.as_ref().map(|name| name.as_str().to_owned()),
            description: change.description.as_ref().map(|description| description.as_str().to_owned()),
            rules: change.rules.as_ref().map(|rules| rules.as_str().to_owned()),
            owner_id: change.owner_id.map(Id::from),
            slow_mode_s: change.slow_mode.map(core::SlowMode::as_secs),
            lobby_threes: change.lobby_threes,
            expires_at: change.expires_at.map(|at| at.map(Time::from)),
        }
    }
}

impl From<&core::Account> for Account {
    fn from(account: &core::Account) -> Self {
        Self {
            id: account.id.into(),
            username: account.username.as_ref().map(|name| name.as_str().to_owned()),
            display_name: account.display_name.as_str().to_owned(),
            guest: account.guest,
        }
    }
}

impl From<&core::Author> for Author {
    fn from(author: &core::Author) -> Self {
        Self { id: author.id.into(), name: author.name.as_str().to_owned() }
    }
}

impl Group {
    /// The group as somebody sees it who may have a role that manages the code: only then the code is in it.
    #[must_use]
    pub fn seen(group: &core::Group) -> Self {
        Self::with_code(group.access_code.is_some(), group)
    }

    /// The group as a member with this role sees it: who manages the access code has the field, be it null.
    #[must_use]
    pub fn seen_as(role: core::Role, group: &core::Group) -> Self {
        Self::with_code(core::permission::may(role, core::Action::ManageCode, None).is_ok(), group)
    }

    fn with_code(manages_code: bool, group: &core::Group) -> Self {
        let code = || group.access_code.as_ref().map(|code| code.as_str().into());
        Self {
            id: group.id.into(),
            name: group.name.as_str().to_owned(),
            description: group.description.as_str().to_owned(),
            rules: group.rules.as_str().to_owned(),
            owner_id: group.owner_id.into(),
            access_code: manages_code.then(code),
            slow_mode_s: group.slow_mode.as_secs(),
            created_at: group.created_at.into(),
            lobby_threes: group.lobby_threes,
            expires_at: group.expires_at.map(Time::from),
            epoch: group.epoch.into(),
            head: group.head.into(),
        }
    }
}

impl From<&core::Membership> for MyGroup {
    fn from(membership: &core::Membership) -> Self {
        Self {
            group: Group::seen_as(membership.role, &membership.group),
            role: membership.role.into(),
            head: membership.group.head.into(),
            last_read: membership.last_read.into(),
            unread: u64::try_from(membership.unread).unwrap_or(0),
        }
    }
}

impl From<&core::Member> for Member {
    fn from(member: &core::Member) -> Self {
        Self {
            account: (&member.account).into(),
            role: member.role.into(),
            last_read: member.last_read.into(),
            joined_at: member.joined_at.into(),
        }
    }
}

impl From<&core::Ban> for Ban {
    fn from(ban: &core::Ban) -> Self {
        let reason = ban.reason.as_str();
        Self {
            account: (&ban.account).into(),
            reason: (!reason.is_empty()).then(|| reason.to_owned()),
            by_id: ban.by.into(),
            at: ban.at.into(),
        }
    }
}

impl From<&core::Message> for Message {
    fn from(message: &core::Message) -> Self {
        let reactions = message.reactions.iter().map(|reaction| Reaction {
            emoji: reaction.emoji.as_str().to_owned(),
            count: reaction.count.into(),
            me: reaction.me,
        });
        Self {
            seq: message.seq.into(),
            at: message.at.into(),
            by: (&message.by).into(),
            text: words(message.text.as_ref()).into(),
            client_id: message.client_id.as_str().to_owned(),
            reply_to: message.reply_to.map(Seq::from),
            files: message.files.iter().map(Attachment::from).collect(),
            edited_at: message.edited_at.map(Time::from),
            deleted: message.deleted,
            reactions: reactions.collect(),
        }
    }
}

/// A deleted message has no text; on the wire that is the empty one, which nobody can send.
fn words(text: Option<&core::MessageText>) -> &str {
    text.map_or("", core::MessageText::as_str)
}

impl From<core::Role> for Role {
    fn from(role: core::Role) -> Self {
        match role {
            core::Role::Owner => Self::Owner,
            core::Role::Moderator => Self::Moderator,
            core::Role::Member => Self::Member,
            core::Role::Guest => Self::Guest,
        }
    }
}

impl From<Role> for core::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Owner => Self::Owner,
            Role::Moderator => Self::Moderator,
            Role::Member => Self::Member,
            Role::Guest => Self::Guest,
        }
    }
}

impl From<core::LeaveReason> for LeaveReason {
    fn from(reason: core::LeaveReason) -> Self {
        match reason {
            core::LeaveReason::Left => Self::Left,
            core::LeaveReason::Kicked => Self::Kicked,
            core::LeaveReason::Banned => Self::Banned,
        }
    }
}

impl From<core::refusal::Code> for Code {
    fn from(code: core::refusal::Code) -> Self {
        use core::refusal::Code as Ours;
        match code {
            Ours::Unauthorized => Self::Unauthorized,
            Ours::Forbidden => Self::Forbidden,
            Ours::NotFound => Self::NotFound,
            Ours::Conflict => Self::Conflict,
            Ours::ClientIdReused => Self::ClientIdReused,
            Ours::TooLarge => Self::TooLarge,
            Ours::Invalid => Self::Invalid,
            Ours::RateLimited => Self::RateLimited,
            Ours::Unavailable => Self::Unavailable,
            Ours::Internal => Self::Internal,
        }
    }
}

impl Problem {
    /// What an operation refused, for any face: its code, its sentence, its field, its time to wait.
    #[must_use]
    pub fn from_refusal(refusal: &(impl core::Refusal + ?Sized)) -> Self {
        let mut problem = Self::new(refusal.code().into(), refusal.to_string());
        problem.field = refusal.field().map(str::to_owned);
        problem.retry_after = refusal.retry_after().map(|wait| wait.as_millis().div_ceil(1000).max(1) as u64);
        problem
    }
}

impl From<core::Position> for Position {
    fn from(position: core::Position) -> Self {
        Self { epoch: position.epoch.into(), seq: position.seq.into() }
    }
}

impl From<core::Timestamp> for Time {
    fn from(at: core::Timestamp) -> Self {
        Self::from_ms(at.as_millis())
    }
}

impl Position {
    /// The position for `core`. A number out of range becomes the largest one: that is past every head, and in no
    /// epoch that was, so it is answered with `reload`.
    #[must_use]
    pub fn to_core(self) -> core::Position {
        let largest = core::ids::ID_LIMIT - 1;
        let epoch = core::Epoch::new(self.epoch.0).or(core::Epoch::new(largest));
        core::Position { epoch: epoch.expect("the largest id is one"), seq: self.seq.to_core() }
    }
}

impl Seq {
    /// The position for `core`; one out of range becomes the largest one.
    #[must_use]
    pub fn to_core(self) -> core::Seq {
        let largest = core::ids::ID_LIMIT - 1;
        core::Seq::new(self.0).or(core::Seq::new(largest)).expect("the largest id is one")
    }
}

macro_rules! number {
    ($($core:ident => $wire:ident),*) => {
        $(impl From<core::$core> for $wire {
            fn from(number: core::$core) -> Self {
                Self(number.get())
            }
        })*
    };
}

number!(AccountId => Id, GroupId => Id, SessionId => Id, RoomId => Id, ReportId => Id, UploadId => Id, Seq => Seq, Epoch => Seq);

#[cfg(test)]
mod tests;
