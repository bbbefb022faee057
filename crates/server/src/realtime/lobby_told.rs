//! From lobbies and rooms to the sockets of `/v1`: everything that concerns those in a room is encoded once for all of
//! them, except the room itself, which everybody sees from their own side.

use std::sync::{Arc, Weak};

use parlor_app::lobby::speed_chat::LobbyState;
use parlor_app::lobby::told::LobbyFace;
use parlor_bus::{LobbyNotice, News, RoomView, Said};
use parlor_core::lobby::Departure;
use parlor_core::{DisplayName, GroupId, RoomId, WaiterId};
use parlor_socketio::{Socket, Values};
use parlor_wire::lobby::{LobbyLeft, RoomEnded, RoomLeft, RoomMessage, RoomSignal, RoomSignalWhat};
use parlor_wire::signal::{Signal, SignalWhat};

use super::attendance::{Moment, join, lobby_room};
use super::lobby_view::{key, lobby_state, room_for, somebody};
use super::{Realtime, Shared};

/// The native face of the lobbies.
pub(super) struct Told(pub(super) Weak<Shared>);

impl LobbyFace for Told {
    fn tell(&self, notice: &LobbyNotice, room: Option<&RoomView>) {
        let Some(realtime) = self.0.upgrade().map(Realtime) else { return };
        match notice {
            LobbyNotice::Room { room, news } => realtime.show_room(room, *news),
            LobbyNotice::Said(said) => realtime.pass_message_on(said),
            LobbyNotice::Typing { room, by, on } => {
                realtime.signal_room(*room, *by, RoomSignalWhat::Typing { on: *on });
            }
            LobbyNotice::Ready { room, by } => realtime.signal_room(*room, *by, RoomSignalWhat::Ready),
            LobbyNotice::Keeps { room, by, on } => {
                realtime.signal_room(*room, *by, RoomSignalWhat::Keep { on: *on });
            }
            LobbyNotice::Left { room: id, who, name, why, .. } => {
                realtime.left(*id, room, *who, name, *why);
            }
            LobbyNotice::Over { room: id, why } => {
                realtime.end(*id, room, *why, None);
            }
            LobbyNotice::Kept { room: id, group } => {
                realtime.end(*id, room, Departure::Kept, Some(*group));
                for occupant in room.iter().flat_map(|room| &room.people) {
                    realtime.check_later(occupant.who, None);
                }
            }
            LobbyNotice::Out { who, group, why } => realtime.check_later(*who, Some((*group, *why))),
            LobbyNotice::Changed { .. } | LobbyNotice::SaidAloud(_) => {}
        }
    }

    fn crowd(&self, state: &LobbyState) {
        let Some(realtime) = self.0.upgrade().map(Realtime) else { return };
        let namespace = realtime.namespace();
        namespace.to(lobby_room(state.group)).volatile().emit("lobby_state", &lobby_state(state));
        let what = SignalWhat::Lobby { waiting: state.waiting };
        if let Some(follow) = realtime.0.follows.find(state.group) {
            let room = super::follow::lock(&follow).room.clone();
            namespace.to(room).volatile().emit("signal", &Signal { group: state.group.into(), what });
        }
    }

    fn group_gone(&self, group: GroupId) {
        let Some(realtime) = self.0.upgrade().map(Realtime) else { return };
        for who in realtime.0.attendance.of_group(group) {
            realtime.check_later(who, Some((group, Departure::GroupLeft)));
        }
    }

    fn has(&self, who: WaiterId) -> bool {
        self.0.upgrade().is_some_and(|shared| !shared.attendance.sockets(who).is_empty())
    }

    fn lost_some(&self) {
        let Some(realtime) = self.0.upgrade().map(Realtime) else { return };
        for who in realtime.0.attendance.all() {
            realtime.check_later(who, None);
        }
    }
}

impl Realtime {
    /// The face through which lobbies are told to the sockets.
    #[must_use]
    pub fn lobby_face(&self) -> Arc<dyn LobbyFace> {
        Arc::new(Told(Arc::downgrade(&self.0)))
    }

    fn show_room(&self, room: &RoomView, news: News) {
        for occupant in &room.people {
            if matches!(news, News::Back(who) if who != occupant.who) {
                continue;
            }
            let Some(shown) = room_for(room, occupant.who) else { continue };
            let shown = Values::one(&shown);
            for socket in self.0.attendance.sockets(occupant.who) {
                leave_other_rooms(&socket, room.id);
                join(&socket, room_room(room.id));
                socket.emit_values("room", &shown);
            }
        }
    }

    fn pass_message_on(&self, said: &Said) {
        let message = RoomMessage {
            room: said.room.into(),
            by: somebody(said.by, &said.name),
            at: said.at.into(),
            text: said.text.as_str().into(),
        };
        self.namespace().to(room_room(said.room)).emit("room_message", &message);
    }

