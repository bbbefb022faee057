//! What is said, and names under which anybody may gather.

use parlor_app::lobby::LobbyError;
use parlor_bus::lobby::Place as Aloud;
use parlor_core::AccessCode;
use parlor_socketio::{Event, Socket};
use serde::Deserialize;
use serde_json::Value;

use super::said::Message;
use super::seats::{Called, joined_names, named_room};
use super::{Circle, refuse, refuse_saying};
use crate::{client, payload};

/// Rooms of two are called so, and nothing else is.
const ROOM_OF_TWO: &str = "room_";
/// Most characters of a name that is joined.
const LONGEST_NAME: usize = 200;
/// Most names that one socket may have joined.
const MOST_NAMES: usize = 64;

#[derive(Deserialize)]
struct JoinRoom {
    #[serde(default)]
    room: Value,
}

impl Circle {
    /// `message`
    pub(super) fn say(&self, socket: &Socket, event: &Event) {
        let message = match Message::read(event) {
            Ok(message) => message,
            Err(unfit) => return refuse_saying(socket, unfit.sentence()),
        };
        let who = self.who(socket);
        let said = match self.seats.called(socket, &message.room) {
            Called::Room(room) => self.app.say_in_room(who, room.id, message.into_utterance()).map(drop),
            Called::Named => {
                let place = Aloud::Named(message.room.as_str().into());
                self.app.say_aloud(who, place, message.into_raw())
            }
            Called::Lobby(group) => self.app.say_aloud(who, Aloud::Lobby(group), message.into_raw()),
            Called::Nothing => Err(LobbyError::NotInRoom),
        };
        if let Err(error) = said {
            refuse(socket, &error);
        }
    }

    /// `join_room`
    pub(super) async fn join_room(&self, socket: &Socket, event: &Event) {
        let wish: Option<JoinRoom> = payload::object(event);
        let name = wish.as_ref().and_then(|wish| payload::text(&wish.room)).unwrap_or_default();
        if name.trim().is_empty() || name.chars().nth(LONGEST_NAME).is_some() {
            return refuse_saying(socket, "A room has a name of 1 to 200 characters");
        }
        match self.seats.called(socket, name) {
            Called::Room(room) => self.welcome(socket, Aloud::Room(room.id), name),
            Called::Named => self.welcome(socket, Aloud::Named(name.into()), name),
            _ if name.starts_with(ROOM_OF_TWO) => refuse(socket, &LobbyError::NotInRoom),
            _ => self.join_named(socket, name).await,
        }
    }

    pub(super) fn leave_named(&self, socket: &Socket, name: &str) {
        socket.leave(&named_room(name));
        let _ = self.announce(socket, Aloud::Named(name.into()), &left(name));
    }

    async fn join_named(&self, socket: &Socket, name: &str) {
        if joined_names(socket).len() >= MOST_NAMES {
            return refuse_saying(socket, "You are in too many rooms");
        }
        if let Ok(code) = AccessCode::parse(name) {
            match self.app.is_access_code(code, &client::of_socket(socket)).await {
                Ok(false) => {}
                Ok(true) => return refuse_saying(socket, "The code of a group is no room"),
                Err(error) => return refuse(socket, &error),
            }
        }
        if socket.join(named_room(name)).is_err() {
            return refuse_saying(socket, "You are in too many rooms");
        }
        self.welcome(socket, Aloud::Named(name.into()), name);
    }

    fn welcome(&self, socket: &Socket, place: Aloud, name: &str) {
        if let Err(error) = self.announce(socket, place, &format!("Welcome to the {name} room")) {
            refuse(socket, &error);
        }
    }

    /// Says something in the server's name: a plain string.
    fn announce(&self, socket: &Socket, place: Aloud, text: &str) -> Result<(), LobbyError> {
        let raw = Value::String(text.to_owned()).to_string();
        self.app.say_aloud(self.who(socket), place, raw.into())
    }
}

/// What those hear who stay.
pub(super) fn left(room: &str) -> String {
    format!("A User left the {room} room")
}
