//! Groups: made, looked at, changed, deleted.

use crate::access_codes::{add_member, as_seen_by};
use crate::limits::Limit;
use crate::{App, Caller, Failure, Page, PageLimit};
use parlor_bus::Notice;
use parlor_core::permission::{Action, Denied, may};
use parlor_core::{
    AccessCode, Code, Description, EventBody, Group, GroupChange, GroupId, GroupName, Lifetime, Membership,
    Refusal, Role, Rules, SlowMode, Timestamp,
};
use parlor_store::tx::Tx;
use parlor_store::{Write, groups as store, log, purge};
use std::time::Duration;

/// What makes a group.
#[derive(Clone, Debug)]
pub struct NewGroup {
    /// What it is called.
    pub name: GroupName,
    /// What it is about.
    pub description: Description,
    /// What holds in it.
    pub rules: Rules,
    /// When it ends, from now on; `None`: never.
    pub expires_in: Option<Lifetime>,
}

/// What changes of a group; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct GroupEdit {
    /// The new name.
    pub name: Option<GroupName>,
    /// The new description.
    pub description: Option<Description>,
    /// The new rules.
    pub rules: Option<Rules>,
    /// The new slow mode.
    pub slow_mode: Option<SlowMode>,
    /// Whether one who is left over in the lobby may join two others.
    pub lobby_threes: Option<bool>,
    /// When it ends, from now on; `Some(None)`: never.
    pub expires_in: Option<Option<Lifetime>>,
}

/// Why no group was made.
#[derive(Debug, thiserror::Error)]
pub enum CreateGroupError {
    /// A guest may not.
    #[error("guests may not create groups")]
    Guest,
    /// Too many at once.
    #[error("too many new groups")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for CreateGroupError {
    fn code(&self) -> Code {
        match self {
            Self::Guest => Code::Forbidden,
            Self::TooOften { .. } => Code::RateLimited,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooOften { retry_after } => Some(*retry_after),
            Self::Failure(failure) => failure.retry_after(),
            Self::Guest => None,
        }
    }
}

/// What keeps a caller from something in a group; shared by the operations that can fail in no other way.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    /// There is no such group, or the caller is no member: the same answer.
    #[error("there is no such group")]
    NotFound,
    /// The caller's role does not allow it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for GroupError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Denied(_) => Code::Forbidden,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Failure(failure) => failure.retry_after(),
            _ => None,
        }
    }
}

