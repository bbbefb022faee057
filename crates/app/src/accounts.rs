//! Accounts: making one, its password, its name, and the first one of all.

use crate::limits::Limit;
use crate::{App, Caller, Client, Failure, Token};
use parlor_bus::{EndedSessions, Notice};
use parlor_core::{Account, Code, DisplayName, Password, Refusal, SessionId, Timestamp, Username};
use parlor_store::{accounts as store, places};
use std::sync::PoisonError;
use std::time::Duration;

/// What makes an account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// What it signs in with.
    pub username: Username,
    /// Its password.
    pub password: Password,
    /// What others see; the username when absent.
    pub display_name: Option<DisplayName>,
    /// The secret of the one-time link, for the first account of a server, which becomes its admin.
    pub first_admin: Option<String>,
}

/// A new session and whose it is.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who, and by which session: what `authenticate` would answer.
    pub caller: Caller,
    /// The session's secret; told once.
    pub token: Token,
    /// When the session ends unless it is used before.
    pub expires_at: Timestamp,
}

impl SignedIn {
    /// Whose.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.caller.account
    }

    /// Which.
    #[must_use]
    pub fn session(&self) -> SessionId {
        self.caller.session
    }
}

/// Why there is no account.
#[derive(Debug, thiserror::Error)]
pub enum CreateAccountError {
    /// The username, compared without case, belongs to somebody.
    #[error("that username is taken")]
    UsernameTaken,
    /// The one-time link was used, or was never ours.
    #[error("the link for the first admin is no longer valid")]
    LinkSpent,
    /// Too many from one address.
    #[error("too many new accounts from your address")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for CreateAccountError {
    fn code(&self) -> Code {
        match self {
            Self::UsernameTaken => Code::Conflict,
            Self::LinkSpent => Code::Forbidden,
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

/// Why the password stays.
#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    /// The current one is another.
    #[error("the current password is wrong")]
    WrongPassword,
    /// A guest has none.
    #[error("a guest has no password")]
    Guest,
    /// Too many tries.
    #[error("too many tries")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for ChangePasswordError {
    fn code(&self) -> Code {
        match self {
            Self::WrongPassword | Self::Guest => Code::Forbidden,
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
    /// Makes an account and signs it in. Made with the one-time secret, it runs this server.
    ///
    /// # Errors
    /// See [`CreateAccountError`].
    #[tracing::instrument(name = "account.create_account", skip_all)]
    pub async fn create_account(
        &self,
        new: NewAccount,
        from: &Client,
    ) -> Result<SignedIn, CreateAccountError> {
        let now = self.now();
        let address = self.limits().address(from.address);
        self.limits()
            .take(Limit::NewAccount, address, now)
            .map_err(|retry_after| CreateAccountError::TooOften { retry_after })?;
        let admin = self.is_first_admin(new.first_admin.as_deref())?;
        let hash = self.inner.passwords.hash(new.password.as_bytes()).await?;
        let name = new.display_name.unwrap_or_else(|| name_like(&new.username));
        let draft = self.new_session(from, false);
        self.store()
            .write(move |write| {
                if admin && store::any_admin(write)? {
                    return Err(CreateAccountError::LinkSpent);
                }
                let made = store::insert_registered(write, &new.username, &name, &hash, admin, now)?;
                let account = made.ok_or(CreateAccountError::UsernameTaken)?;
                let (signed_in, _) = draft.begin(write, account, admin, now)?;
                Ok(signed_in)
            })
            .await
    }

    /// Whether the account to be made is the first admin: no secret, no; the right one, yes; another one, refused.
    fn is_first_admin(&self, secret: Option<&str>) -> Result<bool, CreateAccountError> {
        let Some(secret) = secret else { return Ok(false) };
        let token = self.inner.first_admin.lock().unwrap_or_else(PoisonError::into_inner);
        let right = token.as_ref().is_some_and(|token| token.is(secret));
        if right { Ok(true) } else { Err(CreateAccountError::LinkSpent) }
    }

    /// Gives the caller another password and ends all their other sessions.
    ///
    /// # Errors
    /// See [`ChangePasswordError`].
    #[tracing::instrument(
        name = "account.change_password", skip_all,
        fields(account.id = caller.account.id.get())
    )]
    pub async fn change_password(
        &self,
        caller: &Caller,
        current: &str,
        new: Password,
        from: &Client,
    ) -> Result<(), ChangePasswordError> {
        let (account, session) = (caller.account.id, caller.session);
        let key = self.limits().text_from(&format!("password of {account}"), from.address);
        self.limits()
            .take(Limit::SignInToName, key, self.now())
            .map_err(|retry_after| ChangePasswordError::TooOften { retry_after })?;
        let stored = self.store().read(move |tx| store::load(tx, account)).await?;
        let stored = stored.and_then(|stored| stored.password_hash).ok_or(ChangePasswordError::Guest)?;
        let typed = Password::parse(current).map_err(|_| ChangePasswordError::WrongPassword)?;
        if !self.inner.passwords.check(typed.as_bytes(), Some(stored)).await? {
            return Err(ChangePasswordError::WrongPassword);
        }
        let hash = self.inner.passwords.hash(new.as_bytes()).await?;
        self.store()
            .write::<_, Failure>(move |write| {
                store::set_password(write, account, &hash)?;
                parlor_store::sessions::end_all(write, account, Some(session))
            })
            .await?;
        self.tell(Notice::SessionsEnded(EndedSessions { account, only: None, except: Some(session) }));
        Ok(())
    }

    /// Gives the caller another display name. What they did before keeps the name that it was done under.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "account.rename", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn rename(&self, caller: &Caller, name: DisplayName) -> Result<Account, Failure> {
        let id = caller.account.id;
        let account = Account { display_name: name.clone(), ..caller.account.clone() };
        self.store()
            .write::<_, Failure>(move |write| {
                store::rename(write, id, &name)?;
                places::rename(write, id, &name)
            })
            .await?;
        self.tell(Notice::Renamed { account: id, name: account.display_name.clone() });
        Ok(account)
    }

    /// The secret for the one-time link, while nobody runs this server; the same for the life of the process.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "account.first_admin_token", skip_all)]
    pub async fn first_admin_token(&self) -> Result<Option<Token>, Failure> {
        let taken = self.store().read::<_, Failure>(store::any_admin).await?;
        let fresh = self.new_token();
        let mut token = self.inner.first_admin.lock().unwrap_or_else(PoisonError::into_inner);
        if taken {
            *token = None;
            return Ok(None);
        }
        Ok(Some(token.get_or_insert(fresh).clone()))
    }
}

/// The username as a display name: it is shorter than one may be, and holds nothing that one may not.
fn name_like(username: &Username) -> DisplayName {
    DisplayName::parse(username.as_str()).unwrap_or_else(|_| DisplayName::from_stored(username.as_str()))
}
