//! Accounts and guests: made, looked at, renamed, given another password.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use parlor_app::{PageLimit, accounts, guests};
use parlor_core::{AccessCode, DisplayName, Password, Role, Username};
use parlor_wire::account as wire;
use parlor_wire::group::Group;
use parlor_wire::hidden::Hidden;
use parlor_wire::problem::Code;

use super::body::{Body, created, no_content, ok};
use super::client::{CalledFrom, Client};
use super::problem::{Answer, Failed};
use super::session::{SignedIn, remember};
use crate::deps::Deps;

/// Pages of groups that `GET /me` puts together at most.
const MOST_PAGES: usize = 10;

/// `POST /accounts`
pub async fn create(
    State(deps): State<Arc<Deps>>,
    client: Client,
    CalledFrom(from): CalledFrom,
    headers: HeaderMap,
    Body(body): Body<wire::NewAccount>,
) -> Answer {
    if !deps.config.open_registration && body.admin_token.is_none() {
        return Err(Failed::new(Code::Forbidden, "this server is not open for new accounts"));
    }
    let new = accounts::NewAccount {
        username: Username::parse(&body.username)?,
        password: Password::parse(body.password.reveal())?,
        display_name: body.display_name.as_deref().map(DisplayName::parse).transpose()?,
        first_admin: body.admin_token.map(Hidden::into_inner),
    };
    let made = deps.app.create_account(new, &from).await?;
    Ok(signed_in(&made, None, client, &headers))
}

/// `POST /guests`
pub async fn create_guest(
    State(deps): State<Arc<Deps>>,
    client: Client,
    CalledFrom(from): CalledFrom,
    headers: HeaderMap,
    Body(body): Body<wire::NewGuest>,
) -> Answer {
    let new = guests::NewGuest {
        display_name: DisplayName::parse(&body.display_name)?,
        access_code: body.access_code.as_ref().map(|code| AccessCode::parse(code.reveal())).transpose()?,
    };
    let made = deps.app.create_guest(new, &from).await?;
    let group = made.group.as_ref().map(|group| Group::seen_as(Role::Guest, group));
    Ok(signed_in(&made.signed_in, group, client, &headers))
}

/// 201 with the token, in the body and as a cookie.
pub(super) fn signed_in(
    made: &accounts::SignedIn,
    group: Option<Group>,
    client: Client,
    headers: &HeaderMap,
) -> axum::response::Response {
    let token = Hidden::from(made.token.reveal());
    let mut response = created(&wire::SignedIn { account: made.account().into(), token, group });
    remember(&mut response, &made.token, client, headers);
    response
}

/// `GET /me`
pub async fn me(State(deps): State<Arc<Deps>>, SignedIn(caller): SignedIn) -> Answer {
    let (mut groups, mut next) = (Vec::new(), None);
    for _ in 0..MOST_PAGES {
        let page = deps.app.my_groups(&caller, next, PageLimit::new(PageLimit::MOST.into())).await?;
        groups.extend(page.items.iter().map(wire::MyGroup::from));
        next = page.next;
        if next.is_none() {
            break;
        }
    }
    let next = next.map(|key| key.to_string());
    Ok(ok(&wire::Me { account: (&caller.account).into(), admin: caller.admin, groups, next }))
}

/// `PATCH /me`
pub async fn rename(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    Body(body): Body<wire::ChangeMe>,
) -> Answer {
    let account = deps.app.rename(&caller, DisplayName::parse(&body.display_name)?).await?;
    Ok(ok(&wire::AccountAnswer { account: (&account).into() }))
}

/// `PUT /me/password`
pub async fn change_password(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    CalledFrom(from): CalledFrom,
    Body(body): Body<wire::ChangePassword>,
) -> Answer {
    let new = Password::parse(body.password.reveal())?;
    deps.app.change_password(&caller, body.current.reveal(), new, &from).await?;
    Ok(no_content())
}
