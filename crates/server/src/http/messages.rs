//! Messages and the log: sent, changed, read.

use std::sync::Arc;

use axum::extract::State;
use parlor_app::messages::{Changed, Draft};
use parlor_core::{ClientId, MessageText, Seq};
use parlor_wire::message as wire;

use super::body::{Body, created, ok};
use super::path::{AtMessage, InGroup, WithEmoji};
use super::problem::Answer;
use super::query::Query;
use super::session::SignedIn;
use crate::deps::Deps;

/// `POST /groups/{id}/messages`
pub async fn send(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
    Body(body): Body<wire::NewMessage>,
) -> Answer {
    let draft = Draft {
        client_id: ClientId::parse(&body.client_id)?,
        text: MessageText::parse(body.text.reveal())?,
        reply_to: body.reply_to.map(parlor_wire::number::Seq::to_core),
        files: parlor_wire::message::named_files(body.files.as_deref())?,
    };
    let sent = deps.app.send_message(&caller, group, draft).await?;
    let answer = wire::Sent { event: sent.event.as_ref().into(), duplicate: sent.duplicate };
    Ok(if sent.duplicate { ok(&answer) } else { created(&answer) })
}

/// `PATCH /groups/{id}/messages/{seq}`
pub async fn edit(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    AtMessage(group, seq): AtMessage,
    Body(body): Body<wire::EditMessage>,
) -> Answer {
    let text = MessageText::parse(body.text.reveal())?;
    Ok(changed(&deps.app.edit_message(&caller, group, seq, text).await?))
}

/// `DELETE /groups/{id}/messages/{seq}`
pub async fn delete(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    AtMessage(group, seq): AtMessage,
) -> Answer {
    Ok(changed(&deps.app.delete_message(&caller, group, seq).await?))
}

/// `PUT /groups/{id}/messages/{seq}/reactions/{emoji}`
pub async fn react(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    WithEmoji(group, seq, emoji): WithEmoji,
) -> Answer {
    Ok(changed(&deps.app.react(&caller, group, seq, emoji, true).await?))
}

/// `DELETE /groups/{id}/messages/{seq}/reactions/{emoji}`
pub async fn unreact(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    WithEmoji(group, seq, emoji): WithEmoji,
) -> Answer {
    Ok(changed(&deps.app.react(&caller, group, seq, emoji, false).await?))
}

fn changed(change: &Changed) -> axum::response::Response {
    ok(&wire::Changed { event: change.event.as_deref().map(Into::into) })
}

/// `GET /groups/{id}/messages`
pub async fn history(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
    query: Query,
) -> Answer {
    // `next` of a page is the position of its oldest message, so it goes into either parameter.
    let before: Option<Seq> = query.key("before")?.or(query.key("cursor")?);
    let page = deps.app.messages_before(&caller, group, before, query.limit()?).await?;
    Ok(ok(&wire::Messages {
        epoch: page.position.epoch.into(),
        head: page.position.seq.into(),
        messages: page.messages.iter().map(wire::Message::from).collect(),
        next: page.next.map(|key| key.to_string()),
    }))
}

/// `GET /groups/{id}/messages/{seq}/edits`
pub async fn edits(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    AtMessage(group, seq): AtMessage,
) -> Answer {
    let versions = deps.app.edit_history(&caller, group, seq).await?;
    let edits = versions
        .iter()
        .map(|version| wire::Edit { at: version.at.into(), text: version.text.as_str().into() });
    Ok(ok(&wire::Edits { edits: edits.collect(), next: None }))
}

/// `GET /groups/{id}/events`
pub async fn events(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
    query: Query,
) -> Answer {
    let page = deps.app.events_page(&caller, group, query.after()?, query.limit()?).await?;
    Ok(ok(&wire::Events {
        epoch: page.position.epoch.into(),
        head: page.position.seq.into(),
        reload: page.reload,
        events: page.events.iter().map(|event| event.as_ref().into()).collect(),
    }))
}

/// `PUT /groups/{id}/read`
pub async fn read(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
    Body(body): Body<wire::Read>,
) -> Answer {
    let state = deps.app.mark_read(&caller, group, body.seq.to_core()).await?;
    let unread = u64::try_from(state.unread).unwrap_or(0);
    Ok(ok(&wire::Unread { unread, last_read: state.last_read.into() }))
}
