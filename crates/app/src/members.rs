//! Members: the list, roles, sending away, leaving, handing over.

use crate::groups::GroupError;
use crate::lobby::expel;
use crate::{App, Caller, Failure, Page, PageLimit};
use parlor_bus::Notice;
use parlor_core::permission::{Action, Denied, may};
use parlor_core::{
    Account, AccountId, Code, EventBody, Group, GroupChange, GroupId, LeaveReason, Member, Refusal, Role,
    Timestamp,
};
use parlor_store::{Write, groups, log, members as store};
use std::time::Duration;

/// Why a membership stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    /// There is no such group, or the caller is no member.
    #[error("there is no such group")]
    NotFound,
    /// The group has no such member.
    #[error("there is no such member")]
    NoSuchMember,
    /// The caller's role does not allow it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The owner cannot leave, be sent away or be given another role.
    #[error("the owner must hand the group over first")]
    OwnerMustHandOver,
    /// There is one owner: ownership is handed over, not given as a role.
    #[error("ownership is handed over, not given as a role")]
    OnlyByHandingOver,
    /// A guest can be no moderator or owner.
    #[error("a guest can not have that role")]
    TargetIsGuest,
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for MemberError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound | Self::NoSuchMember => Code::NotFound,
            Self::Denied(_) => Code::Forbidden,
            Self::OwnerMustHandOver | Self::OnlyByHandingOver | Self::TargetIsGuest => Code::Conflict,
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
    /// The members of a group by account id, after `after`.
    ///
    /// # Errors
    /// See [`GroupError`].
    #[tracing::instrument(
        name = "chat.members", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn members(
        &self,
        caller: &Caller,
        group: GroupId,
        after: Option<AccountId>,
        limit: PageLimit,
    ) -> Result<Page<Member, AccountId>, GroupError> {
        let (now, account) = (self.now(), caller.account.id);
        let found = self
            .store()
            .read(move |tx| {
                let role = store::role_in_live_group(tx, group, account, now)?.ok_or(GroupError::NotFound)?;
                may(role, Action::Read, None)?;
                Ok::<_, GroupError>(store::list(tx, group, after, limit.get() + 1)?)
            })
            .await?;
        Ok(Page::cut(found, limit, |member: &Member| member.account.id))
    }

    /// Gives a member another role.
    ///
    /// # Errors
    /// See [`MemberError`].
    #[tracing::instrument(
        name = "chat.set_role", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get(), target.id = target.get())
    )]
    pub async fn set_role(
        &self,
        caller: &Caller,
        group: GroupId,
        target: AccountId,
        role: Role,
    ) -> Result<Member, MemberError> {
        let (now, by) = (self.now(), caller.account.clone());
        let (member, changed) = self
            .store()
            .write_in(group, move |write| {
                let (own, member) = pair(write, group, by.id, target, now)?;
                may(own, Action::SetRole, if target == by.id { None } else { Some(member.role) })?;
                if member.role == Role::Owner {
                    return Err(MemberError::OwnerMustHandOver);
                }
                if role == Role::Owner {
                    return Err(MemberError::OnlyByHandingOver);
                }
                if role == Role::Moderator && member.account.guest {
                    return Err(MemberError::TargetIsGuest);
                }
                if role == member.role {
                    return Ok((member, false));
                }
                give_role(write, group, &by, &member.account, role, now)?;
                Ok((Member { role, ..member }, true))
            })
            .await?;
        if changed {
            self.tell(Notice::Membership { group, account: target, role: Some(role) });
        }
        Ok(member)
    }

    /// Sends a member away, or lets the caller leave when they are the target.
    ///
    /// # Errors
    /// See [`MemberError`].
    #[tracing::instrument(
        name = "chat.remove_member", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get(), target.id = target.get())
    )]
    pub async fn remove_member(
        &self,
        caller: &Caller,
        group: GroupId,
        target: AccountId,
    ) -> Result<(), MemberError> {
        let (now, by) = (self.now(), caller.account.clone());
        let app = self.clone();
        self.store()
            .write(move |write| {
                let (own, member) = pair(write, group, by.id, target, now)?;
                let reason = if target == by.id {
                    if may(own, Action::Leave, None).is_err() {
                        leave_it_to_another_owner(write, group, &by, now)?;
                    }
                    LeaveReason::Left
                } else {
                    may(own, Action::Kick, Some(member.role))?;
                    LeaveReason::Kicked
                };
                remove(&app, write, group, &by, member.account, reason, now)?;
                Ok::<_, MemberError>(())
            })
            .await?;
        self.tell(Notice::Membership { group, account: target, role: None });
        Ok(())
    }

    /// Makes another member the owner; the caller becomes a moderator.
    ///
    /// # Errors
    /// See [`MemberError`].
    #[tracing::instrument(
        name = "chat.hand_over", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get(), target.id = target.get())
    )]
    pub async fn hand_over(
        &self,
        caller: &Caller,
        group: GroupId,
        target: AccountId,
    ) -> Result<Group, MemberError> {
        let (now, by) = (self.now(), caller.account.clone());
        let (handed, changed) = self
            .store()
            .write_in(group, move |write| {
                let (own, member) = pair(write, group, by.id, target, now)?;
                may(own, Action::HandOver, None)?;
                if member.account.guest {
                    return Err(MemberError::TargetIsGuest);
                }
                let changed = target != by.id;
                if changed {
                    give_role(write, group, &by, &by, Role::Moderator, now)?;
                    if member.role != Role::Owner {
                        give_role(write, group, &by, &member.account, Role::Owner, now)?;
                    }
                    let change = GroupChange { owner_id: Some(target), ..GroupChange::default() };
                    groups::change(write, group, &change)?;
                    log::append(write, group, &by.author(), now, EventBody::GroupUpdated(change))?;
                }
                let group = groups::load(write, group, now)?.ok_or(MemberError::NotFound)?;
                Ok((group, changed))
            })
            .await?;
        if changed {
            let account = caller.account.id;
            self.tell(Notice::Membership { group, account, role: Some(Role::Moderator) });
            self.tell(Notice::Membership { group, account: target, role: Some(Role::Owner) });
        }
        Ok(handed)
    }
}

