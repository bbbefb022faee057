//! What is said in groups.

use std::sync::Arc;

use parlor_app::group_faces::GroupFace;
use parlor_app::messages::SendError;
use parlor_core::{Event as LogEvent, EventBody, GroupId, MessageText};
use parlor_socketio::{Event, Socket, Values};

use super::seats::{Left, room_of};
use super::{Noomnim, answers};
use crate::payload;

impl Noomnim {
    /// `send_message`. Those who hear the group are told over its log, the sender like all others.
    pub(super) async fn send_message(&self, socket: &Socket, event: &Event) {
        let Some((call, present)) = self.heard_from(socket, event).await else { return };
        let refuse = |error: &str| answers::refuse(socket, "group_not_join", error);
        let group = match self.group(socket, &call).await {
            Ok(Some(group)) => group,
            Ok(None) => return answers::group_not_found(socket),
            Err(failure) => return refuse(answers::ours(&failure)),
        };
        let text = match MessageText::parse(payload::text(&call.text).unwrap_or_default()) {
            Ok(text) => text,
            Err(invalid) => return refuse(&format!("The {invalid}.")),
        };
        let sent = self.app.submit_message(&present.caller, group.id, self.app.unnamed_draft(text));
        // It is with the writer: the socket's next message comes after it.
        event.let_go();
        match sent.await {
            Ok(_) => {}
            Err(SendError::NotFound | SendError::Denied(_)) => answers::group_not_join(socket),
            Err(SendError::Failure(failure)) => refuse(answers::ours(&failure)),
            Err(error) => refuse(&error.to_string()),
        }
    }
}

impl GroupFace for Noomnim {
    fn deliver(&self, event: &Arc<LogEvent>) {
        let mut table = self.seats.lock();
        let Some(name) = table.hear(event.group, event.seq) else { return };
        match &event.body {
            EventBody::Message { text: Some(text), .. } => {
                let message = answers::message_sent(event, &name, text.as_str());
                self.emit_to(&room_of(event.group), "message_sent", &Values::one(&message));
            }
            EventBody::MemberLeft { account, .. } => {
                drop_later(table.send_away(event.group, |other| other == account.id));
            }
            _ => {}
        }
    }

    fn gone(&self, group: GroupId) {
        drop_later(self.seats.lock().send_away(group, |_| true));
    }
}

/// To end to follow a group takes locks that may be held here.
fn drop_later(left: Vec<Left>) {
    if !left.is_empty() {
        tokio::spawn(async move { drop(left) });
    }
}
