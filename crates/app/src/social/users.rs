//! People by email: coming, being found, changing, going for good.

use super::SocialError;
use crate::accounts::SignedIn;
use crate::limits::Limit;
use crate::members::{give_role, remove};
use crate::sessions::{AuthenticateError, SignInError};
use crate::{App, Caller, Client, Failure};
use parlor_bus::{EndedSessions, Notice};
use parlor_core::social::{Email, PersonName, Picture};
use parlor_core::{
    Account, AccountId, DisplayName, EventBody, GroupChange, GroupId, LeaveReason, Password, Role, Timestamp,
    Username, text,
};
use parlor_store::social::{self as store, Person, Profile};
use parlor_store::{Write, accounts, groups, log, members, places, purge, sessions};

/// Most people of a list, those who came first; beyond them one is found by the email.
const MOST_PEOPLE: i64 = 5_000;
/// Groups that one step of a deletion looks at.
const GROUPS_AT_ONCE: usize = 100;

/// Somebody who wants to come.
#[derive(Clone, Debug)]
pub struct NewSocialUser {
    /// What this face knows of them.
    pub profile: Profile,
    /// Their password.
    pub password: Password,
}

/// What changes of somebody; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct ProfileEdit {
    /// The new email.
    pub email: Option<Email>,
    /// The new first name.
    pub first_name: Option<PersonName>,
    /// The new last name.
    pub last_name: Option<PersonName>,
    /// The new picture; `Some(None)`: none.
    pub picture: Option<Option<Picture>>,
    /// The new password. All their other sessions end.
    pub password: Option<Password>,
}

impl App {
    /// Makes an account that signs in by email, and signs it in.
    ///
    /// # Errors
    /// [`SocialError::EmailTaken`], `TooOften`, ours.
    #[tracing::instrument(name = "social.register", skip_all)]
    pub async fn register_by_email(
        &self,
        new: NewSocialUser,
        from: &Client,
    ) -> Result<SignedIn, SocialError> {
        let now = self.now();
        self.limits()
            .take(Limit::NewAccount, self.limits().address(from.address), now)
            .map_err(|retry_after| SocialError::TooOften { retry_after })?;
        let hash = self.inner.passwords.hash(new.password.as_bytes()).await?;
        let username = self.username_of_nobody();
        let draft = self.new_session(from, false);
        self.store()
            .write(move |write| {
                let name = display_name(&new.profile);
                let made = accounts::insert_registered(write, &username, &name, &hash, false, now)?;
                let account =
                    made.ok_or_else(|| Failure::internal("a username of 48 random bits is taken"))?;
                if !store::insert_user(write, account.id, &new.profile)? {
                    return Err(SocialError::EmailTaken);
                }
                let (signed_in, _) = draft.begin(write, account, false, now)?;
                Ok(signed_in)
            })
            .await
    }

    /// Signs in by email. Takes what was typed as it is: what cannot be an email or a password is simply wrong.
    ///
    /// # Errors
    /// See [`SignInError`].
    #[tracing::instrument(name = "social.sign_in", skip_all)]
    pub async fn sign_in_by_email(
        &self,
        email: &str,
        password: &str,
        from: &Client,
    ) -> Result<SignedIn, SignInError> {
        let email = Email::parse(email).ok();
        // No username has an @, so nobody's tries count for a native name.
        let key = email.as_ref().map_or("@", Email::as_str).to_owned();
        let find = move |tx: &mut dyn parlor_store::tx::Tx| match &email {
            Some(email) => store::find(tx, email),
            None => Ok(None),
        };
        let typed = Password::of_older_service(password).ok();
        let bytes = typed.as_ref().map(Password::as_bytes);
        self.sign_in_as(&key, find, bytes, self.new_session(from, false), from).await
    }

    /// Who a token stands for, if they are one of this face.
    ///
    /// # Errors
    /// See [`AuthenticateError`].
    pub async fn social_caller(&self, token: &str) -> Result<Caller, AuthenticateError> {
        let caller = self.authenticate(token).await?;
        let account = caller.account.id;
        let profile = self.store().read::<_, Failure>(move |tx| store::profile(tx, account)).await?;
        profile.map(|_| caller).ok_or(AuthenticateError::Unauthorized)
    }

