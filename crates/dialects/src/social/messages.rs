//! `/messages`

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use parlor_app::Caller;
use parlor_app::social::SocialMessage;
use parlor_core::social::MessageNumber;
use parlor_core::{GroupId, MessageText};

use super::Social;
use super::answer::{Answer, Nothing, Refused, ok};
use super::documents::Message;
use super::fields::{Fields, Id};
use super::groups::{group, group_asked};
use super::session::SignedIn;

/// `GET /messages`
pub(super) async fn list(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    RawQuery(query): RawQuery,
) -> Answer {
    let group = group_asked(query.as_deref())?;
    Ok(listed(&social.app.social_messages(&caller, group).await?))
}

/// `GET /messages/<group_id>`
pub(super) async fn of_group(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Answer {
    Ok(listed(&social.app.social_messages(&caller, Some(group(id)?)).await?))
}

/// `POST /messages`
pub(super) async fn send(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    fields: Fields,
) -> Answer {
    let group = group(fields.id("group_fk")?)?;
    social.send(&caller, group, &fields).await
}

/// `POST /messages/<group_id>`
pub(super) async fn send_to(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    fields: Fields,
) -> Answer {
    social.send(&caller, group(id)?, &fields).await
}

/// `PUT /messages/<id>`
pub(super) async fn change(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    fields: Fields,
) -> Answer {
    let text = text(&fields)?;
    fields.owner_is(&caller)?;
    let changed = social.app.edit_social_message(&caller, number(id)?, text).await?;
    Ok(ok(Message::from(&changed), "Updated"))
}

/// `DELETE /messages/<id>`
pub(super) async fn delete(
    State(social): State<Arc<Social>>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Answer {
    social.app.delete_social_message(&caller, number(id)?).await?;
    Ok(ok(Nothing {}, "Deleted"))
}

impl Social {
    async fn send(&self, caller: &Caller, group: GroupId, fields: &Fields) -> Answer {
        let text = text(fields)?;
        fields.owner_is(caller)?;
        let sent = self.app.send_social_message(caller, group, text).await?;
        Ok(ok(Message::from(&sent), "Sent"))
    }
}

fn listed(messages: &[SocialMessage]) -> Response {
    ok(messages.iter().map(Message::from).collect::<Vec<_>>(), "The messages")
}

/// What is wrong is called as the client called it.
fn text(fields: &Fields) -> Result<MessageText, Refused> {
    let text = MessageText::parse(fields.text("message")?);
    text.map_err(|invalid| Refused::bad(&format!("message {}", invalid.rule)))
}

fn number(id: i64) -> Result<MessageNumber, Refused> {
    MessageNumber::new(id).ok_or_else(Refused::not_found)
}
