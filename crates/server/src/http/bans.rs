//! Bans: who may not come back.

use std::sync::Arc;

use axum::extract::State;
use parlor_core::BanReason;
use parlor_wire::group as wire;
use parlor_wire::socket::Done;

use super::body::{Body, ok};
use super::members::account_of;
use super::path::{InGroup, OfAccount};
use super::problem::Answer;
use super::query::Query;
use super::session::SignedIn;
use crate::deps::Deps;

/// `GET /groups/{id}/bans`
pub async fn list(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
    query: Query,
) -> Answer {
    let page = deps.app.bans(&caller, group, query.key("cursor")?, query.limit()?).await?;
    let bans = page.items.iter().map(wire::Ban::from).collect();
    Ok(ok(&wire::Bans { bans, next: page.next.map(|key| key.to_string()) }))
}

/// `POST /groups/{id}/bans`
pub async fn ban(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
    Body(body): Body<wire::NewBan>,
) -> Answer {
    let reason = BanReason::parse(body.reason.as_deref().unwrap_or_default())?;
    let ban = deps.app.ban(&caller, group, account_of(body.account_id)?, reason).await?;
    // The answer says that they hear nothing more: so that is made true first.
    deps.realtime.catch_up(group).await;
    Ok(ok(&wire::BanAnswer { ban: (&ban).into() }))
}

/// `DELETE /groups/{id}/bans/{account_id}`
pub async fn unban(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    OfAccount(group, account): OfAccount,
) -> Answer {
    deps.app.unban(&caller, group, account).await?;
    Ok(ok(&Done {}))
}
