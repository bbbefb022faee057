//! What the face of Social Community offers: people with an email, groups that they pick each other for, and a name for
//! what a group watches. Groups, members, messages and the player are the native ones; here is what this face asks of
//! them besides, and that nothing of a group is reached through it that was made natively.
//!
//! | file | operations |
//! |---|---|
//! | `users` | `register_by_email`, `sign_in_by_email`, `social_caller`, `social_people`, `change_profile`, `delete_account` |
//! | `groups` | `social_groups`, `social_group`, `create_social_group`, `change_social_group`, `delete_social_group` |
//! | `members` | `social_members`, `add_social_member`, `move_social_member`, `remove_social_member` |
//! | `messages` | `social_messages`, `send_social_message`, `edit_social_message`, `delete_social_message`, `announced_message` |
//! | `players` | `social_players`, `set_social_player`, `delete_social_player` |
//!
//! `seen` puts together what they answer with.

mod groups;
mod members;
mod messages;
mod players;
mod seen;
mod users;

pub use groups::{SecondaryUser, SocialGroupEdit};
pub use parlor_store::social::{Person, Profile};
pub use players::{PlayerError, PlayerName};
pub use seen::{SocialGroup, SocialMember, SocialMessage, SocialPlayer};
pub use users::{NewSocialUser, ProfileEdit};

use crate::groups::{CreateGroupError, GroupError};
use crate::limits::Limit;
use crate::members::MemberError;
use crate::messages::{ChangeError, SendError};
use crate::{App, Caller, Failure};
use parlor_core::permission::Denied;
use parlor_core::{AccountId, Code, GroupId, Position, Refusal, Role, Timestamp};
use parlor_store::tx::Tx;
use parlor_store::{heads, social as store};
use std::time::Duration;

/// Most groups of one person that this face shows, those that were made first.
const MOST_GROUPS: i64 = 1_000;

/// Why something of this face was not done.
#[derive(Debug, thiserror::Error)]
pub enum SocialError {
    /// There is no such thing, or the caller may not know of it.
    #[error("there is no such thing, or it is not for you")]
    NotFound,
    /// The caller is not the one who may.
    #[error("you may not do that")]
    Denied,
    /// Somebody has that email.
    #[error("that email is taken")]
    EmailTaken,
    /// Who would become a member is one, or the owner would become none.
    #[error("that does not fit with who is a member of the group")]
    MembersConflict,
    /// Too often.
    #[error("too many tries")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for SocialError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Denied => Code::Forbidden,
            Self::EmailTaken | Self::MembersConflict => Code::Conflict,
            Self::TooOften { .. } => Code::RateLimited,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooOften { retry_after } => Some(*retry_after),
            Self::Failure(failure) => failure.retry_after(),
            _ => None,
        }
    }
}

impl App {
    /// Where a group's log ends, for a member who wants to hear what comes after.
    ///
    /// # Errors
    /// See [`SocialError`].
    #[tracing::instrument(
        name = "social.listen", level = "debug", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn listen_to_social_group(
        &self,
        caller: &Caller,
        group: GroupId,
    ) -> Result<Position, SocialError> {
        let (now, account) = (self.now(), caller.account.id);
        self.may_open(caller)
            .map_err(|too_often| SocialError::TooOften { retry_after: too_often.retry_after })?;
        self.store()
            .read(move |tx| {
                standing(tx, group, account, now)?;
                Ok(heads::load(tx, group)?.ok_or(SocialError::NotFound)?.position)
            })
            .await
    }

    /// Whether the caller may say something to those who listen to a group; it is stored nowhere.
    ///
    /// # Errors
    /// See [`SocialError`].
    #[tracing::instrument(
        name = "social.say", level = "debug", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn may_say_in_social_group(&self, caller: &Caller, group: GroupId) -> Result<(), SocialError> {
        let (now, account) = (self.now(), caller.account.id);
        self.limits()
            .take(Limit::Message, self.limits().account(account), now)
            .map_err(|retry_after| SocialError::TooOften { retry_after })?;
        self.store().read(move |tx| standing(tx, group, account, now).map(drop)).await
    }
}

/// A group of this face, for one of its members.
fn standing(
    tx: &mut dyn Tx,
    group: GroupId,
    account: AccountId,
    now: Timestamp,
) -> Result<store::Standing, SocialError> {
    store::standing(tx, group, account, now)?.ok_or(SocialError::NotFound)
}

/// The same for its owner.
fn owned(
    tx: &mut dyn Tx,
    group: GroupId,
    account: AccountId,
    now: Timestamp,
) -> Result<store::Standing, SocialError> {
    let standing = standing(tx, group, account, now)?;
    if standing.role == Role::Owner { Ok(standing) } else { Err(SocialError::Denied) }
}

/// The one group that is asked for, or all of the caller's.
fn one_or_all(
    tx: &mut dyn Tx,
    group: Option<GroupId>,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<store::Standing>, SocialError> {
    match group {
        Some(group) => Ok(vec![standing(tx, group, account, now)?]),
        None => Ok(store::standings(tx, account, now, MOST_GROUPS)?),
    }
}

impl From<Denied> for SocialError {
    fn from(_: Denied) -> Self {
        Self::Denied
    }
}

impl From<GroupError> for SocialError {
    fn from(error: GroupError) -> Self {
        match error {
            GroupError::NotFound => Self::NotFound,
            GroupError::Denied(_) => Self::Denied,
            GroupError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl From<CreateGroupError> for SocialError {
    fn from(error: CreateGroupError) -> Self {
        match error {
            CreateGroupError::Guest => Self::Denied,
            CreateGroupError::TooOften { retry_after } => Self::TooOften { retry_after },
            CreateGroupError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl From<MemberError> for SocialError {
    fn from(error: MemberError) -> Self {
        match error {
            MemberError::NotFound | MemberError::NoSuchMember => Self::NotFound,
            MemberError::Denied(_) => Self::Denied,
            MemberError::OwnerMustHandOver | MemberError::OnlyByHandingOver | MemberError::TargetIsGuest => {
                Self::MembersConflict
            }
            MemberError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl From<SendError> for SocialError {
    fn from(error: SendError) -> Self {
        match error {
            // A message of this face answers none and has no files.
            SendError::NotFound | SendError::ReplyToUnknown | SendError::FileUnknown => Self::NotFound,
            SendError::Denied(_) => Self::Denied,
            SendError::SlowMode { retry_after } | SendError::TooOften { retry_after } => {
                Self::TooOften { retry_after }
            }
            SendError::ClientIdReused => {
                Self::Failure(Failure::internal("two messages with one name that was drawn by chance"))
            }
            SendError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl From<ChangeError> for SocialError {
    fn from(error: ChangeError) -> Self {
        match error {
            // What is deleted is not there any more for this face; and it has no reactions.
            ChangeError::NotFound | ChangeError::Deleted | ChangeError::TooManyReactions => Self::NotFound,
            ChangeError::Denied(_) => Self::Denied,
            ChangeError::TooOften { retry_after } => Self::TooOften { retry_after },
            ChangeError::Failure(failure) => Self::Failure(failure),
        }
    }
}
