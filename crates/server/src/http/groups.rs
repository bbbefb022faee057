//! Groups: made, looked at, changed, ended.

use std::sync::Arc;

use axum::extract::State;
use parlor_app::groups;
use parlor_core::{Description, GroupName, Invalid, Lifetime, Role, Rules, SlowMode};
use parlor_wire::group as wire;
use parlor_wire::socket::Done;

use super::body::{Body, created, ok};
use super::path::InGroup;
use super::problem::Answer;
use super::query::Query;
use super::session::SignedIn;
use crate::deps::Deps;

/// `GET /groups`
pub async fn list(State(deps): State<Arc<Deps>>, SignedIn(caller): SignedIn, query: Query) -> Answer {
    let page = deps.app.my_groups(&caller, query.key("cursor")?, query.limit()?).await?;
    let groups = page.items.iter().map(|mine| wire::Group::seen_as(mine.role, &mine.group));
    Ok(ok(&wire::Groups { groups: groups.collect(), next: page.next.map(|key| key.to_string()) }))
}

/// `POST /groups`
pub async fn create(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    Body(body): Body<wire::NewGroup>,
) -> Answer {
    let new = groups::NewGroup {
        name: GroupName::parse(&body.name)?,
        description: Description::parse(body.description.as_deref().unwrap_or_default())?,
        rules: Rules::parse(body.rules.as_deref().unwrap_or_default())?,
        expires_in: body.expires_in_s.map(lifetime).transpose()?,
    };
    let group = deps.app.create_group(&caller, new).await?;
    Ok(created(&answer(Role::Owner, &group)))
}

/// `GET /groups/{id}`
pub async fn show(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
) -> Answer {
    let mine = deps.app.group(&caller, group).await?;
    Ok(ok(&answer(mine.role, &mine.group)))
}

/// `PATCH /groups/{id}`
pub async fn change(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
    Body(body): Body<wire::ChangeGroup>,
) -> Answer {
    let edit = groups::GroupEdit {
        name: body.name.as_deref().map(GroupName::parse).transpose()?,
        description: body.description.as_deref().map(Description::parse).transpose()?,
        rules: body.rules.as_deref().map(Rules::parse).transpose()?,
        lobby_threes: body.lobby_threes,
        slow_mode: body.slow_mode_s.map(|seconds| SlowMode::from_secs(seconds.into())).transpose()?,
        expires_in: body.expires_in_s.map(|wish| wish.map(lifetime).transpose()).transpose()?,
    };
    let group = deps.app.change_group(&caller, group, edit).await?;
    Ok(ok(&answer(Role::Moderator, &group)))
}

/// `DELETE /groups/{id}`
pub async fn end(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
) -> Answer {
    deps.app.delete_group(&caller, group).await?;
    Ok(ok(&Done {}))
}

/// The group for somebody of whom the operation made sure that they have at least this role.
pub(super) fn answer(role: Role, group: &parlor_core::Group) -> wire::GroupAnswer {
    wire::GroupAnswer { group: wire::Group::seen_as(role, group) }
}

fn lifetime(seconds: u64) -> Result<Lifetime, Invalid> {
    Lifetime::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX))
}
