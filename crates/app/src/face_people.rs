//! People of an old face who are known by a name alone. A name that nobody has becomes a guest; one that belongs to an
//! account with a password is that account's, and needs it.

use crate::face_groups::Face;
use crate::limits::Limit;
use crate::members::remove;
use crate::sessions::SignInError;
use crate::{App, Caller, Client, Failure};
use parlor_bus::Notice;
use parlor_core::{AccountId, DisplayName, LeaveReason, SessionId, Timestamp, Username};
use parlor_store::{Write, accounts, face_people as store, groups};
use std::time::Duration;

/// Guests that are forgotten in one round.
const MOST_FORGOTTEN: i64 = 100;
/// Portions of them in one round: more than an hour's newcomers from many addresses.
const MOST_PORTIONS: usize = 200;
/// Groups that a guest is taken out of in one transaction.
const GROUPS_AT_ONCE: usize = 100;

/// Somebody who is here under a name.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who: what they do is done under the name that they are here by.
    pub caller: Caller,
    /// The session that a password began. It ends what is done under the name when it ends; a name without a password
    /// has none.
    pub session: Option<SessionId>,
    /// Whether nobody had the name before.
    pub is_new: bool,
}

/// Why somebody is not here under a name.
#[derive(Debug, thiserror::Error)]
pub enum FindPersonError {
    /// The name is an account's, and this is not its password.
    #[error("that name needs its password")]
    NotYours,
    /// Too many tries or too many new names from one address.
    #[error("too many tries")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<SignInError> for FindPersonError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::WrongCredentials => Self::NotYours,
            SignInError::TooOften { retry_after } => Self::TooOften { retry_after },
            SignInError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl App {
    /// Who is meant by a name: an account with a password, a guest who was here before, or a new one.
    ///
    /// # Errors
    /// See [`FindPersonError`].
    #[tracing::instrument(name = "face.find_person", skip_all)]
    pub async fn find_person(
        &self,
        face: Face,
        name: &DisplayName,
        password: Option<&str>,
        from: &Client,
    ) -> Result<Person, FindPersonError> {
        // Whatever its capitals: nobody is taken for somebody with a password.
        if let Ok(username) = Username::parse(name.as_str())
            && self.store().read(move |tx| accounts::find(tx, &username)).await?.is_some()
        {
            let password = password.ok_or(FindPersonError::NotYours)?;
            return Ok(signed_in(self.sign_in(name.as_str(), password, from).await?.caller));
        }
        let (now, wanted) = (self.now(), name.clone());
        let read = move |tx: &mut dyn parlor_store::tx::Tx| store::find(tx, face.as_str(), wanted.as_str());
        if self.store().read::<_, Failure>(read).await?.is_none() {
            let address = self.limits().address(from.address);
            self.limits()
                .take(Limit::NewGuest, address, now)
                .map_err(|retry_after| FindPersonError::TooOften { retry_after })?;
        }
        let name = name.clone();
        let (account, is_new) = self
            .store()
            .write::<_, Failure>(move |write| {
                if let Some(account) = store::insert_guest(write, face.as_str(), &name, now)? {
                    return Ok((account, true));
                }
                let found = store::find(write, face.as_str(), name.as_str())?;
                let found = found.ok_or_else(|| Failure::internal("a name stands for no account"))?;
                store::touch(write, found.account.id, now)?;
                Ok((found.account, false))
            })
            .await?;
        Ok(Person { caller: Caller::without_session(account), session: None, is_new })
    }

    /// Notes that people are here, so that they are not forgotten. Also when their last socket goes.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "face.still_here", level = "debug", skip_all)]
    pub async fn still_here(&self, people: Vec<AccountId>) -> Result<(), Failure> {
        let now = self.now();
        self.store()
            .write(move |write| people.into_iter().try_for_each(|person| store::touch(write, person, now)))
            .await
    }

    /// Takes guests of a face away who were last here `after` ago: out of their groups, where others are told that they
    /// left, and their names are free.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "face.forget_unseen", level = "debug", skip_all)]
    pub async fn forget_unseen(&self, face: Face, after: Duration) -> Result<(), Failure> {
        let then = self.now().minus(after);
        let read = move |tx: &mut dyn parlor_store::tx::Tx| {
            store::unseen_since(tx, face.as_str(), then, MOST_FORGOTTEN)
        };
        for _ in 0..MOST_PORTIONS {
            let people = self.store().read::<_, Failure>(read).await?;
            let is_last = (people.len() as i64) < MOST_FORGOTTEN;
            for person in people {
                while self.take_out(person, then).await? {}
            }
            if is_last {
                break;
            }
        }
        Ok(())
    }

    /// Takes somebody who is not here out of some of their groups, and away once they are in none; whether there are
    /// more.
    async fn take_out(&self, person: AccountId, then: Timestamp) -> Result<bool, Failure> {
        let (app, now) = (self.clone(), self.now());
        let left =
            self.store().write::<_, Failure>(move |write| take_out(&app, write, person, then, now)).await?;
        for group in &left {
            self.tell(Notice::Membership { group: *group, account: person, role: None });
        }
        Ok(!left.is_empty())
    }
}

fn take_out(
    app: &App,
    write: &mut Write<'_>,
    person: AccountId,
    then: Timestamp,
    now: Timestamp,
) -> Result<Vec<parlor_core::GroupId>, Failure> {
    // Asked again: they may have come back meanwhile.
    if !store::is_unseen_since(write, person, then)? {
        return Ok(Vec::new());
    }
    let Some(found) = accounts::load(write, person)? else { return Ok(Vec::new()) };
    let memberships = groups::of_account(write, person, None, GROUPS_AT_ONCE, now)?;
    let groups: Vec<_> = memberships.into_iter().map(|membership| membership.group.id).collect();
    for group in &groups {
        let account = found.account.clone();
        remove(app, write, *group, &found.account, account, LeaveReason::Left, now)?;
    }
    if groups.is_empty() {
        store::delete_guest(write, person)?;
    }
    Ok(groups)
}

/// An account under its username, which is what this face knows it by.
fn signed_in(mut caller: Caller) -> Person {
    if let Some(username) = &caller.account.username {
        caller.account.display_name = DisplayName::from_stored(username.as_str());
    }
    Person { session: Some(caller.session), caller, is_new: false }
}

#[cfg(test)]
mod tests;
