//! Access codes: joining by one, making a new one, turning it off.

use crate::groups::GroupError;
use crate::limits::{Key, Limit};
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

/// What a wrong code is counted by: the address, the account when there is one, and the code itself.
pub(crate) struct CodeTries {
    address: Key,
    account: Option<Key>,
}

impl CodeTries {
    pub(crate) fn new(app: &App, from: &Client, account: Option<AccountId>) -> Self {
        let limits = app.limits();
        Self {
            address: limits.address(from.address),
            account: account.map(|account| limits.account(account)),
        }
    }

    /// Whether another try is allowed. Right codes cost nothing: a class may come in at once.
    ///
    /// # Errors
    /// How long to wait.
    pub(crate) fn check(&self, app: &App, code: &AccessCode) -> Result<(), Duration> {
        let now = app.now();
        self.buckets(app, code).into_iter().try_for_each(|(limit, key)| app.limits().peek(limit, key, now))
    }

    /// Counts a wrong code.
    pub(crate) fn count(&self, app: &App, code: &AccessCode) {
        for (limit, key) in self.buckets(app, code) {
            // That it is empty now is found by the next check.
            let _ = app.limits().take(limit, key, app.now());
        }
    }

    fn buckets(&self, app: &App, code: &AccessCode) -> Vec<(Limit, Key)> {
        let mut buckets = vec![
            (Limit::WrongCodeByAddress, self.address),
            (Limit::WrongCode, app.limits().text(code.as_str())),
        ];
        buckets.extend(self.account.map(|account| (Limit::WrongCodeByAccount, account)));
        buckets
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
        let tries = CodeTries::new(self, from, Some(account.id));
        tries.check(self, &code).map_err(|retry_after| JoinError::TooOften { retry_after })?;
        let wanted = code.clone();
        let joined = self
            .store()
            .write(move |write| {
                let found = store::find_by_code(write, &wanted, now)?;
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
            .await;
        if let Err(JoinError::CodeUnknown) = joined {
            tries.count(self, &code);
        }
        let (group, new_role) = joined?;
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
