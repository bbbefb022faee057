//! `/groups`

use std::sync::Arc;

use axum::extract::State;
use parlor_app::social::SocialGroupEdit;
use parlor_core::{GroupId, GroupName};

use super::Social;
use super::answer::{Answer, Nothing, Refused, ok};
use super::documents::Group;
use super::fields::{Fields, Id, parameter};
use super::session::SignedIn;

/// Most bytes of what is kept as it came.
const MOST_AS_IT_CAME: usize = 2_048;
const SECONDARY: &str = "secondary_user_fk";

/// `GET /groups`
pub(super) async fn list(State(social): State<Arc<Social>>, SignedIn(caller): SignedIn) -> Answer {
    let groups = social.app.social_groups(&caller).await?;
    Ok(ok(groups.iter().map(|group| Group::from(group.as_ref())).collect::<Vec<_>>(), "Your groups"))
}

/// `GET /groups/<id>`
pub(super) async fn show(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Answer {
    let found = social.app.social_group(&caller, group(id)?).await?;
    Ok(ok(Group::from(found.as_ref()), "The group"))
}

/// `POST /groups`
pub(super) async fn create(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    fields: Fields,
) -> Answer {
    let name = GroupName::parse(fields.text("name")?)?;
    fields.owner_is(&caller)?;
    let secondary_user = fields.as_it_came(SECONDARY, MOST_AS_IT_CAME)?;
    let made = social.app.create_social_group(&caller, name, secondary_user).await?;
    Ok(ok(Group::from(made.as_ref()), "Created"))
}

/// `PUT /groups/<id>`
pub(super) async fn change(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    fields: Fields,
) -> Answer {
    let secondary_user = fields.has(SECONDARY).then(|| fields.as_it_came(SECONDARY, MOST_AS_IT_CAME));
    let edit = SocialGroupEdit {
        name: fields.text_if_any("name")?.map(GroupName::parse).transpose()?,
        secondary_user: secondary_user.transpose()?,
    };
    fields.owner_is(&caller)?;
    let changed = social.app.change_social_group(&caller, group(id)?, edit).await?;
    Ok(ok(Group::from(changed.as_ref()), "Updated"))
}

/// `DELETE /groups/<id>`
pub(super) async fn delete(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Answer {
    social.app.delete_social_group(&caller, group(id)?).await?;
    Ok(ok(Nothing {}, "Deleted"))
}

pub(super) fn group(id: i64) -> Result<GroupId, Refused> {
    GroupId::new(id).ok_or_else(Refused::not_found)
}

/// The group that a list is asked of; all of the caller's without one.
pub(super) fn group_asked(query: Option<&str>) -> Result<Option<GroupId>, Refused> {
    let named = parameter(query, "group_fk");
    named.map(|digits| group(digits.trim().parse().unwrap_or(0))).transpose()
}
