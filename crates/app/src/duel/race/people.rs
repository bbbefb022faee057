//! Who races: coming, being found, an avatar, what somebody has played, and a problem to begin with.

use super::super::DuelError;
use super::record::RecordedRace;
use crate::accounts::{CreateAccountError, SignedIn};
use crate::limits::Limit;
use crate::sessions::SignInError;
use crate::{App, Caller, Client, Failure};
use parlor_core::{AccountId, Code, DisplayName, Invalid, Password, Refusal, Username, text};
use parlor_problems::Problem;
use parlor_store::accounts;
use parlor_store::duels::{self, StoredDuel, results};
use parlor_store::racers::{self as store, RacerRow};
use parlor_store::tx::Tx;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

pub use parlor_store::racers::RacerRow as RacerProfile;

/// Most characters of an avatar: as of an address.
const MOST_AVATAR: usize = 2_048;
/// Most people on the leaderboard.
const MOST_LISTED: i64 = 1_000;
/// So many of somebody's last duels are looked at for races.
const LAST_DUELS: usize = 50;
/// So many of the last problems that somebody was shown are avoided.
const AVOIDED: usize = 30;

/// Somebody in a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RaceUser {
    /// Who.
    pub id: AccountId,
    /// What they sign in with.
    pub name: String,
    /// Their points now.
    pub xp: u32,
}

impl From<&RacerRow> for RaceUser {
    fn from(racer: &RacerRow) -> Self {
        Self { id: racer.account(), name: racer.name.clone(), xp: racer.rating.xp }
    }
}

/// What an avatar may be: up to 2,048 characters in one line, never looked at.
#[derive(Clone, Debug)]
pub struct Avatar(String);

impl Avatar {
    /// # Errors
    /// `avatar`.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        text::check_line("avatar", input, 0, MOST_AVATAR).map(|line| Self(line.to_owned()))
    }
}

/// Why one is not signed in; this face says whether there is such a person.
#[derive(Debug, thiserror::Error)]
pub enum RacerSignInError {
    /// Nobody is called so.
    #[error("User not found")]
    NoSuchUser,
    /// See there.
    #[error(transparent)]
    SignIn(#[from] SignInError),
}

impl From<Failure> for RacerSignInError {
    fn from(failure: Failure) -> Self {
        Self::SignIn(failure.into())
    }
}

impl Refusal for RacerSignInError {
    fn code(&self) -> Code {
        match self {
            Self::NoSuchUser => Code::Invalid,
            Self::SignIn(error) => error.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::NoSuchUser => None,
            Self::SignIn(error) => error.retry_after(),
        }
    }
}

impl App {
    /// Makes an account of this face, without signing it in.
    ///
    /// # Errors
    /// See [`CreateAccountError`].
    #[tracing::instrument(name = "duel.register_racer", skip_all)]
    pub async fn register_racer(
        &self,
        username: Username,
        password: Password,
        from: &Client,
    ) -> Result<(), CreateAccountError> {
        let now = self.now();
        self.limits()
            .take(Limit::NewAccount, self.limits().address(from.address), now)
            .map_err(|retry_after| CreateAccountError::TooOften { retry_after })?;
        let hash = self.inner.passwords.hash(password.as_bytes()).await?;
        self.store()
            .write(move |write| {
                // A username is shorter than a name may be, and holds nothing that one may not.
                let name = DisplayName::from_stored(username.as_str());
                let made = accounts::insert_registered(write, &username, &name, &hash, false, now)?;
                let account = made.ok_or(CreateAccountError::UsernameTaken)?;
                Ok(store::insert(write, account.id)?)
            })
            .await
    }