    fn signal_room(&self, room: RoomId, by: WaiterId, what: RoomSignalWhat) {
        let mut others = self.namespace().to(room_room(room));
        if matches!(what, RoomSignalWhat::Typing { .. }) {
            others = others.volatile();
            for own in self.0.attendance.sockets(by) {
                others = others.except(&own);
            }
        }
        others.emit("room_signal", &RoomSignal { room: room.into(), by: key(by), what });
    }

    fn left(&self, id: RoomId, room: Option<&RoomView>, who: WaiterId, name: &DisplayName, why: Departure) {
        for socket in self.0.attendance.sockets(who) {
            socket.leave(&room_room(id));
        }
        let others = self.namespace().to(room_room(id));
        if room.is_some_and(|room| room.people.len() > 1) {
            let who = somebody(who, name);
            others.emit("room_left", &RoomLeft { room: id.into(), who, reason: why.into() });
        } else {
            others.emit("room_ended", &ended(id, why, None, false));
        }
    }

    fn end(&self, id: RoomId, room: Option<&RoomView>, why: Departure, group: Option<GroupId>) {
        // Where the room itself was lost, nobody waits.
        let waiting = group.is_none() && why != Departure::Vanished;
        self.namespace().to(room_room(id)).emit("room_ended", &ended(id, why, group, waiting));
        for occupant in room.iter().flat_map(|room| &room.people) {
            for socket in self.0.attendance.sockets(occupant.who) {
                socket.leave(&room_room(id));
            }
        }
    }

    /// Somebody's place is gone, by what was told; perhaps they have come in again meanwhile, and the place tells. `out`:
    /// what their sockets are told if not.
    fn check_later(&self, who: WaiterId, out: Option<(GroupId, Departure)>) {
        if self.0.attendance.sockets(who).is_empty() {
            return;
        }
        let realtime = self.clone();
        tokio::spawn(async move {
            let until = realtime.0.attendance.moment();
            match realtime.0.app.is_in_lobby(who).await {
                Ok(true) => {}
                Ok(false) => realtime.take_out_of_lobby(who, until, out),
                Err(error) => tracing::warn!(error = %error, "cannot tell whether somebody is in a lobby"),
            }
        });
    }

    /// The same at once, for one who was just let in.
    pub(super) async fn send_away_if_gone(&self, who: WaiterId, group: GroupId, why: Departure) {
        let until = self.0.attendance.moment();
        if matches!(self.0.app.is_in_lobby(who).await, Ok(false)) {
            self.take_out_of_lobby(who, until, Some((group, why)));
        }
    }

    fn take_out_of_lobby(&self, who: WaiterId, until: Moment, out: Option<(GroupId, Departure)>) {
        for socket in self.0.attendance.leave_all(who, until) {
            leave_all_rooms(&socket);
            if let Some((group, why)) = out {
                socket.emit("lobby_left", &LobbyLeft { group: group.into(), reason: why.into() });
            }
        }
    }

    /// One who is answered that they are in a room hears it, even where that was told before they were listed.
    pub(super) fn join_room(&self, socket: &Socket, room: RoomId) {
        let is_in_one = socket.rooms().iter().any(|joined| joined.starts_with("r:"));
        if !is_in_one {
            join(socket, room_room(room));
        }
    }

    /// Somebody went on from a room with one socket: their others are told that they wait.
    pub(super) fn show_others_the_end(&self, who: WaiterId, by: &Socket, room: RoomId) {
        for socket in self.0.attendance.sockets(who).iter().filter(|socket| *socket != by) {
            socket.emit("room_ended", &ended(room, Departure::Next, None, true));
        }
    }

    /// Somebody left the lobby with one socket: those of theirs that were there are there no more either, and are told.
    pub(super) fn everybody_leaves(&self, who: WaiterId, until: Moment, by: &Socket) {
        let rooms = by.rooms();
        let group = rooms.iter().find_map(|room| room.strip_prefix("l:")?.parse::<GroupId>().ok());
        for socket in self.0.attendance.leave_all(who, until) {
            leave_all_rooms(&socket);
            if let Some(group) = group.filter(|_| socket != *by) {
                let left = LobbyLeft { group: group.into(), reason: Departure::Left.into() };
                socket.emit("lobby_left", &left);
            }
        }
    }
}

fn ended(room: RoomId, why: Departure, group: Option<GroupId>, waiting: bool) -> RoomEnded {
    RoomEnded { room: room.into(), reason: why.into(), group: group.map(Into::into), waiting }
}

/// The Socket.IO room of a room.
fn room_room(room: RoomId) -> String {
    format!("r:{room}")
}

fn leave_other_rooms(socket: &Socket, room: RoomId) {
    let own = room_room(room);
    for other in socket.rooms() {
        if other.starts_with("r:") && *other != *own {
            socket.leave(&other);
        }
    }
}

fn leave_all_rooms(socket: &Socket) {
    for room in socket.rooms() {
        if room.starts_with("r:") {
            socket.leave(&room);
        }
    }
}
