//! What happens in lobbies and rooms, to the sockets that are there through this face: in the order in which it is told,
//! each thing once.

use parlor_app::lobby::speed_chat::LobbyState;
use parlor_app::lobby::told::LobbyFace;
use parlor_bus::lobby::{Place as Aloud, SaidAloud};
use parlor_bus::{LobbyNotice, News, Occupant, RoomView, Said};
use parlor_core::lobby::Departure;
use parlor_core::{DisplayName, GroupId, RoomId, WaiterId};
use parlor_socketio::Values;
use serde::Serialize;

use super::said::{as_it_came, shown};
use super::seats::{Place, lobby_room, named_room, room_room};
use super::talking::left;
use super::{Circle, refuse_join};
use parlor_app::lobby::LobbyError;

/// `join_room`
#[derive(Serialize)]
struct JoinRoom<'a> {
    room: &'a str,
    user: &'a str,
    #[serde(rename = "match")]
    partner: Partner<'a>,
}

#[derive(Serialize)]
struct Partner<'a> {
    name: &'a str,
    sid: &'a str,
}

impl LobbyFace for Circle {
    fn tell(&self, notice: &LobbyNotice, room: Option<&RoomView>) {
        match notice {
            LobbyNotice::Room { room, news } => self.show_room(room, *news),
            LobbyNotice::Said(said) => self.pass_on(said, room),
            LobbyNotice::SaidAloud(said) => self.pass_on_aloud(said),
            LobbyNotice::Left { room: id, who, name, why, waits } => {
                self.show_departure(*id, room, (*who, name), *why, *waits);
            }
            LobbyNotice::Over { room: id, why } => self.show_end(*id, room, *why),
            LobbyNotice::Out { who, group, .. } => self.show_out(*who, *group),
            // A room with somebody from here is never kept, and this face knows nothing of writing, keeping and being
            // ready: who comes without an account counts as ready.
            LobbyNotice::Kept { .. }
            | LobbyNotice::Ready { .. }
            | LobbyNotice::Keeps { .. }
            | LobbyNotice::Typing { .. }
            | LobbyNotice::Changed { .. } => {}
        }
    }

    fn crowd(&self, _: &LobbyState) {}

    fn group_gone(&self, group: GroupId) {
        for seat in self.seats.lock().of_group(group) {
            match seat.place() {
                Place::InRoom(_) => seat.socket.emit("message", "The group has ended"),
                _ => refuse_join(&seat.socket, &LobbyError::NotFound),
            }
            seat.move_to(Place::Nowhere);
        }
    }

    fn has(&self, who: WaiterId) -> bool {
        self.seats.lock().of(who).is_some()
    }
}

impl Circle {
    /// Everybody who is new in a room is told with whom they are, then all of it who came.
    fn show_room(&self, room: &RoomView, news: News) {
        let mut table = self.seats.lock();
        let mut anybody_new = false;
        for occupant in room.people.iter().filter(|occupant| is_from_here(occupant)) {
            let Some((socket, is_new)) = table.sit(&occupant.socket, occupant.who, room) else {
                // Gone already: nobody can be them any more but by the place that is kept.
                self.app.forget_stranger(occupant.who);
                continue;
            };
            let is_back = news == News::Back(occupant.who);
            if is_new || is_back {
                socket.emit("join_room", &join_room(room, occupant));
            }
            anybody_new |= is_new && !is_back;
        }
        let newcomer = match news {
            News::Back(_) => return,
            News::Joined(who) => Some(who),
            News::Everybody { newcomer } if anybody_new => {
                newcomer.or(room.people.last().map(|last| last.who))
            }
            News::Everybody { .. } => return,
        };
        if let Some(newcomer) = newcomer.and_then(|who| room.find(who)) {
            self.emit_to_room(room, &format!("{} connected.", newcomer.name));
        }
    }

    fn pass_on(&self, said: &Said, room: Option<&RoomView>) {
        if let Some(room) = room.filter(|room| anybody_from_here(room)) {
            self.emit_to(&room_room(room.id), "message", &shown(said, &room.name));
        }
    }

    fn pass_on_aloud(&self, said: &SaidAloud) {
        let room = match &said.place {
            Aloud::Named(name) => named_room(name),
            Aloud::Lobby(group) => lobby_room(*group),
            Aloud::Room(room) => room_room(*room),
        };
        self.emit_to(&room, "message", &as_it_came(&said.raw));
    }

    fn show_departure(
        &self,
        id: RoomId,
        room: Option<&RoomView>,
        (who, name): (WaiterId, &DisplayName),
        why: Departure,
        waits: bool,
    ) {
        let mut table = self.seats.lock();
        if let Some(seat) = table.of(who).filter(|seat| seat.is_in(id)) {
            let group = seat.place().group().filter(|_| waits);
            seat.move_to(group.map_or(Place::Nowhere, Place::Waiting));
        }
        if let Some(room) = room.filter(|room| anybody_from_here(room)) {
            self.emit_to_room(
                room,
                &match why {
                    Departure::Vanished | Departure::Expired => format!("{name} disconnected."),
                    _ => left(&room.name),
                },
            );
        }
    }

    /// A room is gone for all of it: they wait again, or it was lost and they are asked to come anew.
    fn show_end(&self, id: RoomId, room: Option<&RoomView>, why: Departure) {
        let Some(room) = room.filter(|room| anybody_from_here(room)) else { return };
        let mut table = self.seats.lock();
        self.emit_to_room(room, &left(&room.name));
        for occupant in &room.people {
            if let Some(seat) = table.of(occupant.who).filter(|seat| seat.is_in(id)) {
                let waits = why != Departure::Vanished;
                seat.move_to(if waits { Place::Waiting(room.group) } else { Place::Nowhere });
            }
        }
    }

    fn show_out(&self, who: WaiterId, group: GroupId) {
        if let Some(seat) = self.seats.lock().of(who)
            && seat.place().group() == Some(group)
        {
            seat.move_to(Place::Nowhere);
        }
    }

    /// Says something in the server's name: a plain string.
    fn emit_to_room(&self, room: &RoomView, text: &str) {
        self.emit_to(&room_room(room.id), "message", &Values::one(text));
    }
}

fn is_from_here(occupant: &Occupant) -> bool {
    occupant.account().is_none()
}

fn anybody_from_here(room: &RoomView) -> bool {
    room.people.iter().any(is_from_here)
}

/// A room as one of it sees it. A third, where a group allows that, finds one of the two.
fn join_room<'a>(room: &'a RoomView, own: &'a Occupant) -> JoinRoom<'a> {
    let partner = room.people.iter().find(|other| other.who != own.who);
    let (name, sid) = partner.map_or(("", ""), |other| (other.name.as_str(), other.socket.as_str()));
    JoinRoom { room: &room.name, user: own.name.as_str(), partner: Partner { name, sid } }
}
