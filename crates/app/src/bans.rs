//! Bans: who may not come back.

use crate::groups::GroupError;
use crate::members::{MemberError, remove};
use crate::{App, Caller, Page, PageLimit};
use parlor_bus::Notice;
use parlor_core::permission::{Action, may};
use parlor_core::{AccountId, Ban, BanReason, GroupId, LeaveReason};
use parlor_store::{accounts, bans as store, members};

impl App {
    /// The bans of a group by account id, after `after`.
    ///
    /// # Errors
    /// See [`GroupError`].
    #[tracing::instrument(
        name = "chat.bans", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn bans(
        &self,
        caller: &Caller,
        group: GroupId,
        after: Option<AccountId>,
        limit: PageLimit,
    ) -> Result<Page<Ban, AccountId>, GroupError> {
        let (now, account) = (self.now(), caller.account.id);
        let found = self
            .store()
            .read(move |tx| {
                let role =
                    members::role_in_live_group(tx, group, account, now)?.ok_or(GroupError::NotFound)?;
                may(role, Action::SeeBans, None)?;
                Ok::<_, GroupError>(store::list(tx, group, after, limit.get() + 1)?)
            })
            .await?;
        Ok(Page::cut(found, limit, |ban: &Ban| ban.account.id))
    }

    /// Bans a member, who is sent away, or somebody who was one. A second ban changes the reason.
    ///
    /// # Errors
    /// See [`MemberError`]; `NoSuchMember` for an account that never was a member, whether it exists or not.
    #[tracing::instrument(
        name = "chat.ban", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get(), target.id = target.get())
    )]
    pub async fn ban(
        &self,
        caller: &Caller,
        group: GroupId,
        target: AccountId,
        reason: BanReason,
    ) -> Result<Ban, MemberError> {
        let (now, by) = (self.now(), caller.account.clone());
        let app = self.clone();
        let (ban, was_member) = self
            .store()
            .write(move |write| {
                let own =
                    members::role_in_live_group(write, group, by.id, now)?.ok_or(MemberError::NotFound)?;
                let role = members::role(write, group, target)?;
                may(own, Action::Ban, role)?;
                if role.is_none() && !members::was_member(write, group, target)? {
                    return Err(MemberError::NoSuchMember);
                }
                let account = accounts::load(write, target)?.ok_or(MemberError::NoSuchMember)?.account;
                store::insert(write, group, target, &reason, by.id, now)?;
                if role.is_some() {
                    remove(&app, write, group, &by, account.clone(), LeaveReason::Banned, now)?;
                }
                Ok::<_, MemberError>((Ban { account, reason, by: by.id, at: now }, role.is_some()))
            })
            .await?;
        if was_member {
            self.tell(Notice::Membership { group, account: target, role: None });
        }
        Ok(ban)
    }

    /// Takes a ban back.
    ///
    /// # Errors
    /// See [`MemberError`]; `NoSuchMember` when there is no such ban.
    #[tracing::instrument(
        name = "chat.unban", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get(), target.id = target.get())
    )]
    pub async fn unban(&self, caller: &Caller, group: GroupId, target: AccountId) -> Result<(), MemberError> {
        let (now, by) = (self.now(), caller.account.id);
        self.store()
            .write_in(group, move |write| {
                let own = members::role_in_live_group(write, group, by, now)?.ok_or(MemberError::NotFound)?;
                may(own, Action::Ban, None)?;
                let was_banned = store::delete(write, group, target)?;
                if was_banned { Ok(()) } else { Err(MemberError::NoSuchMember) }
            })
            .await
    }
}
