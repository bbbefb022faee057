//! Which sockets of this node are in a lobby, by whose place they are there.
//!
//! What a decision does to the places is told a moment after it was made, and somebody may have come in again meanwhile.
//! So each listing has a number, and who takes sockets out names the number up to which they are meant.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use parlor_core::{GroupId, WaiterId};
use parlor_socketio::Socket;

/// Everybody in a lobby through this face.
#[derive(Default)]
pub(super) struct Attendance(Mutex<Table>);

#[derive(Default)]
struct Table {
    places: HashMap<WaiterId, Vec<Listed>>,
    /// How many times a socket was listed.
    listings: u64,
}

struct Listed {
    socket: Socket,
    /// The lobby whose state it is told, once it was let in.
    group: Option<GroupId>,
    number: u64,
}

/// A moment in the order of the listings.
#[derive(Clone, Copy)]
pub(super) struct Moment(u64);

impl Attendance {
    /// Lists a socket that asks to be let in: what it is told may come before it is answered. False where it was listed
    /// before.
    pub(super) fn list(&self, who: WaiterId, socket: &Socket) -> bool {
        let mut table = self.lock();
        let is_listed = table.of(who).iter().any(|listed| listed.socket == *socket);
        if !is_listed {
            table.push(who, socket, None);
        }
        !is_listed
    }

    /// A socket was let into a group's lobby, and with it every other one of the same place: there is one place a person.
    /// Answers how many there are.
    pub(super) fn settle(&self, who: WaiterId, group: GroupId, socket: &Socket) -> usize {
        let mut table = self.lock();
        // As often as it was let in, as late it may be taken out.
        table.take(who, |listed| listed.socket == *socket);
        table.push(who, socket, None);
        let listed = table.places.entry(who).or_default();
        for seat in listed.iter_mut().filter(|seat| seat.group != Some(group)) {
            if let Some(before) = seat.group.replace(group) {
                seat.socket.leave(&lobby_room(before));
            }
            join(&seat.socket, lobby_room(group));
        }
        listed.len()
    }

    /// Takes one socket out. True if none of its place is left.
    pub(super) fn leave(&self, who: WaiterId, socket: &Socket) -> bool {
        let mut table = self.lock();
        let taken = table.take(who, |listed| listed.socket == *socket);
        !taken.is_empty() && !table.places.contains_key(&who)
    }

    /// Now, to be named to [`Attendance::leave_all`].
    pub(super) fn moment(&self) -> Moment {
        Moment(self.lock().listings)
    }

    /// Takes the sockets of a place out that were listed up to a moment.
    pub(super) fn leave_all(&self, who: WaiterId, until: Moment) -> Vec<Socket> {
        self.lock().take(who, |listed| listed.number <= until.0)
    }

    /// Everybody in a group's lobby.
    pub(super) fn of_group(&self, group: GroupId) -> Vec<WaiterId> {
        let table = self.lock();
        let inside = table.places.iter();
        let inside = inside.filter(|(_, listed)| listed.iter().any(|seat| seat.group == Some(group)));
        inside.map(|(who, _)| *who).collect()
    }

    /// Everybody in any lobby.
    pub(super) fn all(&self) -> Vec<WaiterId> {
        self.lock().places.keys().copied().collect()
    }

    /// The sockets of a place.
    pub(super) fn sockets(&self, who: WaiterId) -> Vec<Socket> {
        self.lock().of(who).iter().map(|listed| listed.socket.clone()).collect()
    }

    // Taken for a moment only, never across an await.
    fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn of(&self, who: WaiterId) -> &[Listed] {
        self.places.get(&who).map_or(&[], Vec::as_slice)
    }

    fn push(&mut self, who: WaiterId, socket: &Socket, group: Option<GroupId>) {
        self.listings += 1;
        let listed = Listed { socket: socket.clone(), group, number: self.listings };
        self.places.entry(who).or_default().push(listed);
    }

    fn take(&mut self, who: WaiterId, is_meant: impl Fn(&Listed) -> bool) -> Vec<Socket> {
        let Some(listed) = self.places.get_mut(&who) else { return Vec::new() };
        let mut taken = Vec::new();
        listed.retain(|seat| {
            let stays = !is_meant(seat);
            if !stays {
                if let Some(group) = seat.group {
                    seat.socket.leave(&lobby_room(group));
                }
                taken.push(seat.socket.clone());
            }
            stays
        });
        if listed.is_empty() {
            self.places.remove(&who);
        }
        taken
    }
}

/// The Socket.IO room of all in a lobby.
pub(super) fn lobby_room(group: GroupId) -> String {
    format!("l:{group}")
}

/// A socket in as many rooms as it may be hears nothing of this one: that is its own doing.
pub(super) fn join(socket: &Socket, room: String) {
    let _ = socket.join(room);
}
