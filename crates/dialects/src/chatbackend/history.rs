//! `GET /get-room-history`: everything that was said in a room, oldest first.
//!
//! However long it is, it is read and sent in portions; the answer has no length in its head. A reader that takes none for
//! half a minute is cut off.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use http_body_util::channel::{Channel, Sender};
use parlor_app::Failure;
use parlor_core::{GroupId, Message, Seq};

use super::answers::Refused;
use super::message::{message, public_id};
use super::{ChatBackend, Signed};

/// Portions that wait for a slow reader.
const AHEAD: usize = 2;
/// How long a reader may take none.
const PATIENCE: Duration = Duration::from_secs(30);

type Portions = Sender<Bytes, Failure>;

/// A history on its way.
struct Writing {
    signed: Signed,
    room: GroupId,
    /// Up to where it was read; `None` once that is all.
    read: Option<Seq>,
    /// What was not handed over yet.
    json: Vec<u8>,
    wrote_any: bool,
}

/// `GET /get-room-history`
pub(super) async fn show(
    State(chat): State<Arc<ChatBackend>>,
    request: Request,
) -> Result<Response, Refused> {
    let signed = chat.signed(request.headers()).await?;
    let query = request.uri().query().unwrap_or_default();
    let gid = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "room_gid");
    let gid = gid.map(|(_, gid)| gid).filter(|gid| !gid.is_empty());
    let room = chat.room(&gid.ok_or(Refused::Missing("room_gid"))?).await?;
    let json = br#"{"ok":true,"data":["#.to_vec();
    let mut writing = Writing { signed, room, read: Some(Seq::START), json, wrote_any: false };
    // The beginning before the head of the answer: what goes wrong by then is told in the usual shape, and what is whole
    // by then has a length.
    writing.go_on(&chat).await?;
    writing.go_on(&chat).await?;
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    if writing.read.is_none() {
        return Ok((headers, writing.json).into_response());
    }
    let (mut portions, body) = Channel::new(AHEAD);
    tokio::spawn(async move {
        if let Err(failure) = writing.send(&chat, &mut portions).await {
            tracing::error!(error = %failure, "a history broke off");
            portions.abort(failure);
        }
    });
    Ok((headers, Body::new(body)).into_response())
}

impl Writing {
    async fn send(mut self, chat: &ChatBackend, portions: &mut Portions) -> Result<(), Failure> {
        while hand_over(portions, &mut self.json).await && self.read.is_some() {
            self.go_on(chat).await?;
        }
        Ok(())
    }

    /// Reads and writes the next portion, or the end.
    async fn go_on(&mut self, chat: &ChatBackend) -> Result<(), Failure> {
        let Some(read) = self.read else { return Ok(()) };
        match chat.app.messages_from(&self.signed.caller, self.room, read).await? {
            Some((messages, end)) => {
                messages.iter().for_each(|message| self.append(message));
                self.read = Some(end);
            }
            None => {
                self.json.extend_from_slice(b"]}");
                self.read = None;
            }
        }
        Ok(())
    }

    fn append(&mut self, said: &Message) {
        let Some(text) = &said.text else { return };
        if std::mem::replace(&mut self.wrote_any, true) {
            self.json.push(b',');
        }
        let is_own = said.by.id == self.signed.caller.account.id;
        let uuid = if is_own { self.signed.key.to_string() } else { public_id(said.by.id) };
        let message = message(&uuid, &said.by, (said.seq, said.at), text.as_str());
        serde_json::to_writer(&mut self.json, &message).expect("our documents are JSON");
    }
}

/// Whether the reader is still there.
async fn hand_over(portions: &mut Portions, json: &mut Vec<u8>) -> bool {
    let sending = portions.send_data(std::mem::take(json).into());
    matches!(tokio::time::timeout(PATIENCE, sending).await, Ok(Ok(())))
}
