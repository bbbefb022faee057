//! Who calls: the session behind a bearer token or the cookie `parlor_session`.
//!
//! The bearer token wins. A cookie is sent by the browser whoever made it ask, so a call that changes something by
//! cookie must come from a page of ours.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::Response;
use parlor_app::sessions::AuthenticateError;
use parlor_app::{Caller, Token};
use parlor_socketio::{Origin, origin_of};
use parlor_wire::problem::Code;

use super::client::Client;
use super::problem::Failed;
use crate::deps::Deps;

/// The name of the cookie.
pub const COOKIE: &str = "parlor_session";
/// As long as browsers keep a cookie at most; when the session ends is decided by the store.
const COOKIE_MAX_AGE_S: u32 = 400 * 24 * 60 * 60;

/// Someone who is signed in.
pub struct SignedIn(pub Caller);

impl FromRequestParts<Arc<Deps>> for SignedIn {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, deps: &Arc<Deps>) -> Result<Self, Failed> {
        let token = match bearer(&parts.headers) {
            Some(token) => token,
            None => {
                let token = cookie(&parts.headers).ok_or(AuthenticateError::Unauthorized)?;
                let reads = matches!(parts.method, Method::GET | Method::HEAD);
                if !reads && origin_of(&parts.headers) != Origin::Own {
                    return Err(Failed::new(
                        Code::Forbidden,
                        "a cookie counts only for requests of this site",
                    ));
                }
                token
            }
        };
        let caller = deps.app.authenticate(token).await?;
        tracing::Span::current().record("account.id", caller.account.id.get());
        Ok(Self(caller))
    }
}

/// The token of `Authorization: Bearer`; an empty one, which is nobody's, where it has none. Another scheme is none of
/// ours: a proxy may ask for a password of its own, and the cookie counts beside that.
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The token of our cookie.
#[must_use]
pub fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok()).find_map(cookie_in)
}

/// The token of our cookie in the text of one header.
#[must_use]
pub fn cookie_in(line: &str) -> Option<&str> {
    let mut pairs = line.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value.trim_matches('"'))
}

/// Gives the browser the session, unless a foreign page asked for it.
pub fn remember(response: &mut Response, token: &Token, client: Client, headers: &HeaderMap) {
    if origin_of(headers) != Origin::Foreign {
        set_cookie(response, token.reveal(), COOKIE_MAX_AGE_S, client);
    }
}

/// Takes the session from the browser.
pub fn forget(response: &mut Response, client: Client) {
    set_cookie(response, "", 0, client);
}

fn set_cookie(response: &mut Response, value: &str, max_age: u32, client: Client) {
    let secure = if client.secure { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}");
    let mut value = HeaderValue::try_from(cookie).expect("a token is hex digits");
    value.set_sensitive(true);
    response.headers_mut().append(header::SET_COOKIE, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &header::HeaderName, values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    #[test]
    fn a_bearer_token_is_found_and_other_schemes_are_not_ours() {
        let found = |value: &str| bearer(&headers(&header::AUTHORIZATION, &[value])).map(str::to_owned);
        assert_eq!(found("Bearer abc").as_deref(), Some("abc"));
        assert_eq!(found("bearer  abc ").as_deref(), Some("abc"));
        assert_eq!(found("Bearer").as_deref(), Some(""));
        assert_eq!(found("Basic abc"), None);
        assert_eq!(found("Basic Bearer abc"), None);
        assert_eq!(found(""), None);
        assert_eq!(bearer(&HeaderMap::new()), None);
    }

    #[test]
    fn our_cookie_is_found_among_others() {
        let found = |values: &[&str]| cookie(&headers(&header::COOKIE, values)).map(str::to_owned);
        assert_eq!(found(&["a=b; parlor_session=abc; c=d"]).as_deref(), Some("abc"));
        assert_eq!(found(&["a=b", "parlor_session=\"abc\""]).as_deref(), Some("abc"));
        assert_eq!(found(&["xparlor_session=abc", "parlor_session"]), None);
        assert_eq!(found(&[]), None);
    }
}
