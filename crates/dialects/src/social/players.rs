//! `/players`: what groups watch. A group has one player, with the group's id.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use parlor_app::Caller;
use parlor_app::social::{PlayerName, SocialPlayer};
use parlor_core::GroupId;

use super::Social;
use super::answer::{Answer, Nothing, Refused, ok};
use super::documents::Player;
use super::fields::{Fields, Id};
use super::groups::{group, group_asked};
use super::session::SignedIn;

/// `GET /players`
pub(super) async fn list(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    RawQuery(query): RawQuery,
) -> Answer {
    let group = group_asked(query.as_deref())?;
    Ok(listed(&social.app.social_players(&caller, group).await?))
}

/// `GET /players/<group_id>`
pub(super) async fn of_group(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Answer {
    Ok(listed(&social.app.social_players(&caller, Some(group(id)?)).await?))
}

/// `POST /players`
pub(super) async fn set(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    fields: Fields,
) -> Answer {
    let group = group(fields.id("group_fk")?)?;
    social.set_player(&caller, group, &fields).await
}

/// `PUT /players/<id>`, `POST /players/<group_id>`, `PUT /players/<group_id>`
pub(super) async fn set_of_group(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    fields: Fields,
) -> Answer {
    if fields.id_if_any("group_fk")?.is_some_and(|named| named != id) {
        return Err(Refused::bad("group_fk must be the player's group: a player stays where it is"));
    }
    social.set_player(&caller, group(id)?, &fields).await
}

/// `DELETE /players/<id>`
pub(super) async fn delete(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Answer {
    social.app.delete_social_player(&caller, group(id)?).await?;
    Ok(ok(Nothing {}, "Taken off"))
}

impl Social {
    async fn set_player(&self, caller: &Caller, group: GroupId, fields: &Fields) -> Answer {
        let name = PlayerName::parse(fields.text("name")?)?;
        let player = self.app.set_social_player(&self.videos, caller, group, name).await?;
        Ok(ok(Player::from(&player), "Put on"))
    }
}

fn listed(players: &[SocialPlayer]) -> Response {
    ok(players.iter().map(Player::from).collect::<Vec<_>>(), "What is watched")
}
