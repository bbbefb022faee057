//! Groups of an old face that are found by their name there: whoever knows it comes in. The face's own account owns
//! them, so that everybody may leave; who made one and has an account keeps order in it.

use crate::access_codes::add_member;
use crate::face_groups::Face;
use crate::limits::Limit;
use crate::{App, Caller, Client, Failure};
use parlor_bus::Notice;
use parlor_core::{
    AccessCode, Code, Description, GroupId, GroupName, Position, Refusal, Role, Rules, Timestamp,
};
use parlor_store::tx::Tx;
use parlor_store::{Write, bans, face_group_names as store, faces, groups, heads, members, visits};
use std::time::Duration;

pub use parlor_store::face_group_names::NamedGroup;

/// Groups in a list of somebody's, the oldest.
const MOST_LISTED: i64 = 1_000;

/// A group that somebody made or came into.
#[derive(Clone, Copy, Debug)]
pub struct Inside {
    /// Which.
    pub group: GroupId,
    /// The end of its log with their arrival.
    pub position: Position,
    /// When.
    pub at: Timestamp,
}

/// Why one is not in a group of that name.
#[derive(Debug, thiserror::Error)]
pub enum NamedGroupError {
    /// There is one of that name already.
    #[error("there is a group of that name")]
    NameTaken,
    /// There is none.
    #[error("there is no group of that name")]
    NotFound,
    /// There is, but the caller is banned.
    #[error("you are banned from this group")]
    Banned,
    /// Too many new groups.
    #[error("too many at once")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for NamedGroupError {
    fn code(&self) -> Code {
        match self {
            Self::NameTaken => Code::Conflict,
            Self::NotFound => Code::NotFound,
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

impl App {
    /// Makes a group with a name of its own in a face; the caller is in it.
    ///
    /// # Errors
    /// See [`NamedGroupError`].
    #[tracing::instrument(
        name = "face.create_named_group", skip_all,
        fields(account.id = caller.account.id.get())
    )]
    pub async fn create_named_group(
        &self,
        face: Face,
        caller: &Caller,
        name: GroupName,
        from: &Client,
    ) -> Result<Inside, NamedGroupError> {
        let (now, account) = (self.now(), caller.account.clone());
        let too_often = |retry_after| NamedGroupError::TooOften { retry_after };
        let limits = self.limits();
        limits.take(Limit::NewFaceGroup, limits.address(from.address), now).map_err(too_often)?;
        let code = AccessCode::from_random(self.random());
        let epoch = self.inner.edges.new_epoch();
        let inside = self
            .store()
            .write(move |write| {
                if store::find(write, face.as_str(), &name, now)?.is_some() {
                    return Err(NamedGroupError::NameTaken);
                }
                let row = |owner| groups::NewGroup {
                    name: name.clone(),
                    description: Description::default(),
                    rules: Rules::default(),
                    owner,
                    access_code: code,
                    expires_at: None,
                    epoch,
                };
                let made = faces::insert_group(write, face.as_str(), &face.owner_name(), row, now)?;
                let group =
                    made.ok_or_else(|| Failure::internal("two access codes of 80 bits are the same"))?;
                if !store::insert(write, face.as_str(), &name, group, now)? {
                    return Err(NamedGroupError::NameTaken);
                }
                let role = if account.guest { Role::Guest } else { Role::Moderator };
                add_member(write, group, &account, role, now)?;
                Ok(arrive(write, group, &account, now)?)
            })
            .await?;
        let (account, role) =
            (caller.account.id, if caller.account.guest { Role::Guest } else { Role::Moderator });
        self.tell(Notice::Membership { group: inside.group, account, role: Some(role) });
        Ok(inside)
    }

    /// Lets the caller into the group of a name, or answers with it when they are in already.
    ///
    /// # Errors
    /// See [`NamedGroupError`].
    #[tracing::instrument(
        name = "face.join_named_group", skip_all,
        fields(account.id = caller.account.id.get())
    )]
    pub async fn join_named_group(
        &self,
        face: Face,
        caller: &Caller,
        name: GroupName,
    ) -> Result<Inside, NamedGroupError> {
        let (now, account) = (self.now(), caller.account.clone());
        let role = if account.guest { Role::Guest } else { Role::Member };
        let (inside, is_new) = self
            .store()
            .write(move |write| {
                let found = store::find(write, face.as_str(), &name, now)?;
                let group = found.ok_or(NamedGroupError::NotFound)?;
                if members::role(write, group, account.id)?.is_some() {
                    return Ok((Inside { group, position: end_of(write, group)?, at: now }, false));
                }
                if bans::is_banned(write, group, account.id)? {
                    return Err(NamedGroupError::Banned);
                }
                add_member(write, group, &account, role, now)?;
                Ok((arrive(write, group, &account, now)?, true))
            })
            .await?;
        if is_new {
            let account = caller.account.id;
            self.tell(Notice::Membership { group: inside.group, account, role: Some(role) });
        }
        Ok(inside)
    }

    /// The group of a name in a face; whoever asks need not be in it.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "face.named_group", level = "debug", skip_all)]
    pub async fn named_group(&self, face: Face, name: GroupName) -> Result<Option<GroupId>, Failure> {
        let now = self.now();
        self.store().read(move |tx| store::find(tx, face.as_str(), &name, now)).await
    }

    /// The groups of a face that the caller is in, oldest first; at most 1,000.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "face.named_groups", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn named_groups(&self, face: Face, caller: &Caller) -> Result<Vec<NamedGroup>, Failure> {
        let (now, account) = (self.now(), caller.account.id);
        let read = move |tx: &mut dyn Tx| store::of_account(tx, face.as_str(), account, now, MOST_LISTED);
        self.store().read(read).await
    }

    /// The group of a face that the caller visited last, while they are in it.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "face.visited_group", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn visited_group(&self, face: Face, caller: &Caller) -> Result<Option<NamedGroup>, Failure> {
        let (now, account) = (self.now(), caller.account.id);
        self.store().read(move |tx| store::visited_by(tx, face.as_str(), account, now)).await
    }
}

impl App {
    /// A name of so many letters, each by chance out of these (at most 256), none of them likelier than another.
    #[must_use]
    pub fn random_name(&self, letters: &[u8], length: usize) -> String {
        let fair = 256 - 256 % letters.len();
        let mut name = String::with_capacity(length);
        while name.len() < length {
            let fit = self.random::<16>().into_iter().map(usize::from).filter(|byte| *byte < fair);
            name.extend(fit.take(length - name.len()).map(|byte| char::from(letters[byte % letters.len()])));
        }
        name
    }
}

/// Somebody has come: they have read everything up to that.
fn arrive(
    write: &mut Write<'_>,
    group: GroupId,
    account: &parlor_core::Account,
    now: Timestamp,
) -> Result<Inside, Failure> {
    let position = end_of(write, group)?;
    visits::mark(write, group, account.id, position.seq, now)?;
    Ok(Inside { group, position, at: now })
}

fn end_of(tx: &mut dyn Tx, group: GroupId) -> Result<Position, Failure> {
    let head = heads::load(tx, group)?.ok_or_else(|| Failure::internal("a group without a log"))?;
    Ok(head.position)
}