impl App {
    /// Makes a group with an access code; the caller owns it.
    ///
    /// # Errors
    /// See [`CreateGroupError`].
    #[tracing::instrument(name = "chat.create_group", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn create_group(&self, caller: &Caller, new: NewGroup) -> Result<Group, CreateGroupError> {
        self.create_group_and(caller, new, |_, _| Ok(())).await
    }

    /// The same, with what `also` writes in the same transaction.
    pub(crate) async fn create_group_and(
        &self,
        caller: &Caller,
        new: NewGroup,
        also: impl FnOnce(&mut Write<'_>, GroupId) -> Result<(), Failure> + Send + 'static,
    ) -> Result<Group, CreateGroupError> {
        if caller.account.guest {
            return Err(CreateGroupError::Guest);
        }
        let now = self.now();
        let account = caller.account.clone();
        self.limits()
            .take(Limit::NewGroup, self.limits().account(account.id), now)
            .map_err(|retry_after| CreateGroupError::TooOften { retry_after })?;
        let row = store::NewGroup {
            name: new.name,
            description: new.description,
            rules: new.rules,
            owner: account.id,
            access_code: AccessCode::from_random(self.random()),
            expires_at: new.expires_in.map(|lifetime| lifetime.end(now)),
            epoch: self.inner.edges.new_epoch(),
        };
        self.store()
            .write(move |write| {
                let made = store::insert(write, &row, now)?;
                let group =
                    made.ok_or_else(|| Failure::internal("two access codes of 80 bits are the same"))?;
                add_member(write, group, &account, Role::Owner, now)?;
                also(write, group)?;
                let group = store::load(write, group, now)?;
                Ok(group.ok_or_else(|| Failure::internal("a new group is not there"))?)
            })
            .await
    }

    /// One group of the caller, with their role, read position and unread count.
    ///
    /// # Errors
    /// See [`GroupError`].
    #[tracing::instrument(
        name = "chat.group", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn group(&self, caller: &Caller, group: GroupId) -> Result<Membership, GroupError> {
        let (now, account) = (self.now(), caller.account.id);
        let found =
            self.store().read::<_, Failure>(move |tx| store::of_member(tx, group, account, now)).await?;
        found.map(seen).ok_or(GroupError::NotFound)
    }

    /// The caller's groups by id, after `after`.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "chat.my_groups", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn my_groups(
        &self,
        caller: &Caller,
        after: Option<GroupId>,
        limit: PageLimit,
    ) -> Result<Page<Membership, GroupId>, Failure> {
        let (now, account) = (self.now(), caller.account.id);
        let read = move |tx: &mut dyn Tx| store::of_account(tx, account, after, limit.get() + 1, now);
        let found = self.store().read::<_, Failure>(read).await?;
        let found = found.into_iter().map(seen).collect();
        Ok(Page::cut(found, limit, |membership: &Membership| membership.group.id))
    }

    /// Changes a group; one `group_updated` tells what changed, none when nothing did.
    ///
    /// # Errors
    /// See [`GroupError`].
    #[tracing::instrument(
        name = "chat.change_group", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn change_group(
        &self,
        caller: &Caller,
        group: GroupId,
        edit: GroupEdit,
    ) -> Result<Group, GroupError> {
        let (now, account) = (self.now(), caller.account.clone());
        self.store()
            .write_in(group, move |write| {
                let there = store::of_member(write, group, account.id, now)?.ok_or(GroupError::NotFound)?;
                may(there.role, Action::ChangeGroup, None)?;
                let change = difference(&there.group, edit, now);
                if change.is_empty() {
                    return Ok(there.group);
                }
                store::change(write, group, &change)?;
                let body = EventBody::GroupUpdated(change);
                let event = log::append(write, group, &account.author(), now, body)?;
                let changed = store::load(write, group, now)?;
                // With an end that has come already the group is gone, and what was answered last is its last state.
                Ok(changed.unwrap_or(Group { head: event.seq, ..there.group }))
            })
            .await
    }

    /// Deletes a group: for everybody at once, its rows soon after.
    ///
    /// # Errors
    /// See [`GroupError`].
    #[tracing::instrument(
        name = "chat.delete_group", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn delete_group(&self, caller: &Caller, group: GroupId) -> Result<(), GroupError> {
        let (now, account) = (self.now(), caller.account.id);
        self.store()
            .write(move |write| {
                let there = store::of_member(write, group, account, now)?.ok_or(GroupError::NotFound)?;
                may(there.role, Action::DeleteGroup, None)?;
                purge::mark_gone(write, group, now)?;
                Ok::<_, GroupError>(())
            })
            .await?;
        self.tell(Notice::GroupGone { group });
        Ok(())
    }
}

fn seen(membership: Membership) -> Membership {
    Membership { group: as_seen_by(membership.group, membership.role), ..membership }
}

/// What of the wished values is another than now.
fn difference(group: &Group, edit: GroupEdit, now: Timestamp) -> GroupChange {
    let expires_at = edit.expires_in.map(|lifetime| lifetime.map(|lifetime| lifetime.end(now)));
    GroupChange {
        name: edit.name.filter(|name| *name != group.name),
        description: edit.description.filter(|description| *description != group.description),
        rules: edit.rules.filter(|rules| *rules != group.rules),
        slow_mode: edit.slow_mode.filter(|slow_mode| *slow_mode != group.slow_mode),
        lobby_threes: edit.lobby_threes.filter(|threes| *threes != group.lobby_threes),
        expires_at: expires_at.filter(|expires_at| *expires_at != group.expires_at),
        owner_id: None,
    }
}

#[cfg(test)]
mod tests;
