//! Guests: a name, and with an access code a place in one group.

use crate::access_codes::{CodeTry, enter};
use crate::accounts::SignedIn;
use crate::limits::Limit;
use crate::{App, Client, Failure};
use parlor_bus::Notice;
use parlor_core::{AccessCode, Code, DisplayName, Group, Refusal, Role};
use parlor_store::{accounts, groups};
use std::time::Duration;

/// What makes a guest.
#[derive(Clone, Debug)]
pub struct NewGuest {
    /// What others see.
    pub display_name: DisplayName,
    /// The code of the group to join at once.
    pub access_code: Option<AccessCode>,
}

/// A guest, signed in.
#[derive(Clone, Debug)]
pub struct GuestSignedIn {
    /// The session.
    pub signed_in: SignedIn,
    /// The group that the code opened.
    pub group: Option<Group>,
}

/// Why there is no guest. Nothing was made.
#[derive(Debug, thiserror::Error)]
pub enum CreateGuestError {
    /// No group has that code.
    #[error("no group has that access code")]
    CodeUnknown,
    /// Too many guests, or too many wrong codes, from one address.
    #[error("too many tries from your address")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for CreateGuestError {
    fn code(&self) -> Code {
        match self {
            Self::CodeUnknown => Code::NotFound,
            Self::TooOften { .. } => Code::RateLimited,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooOften { retry_after } => Some(*retry_after),
            Self::Failure(failure) => failure.retry_after(),
            Self::CodeUnknown => None,
        }
    }
}

impl App {
    /// Makes a guest, signs them in and, with a code, lets them into its group; all of it or nothing.
    ///
    /// # Errors
    /// See [`CreateGuestError`].
    #[tracing::instrument(name = "account.create_guest", skip_all)]
    pub async fn create_guest(
        &self,
        new: NewGuest,
        from: &Client,
    ) -> Result<GuestSignedIn, CreateGuestError> {
        let now = self.now();
        let too_often = |retry_after| CreateGuestError::TooOften { retry_after };
        if let Some(code) = &new.access_code {
            match self.try_code(code, from, None).await? {
                CodeTry::Right => {}
                CodeTry::Wrong => return Err(CreateGuestError::CodeUnknown),
                CodeTry::TooOften { retry_after } => return Err(too_often(retry_after)),
            }
        }
        let address = self.limits().address(from.address);
        self.limits().take(Limit::NewGuest, address, now).map_err(too_often)?;
        let (draft, name, code) = (self.new_session(from, true), new.display_name, new.access_code);
        let made = self
            .store()
            .write(move |write| {
                // Looked up again: it may have been turned off meanwhile.
                let opened = code.map(|code| groups::find_by_code(write, &code, now)).transpose()?;
                let group = match opened {
                    Some(None) => return Err(CreateGuestError::CodeUnknown),
                    Some(group) => group,
                    None => None,
                };
                let account = accounts::insert_guest(write, &name, now)?;
                let group = group.map(|group| enter(write, group, &account, now)).transpose()?;
                let (signed_in, _) = draft.begin(write, account, false, now)?;
                Ok(GuestSignedIn { signed_in, group })
            })
            .await?;
        if let Some(group) = &made.group {
            let account = made.signed_in.account().id;
            self.tell(Notice::Membership { group: group.id, account, role: Some(Role::Guest) });
        }
        Ok(made)
    }
}
