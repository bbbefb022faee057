//! Messages: sent, edited, deleted, reacted to.

use crate::limits::Limit;
use crate::{App, Caller, Failure};
use parlor_core::permission::{Action, Denied, may};
use parlor_core::{
    AttachmentIds, Author, ClientId, Code, Emoji, Event, GroupId, MessageText, Refusal, Role, Seq, Timestamp,
};
use parlor_store::tx::Tx;
use parlor_store::{AppendError, AppendMessage, Write, changes, heads, log, members};
use std::sync::Arc;
use std::time::Duration;
use tracing::{Instrument as _, Span, debug_span, info_span};

/// What is sent.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The sender's name for it.
    pub client_id: ClientId,
    /// The text.
    pub text: MessageText,
    /// The message of the same group that it answers.
    pub reply_to: Option<Seq>,
    /// Files of the sender's that stand in it.
    pub files: AttachmentIds,
}

/// A message that is in the log.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The event.
    pub event: Arc<Event>,
    /// Whether it was there already.
    pub duplicate: bool,
}

/// What a change left in the log.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The event; `None` when everything was as wished already.
    pub event: Option<Arc<Event>>,
}

/// Why a message was not sent. Nothing was stored, unless the failure is ours: then sending it again with the same
/// `client_id` tells.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// There is no such group, or the caller is no member.
    #[error("there is no such group")]
    NotFound,
    /// The caller's role does not allow it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The group is in slow mode.
    #[error("slow mode: wait before you send again")]
    SlowMode {
        /// How long.
        retry_after: Duration,
    },
    /// `reply_to` is no message of this group.
    #[error("reply_to is no message of this group")]
    ReplyToUnknown,
    /// One of `files` is no ready file of the sender's in this group.
    #[error("files must be your own, in this group, and complete")]
    FileUnknown,
    /// The `client_id` stands for another message of the caller in this group.
    #[error("that client_id stands for another message")]
    ClientIdReused,
    /// Too many messages at once.
    #[error("too many messages")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for SendError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Denied(_) => Code::Forbidden,
            Self::SlowMode { .. } | Self::TooOften { .. } => Code::RateLimited,
            Self::ReplyToUnknown | Self::FileUnknown => Code::Invalid,
            Self::ClientIdReused => Code::ClientIdReused,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::ReplyToUnknown => Some("reply_to"),
            Self::FileUnknown => Some("files"),
            _ => None,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::SlowMode { retry_after } | Self::TooOften { retry_after } => Some(*retry_after),
            Self::Failure(failure) => failure.retry_after(),
            _ => None,
        }
    }
}

/// Why a message stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is no such group or message, or the caller is no member.
    #[error("there is no such message")]
    NotFound,
    /// The caller's role does not allow it, or the message is somebody else's.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// It was deleted.
    #[error("the message is deleted")]
    Deleted,
    /// It has as many different reactions as it can.
    #[error("the message has too many different reactions")]
    TooManyReactions,
    /// Too many changes at once.
    #[error("too many changes")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for ChangeError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Denied(_) => Code::Forbidden,
            Self::Deleted | Self::TooManyReactions => Code::Conflict,
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

/// Most different emoji on one message.
pub const MOST_REACTIONS: usize = 20;

impl App {
    /// A draft of a client that gives its messages no names: one by chance, so that no other message has it.
    #[must_use]
    pub fn unnamed_draft(&self, text: MessageText) -> Draft {
        let name: String = self.random::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
        Draft {
            client_id: ClientId::from_stored(&name),
            text,
            reply_to: None,
            files: AttachmentIds::default(),
        }
    }

    /// Sends a message and waits until it is committed.
    ///
    /// # Errors
    /// See [`SendError`].
    pub async fn send_message(
        &self,
        caller: &Caller,
        group: GroupId,
        draft: Draft,
    ) -> Result<Sent, SendError> {
        self.submit_message(caller, group, draft).await
    }

