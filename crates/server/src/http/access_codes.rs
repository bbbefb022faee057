//! Access codes: joining by one, making a new one, turning it off.

use std::sync::Arc;

use axum::extract::State;
use parlor_core::{AccessCode, Role};
use parlor_wire::group as wire;

use super::body::{Body, ok};
use super::client::CalledFrom;
use super::groups::answer;
use super::path::InGroup;
use super::problem::Answer;
use super::session::SignedIn;
use crate::deps::Deps;

/// `POST /groups/join`
pub async fn join(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    CalledFrom(from): CalledFrom,
    Body(body): Body<wire::JoinGroup>,
) -> Answer {
    let code = AccessCode::parse(body.access_code.reveal())?;
    let group = deps.app.join_group(&caller, code, &from).await?;
    Ok(ok(&wire::GroupAnswer { group: wire::Group::seen(&group) }))
}

/// `POST /groups/{id}/access_code`
pub async fn rotate(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
) -> Answer {
    let group = deps.app.rotate_access_code(&caller, group).await?;
    Ok(ok(&answer(Role::Moderator, &group)))
}

/// `DELETE /groups/{id}/access_code`
pub async fn turn_off(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
) -> Answer {
    let group = deps.app.turn_off_access_code(&caller, group).await?;
    Ok(ok(&answer(Role::Moderator, &group)))
}
