//! Who calls: the session behind `Authorization: Bearer <token>`.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use parlor_app::sessions::AuthenticateError;
use parlor_app::{Caller, Client};

use super::Codemaze;
use super::answer::Refused;
use crate::client;

/// Somebody who is signed in.
pub(super) struct SignedIn(pub(super) Caller);

impl FromRequestParts<Arc<Codemaze>> for SignedIn {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, codemaze: &Arc<Codemaze>) -> Result<Self, Refused> {
        let Anybody { caller, .. } = Anybody::from_request_parts(parts, codemaze).await?;
        caller.map(Self).ok_or(Refused::Nobody)
    }
}

/// Somebody who may be signed in, and where from. A token that stands for nobody is refused all the same.
pub(super) struct Anybody {
    pub(super) caller: Option<Caller>,
    pub(super) from: Client,
}

impl FromRequestParts<Arc<Codemaze>> for Anybody {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, codemaze: &Arc<Codemaze>) -> Result<Self, Refused> {
        let from = client::of_request(parts);
        let caller = match parts.headers.get(header::AUTHORIZATION) {
            None => None,
            Some(sent) => {
                let token = sent.to_str().ok().and_then(token).ok_or(Refused::Nobody)?;
                Some(codemaze.caller(token, &from).await?)
            }
        };
        Ok(Self { caller, from })
    }
}

/// Where a request comes from that needs no token; one that is sent is not looked at.
pub(super) struct Place(pub(super) Client);

impl<S: Send + Sync> FromRequestParts<S> for Place {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(client::of_request(parts)))
    }
}

impl Codemaze {
    pub(super) async fn caller(&self, token: &str, from: &Client) -> Result<Caller, Refused> {
        self.app.racing_caller(token, from).await.map_err(|error| match error {
            AuthenticateError::Unauthorized => Refused::Nobody,
            AuthenticateError::Failure(failure) => failure.into(),
        })
    }
}

/// What stands after `Bearer`, in whatever case.
pub(super) fn token(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
