//! Which socket is where. A seat lasts as long as its socket; that a place is kept for one who vanished is known to the
//! lobby alone.
//!
//! Sockets of a place are in a Socket.IO room of the same meaning, so that what is said there is encoded once. A seat
//! moves under the one lock, and with it its socket from room to room: what is emitted to a Socket.IO room reaches
//! exactly those who were seated there.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use parlor_app::lobby::{Entered, Standing};
use parlor_bus::RoomView;
use parlor_core::{AccessCode, DisplayName, GroupId, RoomId, WaiterId};
use parlor_socketio::Socket;

/// Before the names of rooms that anybody may join.
const NAMED: &str = "named ";

/// All seats of this node.
#[derive(Default)]
pub(super) struct Seats(Mutex<Table>);

/// What the lock guards. Under it the locks of sockets, of delivery and of the lobby's memory are taken, never the other way
/// round.
#[derive(Default)]
pub(super) struct Table {
    /// By [`Socket::id`].
    seats: HashMap<String, Seat>,
    /// From the id that others are told.
    by_public_id: HashMap<String, String>,
    by_who: HashMap<WaiterId, String>,
}

/// One socket's seat.
pub(super) struct Seat {
    pub(super) socket: Socket,
    pub(super) who: WaiterId,
    public_id: String,
    place: Place,
    /// It was in a lobby before.
    has_entered: bool,
    /// It asks to be let in, and has been told of no room since.
    entering: bool,
    /// By which it came in, and under which name.
    code: Option<AccessCode>,
    name: Option<DisplayName>,
}

/// Where a seat is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In no lobby.
    Nowhere,
    /// Waiting.
    Waiting(GroupId),
    /// With somebody.
    InRoom(Room),
}

/// A room, as far as this face needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Room {
    pub(super) id: RoomId,
    pub(super) group: GroupId,
    pub(super) name: String,
}

/// What a client calls a room.
pub(super) enum Called {
    /// The room of two that it is in.
    Room(Room),
    /// A name that it has joined.
    Named,
    /// The code of the lobby in which it waits.
    Lobby(GroupId),
    /// Nothing that it is in.
    Nothing,
}

impl Place {
    fn socket_room(&self) -> Option<String> {
        match self {
            Self::Nowhere => None,
            Self::Waiting(group) => Some(lobby_room(*group)),
            Self::InRoom(room) => Some(room_room(room.id)),
        }
    }

    pub(super) fn group(&self) -> Option<GroupId> {
        match self {
            Self::Nowhere => None,
            Self::Waiting(group) => Some(*group),
            Self::InRoom(room) => Some(room.group),
        }
    }
}

/// The Socket.IO room of all who wait in a lobby.
pub(super) fn lobby_room(group: GroupId) -> String {
    format!("lobby {group}")
}

/// The Socket.IO room of a room. Not by its name: a socket that was the newcomer twice gives two rooms one name.
pub(super) fn room_room(room: RoomId) -> String {
    format!("room {room}")
}

/// The Socket.IO room of a name.
pub(super) fn named_room(name: &str) -> String {
    format!("{NAMED}{name}")
}

/// The names that a socket has joined.
pub(super) fn joined_names(socket: &Socket) -> Vec<String> {
    let rooms = socket.rooms();
    rooms.iter().filter_map(|room| room.strip_prefix(NAMED)).map(str::to_owned).collect()
}

impl Seats {
    pub(super) fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn has(&self, socket: &Socket) -> bool {
        self.lock().seats.contains_key(socket.id())
    }

    /// Who somebody is; one who has said nothing so far takes the seat that is made for them.
    pub(super) fn who(&self, socket: &Socket, new: impl FnOnce() -> WaiterId) -> WaiterId {
        self.lock().seat(socket, new).who
    }

    /// Under which name somebody was in a lobby last.
    pub(super) fn name(&self, socket: &Socket) -> Option<DisplayName> {
        self.lock().seats.get(socket.id())?.name.clone()
    }

    /// Makes ready for whatever comes of asking to be let in: a room may be told before the answer is here. Answers with
    /// who they were in a lobby before.
    pub(super) fn begin(
        &self,
        socket: &Socket,
        public_id: &str,
        new: impl FnOnce() -> WaiterId,
    ) -> Option<WaiterId> {
        let mut table = self.lock();
        let seat = table.seat(socket, new);
        seat.entering = true;
        let before = seat.has_entered.then_some(seat.who);
        let former = std::mem::replace(&mut seat.public_id, public_id.to_owned());
        table.by_public_id.remove(&former);
        table.by_public_id.insert(public_id.to_owned(), socket.id().to_owned());
        before
    }

