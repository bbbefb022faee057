//! Messages read back: pages of them as they are now, and what one said before.

use crate::groups::GroupError;
use crate::messages::{ChangeError, target};
use crate::{App, Caller, PageLimit};
use parlor_core::permission::{Action, may};
use parlor_core::{GroupId, Message, MessageText, Position, Seq, Timestamp};
use parlor_store::{changes, heads, members, pages};

/// A page of messages.
#[derive(Clone, Debug)]
pub struct History {
    /// The end of the log as of the same read: every event up to it is folded into the messages, and none after it.
    pub position: Position,
    /// The messages, newest first.
    pub messages: Vec<Message>,
    /// `before` of the next page; `None` when this was the last.
    pub next: Option<Seq>,
}

/// One text that a message had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Since when.
    pub at: Timestamp,
    /// The text.
    pub text: MessageText,
}

impl App {
    /// The messages before `before` (the newest without it), newest first, edits and reactions folded in.
    ///
    /// # Errors
    /// See [`GroupError`].
    #[tracing::instrument(
        name = "chat.messages_before", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn messages_before(
        &self,
        caller: &Caller,
        group: GroupId,
        before: Option<Seq>,
        limit: PageLimit,
    ) -> Result<History, GroupError> {
        let (now, account) = (self.now(), caller.account.id);
        self.store()
            .read(move |tx| {
                let role =
                    members::role_in_live_group(tx, group, account, now)?.ok_or(GroupError::NotFound)?;
                may(role, Action::Read, None)?;
                let head = heads::load(tx, group)?.ok_or(GroupError::NotFound)?;
                let page = pages::messages_before(tx, group, &head, before, limit.get(), account)?;
                Ok(History { position: head.position, messages: page.messages, next: page.next })
            })
            .await
    }

    /// The texts that a message had, oldest first; for its author and for moderators, until it is deleted.
    ///
    /// # Errors
    /// See [`ChangeError`].
    #[tracing::instrument(
        name = "chat.edit_history", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get(), message.seq = message.get())
    )]
    pub async fn edit_history(
        &self,
        caller: &Caller,
        group: GroupId,
        message: Seq,
    ) -> Result<Vec<Version>, ChangeError> {
        let (now, by) = (self.now(), caller.account.author());
        self.store()
            .read(move |tx| {
                let target = target(tx, group, &by, message, now)?;
                if target.message.author.id != by.id {
                    may(target.own, Action::ReadOthersHistory, None)?;
                }
                if target.message.deleted {
                    return Err(ChangeError::Deleted);
                }
                let versions = changes::versions(tx, group, &target.head, message)?;
                Ok(versions.into_iter().map(|(at, text)| Version { at, text }).collect())
            })
            .await
    }
}

#[cfg(test)]
mod tests;