    /// Everybody of this face by id, the caller too, at most 5,000; or the one with that email.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "social.people", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn social_people(&self, caller: &Caller, email: Option<Email>) -> Result<Vec<Person>, Failure> {
        let (now, viewer) = (self.now(), caller.account.id);
        self.store().read(move |tx| store::people(tx, viewer, email.as_ref(), MOST_PEOPLE, now)).await
    }

    /// The caller as they see themselves.
    ///
    /// # Errors
    /// [`SocialError::NotFound`] when they went meanwhile; ours.
    pub async fn social_self(&self, account: AccountId) -> Result<Person, SocialError> {
        let now = self.now();
        let found =
            self.store().read::<_, Failure>(move |tx| store::person(tx, account, account, now)).await?;
        found.ok_or(SocialError::NotFound)
    }

    /// Changes what this face knows of `target`, who must be the caller.
    ///
    /// # Errors
    /// See [`SocialError`].
    #[tracing::instrument(name = "social.change_profile", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn change_profile(
        &self,
        caller: &Caller,
        target: AccountId,
        edit: ProfileEdit,
    ) -> Result<Person, SocialError> {
        self.is_self(caller, target).await?;
        let (now, account, session) = (self.now(), caller.account.id, caller.session);
        let hash = match &edit.password {
            Some(password) => Some(self.inner.passwords.hash(password.as_bytes()).await?),
            None => None,
        };
        let ends_sessions = hash.is_some();
        let (name, person) = self
            .store()
            .write(move |write| {
                let before = store::profile(write, account)?.ok_or(SocialError::NotFound)?;
                let profile = changed(before, edit);
                store::delete_user(write, account)?;
                if !store::insert_user(write, account, &profile)? {
                    return Err(SocialError::EmailTaken);
                }
                let name = display_name(&profile);
                accounts::rename(write, account, &name)?;
                places::rename(write, account, &name)?;
                if let Some(hash) = hash {
                    accounts::set_password(write, account, &hash)?;
                    sessions::end_all(write, account, Some(session))?;
                }
                let person = store::person(write, account, account, now)?.ok_or(SocialError::NotFound)?;
                Ok((name, person))
            })
            .await?;
        if name != caller.account.display_name {
            self.tell(Notice::Renamed { account, name });
        }
        if ends_sessions {
            self.tell(Notice::SessionsEnded(EndedSessions { account, only: None, except: Some(session) }));
        }
        Ok(person)
    }

    /// Deletes the account of `target`, who must be the caller. They leave every group: what they own passes to the
    /// registered member of longest standing, or goes where there is none. Their messages stay, as nobody's.
    ///
    /// # Errors
    /// See [`SocialError`].
    #[tracing::instrument(name = "social.delete_account", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn delete_account(&self, caller: &Caller, target: AccountId) -> Result<(), SocialError> {
        self.is_self(caller, target).await?;
        let (now, account, app) = (self.now(), caller.account.clone(), self.clone());
        let id = account.id;
        let gone = self
            .store()
            .write::<_, Failure>(move |write| {
                let (mut gone, mut after) = (Vec::new(), None);
                loop {
                    let some = groups::of_account(write, id, after, GROUPS_AT_ONCE, now)?;
                    let Some(last) = some.last() else { break };
                    after = Some(last.group.id);
                    for membership in some {
                        let group = membership.group.id;
                        if leave_for_good(&app, write, group, membership.role, &account, now)? == Left::Gone {
                            gone.push(group);
                        }
                    }
                }
                store::delete_user(write, id)?;
                accounts::erase(write, id, &DisplayName::from_stored(FORMER))?;
                sessions::end_all(write, id, None)?;
                Ok(gone)
            })
            .await?;
        for group in gone {
            self.tell(Notice::GroupGone { group });
        }
        self.tell(Notice::SessionsEnded(EndedSessions { account: id, only: None, except: None }));
        Ok(())
    }

    /// Everybody may know who is there, nobody may change another.
    async fn is_self(&self, caller: &Caller, target: AccountId) -> Result<(), SocialError> {
        if target == caller.account.id {
            return Ok(());
        }
        let there = self.store().read::<_, Failure>(move |tx| store::profile(tx, target)).await?;
        Err(if there.is_some() { SocialError::Denied } else { SocialError::NotFound })
    }

    /// What stands where a native account has its username: drawn by chance, so it is nobody's and tells nothing of the
    /// email. Natively nobody signs in by it unless they were told.
    fn username_of_nobody(&self) -> Username {
        let random: [u8; 6] = self.random();
        let digits: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        Username::from_stored(&format!("social-{digits}"))
    }
}

/// What others see natively of an account that was deleted.
const FORMER: &str = "Former member";

/// What became of a group whose member has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// It goes on.
    GoesOn,
    /// Nobody was left who could own it: it is gone.
    Gone,
}

/// Ends a membership whoever it is: an owner's group passes to the registered member of longest standing.
pub(super) fn leave_for_good(
    app: &App,
    write: &mut Write<'_>,
    group: GroupId,
    role: Role,
    account: &Account,
    now: Timestamp,
) -> Result<Left, Failure> {
    if role == Role::Owner && !pass_on(write, group, account, now)? {
        purge::mark_gone(write, group, now)?;
        return Ok(Left::Gone);
    }
    remove(app, write, group, account, account.clone(), LeaveReason::Left, now)?;
    Ok(Left::GoesOn)
}

/// Makes the member of longest standing the owner of what one owns; false where there is nobody.
fn pass_on(write: &mut Write<'_>, group: GroupId, by: &Account, now: Timestamp) -> Result<bool, Failure> {
    let Some(heir) = store::longest_standing(write, group, by.id)? else { return Ok(false) };
    let heir = members::load(write, group, heir)?;
    let heir = heir.ok_or_else(|| Failure::internal("a member went away within a transaction"))?;
    let there = groups::load(write, group, now)?;
    if there.is_some_and(|there| there.owner_id == by.id) {
        if heir.role != Role::Owner {
            give_role(write, group, by, &heir.account, Role::Owner, now)?;
        }
        let change = GroupChange { owner_id: Some(heir.account.id), ..GroupChange::default() };
        groups::change(write, group, &change)?;
        log::append(write, group, &by.author(), now, EventBody::GroupUpdated(change))?;
    }
    Ok(true)
}

fn changed(before: Profile, edit: ProfileEdit) -> Profile {
    Profile {
        email: edit.email.unwrap_or(before.email),
        first_name: edit.first_name.unwrap_or(before.first_name),
        last_name: edit.last_name.unwrap_or(before.last_name),
        picture: edit.picture.unwrap_or(before.picture),
    }
}

/// First and last name, cut to what a display name may be.
fn display_name(profile: &Profile) -> DisplayName {
    let both = format!("{} {}", profile.first_name.as_str(), profile.last_name.as_str());
    let line = text::clean_line(&both, DisplayName::MOST);
    DisplayName::parse(&line).unwrap_or_else(|_| DisplayName::from_stored("Somebody"))
}
