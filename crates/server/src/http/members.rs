//! Members: the list, roles, sending away, leaving, handing over.

use std::sync::Arc;

use axum::extract::State;
use parlor_core::{AccountId, Role};
use parlor_wire::group as wire;
use parlor_wire::number::Id;
use parlor_wire::socket::Done;

use super::body::{Body, ok};
use super::groups::answer;
use super::path::{InGroup, OfAccount};
use super::problem::{Answer, Failed};
use super::query::Query;
use super::session::SignedIn;
use crate::deps::Deps;

/// `GET /groups/{id}/members`
pub async fn list(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
    query: Query,
) -> Answer {
    let page = deps.app.members(&caller, group, query.key("cursor")?, query.limit()?).await?;
    let members = page.items.iter().map(wire::Member::from).collect();
    Ok(ok(&wire::Members { members, next: page.next.map(|key| key.to_string()) }))
}

/// `PATCH /groups/{id}/members/{account_id}`
pub async fn set_role(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    OfAccount(group, account): OfAccount,
    Body(body): Body<wire::ChangeMember>,
) -> Answer {
    let member = deps.app.set_role(&caller, group, account, body.role.into()).await?;
    Ok(ok(&wire::MemberAnswer { member: (&member).into() }))
}

/// `DELETE /groups/{id}/members/{account_id}`
pub async fn remove(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    OfAccount(group, account): OfAccount,
) -> Answer {
    deps.app.remove_member(&caller, group, account).await?;
    // The answer says that they hear nothing more: so that is made true first.
    deps.realtime.catch_up(group).await;
    Ok(ok(&Done {}))
}

/// `POST /groups/{id}/owner`
pub async fn hand_over(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
    Body(body): Body<wire::HandOver>,
) -> Answer {
    let group = deps.app.hand_over(&caller, group, account_of(body.account_id)?).await?;
    Ok(ok(&answer(Role::Moderator, &group)))
}

/// An id out of range is nobody's.
pub(super) fn account_of(Id(id): Id) -> Result<AccountId, Failed> {
    AccountId::new(id).ok_or_else(Failed::not_found)
}
