//! Which sockets of this node watch along with which group.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use parlor_app::watch::keep_time::{ShownViewer, WatchFace};
use parlor_core::{AccountId, GroupId};
use parlor_socketio::Socket;
use parlor_wire::watch::Viewers;

use super::watch_view::viewer;
use super::{Realtime, Shared};

/// Groups that one socket watches along with at most: a person has two eyes, and a page may show a few.
const MOST_GROUPS: usize = 16;

/// Everybody who watches through this face.
#[derive(Default)]
pub(super) struct Viewing(Mutex<HashMap<GroupId, Vec<(AccountId, Socket)>>>);

impl Viewing {
    /// Lists a socket. Beyond [`MOST_GROUPS`] it hears nothing of the others.
    pub(super) fn enter(&self, group: GroupId, account: AccountId, socket: &Socket) {
        let mut table = self.lock();
        let groups =
            table.values().filter(|viewers| viewers.iter().any(|(_, other)| other == socket)).count();
        let viewers = table.entry(group).or_default();
        if groups < MOST_GROUPS && !viewers.iter().any(|(_, other)| other == socket) {
            viewers.push((account, socket.clone()));
            super::attendance::join(socket, room(group));
        }
    }

    /// Takes a socket out. True if the account has no other one watching with the group here.
    pub(super) fn leave(&self, group: GroupId, account: AccountId, socket: &Socket) -> bool {
        let mut table = self.lock();
        let Some(viewers) = table.get_mut(&group) else { return false };
        let before = viewers.len();
        viewers.retain(|(_, other)| other != socket);
        let left = viewers.len() < before;
        if left {
            socket.leave(&room(group));
        }
        let was_last = left && !viewers.iter().any(|(other, _)| *other == account);
        if viewers.is_empty() {
            table.remove(&group);
        }
        was_last
    }

    pub(super) fn has(&self, group: GroupId, socket: &Socket) -> bool {
        self.lock().get(&group).is_some_and(|viewers| viewers.iter().any(|(_, other)| other == socket))
    }

    pub(super) fn groups_of(&self, socket: &Socket) -> Vec<GroupId> {
        let table = self.lock();
        let watched = table.iter().filter(|(_, viewers)| viewers.iter().any(|(_, other)| other == socket));
        watched.map(|(group, _)| *group).collect()
    }

    /// The sockets of an account that watch with a group.
    pub(super) fn sockets_of(&self, group: GroupId, account: AccountId) -> Vec<Socket> {
        let table = self.lock();
        let viewers = table.get(&group).into_iter().flatten();
        viewers.filter(|(other, _)| *other == account).map(|(_, socket)| socket.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<GroupId, Vec<(AccountId, Socket)>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The native face of watching together.
struct Told(Weak<Shared>);

impl WatchFace for Told {
    fn viewers(&self, group: GroupId, viewers: &[ShownViewer]) {
        let Some(realtime) = self.0.upgrade().map(Realtime) else { return };
        let viewers = viewers.iter().map(viewer).collect();
        let shown = Viewers { group: group.into(), viewers };
        realtime.namespace().to(room(group)).volatile().emit("viewers", &shown);
    }
}

impl Realtime {
    /// The face through which viewers are shown each other.
    #[must_use]
    pub fn watch_face(&self) -> Arc<dyn WatchFace> {
        Arc::new(Told(Arc::downgrade(&self.0)))
    }
}

/// The Socket.IO room of all who watch with a group.
fn room(group: GroupId) -> String {
    format!("w:{group}")
}
