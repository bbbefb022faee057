//! Into a lobby, from room to room, and away.

use std::time::Duration;

use parlor_app::lobby::{Entered, LobbyError, Standing};
use parlor_core::lobby::lobby_name;
use parlor_core::{AccessCode, DisplayName, GroupId, WaiterId};
use parlor_socketio::{EngineVersion, Event, Socket};
use serde::Deserialize;
use serde_json::Value;

use super::seats::{Called, Place, Room, joined_names};
use super::{Circle, refuse, refuse_join};
use crate::{client, payload};

/// How long one who comes in may be waited for: clients of 2.x say `join_group` over long-polling, a moment before their
/// websocket takes over. Only then is the id that they know themselves by fit to be told to a partner, see
/// [`Socket::public_id`]. Those that stay on long-polling wait as long, once, while their connection is young.
const UPGRADE_BEGINS: Duration = Duration::from_millis(250);
/// How much longer where the websocket is there and asks already: on a slow line, or among a thousand.
const UPGRADE_ENDS: Duration = Duration::from_secs(2);

#[derive(Deserialize, Default)]
struct JoinGroup {
    #[serde(default)]
    access_code: Value,
    #[serde(default)]
    name: Value,
}

#[derive(Deserialize)]
struct Leave {
    #[serde(default)]
    room: Value,
    #[serde(default)]
    return_to: Value,
}

impl Circle {
    /// `join_group`
    pub(super) async fn join_group(&self, socket: &Socket, event: &Event) {
        let wish: JoinGroup = payload::object(event).unwrap_or_default();
        let code = payload::text(&wish.access_code).unwrap_or_default();
        let name = lobby_name(payload::text(&wish.name));
        if let Err(error) = self.enter(socket, code, name).await {
            refuse_join(socket, &error);
        }
    }

    /// `leave`
    pub(super) async fn leave(&self, socket: &Socket, event: &Event) {
        let Some(wish) = payload::object::<Leave>(event) else { return };
        let Some(name) = payload::text(&wish.room) else { return };
        let return_to = payload::text(&wish.return_to).filter(|code| !code.trim().is_empty());
        match self.seats.called(socket, name) {
            Called::Room(room) => return self.leave_for(socket, &room, return_to).await,
            Called::Named => self.leave_named(socket, name),
            Called::Lobby(_) => {
                // The code of the lobby names all who wait there: to leave them is to wait no more.
                if let Err(error) = self.leave_lobby(socket).await {
                    return refuse(socket, &error);
                }
            }
            Called::Nothing => return,
        }
        if let Some(code) = return_to {
            self.return_to(socket, code).await;
        }
    }

    /// `leave_room`
    pub(super) async fn leave_room(&self, socket: &Socket) {
        for name in joined_names(socket) {
            self.leave_named(socket, &name);
        }
        if let Err(error) = self.leave_lobby(socket).await {
            refuse(socket, &error);
        }
    }

    /// A socket is gone. Its place is kept for a while, see [`parlor_app::App::vanish_from_lobby`].
    pub(super) async fn vanish(&self, socket: &Socket) {
        let Some((who, has_entered)) = self.seats.remove(socket) else { return };
        if has_entered {
            self.app.vanish_from_lobby(who).await;
        }
        // Whom they met last stands in the place that is kept; without one nobody can be them again.
        self.app.forget_stranger(who);
    }

    /// Leaves a room of two. Back into the lobby of the same group is one step, so that nobody is put together with the
    /// one whom they just left while they are between the two.
    async fn leave_for(&self, socket: &Socket, room: &Room, return_to: Option<&str>) {
        let who = self.who(socket);
        let goes_on = match return_to {
            Some(code) => self.opens(code, room.group).await,
            None => false,
        };
        if goes_on {
            match self.app.next_room(who, room.id).await {
                Ok(entered) => return self.seats.move_on(socket, room.id, place_of(&entered)),
                // At a table of speed chat nobody goes on by themselves, but anybody may leave it.
                Err(LobbyError::RoundRuns | LobbyError::NotInRoom) => {}
                Err(error) => return refuse(socket, &error),
            }
        }
        match self.app.leave_room(who, room.id).await {
            // They were taken out of it a moment ago: that is what was wished.
            Ok(()) | Err(LobbyError::NotInRoom) => self.seats.move_on(socket, room.id, Place::Nowhere),
            Err(error) => return refuse(socket, &error),
        }
        if let Some(code) = return_to {
            self.return_to(socket, code).await;
        }
    }

    async fn leave_lobby(&self, socket: &Socket) -> Result<(), LobbyError> {
        self.app.leave_lobby(self.who(socket)).await?;
        self.seats.stand_up(socket);
        Ok(())
    }

    async fn return_to(&self, socket: &Socket, code: &str) {
        let name = self.seats.name(socket).unwrap_or_else(|| lobby_name(None));
        if let Err(error) = self.enter(socket, code, name).await {
            refuse_join(socket, &error);
        }
    }

    async fn enter(&self, socket: &Socket, code: &str, name: DisplayName) -> Result<(), LobbyError> {
        let code = AccessCode::parse(code).map_err(|_| LobbyError::NotFound)?;
        if socket.engine_version() == EngineVersion::V3 {
            socket.upgraded(UPGRADE_BEGINS, UPGRADE_ENDS).await;
        }
        let (public_id, from) = (socket.public_id(), client::of_socket(socket));
        let before = self.seats.begin(socket, &public_id, || self.app.new_stranger());
        let lives_for = self.settings.connection_ttl;
        let entering =
            self.app.enter_lobby_by_code(code.clone(), name.clone(), &from, &public_id, before, lives_for);
        match entering.await {
            Ok(entered) => {
                self.seats.enter(socket, code, name, &entered);
                Ok(())
            }
            Err(error) => {
                self.seats.stay(socket);
                Err(error)
            }
        }
    }

    /// Whether a code is that of a group; of a wrong one nothing is told here, it is still to be entered by.
    async fn opens(&self, code: &str, group: GroupId) -> bool {
        let Ok(code) = AccessCode::parse(code) else { return false };
        matches!(self.app.group_of_code(code).await, Ok(Some(found)) if found == group)
    }

    pub(super) fn who(&self, socket: &Socket) -> WaiterId {
        self.seats.who(socket, || self.app.new_stranger())
    }
}

/// Where somebody is until they are told of a room like everybody in it.
fn place_of(entered: &Entered) -> Place {
    match entered.standing {
        Standing::Waiting { .. } => Place::Waiting(entered.group),
        Standing::InRoom(_) => Place::Nowhere,
    }
}
