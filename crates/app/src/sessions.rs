//! Sessions: signing in and out, and who a token stands for.

use crate::accounts::SignedIn;
use crate::limits::Limit;
use crate::{App, Caller, Client, Failure, Token, tokens};
use parlor_bus::{EndedSessions, Notice};
use parlor_core::{Account, Code, Password, Refusal, SessionId, Timestamp, Username};
use parlor_store::accounts::{self, StoredAccount};
use parlor_store::tx::Tx;
use parlor_store::{Write, sessions as store};
use std::time::Duration;

/// One sign-in, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used, to within an hour.
    pub last_seen_at: Timestamp,
    /// When it ends unless it is used before.
    pub expires_at: Timestamp,
    /// How the program named itself.
    pub agent: Option<String>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// Why one is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// No such pair of name and password; the same answer, after the same time, whichever of them is wrong.
    #[error("the username or the password is wrong")]
    WrongCredentials,
    /// Too many tries, from this address or for this name from this address.
    #[error("too many tries")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for SignInError {
    fn code(&self) -> Code {
        match self {
            Self::WrongCredentials => Code::Unauthorized,
            Self::TooOften { .. } => Code::RateLimited,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooOften { retry_after } => Some(*retry_after),
            Self::Failure(failure) => failure.retry_after(),
            Self::WrongCredentials => None,
        }
    }
}

/// Why a token stands for nobody.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    /// Absent, garbage, ended or expired: the same answer for all.
    #[error("sign in first")]
    Unauthorized,
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for AuthenticateError {
    fn code(&self) -> Code {
        match self {
            Self::Unauthorized => Code::Unauthorized,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unauthorized => None,
            Self::Failure(failure) => failure.retry_after(),
        }
    }
}

/// Why a session was not ended.
#[derive(Debug, thiserror::Error)]
pub enum EndSessionError {
    /// The caller has no such session.
    #[error("there is no such session")]
    NotFound,
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for EndSessionError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::NotFound => None,
            Self::Failure(failure) => failure.retry_after(),
        }
    }
}

/// How long a session of a registered account lasts from its last use.
const LASTS: Duration = Duration::from_secs(90 * 24 * 60 * 60);
/// How long a guest's session lasts from its last use: who leaves for longer comes back as another guest.
const GUEST_LASTS: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How exact the time of the last use is: each use within it costs no write.
const TOUCH_EVERY: Duration = Duration::from_secs(60 * 60);
/// Characters kept of how a program names itself.
const AGENT_MOST: usize = 200;

/// A session that is about to begin, decided before the transaction that makes it.
pub(crate) struct NewSession {
    token: Token,
    agent: Option<String>,
    lasts: Duration,
}

impl NewSession {
    /// Begins it, within the caller's transaction; answers it with the sessions that made way.
    pub(crate) fn begin(
        self,
        write: &mut Write<'_>,
        account: Account,
        admin: bool,
        now: Timestamp,
    ) -> Result<(SignedIn, Vec<SessionId>), Failure> {
        let expires_at = now.plus(self.lasts);
        let hash = self.token.hash();
        let (session, gone) =
            store::insert(write, account.id, &hash, self.agent.as_deref(), now, expires_at)?;
        let caller = Caller { account, admin, session };
        Ok((SignedIn { caller, token: self.token, expires_at }, gone))
    }
}

impl App {
    pub(crate) fn new_session(&self, from: &Client, guest: bool) -> NewSession {
        self.draft_session(self.new_token(), from, guest)
    }

    /// One whose secret is a key.
    pub(crate) fn new_keyed_session(&self, from: &Client) -> NewSession {
        self.draft_session(self.new_key(), from, false)
    }

    fn draft_session(&self, token: Token, from: &Client, guest: bool) -> NewSession {
        let agent = from.agent.as_deref().map(|agent| {
            agent.chars().filter(|character| !character.is_control()).take(AGENT_MOST).collect::<String>()
        });
        NewSession { token, agent, lasts: lasts(guest) }
    }

    /// Signs in. Takes what was typed as it is: what cannot be a username or a password is simply wrong.
    ///
    /// # Errors
    /// See [`SignInError`].
    #[tracing::instrument(name = "account.sign_in", skip_all)]
    pub async fn sign_in(
        &self,
        username: &str,
        password: &str,
        from: &Client,
    ) -> Result<SignedIn, SignInError> {
        let username = Username::parse(username).ok();
        let key = username.as_ref().map(Username::key).unwrap_or_default();
        let find = move |tx: &mut dyn Tx| match username {
            Some(username) => accounts::find(tx, &username),
            None => Ok(None),
        };
        let typed = Password::parse(password).ok();
        let bytes = typed.as_ref().map(Password::as_bytes);
        self.sign_in_as(&key, find, bytes, self.new_session(from, false), from).await
    }

