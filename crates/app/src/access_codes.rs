//! Access codes: joining by one, making a new one, turning it off.

use crate::groups::GroupError;
use crate::limits::Limit;
use crate::{App, Caller, Client, Failure};
use parlor_bus::Notice;
use parlor_core::permission::{Action, may};
use parlor_core::{
    AccessCode, Account, AccountId, Code, EventBody, Group, GroupId, Refusal, Role, Timestamp,
};
use parlor_store::{Write, bans, groups as store, heads, log, members};
use std::time::Duration;

/// Why one did not get in.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// No group has that code.
    #[error("no group has that access code")]
    CodeUnknown,
    /// The code is right, but the caller is banned.
    #[error("you are banned from this group")]
    Banned,
    /// Too many wrong codes, from this address, by this account, or of this spelling.
    #[error("too many tries")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for JoinError {
    fn code(&self) -> Code {
        match self {
            Self::CodeUnknown => Code::NotFound,
            Self::Banned => Code::Forbidden,
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

/// What came of looking a code up.
pub(crate) enum CodeTry {
    /// A group has it.
    Right,
    /// No group has it; that was counted.
    Wrong,
    /// No group has it, and there were too many of those.
    TooOften { retry_after: Duration },
}

impl App {
    /// Looks a code up before the writer is asked for anything. A right one costs nothing and always works: a class may
    /// come in at once, and somebody else's guesses keep nobody out. A wrong one counts by the address, by the account
    /// when there is one, and by itself.
    pub(crate) async fn try_code(
        &self,
        code: &AccessCode,
        from: &Client,
        account: Option<AccountId>,
    ) -> Result<CodeTry, Failure> {
        let (now, wanted) = (self.now(), code.clone());
        let found = self.store().read(move |tx| store::find_by_code(tx, &wanted, now)).await?;
        if found.is_some() {
            return Ok(CodeTry::Right);
        }
        let limits = self.limits();
        let mut counts = vec![
            limits.take(Limit::WrongCodeByAddress, limits.address(from.address), now),
            limits.take(Limit::WrongCode, limits.text(code.as_str()), now),
        ];
        counts.extend(account.map(|id| limits.take(Limit::WrongCodeByAccount, limits.account(id), now)));
        let longest = counts.into_iter().filter_map(Result::err).max();
        Ok(longest.map_or(CodeTry::Wrong, |retry_after| CodeTry::TooOften { retry_after }))
    }
}

/// Makes an account a member of a group that is there, within the caller's transaction.
pub(crate) fn enter(
    write: &mut Write<'_>,
    group: GroupId,
    account: &Account,
    now: Timestamp,
) -> Result<Group, Failure> {
    let role = if account.guest { Role::Guest } else { Role::Member };
    add_member(write, group, account, role, now)?;
    let group = store::load(write, group, now)?;
    Ok(group.ok_or_else(|| Failure::internal("a group went away within a transaction"))?.without_code())
}

/// Adds a member who has read everything up to their own arrival.
pub(crate) fn add_member(
    write: &mut Write<'_>,
    group: GroupId,
    account: &Account,
    role: Role,
    now: Timestamp,
) -> Result<(), Failure> {
    let body = EventBody::MemberJoined { account: account.clone(), role };
    let joined = log::append(write, group, &account.author(), now, body)?;
    let head = heads::load(write, group)?.ok_or_else(|| Failure::internal("a group without a log"))?;
    members::insert(write, group, account.id, role, now, joined.seq, head.messages)
}

impl App {
    /// Lets the caller into the group of the code, or answers with it when they are in already.
    ///
    /// # Errors
    /// See [`JoinError`].
    #[tracing::instrument(name = "chat.join_group", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn join_group(
        &self,
        caller: &Caller,
        code: AccessCode,
        from: &Client,
    ) -> Result<Group, JoinError> {
        let now = self.now();
        let account = caller.account.clone();
        match self.try_code(&code, from, Some(account.id)).await? {
            CodeTry::Right => {}
            CodeTry::Wrong => return Err(JoinError::CodeUnknown),
            CodeTry::TooOften { retry_after } => return Err(JoinError::TooOften { retry_after }),
        }
        let (group, new_role) = self
            .store()
            .write(move |write| {
                let found = store::find_by_code(write, &code, now)?;
                let group = found.ok_or(JoinError::CodeUnknown)?;
                if let Some(there) = store::of_member(write, group, account.id, now)? {
                    return Ok((as_seen_by(there.group, there.role), None));
                }
                if bans::is_banned(write, group, account.id)? {
                    return Err(JoinError::Banned);
                }
                let group = enter(write, group, &account, now)?;
                let role = if account.guest { Role::Guest } else { Role::Member };
                Ok((group, Some(role)))
            })
            .await?;
        if new_role.is_some() {
            self.tell(Notice::Membership { group: group.id, account: caller.account.id, role: new_role });
        }
        Ok(group)
    }

    /// Gives the group a new code; the old one opens nothing any more.
    ///
    /// # Errors
    /// See [`GroupError`].
    #[tracing::instrument(
        name = "chat.rotate_access_code", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn rotate_access_code(&self, caller: &Caller, group: GroupId) -> Result<Group, GroupError> {
        let code = AccessCode::from_random(self.random());
        self.set_code(caller, group, Some(code)).await
    }

    /// Takes the group's code away: nobody can join until there is a new one.
    ///
    /// # Errors
    /// See [`GroupError`].
    #[tracing::instrument(
        name = "chat.turn_off_access_code", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn turn_off_access_code(&self, caller: &Caller, group: GroupId) -> Result<Group, GroupError> {
        self.set_code(caller, group, None).await
    }

    async fn set_code(
        &self,
        caller: &Caller,
        group: GroupId,
        code: Option<AccessCode>,
    ) -> Result<Group, GroupError> {
        let (now, account) = (self.now(), caller.account.id);
        self.store()
            .write(move |write| {
                let there = store::of_member(write, group, account, now)?.ok_or(GroupError::NotFound)?;
                may(there.role, Action::ManageCode, None)?;
                store::set_code(write, group, code.as_ref())?;
                Ok(Group { access_code: code, ..there.group })
            })
            .await
    }
}

/// The group with its code only where the role may see it.
pub(crate) fn as_seen_by(group: Group, role: Role) -> Group {
    if may(role, Action::ManageCode, None).is_ok() { group } else { group.without_code() }
}

#[cfg(test)]
mod tests;
