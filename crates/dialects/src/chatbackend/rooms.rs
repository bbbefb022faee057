//! `POST /create-room` and `POST /send-message`. A room is known by its gid; whoever has that may speak in it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use parlor_app::messages::SendError;
use parlor_app::named_groups::NamedGroupError;
use parlor_core::{GroupId, GroupName, MessageText};
use serde::Serialize;

use super::answers::{Refused, done, done_with};
use super::{ChatBackend, FACE, Signed, object, text};
use crate::client;

/// Letters and digits without those that are taken for each other.
const LETTERS: &[u8; 57] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
const LENGTH: usize = 8;
/// Gids that are tried until one is free. There are 10^14: with a billion rooms one in a hundred thousand is taken.
const TRIES: usize = 4;

#[derive(Serialize)]
struct Room<'a> {
    room_gid: &'a str,
}

/// `POST /create-room`
pub(super) async fn create(
    State(chat): State<Arc<ChatBackend>>,
    request: Request,
) -> Result<Response, Refused> {
    let signed = chat.signed(request.headers()).await?;
    let (parts, body) = request.into_parts();
    let from = client::of_request(&parts);
    object(Request::from_parts(parts, body)).await?;
    for _ in 0..TRIES {
        let gid = chat.app.random_name(LETTERS, LENGTH);
        let name = GroupName::from_stored(&gid);
        match chat.app.create_named_group(FACE, &signed.caller, name, &from).await {
            Ok(_) => return Ok(done_with(Room { room_gid: &gid })),
            Err(NamedGroupError::NameTaken) => {}
            Err(NamedGroupError::TooOften { .. }) => return Err(Refused::TooOften),
            Err(NamedGroupError::Failure(failure)) => return Err(failure.into()),
            Err(error) => return Err(parlor_app::Failure::internal(error).into()),
        }
    }
    Err(parlor_app::Failure::internal("every gid that was drawn is taken").into())
}

/// `POST /send-message`
pub(super) async fn send(
    State(chat): State<Arc<ChatBackend>>,
    request: Request,
) -> Result<Response, Refused> {
    let signed = chat.signed(request.headers()).await?;
    let said = object(request).await?;
    let (gid, msg) = (text(&said, "room_gid")?, text(&said, "msg")?);
    if msg.chars().nth(MessageText::MOST).is_some() {
        return Err(Refused::TooLong);
    }
    let text = MessageText::parse(msg).map_err(|_| Refused::Invalid("msg"))?;
    let room = chat.room(gid).await?;
    chat.say(&signed, room, gid, text).await?;
    Ok(done())
}

impl ChatBackend {
    /// The room of a gid.
    pub(super) async fn room(&self, gid: &str) -> Result<GroupId, Refused> {
        if gid.len() != LENGTH || !gid.bytes().all(|byte| LETTERS.contains(&byte)) {
            return Err(Refused::UnknownRoom);
        }
        let found = self.app.named_group(FACE, GroupName::from_stored(gid)).await?;
        found.ok_or(Refused::UnknownRoom)
    }

    /// Says something; who is no member becomes one.
    async fn say(&self, signed: &Signed, room: GroupId, gid: &str, text: MessageText) -> Result<(), Refused> {
        let draft = self.app.unnamed_draft(text);
        match self.app.send_message(&signed.caller, room, draft.clone()).await {
            Err(SendError::NotFound) => {}
            sent => return answer(sent.map(drop)),
        }
        match self.app.join_named_group(FACE, &signed.caller, GroupName::from_stored(gid)).await {
            Ok(_) => answer(self.app.send_message(&signed.caller, room, draft).await.map(drop)),
            Err(NamedGroupError::Failure(failure)) => Err(failure.into()),
            // It is gone, or they were sent away for good.
            Err(_) => Err(Refused::UnknownRoom),
        }
    }
}

fn answer(sent: Result<(), SendError>) -> Result<(), Refused> {
    sent.map_err(|error| match error {
        SendError::NotFound | SendError::Denied(_) => Refused::UnknownRoom,
        SendError::SlowMode { .. } | SendError::TooOften { .. } => Refused::TooOften,
        SendError::Failure(failure) => failure.into(),
        error @ (SendError::ReplyToUnknown | SendError::FileUnknown | SendError::ClientIdReused) => {
            parlor_app::Failure::internal(error).into()
        }
    })
}
