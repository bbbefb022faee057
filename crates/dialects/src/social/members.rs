//! `/members`

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use parlor_app::social::SocialMember;

use super::Social;
use super::answer::{Answer, Nothing, ok};
use super::documents::Member;
use super::fields::{Fields, Id};
use super::groups::{group, group_asked};
use super::session::SignedIn;
use super::users::account;

/// `GET /members`
pub(super) async fn list(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    RawQuery(query): RawQuery,
) -> Answer {
    let group = group_asked(query.as_deref())?;
    Ok(listed(&social.app.social_members(&caller, group).await?))
}

/// `GET /members/<group_id>`
pub(super) async fn of_group(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Answer {
    Ok(listed(&social.app.social_members(&caller, Some(group(id)?)).await?))
}

/// `POST /members`
pub(super) async fn add(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    fields: Fields,
) -> Answer {
    let (group, person) = (group(fields.id("group_fk")?)?, account(fields.id("member_fk")?)?);
    let member = social.app.add_social_member(&caller, group, person).await?;
    Ok(ok(Member::from(&member), "Added"))
}

/// `PUT /members/<id>`
pub(super) async fn change(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    fields: Fields,
) -> Answer {
    let group = fields.id_if_any("group_fk")?.map(group).transpose()?;
    let person = fields.id_if_any("member_fk")?.map(account).transpose()?;
    let member = social.app.move_social_member(&caller, id, group, person).await?;
    Ok(ok(Member::from(&member), "Updated"))
}

/// `DELETE /members/<id>`
pub(super) async fn delete(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Answer {
    social.app.remove_social_member(&caller, id).await?;
    Ok(ok(Nothing {}, "Removed"))
}

fn listed(members: &[SocialMember]) -> Response {
    ok(members.iter().map(Member::from).collect::<Vec<_>>(), "The members")
}
