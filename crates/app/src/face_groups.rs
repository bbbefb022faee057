//! Groups that are made through an old face, by people without an account: nobody is a member, whoever has the code may
//! wait in the lobby, and they end by the clock.

use crate::limits::Limit;
use crate::{App, Client, Failure};
use parlor_core::{AccessCode, Code, Description, DisplayName, GroupId, GroupName, Lifetime, Refusal, Rules};
use parlor_store::{faces, groups};
use std::time::Duration;

pub use parlor_store::faces::FaceGroup;

/// Most groups that a list holds, the newest: with a code, one is found however many there are.
const MOST_LISTED: i64 = 2_000;
/// Most bytes of descriptions and rules in a list, so that nobody makes every list a large one.
const MOST_TEXT: i64 = 2_000_000;
/// Codes that are tried until one is free; with a million groups two in a row are taken once in seventeen million times.
const TRIES: usize = 8;

/// A face, by the name that stands in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// `contracts/circle.md`.
    Circle,
    /// `contracts/noomnim.md`.
    Noomnim,
    /// `contracts/chatbackend.md`.
    ChatBackend,
}

impl Face {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Circle => "circle",
            Self::Noomnim => "noomnim",
            Self::ChatBackend => "chatbackend",
        }
    }

    /// What the account is called that owns its groups.
    pub(crate) fn owner_name(self) -> DisplayName {
        match self {
            Self::Circle => DisplayName::from_stored("The Circle"),
            Self::Noomnim => DisplayName::from_stored("Noomnim"),
            Self::ChatBackend => DisplayName::from_stored("ChatBackend"),
        }
    }
}

/// What makes such a group.
#[derive(Clone, Debug)]
pub struct NewFaceGroup {
    /// What it is called.
    pub name: GroupName,
    /// What it is about.
    pub description: Description,
    /// What holds in it.
    pub rules: Rules,
    /// How long it lives.
    pub lifetime: Lifetime,
}

/// Why no such group was made.
#[derive(Debug, thiserror::Error)]
pub enum FaceGroupError {
    /// Too many from one address, or too many wrong codes.
    #[error("too many tries")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for FaceGroupError {
    fn code(&self) -> Code {
        match self {
            Self::TooOften { .. } => Code::RateLimited,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooOften { retry_after } => Some(*retry_after),
            Self::Failure(failure) => failure.retry_after(),
        }
    }
}

impl App {
    /// Makes a group of a face, with a short code.
    ///
    /// # Errors
    /// See [`FaceGroupError`].
    #[tracing::instrument(name = "face.create_group", skip_all)]
    pub async fn create_face_group(
        &self,
        face: Face,
        new: NewFaceGroup,
        from: &Client,
    ) -> Result<FaceGroup, FaceGroupError> {
        let now = self.now();
        let key = self.limits().address(from.address);
        self.limits()
            .take(Limit::NewFaceGroup, key, now)
            .map_err(|retry_after| FaceGroupError::TooOften { retry_after })?;
        let codes: [AccessCode; TRIES] =
            std::array::from_fn(|_| AccessCode::short_from_random(self.random()));
        let epoch = self.inner.edges.new_epoch();
        self.store()
            .write(move |write| {
                for code in codes {
                    let row = |owner| groups::NewGroup {
                        name: new.name.clone(),
                        description: new.description.clone(),
                        rules: new.rules.clone(),
                        owner,
                        access_code: code.clone(),
                        expires_at: Some(new.lifetime.end(now)),
                        epoch,
                    };
                    let made = faces::insert_group(write, face.as_str(), &face.owner_name(), row, now)?;
                    if let Some(id) = made {
                        let NewFaceGroup { name, description, rules, .. } = new;
                        let created_at = now;
                        return Ok(FaceGroup { id, name, description, rules, access_code: code, created_at });
                    }
                }
                Err(Failure::internal("every short code that was drawn is taken").into())
            })
            .await
    }

    /// The groups of a face that have not ended, oldest first; or the one with a code, where the list shows them all.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "face.groups", skip_all)]
    pub async fn face_groups(&self, face: Face) -> Result<Vec<FaceGroup>, Failure> {
        let now = self.now();
        self.store().read(move |tx| faces::list(tx, face.as_str(), now, MOST_LISTED, MOST_TEXT)).await
    }

    /// The group of a face with a code, where all codes are listed anyway.
    ///
    /// # Errors
    /// Ours only.
    pub async fn face_group(&self, face: Face, code: AccessCode) -> Result<Option<FaceGroup>, Failure> {
        let now = self.now();
        self.store().read(move |tx| faces::find(tx, face.as_str(), &code, now)).await
    }

    /// The group of a face with a code, where that is a secret: wrong ones count as in
    /// [`App::enter_lobby_by_code`].
    ///
    /// # Errors
    /// See [`FaceGroupError`].
    #[tracing::instrument(name = "face.group_by_code", skip_all)]
    pub async fn face_group_by_code(
        &self,
        face: Face,
        code: AccessCode,
        from: &Client,
    ) -> Result<Option<FaceGroup>, FaceGroupError> {
        let now = self.now();
        self.limits()
            .wrong_codes_from(from.address, now)
            .map_err(|retry_after| FaceGroupError::TooOften { retry_after })?;
        // Counted before it is known to be wrong: many at once would otherwise all be answered.
        self.limits().count_wrong_code(from.address, now);
        let found = self.face_group(face, code).await?;
        if found.is_some() {
            self.limits().forgive_wrong_code(from.address);
        }
        Ok(found)
    }

    /// Whether a text is the code of a group that is there, whoever made it; and which.
    ///
    /// # Errors
    /// Ours only.
    pub async fn group_of_code(&self, code: AccessCode) -> Result<Option<GroupId>, Failure> {
        let now = self.now();
        self.store().read(move |tx| groups::find_by_code(tx, &code, now)).await
    }
}