    /// Hands a message to the writer **before it returns**; the future answers once it is committed. Two calls in a
    /// row are stored in that order, whoever awaits first: so a socket can go on with its next event. The same holds
    /// for [`App::edit_message`], [`App::delete_message`], [`App::react`] and [`App::mark_read`].
    ///
    /// The future fails as [`SendError`] says.
    pub fn submit_message(
        &self,
        caller: &Caller,
        group: GroupId,
        draft: Draft,
    ) -> impl Future<Output = Result<Sent, SendError>> + Send + 'static + use<> {
        let account = caller.account.id.get();
        let span = debug_span!("chat.send_message", account.id = account, group.id = group.get());
        let at = self.now();
        let allowed = self.limits().take(Limit::Message, self.limits().account(caller.account.id), at);
        // Whether the sender is a member and may speak is decided where it is written.
        let pending = allowed.map(|()| {
            let Draft { client_id, text, reply_to, files } = draft;
            let by = caller.account.author();
            self.store().append_message(AppendMessage { group, by, client_id, text, reply_to, files, at })
        });
        async move {
            let appended = pending.map_err(|retry_after| SendError::TooOften { retry_after })?.await?;
            Ok(Sent { event: appended.event, duplicate: appended.duplicate })
        }
        .instrument(span)
    }

    /// Gives one's own message another text. Handed to the writer before it returns.
    ///
    /// The future fails as [`ChangeError`] says.
    pub fn edit_message(
        &self,
        caller: &Caller,
        group: GroupId,
        message: Seq,
        text: MessageText,
    ) -> impl Future<Output = Result<Changed, ChangeError>> + Send + 'static + use<> {
        let account = caller.account.id.get();
        let span = info_span!(
            "chat.edit_message",
            account.id = account,
            group.id = group.get(),
            message.seq = message.get()
        );
        self.change(caller, group, span, move |write, by, now| {
            let target = target(write, group, by, message, now)?;
            if target.message.author.id != by.id {
                return Err(Denied.into());
            }
            may(target.own, Action::EditOwn, None)?;
            let newest = target.message.edited_text.as_ref().or(target.message.text.as_ref());
            match newest {
                None => Err(ChangeError::Deleted),
                Some(newest) if *newest == text.as_str() => Ok(None),
                Some(_) => Ok(Some(changes::edit(write, group, by, now, message, &text)?)),
            }
        })
    }

    /// Deletes a message: its text, that of its edits and its files leave the group. Deleting it again changes nothing. Handed to
    /// the writer before it returns.
    ///
    /// The future fails as [`ChangeError`] says.
    pub fn delete_message(
        &self,
        caller: &Caller,
        group: GroupId,
        message: Seq,
    ) -> impl Future<Output = Result<Changed, ChangeError>> + Send + 'static + use<> {
        let account = caller.account.id.get();
        let span = info_span!(
            "chat.delete_message",
            account.id = account,
            group.id = group.get(),
            message.seq = message.get()
        );
        self.change(caller, group, span, move |write, by, now| {
            let target = target(write, group, by, message, now)?;
            if target.message.author.id == by.id {
                may(target.own, Action::DeleteOwn, None)?;
            } else {
                let author = members::role(write, group, target.message.author.id)?;
                may(target.own, Action::DeleteOthers, author)?;
            }
            if target.message.deleted {
                return Ok(None);
            }
            Ok(Some(changes::delete(write, group, by, now, message)?))
        })
    }

    /// Puts a reaction of the caller on a message (`on`) or takes it away. Handed to the writer before it returns.
    ///
    /// The future fails as [`ChangeError`] says.
    pub fn react(
        &self,
        caller: &Caller,
        group: GroupId,
        message: Seq,
        emoji: Emoji,
        on: bool,
    ) -> impl Future<Output = Result<Changed, ChangeError>> + Send + 'static + use<> {
        let account = caller.account.id.get();
        let span = info_span!(
            "chat.react",
            account.id = account,
            group.id = group.get(),
            message.seq = message.get()
        );
        self.change(caller, group, span, move |write, by, now| {
            let target = target(write, group, by, message, now)?;
            may(target.own, Action::React, None)?;
            if target.message.deleted {
                return Err(ChangeError::Deleted);
            }
            if changes::has_reacted(write, group, message, by, &emoji)? == on {
                return Ok(None);
            }
            if !on {
                return Ok(Some(changes::remove_reaction(write, group, by, now, message, &emoji)?));
            }
            let there = changes::distinct_emoji(write, group, message)?;
            if there.len() >= MOST_REACTIONS && !there.contains(&emoji) {
                return Err(ChangeError::TooManyReactions);
            }
            Ok(Some(changes::add_reaction(write, group, by, now, message, &emoji)?))
        })
    }

    fn change<Job>(
        &self,
        caller: &Caller,
        group: GroupId,
        span: Span,
        job: Job,
    ) -> impl Future<Output = Result<Changed, ChangeError>> + Send + 'static + use<Job>
    where
        Job: FnOnce(&mut Write<'_>, &Author, Timestamp) -> Result<Option<Arc<Event>>, ChangeError>,
        Job: Send + 'static,
    {
        let now = self.now();
        let allowed = self.limits().take(Limit::Change, self.limits().account(caller.account.id), now);
        let by = caller.account.author();
        let pending = allowed.map(|()| self.store().write_in(group, move |write| job(write, &by, now)));
        async move {
            let event = pending.map_err(|retry_after| ChangeError::TooOften { retry_after })?.await?;
            Ok(Changed { event })
        }
        .instrument(span)
    }
}

/// A message that somebody wants to do something with.
pub(crate) struct Target {
    pub(crate) own: Role,
    pub(crate) head: heads::Head,
    pub(crate) message: log::StoredMessage,
}

/// Loads it, for a member of a group that is there.
pub(crate) fn target(
    tx: &mut dyn Tx,
    group: GroupId,
    by: &Author,
    message: Seq,
    now: Timestamp,
) -> Result<Target, ChangeError> {
    let own = members::role_in_live_group(tx, group, by.id, now)?.ok_or(ChangeError::NotFound)?;
    let head = heads::load(tx, group)?.ok_or(ChangeError::NotFound)?;
    let message = log::message(tx, group, &head, message)?.ok_or(ChangeError::NotFound)?;
    Ok(Target { own, head, message })
}

impl From<AppendError> for SendError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::NotFound => Self::NotFound,
            AppendError::Denied => Self::Denied(Denied),
            AppendError::SlowMode { retry_after } => Self::SlowMode { retry_after },
            AppendError::ReplyToUnknown => Self::ReplyToUnknown,
            AppendError::FileUnknown => Self::FileUnknown,
            AppendError::ClientIdReused => Self::ClientIdReused,
            AppendError::Failure(failure) => Self::Failure(failure),
        }
    }
}

#[cfg(test)]
mod tests;
