//! Into a room and out of it. A place is held for a minute, so whoever loads the page anew finds everything again.

use parlor_app::duel::race::{Departed, Entered, NewRacer};
use parlor_core::{AccountId, DisplayName};
use parlor_socketio::{Event, Socket, Values};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::bearer::token;
use super::documents::{codes, rooms};
use super::fields::number;
use super::{Codemaze, socket_room};
use crate::{client, payload};

#[derive(Deserialize, Default)]
struct JoinRoom {
    #[serde(default)]
    username: Value,
    #[serde(default, rename = "userId")]
    user_id: Value,
}

#[derive(Serialize)]
struct Joined {
    success: bool,
    room: String,
}

#[derive(Serialize)]
struct NotJoined<'a> {
    success: bool,
    message: &'a str,
}

/// `receiveData`
#[derive(Serialize)]
struct ReceiveData<'a> {
    room: String,
    name: &'a str,
    success: bool,
}

/// `message`
#[derive(Serialize)]
struct Message<'a> {
    name: &'a str,
    message: &'static str,
}

impl Codemaze {
    /// `join_room`
    pub(super) async fn join_room(&self, socket: &Socket, event: &mut Event) {
        let wish: JoinRoom = payload::object(event).unwrap_or_default();
        let name = payload::text(&wish.username).map(DisplayName::parse);
        let account = number(&wish.user_id).and_then(AccountId::new);
        let (Some(Ok(name)), Some(account)) = (name, account) else {
            let message = "username must be a name of 1 to 40 characters, userId an integer";
            return event.acknowledge(&NotJoined { success: false, message });
        };
        if !self.app.may_step_in_race(socket.id()) {
            return event
                .acknowledge(&NotJoined { success: false, message: "too often; please wait a moment" });
        }
        let from = client::of_socket(socket);
        if let Some(token) = socket.handshake().header("authorization").and_then(token) {
            // That they are who they claim; what stands for nobody proves nothing.
            let _ = self.caller(token, &from).await;
        }
        let racer = NewRacer { socket: socket.id().into(), account, name: name.clone() };
        match self.app.enter_race(racer, &from) {
            Ok(entered) => self.welcome(socket, event, &name, &entered),
            Err(full) => event.acknowledge(&NotJoined { success: false, message: &full.to_string() }),
        }
    }

    fn welcome(&self, socket: &Socket, event: &mut Event, name: &DisplayName, entered: &Entered) {
        let Entered { race, is_news, left, displaced } = entered;
        if let Some(departed) = left {
            self.show_departure(socket, departed);
        }
        if let Some(former) = displaced {
            self.take_out(former, &socket_room(race.code));
        }
        // A socket is in one race at a time, far fewer rooms than it may be in.
        let _ = socket.join(socket_room(race.code));
        let room = race.code.to_string();
        event.acknowledge(&Joined { success: true, room: room.clone() });
        socket.emit("receiveData", &ReceiveData { room, name: name.as_str(), success: true });
        socket.emit("receiveRooms", &rooms(race));
        socket.emit("receivemoredata", &codes(race));
        if *is_news {
            let message = Message { name: name.as_str(), message: "has entered the room" };
            self.emit_to(race.code, "message", &Values::one(&message));
        }
    }

    /// `leave_room`
    pub(super) fn leave_room(&self, socket: &Socket) {
        if let Some(departed) = self.app.leave_race(socket.id()) {
            self.show_departure(socket, &departed);
        }
    }

    /// A socket is gone. Its place is held for a while.
    pub(super) fn vanish(&self, socket: &Socket) {
        if let Some(departed) = self.app.vanish_from_race(socket.id()) {
            self.show_departure(socket, &departed);
        }
    }

    /// Tells those who are left.
    fn show_departure(&self, socket: &Socket, departed: &Departed) {
        socket.leave(&socket_room(departed.code));
        let message = Message { name: departed.name.as_str(), message: "has left the room" };
        self.emit_to(departed.code, "message", &Values::one(&message));
    }

    /// Takes the former connection of somebody out of their room.
    fn take_out(&self, former: &str, room: &str) {
        for namespace in self.namespaces.get().into_iter().flatten() {
            for socket in namespace.sockets().iter().filter(|socket| socket.id() == former) {
                socket.leave(room);
            }
        }
    }
}
