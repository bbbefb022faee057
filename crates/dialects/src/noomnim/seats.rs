//! For whom each socket speaks, and the one group that it hears. A seat lasts as long as its socket.
//!
//! The sockets that hear a group are in a Socket.IO room of the same meaning. A seat moves under the one lock, and with it
//! its socket from room to room; what happens in a group is emitted under that lock too, so of each seat it is known up
//! to where it has heard.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use parlor_app::group_faces::Followed;
use parlor_core::{AccountId, GroupId, Seq};
use parlor_socketio::Socket;

use super::Named;
use super::people::Present;

/// All seats of this node.
#[derive(Default)]
pub(super) struct Seats(Mutex<Table>);

/// What the lock guards. It is taken under the lock of a group, and under it those of sockets and of delivery; never is a
/// group followed, or a [`Followed`] dropped, under it.
#[derive(Default)]
pub(super) struct Table {
    /// By [`Socket::id`].
    seats: HashMap<String, Seat>,
    audiences: HashMap<GroupId, Audience>,
}

struct Seat {
    socket: Socket,
    present: Arc<Present>,
    hears: Option<Hearing>,
    /// It has visited or entered a group: from then on, to create or to join one changes nothing.
    has_visited: bool,
}

/// A group that a seat hears.
struct Hearing {
    group: Named,
    /// Visited or entered, not only created or joined.
    is_visited: bool,
    /// Everything up to where it began to hear was told; else what was left out is still unread.
    has_all: bool,
    followed: Arc<dyn Followed>,
}

/// Those who hear a group.
struct Audience {
    name: Arc<str>,
    seats: usize,
    /// The last event that they have all heard.
    heard: Seq,
}

/// A group that a seat hears no more. To be dropped under no lock.
pub(super) struct Left {
    pub(super) group: GroupId,
    /// The last event that it heard.
    pub(super) heard: Seq,
    /// It was visited, and told without a hole: it is read up to there.
    pub(super) has_read: bool,
    _followed: Arc<dyn Followed>,
}

/// The Socket.IO room of those who hear a group.
pub(super) fn room_of(group: GroupId) -> String {
    format!("noomnim {group}")
}

impl Seats {
    pub(super) fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For whom a socket speaks.
    pub(super) fn present(&self, socket: &Socket) -> Option<Arc<Present>> {
        self.lock().seats.get(socket.id()).map(|seat| seat.present.clone())
    }

    /// Everybody for whom a socket speaks.
    pub(super) fn everybody(&self) -> Vec<(Socket, Arc<Present>)> {
        self.lock().seats.values().map(|seat| (seat.socket.clone(), seat.present.clone())).collect()
    }

    /// From now on a socket speaks for somebody; where that is another than before, it hears nothing at first.
    pub(super) fn speak_for(&self, socket: &Socket, present: Arc<Present>) -> Option<Left> {
        let mut table = self.lock();
        if let Some(seat) = table.seats.get_mut(socket.id())
            && seat.present.is_same_as(&present)
        {
            seat.present = present;
            return None;
        }
        let left = table.stop(socket.id());
        let seat = Seat { socket: socket.clone(), present, hears: None, has_visited: false };
        table.seats.insert(socket.id().to_owned(), seat);
        left
    }

    /// The group that a socket hears.
    pub(super) fn hears(&self, socket: &Socket) -> Option<Named> {
        Some(self.lock().seats.get(socket.id())?.hears.as_ref()?.group.clone())
    }

    /// Whether a socket is visiting a group.
    pub(super) fn visits(&self, socket: &Socket, group: GroupId) -> bool {
        let table = self.lock();
        let hears = table.seats.get(socket.id()).and_then(|seat| seat.hears.as_ref());
        hears.is_some_and(|hears| hears.is_visited && hears.group.id == group)
    }

    pub(super) fn has_visited(&self, socket: &Socket) -> bool {
        self.lock().seats.get(socket.id()).is_some_and(|seat| seat.has_visited)
    }

    /// From now on a socket hears a group, of which it knows what it was told up to `known` (`has_all`: everything), and no other.
    /// `tell` runs between the one and the other.
    pub(super) fn sit_down(
        &self,
        socket: &Socket,
        group: &Named,
        (known, is_visited): (Seq, bool),
        has_all: bool,
        followed: Arc<dyn Followed>,
        tell: impl FnOnce(),
    ) -> Option<Left> {
        let mut table = self.lock();
        let left = table.stop(socket.id());
        tell();
        let Some(seat) = table.seats.get_mut(socket.id()) else { return left };
        // A socket is in one room of this face: there is always a place.
        let _ = socket.join(room_of(group.id));
        seat.has_visited |= is_visited;
        seat.hears = Some(Hearing { group: group.clone(), is_visited, has_all, followed });
        let audience = table.audiences.entry(group.id);
        let audience =
            audience.or_insert_with(|| Audience { name: group.name.clone(), seats: 0, heard: known });
        audience.seats += 1;
        audience.heard = audience.heard.max(known);
        left
    }

    /// A socket hears a group no more, if it did.
    pub(super) fn stand_up(&self, socket: &Socket, group: GroupId) -> Option<Left> {
        let mut table = self.lock();
        let hears = table.seats.get(socket.id())?.hears.as_ref()?;
        if hears.group.id == group { table.stop(socket.id()) } else { None }
    }

    /// Takes the seat of a socket that is gone.
    pub(super) fn remove(&self, socket: &Socket) -> Option<(Arc<Present>, Option<Left>)> {
        let mut table = self.lock();
        let left = table.stop(socket.id());
        Some((table.seats.remove(socket.id())?.present, left))
    }
}

impl Table {
    /// Notes that those who hear a group have heard this; under which name they know it, `None` where nobody does.
    pub(super) fn hear(&mut self, group: GroupId, seq: Seq) -> Option<Arc<str>> {
        let audience = self.audiences.get_mut(&group)?;
        audience.heard = seq;
        Some(audience.name.clone())
    }

    /// The seats in a group of some people hear it no more.
    pub(super) fn send_away(&mut self, group: GroupId, whom: impl Fn(AccountId) -> bool) -> Vec<Left> {
        let hears = |seat: &Seat| seat.hears.as_ref().is_some_and(|hears| hears.group.id == group);
        let seats = self.seats.iter().filter(|(_, seat)| hears(seat) && whom(seat.present.account()));
        let ids: Vec<String> = seats.map(|(id, _)| id.clone()).collect();
        ids.iter().filter_map(|id| self.stop(id)).collect()
    }

    fn stop(&mut self, id: &str) -> Option<Left> {
        let seat = self.seats.get_mut(id)?;
        let Hearing { group, is_visited, has_all, followed } = seat.hears.take()?;
        seat.socket.leave(&room_of(group.id));
        let audience = self.audiences.get_mut(&group.id).expect("a group that is heard has an audience");
        let heard = audience.heard;
        audience.seats -= 1;
        if audience.seats == 0 {
            self.audiences.remove(&group.id);
        }
        Some(Left { group: group.id, heard, has_read: is_visited && has_all, _followed: followed })
    }
}
