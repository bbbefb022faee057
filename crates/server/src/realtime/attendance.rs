//! Which sockets of this node are in a lobby, by whose place they are there.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use parlor_core::{GroupId, WaiterId};
use parlor_socketio::Socket;

/// Everybody in a lobby through this face.
#[derive(Default)]
pub(super) struct Attendance(Mutex<HashMap<WaiterId, Attending>>);

struct Attending {
    group: GroupId,
    sockets: Vec<Socket>,
}

impl Attendance {
    /// Lists a socket; answers with the lobby in which it was listed before.
    pub(super) fn enter(&self, who: WaiterId, group: GroupId, socket: &Socket) -> Option<GroupId> {
        let mut table = self.lock();
        let attending = table.entry(who).or_insert_with(|| Attending { group, sockets: Vec::new() });
        let before = attending.sockets.contains(socket).then_some(attending.group);
        for listed in &attending.sockets {
            if attending.group != group {
                listed.leave(&lobby_room(attending.group));
                join(listed, lobby_room(group));
            }
        }
        attending.group = group;
        if before.is_none() {
            attending.sockets.push(socket.clone());
        }
        join(socket, lobby_room(group));
        before
    }

    /// Undoes what [`Attendance::enter`] did for a socket that was refused.
    pub(super) fn take_back(&self, who: WaiterId, before: Option<GroupId>, socket: &Socket) {
        match before {
            Some(group) => drop(self.enter(who, group, socket)),
            None => drop(self.leave(who, socket)),
        }
    }

    /// Takes a socket out. True if it was there and was the last one of its place.
    pub(super) fn leave(&self, who: WaiterId, socket: &Socket) -> bool {
        let mut table = self.lock();
        let Some(attending) = table.get_mut(&who) else { return false };
        let before = attending.sockets.len();
        attending.sockets.retain(|other| other != socket);
        if attending.sockets.len() < before {
            socket.leave(&lobby_room(attending.group));
        }
        let was_last = attending.sockets.is_empty() && before > 0;
        if was_last {
            table.remove(&who);
        }
        was_last
    }

    /// Takes all sockets of a place out.
    pub(super) fn leave_all(&self, who: WaiterId) -> Vec<Socket> {
        let Some(attending) = self.lock().remove(&who) else { return Vec::new() };
        let room = lobby_room(attending.group);
        attending.sockets.iter().for_each(|socket| socket.leave(&room));
        attending.sockets
    }

    /// Everybody in a group's lobby.
    pub(super) fn of_group(&self, group: GroupId) -> Vec<WaiterId> {
        let table = self.lock();
        table.iter().filter(|(_, attending)| attending.group == group).map(|(who, _)| *who).collect()
    }

    /// The sockets of a place.
    pub(super) fn sockets(&self, who: WaiterId) -> Vec<Socket> {
        self.lock().get(&who).map(|attending| attending.sockets.clone()).unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<WaiterId, Attending>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
