//! Accounts of an old face that has logins of its own. Such a login is no username: with it one signs in there and
//! nowhere else, and the session's secret has the form that the face's clients know.

use crate::accounts::{CreateAccountError, SignedIn};
use crate::face_groups::Face;
use crate::limits::Limit;
use crate::sessions::{AuthenticateError, SignInError};
use crate::tokens;
use crate::{App, Caller, Client};
use parlor_core::{DisplayName, Invalid, text};
use parlor_store::face_people as store;

/// What one signs in with at a face: 1 to 200 characters in one line, compared exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login(String);

impl Login {
    /// Most characters.
    pub const MOST: usize = 200;

    /// Checks.
    ///
    /// # Errors
    /// `login`, when it is empty, too long or holds a character that [`text`] refuses.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        text::check_line("login", input, 1, Self::MOST).map(|line| Self(line.to_owned()))
    }
}

/// A password as it was typed at a face: 1 to 256 characters. The old services asked for nothing more. `Debug` does not
/// show it.
#[derive(Clone, PartialEq, Eq)]
pub struct FacePassword(String);

impl FacePassword {
    /// Most characters.
    pub const MOST: usize = 256;

    /// Checks the length.
    ///
    /// # Errors
    /// `password`, when it is empty or too long.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        let invalid = |rule| Err(Invalid { field: "password", rule });
        match input {
            "" => invalid("must not be empty"),
            long if text::longer_than(long, Self::MOST) => invalid("is too long"),
            password => Ok(Self(password.to_owned())),
        }
    }
}

impl std::fmt::Debug for FacePassword {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("FacePassword(…)")
    }
}

impl App {
    /// Makes an account that signs in at a face.
    ///
    /// # Errors
    /// See [`CreateAccountError`]; there is never a link.
    #[tracing::instrument(name = "account.register_login", skip_all)]
    pub async fn register_login(
        &self,
        face: Face,
        login: Login,
        password: FacePassword,
        display_name: DisplayName,
        from: &Client,
    ) -> Result<(), CreateAccountError> {
        let now = self.now();
        let address = self.limits().address(from.address);
        self.limits()
            .take(Limit::NewAccount, address, now)
            .map_err(|retry_after| CreateAccountError::TooOften { retry_after })?;
        let hash = self.inner.passwords.hash(password.0.as_bytes()).await?;
        self.store()
            .write(move |write| {
                let Login(login) = login;
                store::insert_registered(write, face.as_str(), &login, &display_name, &hash, now)?
                    .map(drop)
                    .ok_or(CreateAccountError::UsernameTaken)
            })
            .await
    }

    /// Signs in at a face. What can be no login or no password is simply wrong, after the same time.
    ///
    /// # Errors
    /// See [`SignInError`].
    #[tracing::instrument(name = "account.sign_in_by_login", skip_all)]
    pub async fn sign_in_by_login(
        &self,
        face: Face,
        login: &str,
        password: &str,
        from: &Client,
    ) -> Result<SignedIn, SignInError> {
        let login = Login::parse(login).ok();
        let key =
            login.as_ref().map_or_else(String::new, |Login(login)| format!("{} {login}", face.as_str()));
        let find = move |tx: &mut dyn parlor_store::tx::Tx| match login {
            Some(Login(login)) => store::find(tx, face.as_str(), &login),
            None => Ok(None),
        };
        let password = FacePassword::parse(password).ok();
        let bytes = password.as_ref().map(|FacePassword(password)| password.as_bytes());
        self.sign_in_as(&key, find, bytes, self.new_keyed_session(from), from).await
    }

    /// Who a key stands for. Reads the database each time, like [`App::authenticate`].
    ///
    /// # Errors
    /// See [`AuthenticateError`].
    pub async fn authenticate_key(&self, key: &str) -> Result<Caller, AuthenticateError> {
        let hash = tokens::hash_of_key(key).ok_or(AuthenticateError::Unauthorized)?;
        self.authenticate_hash(hash).await
    }
}
