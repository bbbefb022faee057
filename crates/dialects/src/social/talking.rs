//! What sockets say: `join` and `leave` a group's room, and `message`, which goes to all who joined and is stored
//! nowhere. Each is acknowledged with an envelope.

use parlor_core::GroupId;
use parlor_socketio::{Event, Socket, Values};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::answer::{Refused, acknowledged};
use super::listeners::room_of;
use super::{Reach, Social};
use crate::payload;

/// Most bytes of an object that is passed on.
const MOST_BYTES: usize = 64 * 1024;

#[derive(Deserialize)]
struct OfRoom {
    #[serde(default)]
    room: Value,
}

impl Social {
    pub(super) async fn hear(&self, socket: &Socket, event: &mut Event) {
        let done = match event.name() {
            "join" => self.join(socket, event).await,
            "leave" => self.leave(socket, event).await,
            _ => self.say(socket, event).await,
        };
        event.acknowledge(&acknowledged(done));
    }

    async fn join(&self, socket: &Socket, event: &Event) -> Result<(), Refused> {
        let caller = self.caller_of(socket).await?;
        let group = group_of(event)?;
        self.listeners.join(&self.app, self.reach()?, socket, &caller, group).await
    }

    async fn leave(&self, socket: &Socket, event: &Event) -> Result<(), Refused> {
        self.listeners.leave(socket, group_of(event)?).await;
        Ok(())
    }

    async fn say(&self, socket: &Socket, event: &Event) -> Result<(), Refused> {
        let caller = self.caller_of(socket).await?;
        let group = group_of(event)?;
        let said = payload::json(event).filter(|_| event.arguments().attachments().is_empty());
        let said = said.ok_or_else(|| Refused::bad("A message is an object without binary data"))?;
        if said.len() > MOST_BYTES {
            return Err(Refused::bad("The message is larger than 64 KiB"));
        }
        self.app.may_say_in_social_group(&caller, group).await?;
        let raw = RawValue::from_string(said).map_err(|_| Refused::bad("The message is no JSON"))?;
        let mut values = Values::new();
        values.push_json(&raw);
        self.reach()?.namespace.to(room_of(group)).emit_values("message", &values);
        Ok(())
    }

    fn reach(&self) -> Result<&Reach, Refused> {
        self.reach.get().ok_or_else(super::listeners::busy)
    }
}

/// The group of the payload's room, which may be a number or its digits.
fn group_of(event: &Event) -> Result<GroupId, Refused> {
    let wish: OfRoom = payload::object(event).ok_or_else(|| Refused::bad("The payload must be an object"))?;
    let id = match &wish.room {
        Value::Number(number) => number.as_i64(),
        Value::String(digits) => digits.trim().parse().ok(),
        Value::Null => return Err(Refused::bad("room is missing")),
        _ => None,
    };
    id.and_then(GroupId::new).ok_or_else(Refused::not_found)
}
