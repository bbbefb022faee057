//! Who calls: the session behind the cookie `social_session`.
//!
//! A browser sends the cookie whoever made it ask, so it counts only where the page is of this server or of an origin
//! that is named in the settings, or where no browser says where from (contracts/README.md, "Other origins"). Since that
//! is checked for each request, the cookie may be `SameSite=None`, which pages of other sites need. Browsers take that
//! only together with `Secure`, so without TLS it is `Lax`: then pages of other ports of the same host still have it.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use parlor_app::{Caller, Token};
use parlor_socketio::{Origin, Socket, origin_of};

use super::Social;
use super::answer::Refused;
use crate::client::Encrypted;

const COOKIE: &str = "social_session";
/// As long as browsers keep a cookie at most; when the session ends is decided by the store.
const MAX_AGE_S: u32 = 400 * 24 * 60 * 60;

/// Somebody who is signed in.
pub(super) struct SignedIn(pub(super) Caller);

impl FromRequestParts<Arc<Social>> for SignedIn {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, social: &Arc<Social>) -> Result<Self, Refused> {
        let token = token(&parts.headers).filter(|_| social.may_call(&parts.headers));
        social.caller(token).await.map(Self)
    }
}

/// Whose browser may be given a cookie, and how.
pub(super) struct Browser {
    is_trusted: bool,
    is_encrypted: bool,
}

impl FromRequestParts<Arc<Social>> for Browser {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, social: &Arc<Social>) -> Result<Self, Self::Rejection> {
        let is_encrypted = parts.extensions.get::<Encrypted>().is_some_and(|encrypted| encrypted.0);
        Ok(Self { is_trusted: social.may_call(&parts.headers), is_encrypted })
    }
}

impl Browser {
    /// Gives it the session, unless a foreign page asked for it.
    pub(super) fn remember(&self, response: &mut Response, token: &Token) {
        if self.is_trusted {
            self.set_cookie(response, token.reveal(), MAX_AGE_S);
        }
    }

    /// Takes the session away.
    pub(super) fn forget(&self, response: &mut Response) {
        self.set_cookie(response, "", 0);
    }

    fn set_cookie(&self, response: &mut Response, value: &str, max_age: u32) {
        let reach = if self.is_encrypted { "SameSite=None; Secure" } else { "SameSite=Lax" };
        let cookie = format!("{COOKIE}={value}; Path=/; HttpOnly; {reach}; Max-Age={max_age}");
        let mut value = HeaderValue::try_from(cookie).expect("a token is hex digits");
        value.set_sensitive(true);
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

impl Social {
    /// Who is at a socket: by the cookie of its handshake, asked anew each time, since a session may have ended.
    pub(super) async fn caller_of(&self, socket: &Socket) -> Result<Caller, Refused> {
        let handshake = socket.handshake();
        let origin = handshake.header("origin").and_then(|origin| HeaderValue::from_str(origin).ok());
        let counts = self.trusts(handshake.origin(), origin.as_ref());
        self.caller(handshake.header("cookie").and_then(token_in).filter(|_| counts)).await
    }

    async fn caller(&self, token: Option<&str>) -> Result<Caller, Refused> {
        let token = token.ok_or_else(Refused::unauthorized)?;
        Ok(self.app.social_caller(token).await?)
    }

    fn may_call(&self, headers: &HeaderMap) -> bool {
        self.trusts(origin_of(headers), headers.get(header::ORIGIN))
    }

    fn trusts(&self, origin: Origin, named: Option<&HeaderValue>) -> bool {
        match origin {
            Origin::Own | Origin::Unsaid => true,
            Origin::Foreign => named.is_some_and(|origin| self.settings.cors_origins.allow(origin)),
        }
    }
}

/// The token of our cookie, whatever it is worth.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok()).find_map(token_in)
}

fn token_in(line: &str) -> Option<&str> {
    let mut pairs = line.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value.trim_matches('"'))
}
