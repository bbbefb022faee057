//! `/users`

use std::sync::Arc;

use axum::extract::{FromRequest as _, RawQuery, Request, State};
use parlor_app::Client;
use parlor_app::accounts::SignedIn as NewSession;
use parlor_app::social::{NewSocialUser, Profile, ProfileEdit};
use parlor_core::social::{Email, PersonName, Picture};
use parlor_core::{AccountId, Password};

use super::Social;
use super::answer::{Answer, Nothing, Refused, ok};
use super::documents::User;
use super::fields::{Fields, Id, parameter};
use super::session::{Browser, SignedIn};
use crate::client;

/// `GET /users`
pub(super) async fn list(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    RawQuery(query): RawQuery,
) -> Answer {
    let email = match parameter(query.as_deref(), "email").map(|email| Email::parse(&email)) {
        // What can be no email is nobody's.
        Some(Err(_)) => return Ok(ok([(); 0], "Nobody has that email")),
        Some(Ok(email)) => Some(email),
        None => None,
    };
    let people = social.app.social_people(&caller, email).await?;
    Ok(ok(people.iter().map(User::from).collect::<Vec<_>>(), "All users"))
}

/// `POST /users/register`
pub(super) async fn register(
    State(social): State<Arc<Social>>,
    browser: Browser,
    request: Request,
) -> Answer {
    let (from, fields) = read(request).await?;
    let new = NewSocialUser {
        profile: Profile {
            first_name: PersonName::first(fields.text("first_name")?)?,
            last_name: PersonName::last(fields.text("last_name")?)?,
            email: Email::parse(fields.text("email")?)?,
            picture: picture(&fields)?,
        },
        password: Password::of_older_service(fields.text("password")?)?,
    };
    let begun = social.app.register_by_email(new, &from).await?;
    social.welcome(&browser, &begun, "Registered and logged in").await
}

/// `POST /users/login`
pub(super) async fn sign_in(State(social): State<Arc<Social>>, browser: Browser, request: Request) -> Answer {
    let (from, fields) = read(request).await?;
    let (email, password) = (fields.text("email")?, fields.text("password")?);
    let begun = social.app.sign_in_by_email(email, password, &from).await?;
    social.welcome(&browser, &begun, "Logged in").await
}

/// `GET /users/logout`
pub(super) async fn sign_out(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    browser: Browser,
) -> Answer {
    social.app.sign_out(&caller).await?;
    let mut response = ok(Nothing {}, "Logged out");
    browser.forget(&mut response);
    Ok(response)
}

/// `PUT /users/<id>`
pub(super) async fn change(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    fields: Fields,
) -> Answer {
    let edit = ProfileEdit {
        email: fields.text_if_any("email")?.map(Email::parse).transpose()?,
        first_name: fields.text_if_any("first_name")?.map(PersonName::first).transpose()?,
        last_name: fields.text_if_any("last_name")?.map(PersonName::last).transpose()?,
        picture: fields.has("picture").then(|| picture(&fields)).transpose()?,
        password: fields.text_if_any("password")?.map(Password::of_older_service).transpose()?,
    };
    let person = social.app.change_profile(&caller, account(id)?, edit).await?;
    Ok(ok(User::from(&person), "Updated"))
}

/// `DELETE /users/<id>`
pub(super) async fn delete(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    browser: Browser,
) -> Answer {
    social.app.delete_account(&caller, account(id)?).await?;
    let mut response = ok(Nothing {}, "Deleted");
    browser.forget(&mut response);
    Ok(response)
}

impl Social {
    async fn welcome(&self, browser: &Browser, begun: &NewSession, message: &str) -> Answer {
        let person = self.app.social_self(begun.account().id).await?;
        let mut response = ok(User::from(&person), message);
        browser.remember(&mut response, &begun.token);
        Ok(response)
    }
}

/// Who sends a body before they are anybody.
async fn read(request: Request) -> Result<(Client, Fields), Refused> {
    let (parts, body) = request.into_parts();
    let from = client::of_request(&parts);
    Ok((from, Fields::from_request(Request::from_parts(parts, body), &()).await?))
}

/// None where it is empty, too.
fn picture(fields: &Fields) -> Result<Option<Picture>, Refused> {
    let sent = fields.text_if_any("picture")?.filter(|picture| !picture.trim().is_empty());
    Ok(sent.map(Picture::parse).transpose()?)
}

pub(super) fn account(id: i64) -> Result<AccountId, Refused> {
    AccountId::new(id).ok_or_else(Refused::not_found)
}