    /// They were let in: to wait, or into a room that they were told of already or will be.
    pub(super) fn enter(&self, socket: &Socket, code: AccessCode, name: DisplayName, entered: &Entered) {
        let mut table = self.lock();
        table.by_who.insert(entered.who, socket.id().to_owned());
        let Some(seat) = table.seats.get_mut(socket.id()) else { return };
        let former = std::mem::replace(&mut seat.who, entered.who);
        (seat.code, seat.name, seat.has_entered) = (Some(code), Some(name), true);
        let was_told = !std::mem::take(&mut seat.entering) && seat.is_in_room_of(entered.group);
        match &entered.standing {
            _ if was_told => {}
            Standing::Waiting { .. } => seat.move_to(Place::Waiting(entered.group)),
            Standing::InRoom(room) if seat.is_in(room.id) => {}
            // Whatever room they were in before, they are in it no more.
            Standing::InRoom(_) => seat.move_to(Place::Nowhere),
        }
        if former != entered.who {
            table.by_who.remove(&former);
        }
    }

    /// They were not let in, and are where they were.
    pub(super) fn stay(&self, socket: &Socket) {
        if let Some(seat) = self.lock().seats.get_mut(socket.id()) {
            seat.entering = false;
        }
    }

    /// They have left a room. Others hear of it a moment later; what they say meanwhile is not for that room any more.
    pub(super) fn move_on(&self, socket: &Socket, from: RoomId, to: Place) {
        if let Some(seat) = self.lock().seats.get_mut(socket.id())
            && seat.is_in(from)
        {
            seat.move_to(to);
        }
    }

    /// They are in no lobby any more.
    pub(super) fn stand_up(&self, socket: &Socket) {
        if let Some(seat) = self.lock().seats.get_mut(socket.id()) {
            seat.move_to(Place::Nowhere);
        }
    }

    /// What a socket means by the name of a room.
    pub(super) fn called(&self, socket: &Socket, name: &str) -> Called {
        let table = self.lock();
        let seat = table.seats.get(socket.id());
        match seat.map(|seat| (&seat.place, &seat.code)) {
            Some((Place::InRoom(room), _)) if room.name == name => Called::Room(room.clone()),
            _ if joined_names(socket).iter().any(|joined| joined == name) => Called::Named,
            Some((Place::Waiting(group), Some(code))) if AccessCode::parse(name).as_ref() == Ok(code) => {
                Called::Lobby(*group)
            }
            _ => Called::Nothing,
        }
    }

    /// Takes the seat of a socket that is gone: who sat there, and whether they were in a lobby ever.
    pub(super) fn remove(&self, socket: &Socket) -> Option<(WaiterId, bool)> {
        let mut table = self.lock();
        let seat = table.seats.remove(socket.id())?;
        table.by_public_id.remove(&seat.public_id);
        if table.by_who.get(&seat.who).is_some_and(|id| id == socket.id()) {
            table.by_who.remove(&seat.who);
        }
        Some((seat.who, seat.has_entered))
    }
}

impl Table {
    fn seat(&mut self, socket: &Socket, new: impl FnOnce() -> WaiterId) -> &mut Seat {
        self.seats.entry(socket.id().to_owned()).or_insert_with(|| Seat {
            socket: socket.clone(),
            who: new(),
            public_id: String::new(),
            place: Place::Nowhere,
            has_entered: false,
            entering: false,
            code: None,
            name: None,
        })
    }

    /// Puts somebody into a room, by the id under which they came to it. Answers with the socket, and whether they were
    /// not in it before; `None` where it is not here.
    pub(super) fn sit(&mut self, public_id: &str, who: WaiterId, room: &RoomView) -> Option<(Socket, bool)> {
        // By who they are only where they came under another id: a version 3 client has two, see `public_id`.
        let id = self.by_public_id.get(public_id).or_else(|| self.by_who.get(&who))?.clone();
        let seat = self.seats.get_mut(&id)?;
        self.by_who.insert(who, id);
        let place = Place::InRoom(Room { id: room.id, group: room.group, name: room.name.clone() });
        let is_new = seat.place != place;
        (seat.who, seat.entering, seat.has_entered) = (who, false, true);
        seat.move_to(place);
        Some((seat.socket.clone(), is_new))
    }

    /// The seat of somebody.
    pub(super) fn of(&mut self, who: WaiterId) -> Option<&mut Seat> {
        self.seats.get_mut(self.by_who.get(&who)?)
    }

    /// Every seat in the lobby or a room of a group.
    pub(super) fn of_group(&mut self, group: GroupId) -> impl Iterator<Item = &mut Seat> {
        self.seats.values_mut().filter(move |seat| seat.place.group() == Some(group))
    }
}

impl Seat {
    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    pub(super) fn is_in(&self, room: RoomId) -> bool {
        matches!(&self.place, Place::InRoom(here) if here.id == room)
    }

    fn is_in_room_of(&self, group: GroupId) -> bool {
        matches!(&self.place, Place::InRoom(here) if here.group == group)
    }

    pub(super) fn move_to(&mut self, place: Place) {
        if self.place == place {
            return;
        }
        if let Some(room) = self.place.socket_room() {
            self.socket.leave(&room);
        }
        if let Some(room) = place.socket_room() {
            // A socket may join far fewer names than it may be in rooms: there is always one left.
            let _ = self.socket.join(room);
        }
        self.place = place;
    }
}