    /// Signs in to what `find` finds, if the password is its own; `key` is what tries are counted by. `None` is a password
    /// that nobody can have.
    pub(crate) async fn sign_in_as(
        &self,
        key: &str,
        find: impl FnOnce(&mut dyn Tx) -> Result<Option<StoredAccount>, Failure> + Send + 'static,
        typed: Option<&[u8]>,
        draft: NewSession,
        from: &Client,
    ) -> Result<SignedIn, SignInError> {
        let now = self.now();
        let limits = self.limits();
        let (address, name) = (limits.address(from.address), limits.text_from(key, from.address));
        let too_often = |retry_after| SignInError::TooOften { retry_after };
        limits.take(Limit::SignInByAddress, address, now).map_err(too_often)?;
        limits.take(Limit::SignInToName, name, now).map_err(too_often)?;
        let found = self.store().read(find).await?;
        // Without an account, and with a password that can be none, the check takes as long and says no.
        let hash = found.as_ref().filter(|_| typed.is_some()).and_then(|found| found.password_hash.clone());
        let right = self.inner.passwords.check(typed.unwrap_or_default(), hash).await?;
        let Some(found) = found.filter(|_| right) else { return Err(SignInError::WrongCredentials) };
        limits.give_back(Limit::SignInByAddress, address, now);
        limits.give_back(Limit::SignInToName, name, now);
        let id = found.account.id;
        let (signed_in, gone) = self
            .store()
            .write::<_, Failure>(move |write| draft.begin(write, found.account, found.admin, now))
            .await?;
        for session in gone {
            self.tell(Notice::SessionsEnded(EndedSessions {
                account: id,
                only: Some(session),
                except: None,
            }));
        }
        Ok(signed_in)
    }

    /// Who `token` stands for. Reads the database each time, so an ended session is refused at once on every node.
    ///
    /// # Errors
    /// See [`AuthenticateError`].
    #[tracing::instrument(name = "account.authenticate", level = "debug", skip_all)]
    pub async fn authenticate(&self, token: &str) -> Result<Caller, AuthenticateError> {
        let hash = tokens::hash_of(token).ok_or(AuthenticateError::Unauthorized)?;
        self.authenticate_hash(hash).await
    }

    pub(crate) async fn authenticate_hash(
        &self,
        hash: store::TokenHash,
    ) -> Result<Caller, AuthenticateError> {
        let now = self.now();
        let found = self.store().read::<_, Failure>(move |tx| store::find(tx, &hash, now)).await?;
        let (session, stored) = found.ok_or(AuthenticateError::Unauthorized)?;
        if now.since(session.last_seen_at) >= TOUCH_EVERY {
            let (id, expires_at) = (session.id, now.plus(lasts(stored.account.guest)));
            // Nobody waits for it, and when it is lost the next use does it.
            drop(self.store().write::<_, Failure>(move |write| store::touch(write, id, now, expires_at)));
        }
        Ok(Caller { account: stored.account, admin: stored.admin, session: session.id })
    }

    /// The caller's sessions, newest first (at most 100).
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "account.sessions", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn sessions(&self, caller: &Caller) -> Result<Vec<Session>, Failure> {
        let (now, account, current) = (self.now(), caller.account.id, caller.session);
        let stored = self.store().read(move |tx| store::of_account(tx, account, now)).await?;
        let session = |stored: store::StoredSession| Session {
            id: stored.id,
            created_at: stored.created_at,
            last_seen_at: stored.last_seen_at,
            expires_at: stored.expires_at,
            agent: stored.agent,
            current: stored.id == current,
        };
        Ok(stored.into_iter().map(session).collect())
    }

    /// Ends the caller's own session.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "account.sign_out", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn sign_out(&self, caller: &Caller) -> Result<(), Failure> {
        match self.end_session(caller, caller.session).await {
            // It had ended already: that is what was asked for.
            Ok(()) | Err(EndSessionError::NotFound) => Ok(()),
            Err(EndSessionError::Failure(failure)) => Err(failure),
        }
    }

    /// Ends every session of the caller but the one that asks.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(
        name = "account.sign_out_others", skip_all,
        fields(account.id = caller.account.id.get())
    )]
    pub async fn sign_out_others(&self, caller: &Caller) -> Result<(), Failure> {
        self.end_sessions(caller, Some(caller.session)).await
    }

    /// Ends every session of the caller, the one that asks included.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(
        name = "account.sign_out_everywhere", skip_all,
        fields(account.id = caller.account.id.get())
    )]
    pub async fn sign_out_everywhere(&self, caller: &Caller) -> Result<(), Failure> {
        self.end_sessions(caller, None).await
    }

    async fn end_sessions(&self, caller: &Caller, except: Option<SessionId>) -> Result<(), Failure> {
        let account = caller.account.id;
        self.store().write(move |write| store::end_all(write, account, except)).await?;
        self.tell(Notice::SessionsEnded(EndedSessions { account, only: None, except }));
        Ok(())
    }

    /// Ends one session of the caller.
    ///
    /// # Errors
    /// See [`EndSessionError`].
    #[tracing::instrument(
        name = "account.end_session", skip_all,
        fields(account.id = caller.account.id.get(), session.id = session.get())
    )]
    pub async fn end_session(&self, caller: &Caller, session: SessionId) -> Result<(), EndSessionError> {
        let account = caller.account.id;
        let ended =
            self.store().write::<_, Failure>(move |write| store::end_one(write, account, session)).await?;
        if !ended {
            return Err(EndSessionError::NotFound);
        }
        self.tell(Notice::SessionsEnded(EndedSessions { account, only: Some(session), except: None }));
        Ok(())
    }

    /// Which of `sessions` are no more: for the realtime layer, on a slow tick and after
    /// [`parlor_bus::Received::Missed`].
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "account.ended_sessions", level = "debug", skip_all)]
    pub async fn ended_sessions(&self, sessions: Vec<SessionId>) -> Result<Vec<SessionId>, Failure> {
        let now = self.now();
        self.store().read(move |tx| store::ended(tx, &sessions, now)).await
    }
}

fn lasts(guest: bool) -> Duration {
    if guest { GUEST_LASTS } else { LASTS }
}

#[cfg(test)]
mod tests;