/// The role of the one who acts, and the member acted on.
fn pair(
    write: &mut Write<'_>,
    group: GroupId,
    by: AccountId,
    target: AccountId,
    now: Timestamp,
) -> Result<(Role, Member), MemberError> {
    let own = store::role_in_live_group(write, group, by, now)?.ok_or(MemberError::NotFound)?;
    let member = store::load(write, group, target)?.ok_or(MemberError::NoSuchMember)?;
    Ok((own, member))
}

pub(crate) fn give_role(
    write: &mut Write<'_>,
    group: GroupId,
    by: &Account,
    account: &Account,
    role: Role,
    now: Timestamp,
) -> Result<(), Failure> {
    store::set_role(write, group, account.id, role)?;
    let body = EventBody::MemberRole { account: account.clone(), role };
    log::append(write, group, &by.author(), now, body)?;
    Ok(())
}

/// Of several owners, who kept a room together, each may leave: the group is another's then.
fn leave_it_to_another_owner(
    write: &mut Write<'_>,
    group: GroupId,
    by: &Account,
    now: Timestamp,
) -> Result<(), MemberError> {
    let other = store::other_owner(write, group, by.id)?.ok_or(MemberError::OwnerMustHandOver)?;
    let there = groups::load(write, group, now)?.ok_or(MemberError::NotFound)?;
    if there.owner_id == by.id {
        let change = GroupChange { owner_id: Some(other), ..GroupChange::default() };
        groups::change(write, group, &change)?;
        log::append(write, group, &by.author(), now, EventBody::GroupUpdated(change))?;
    }
    Ok(())
}

/// Ends a membership, and says so in the log: nothing after that reaches the one who is gone, in the lobby neither.
pub(crate) fn remove(
    app: &App,
    write: &mut Write<'_>,
    group: GroupId,
    by: &Account,
    account: Account,
    reason: LeaveReason,
    now: Timestamp,
) -> Result<(), Failure> {
    store::delete(write, group, account.id)?;
    let mut scene = app.scene();
    expel(write, &mut scene, group, account.id)?;
    app.finish(write, scene)?;
    log::append(write, group, &by.author(), now, EventBody::MemberLeft { account, reason })?;
    Ok(())
}

#[cfg(test)]
mod tests;