    /// Signs in. Native accounts do so too, and are of this face from then on.
    ///
    /// # Errors
    /// See [`RacerSignInError`].
    #[tracing::instrument(name = "duel.sign_in_racer", skip_all)]
    pub async fn sign_in_racer(
        &self,
        username: &str,
        password: &str,
        from: &Client,
    ) -> Result<SignedIn, RacerSignInError> {
        let username = Username::parse(username).map_err(|_| RacerSignInError::NoSuchUser)?;
        let wanted = username.clone();
        let find = move |tx: &mut dyn Tx| accounts::find(tx, &wanted);
        let typed = Password::of_older_service(password).ok();
        let bytes = typed.as_ref().map(Password::as_bytes);
        let draft = self.new_session(from, false);
        match self.sign_in_as(&username.key(), find, bytes, draft, from).await {
            Ok(signed_in) => {
                let account = signed_in.account().id;
                self.store().write::<_, Failure>(move |write| store::insert(write, account)).await?;
                Ok(signed_in)
            }
            Err(SignInError::WrongCredentials) => {
                let found = self.store().read::<_, Failure>(move |tx| accounts::find(tx, &username)).await?;
                match found {
                    Some(_) => Err(SignInError::WrongCredentials.into()),
                    None => Err(RacerSignInError::NoSuchUser),
                }
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The caller, and the races that they won or lost, the newest first.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "duel.racer", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn racer(&self, caller: &Caller) -> Result<(RacerProfile, Vec<RecordedRace>), Failure> {
        let account = caller.account.id;
        let (racer, played) = self
            .store()
            .read::<_, Failure>(move |tx| {
                let racer = store::load(tx, account)?;
                let racer = racer.ok_or_else(|| Failure::internal("a caller has no account"))?;
                Ok((racer, played(tx, account)?))
            })
            .await?;
        let recorded = played.into_iter().map(|(duel, users, winner)| RecordedRace {
            id: duel.id,
            problem: duel.rounds.last().and_then(|round| self.problem(&round.problem)),
            winner,
            players: users,
        });
        Ok((racer, recorded.collect()))
    }

    /// Everybody of this face, those with the most points first; at most a thousand.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "duel.racers", skip_all)]
    pub async fn racers(&self) -> Result<Vec<RacerProfile>, Failure> {
        self.store().read(|tx| store::leaderboard(tx, MOST_LISTED)).await
    }

    /// Those of these names that there are.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "duel.racers_by_name", skip_all)]
    pub async fn racers_by_name(&self, names: Vec<Username>) -> Result<Vec<RacerProfile>, Failure> {
        self.store()
            .read(move |tx| {
                let mut found = Vec::new();
                for name in &names {
                    found.extend(store::find(tx, name)?);
                }
                Ok(found)
            })
            .await
    }

    /// Gives the caller another avatar.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "duel.set_avatar", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn set_avatar(&self, caller: &Caller, avatar: Avatar) -> Result<RacerProfile, Failure> {
        let account = caller.account.id;
        let changed = self
            .store()
            .write::<_, Failure>(move |write| {
                store::set_avatar(write, account, &avatar.0)?;
                store::load(write, account)
            })
            .await?;
        changed.ok_or_else(|| Failure::internal("a caller has no account"))
    }

    /// A problem of the caller's rank that they have not seen lately.
    ///
    /// # Errors
    /// [`DuelError::NoProblems`], `TooOften`, ours.
    #[tracing::instrument(name = "duel.problem_to_race", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn problem_to_race(&self, caller: &Caller) -> Result<Arc<Problem>, DuelError> {
        let (account, now) = (caller.account.id, self.now());
        self.take_limit(Limit::Duel, account)?;
        let (rating, seen) = self
            .store()
            .read::<_, Failure>(move |tx| {
                let seen: HashMap<_, _> = duels::seen(tx, account, AVOIDED)?.into_iter().collect();
                Ok((results::rating(tx, account)?, seen))
            })
            .await?;
        let problem = self.choose_problems(&[rating], &seen, 1)?.pop().ok_or(DuelError::NoProblems)?;
        let id = problem.id.clone();
        self.store().write::<_, Failure>(move |write| duels::see(write, &[account], &id, now)).await?;
        Ok(problem)
    }
}

/// The last duels of two that somebody won: with both players, and the winner.
fn played(
    tx: &mut dyn Tx,
    account: AccountId,
) -> Result<Vec<(StoredDuel, Vec<RaceUser>, RaceUser)>, Failure> {
    let mut found = Vec::new();
    for played in results::history(tx, account, None, LAST_DUELS)? {
        let Some(winner) = played.ended.winner.filter(|_| played.opponents.len() == 1) else { continue };
        let Some(duel) = duels::load(tx, played.duel)? else { continue };
        let mut users = Vec::new();
        for seated in &duel.seated {
            users.extend(store::load(tx, seated.account)?.as_ref().map(RaceUser::from));
        }
        if let Some(winner) = users.iter().find(|user| user.id == winner).cloned() {
            found.push((duel, users, winner));
        }
    }
    Ok(found)
}
