//! Which groups this node follows, for whom, and up to where it has delivered their logs.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use parlor_core::{AccountId, Cursor, Event, GroupId, Position, Seq};
use parlor_socketio::Socket;

/// Events of a group that are kept to close the gap between reading its log and going live. A flood that runs past
/// them only costs another read.
const RECENT: usize = 32;

/// The groups that somebody on this node has open.
#[derive(Default)]
pub(super) struct Follows(Mutex<HashMap<GroupId, Arc<Mutex<Follow>>>>);

/// One group. Its lock is held while events are handed to the sockets, so that they are in one order, and never
/// while something is awaited. It is taken after that of the table, never before.
pub(super) struct Follow {
    pub(super) group: GroupId,
    pub(super) room: Arc<str>,
    /// The last event delivered; `None` until the first socket has read where the log ends.
    pub(super) cursor: Option<Cursor>,
    /// The highest place that was heard of.
    pub(super) heard: Option<Position>,
    recent: VecDeque<Arc<Event>>,
    sockets: Vec<(AccountId, Socket)>,
    /// Sockets in it and openings under way; the last one forgets the group.
    holders: usize,
}

/// Keeps a group followed while it is being opened.
pub(super) struct Hold<'a> {
    follows: &'a Follows,
    group: GroupId,
    pub(super) follow: Arc<Mutex<Follow>>,
}

impl Follows {
    pub(super) fn find(&self, group: GroupId) -> Option<Arc<Mutex<Follow>>> {
        self.table().get(&group).cloned()
    }

    pub(super) fn groups(&self) -> Vec<GroupId> {
        self.table().keys().copied().collect()
    }

    pub(super) fn len(&self) -> usize {
        self.table().len()
    }

    /// Follows a group from now on, at least until the hold is dropped.
    pub(super) fn hold(&self, group: GroupId) -> Hold<'_> {
        Hold { follows: self, group, follow: self.take(group) }
    }

    /// Follows a group from now on, at least until it is released once.
    pub(super) fn take(&self, group: GroupId) -> Arc<Mutex<Follow>> {
        let mut table = self.table();
        let follow = table.entry(group).or_insert_with(|| Arc::new(Mutex::new(Follow::new(group)))).clone();
        lock(&follow).holders += 1;
        follow
    }

    /// Takes a socket out. True if the account has no other socket in the group.
    pub(super) fn leave(&self, group: GroupId, account: AccountId, socket: &Socket) -> bool {
        let Some(follow) = self.find(group) else { return false };
        let was_last = {
            let mut follow = lock(&follow);
            let before = follow.sockets.len();
            follow.sockets.retain(|(_, other)| other != socket);
            if follow.sockets.len() == before {
                return false;
            }
            socket.leave(&follow.room);
            !follow.is_here(account)
        };
        self.release(group);
        was_last
    }

    /// Forgets a group with all its sockets, which it gives back.
    pub(super) fn forget(&self, group: GroupId) -> Vec<Socket> {
        let Some(follow) = self.find(group) else { return Vec::new() };
        let sockets = lock(&follow).end();
        sockets.iter().for_each(|_| self.release(group));
        sockets
    }

    pub(super) fn release(&self, group: GroupId) {
        let mut table = self.table();
        let Some(follow) = table.get(&group).cloned() else { return };
        let mut follow = lock(&follow);
        follow.holders -= 1;
        if follow.holders == 0 {
            table.remove(&group);
        }
    }

    fn table(&self) -> MutexGuard<'_, HashMap<GroupId, Arc<Mutex<Follow>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.follows.release(self.group);
    }
}

impl Follow {
    fn new(group: GroupId) -> Follow {
        Follow {
            group,
            room: format!("g:{group}").into(),
            cursor: None,
            heard: None,
            recent: VecDeque::new(),
            sockets: Vec::new(),
            holders: 0,
        }
    }

    /// Puts a socket in. True if it is the account's first here.
    pub(super) fn enter(&mut self, account: AccountId, socket: &Socket) -> bool {
        let is_first = !self.is_here(account);
        if !self.sockets.iter().any(|(_, other)| other == socket) {
            self.sockets.push((account, socket.clone()));
            self.holders += 1;
        }
        is_first
    }

    /// Takes the sockets of some accounts out of the group and its room. Whoever calls releases the group once for each.
    pub(super) fn take_sockets(&mut self, of: impl Fn(AccountId) -> bool) -> Vec<Socket> {
        let (taken, kept) =
            std::mem::take(&mut self.sockets).into_iter().partition(|(account, _)| of(*account));
        self.sockets = kept;
        let taken: Vec<(AccountId, Socket)> = taken;
        taken
            .into_iter()
            .map(|(_, socket)| {
                socket.leave(&self.room);
                socket
            })
            .collect()
    }

    /// Takes all sockets out, and forgets how far the log was delivered: whoever still holds the group reads it anew.
    fn end(&mut self) -> Vec<Socket> {
        self.cursor = None;
        self.heard = None;
        self.recent.clear();
        self.take_sockets(|_| true)
    }

    pub(super) fn is_here(&self, account: AccountId) -> bool {
        self.sockets.iter().any(|(other, _)| *other == account)
    }

    pub(super) fn sockets_of(&self, account: AccountId) -> impl Iterator<Item = &Socket> {
        self.sockets.iter().filter(move |(other, _)| *other == account).map(|(_, socket)| socket)
    }

    /// Remembers an event that was delivered.
    pub(super) fn remember(&mut self, event: &Arc<Event>) {
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(event.clone());
    }

    /// Everything that was delivered after a place, if it is still remembered.
    pub(super) fn delivered_after(&self, seq: Seq) -> Option<Vec<Arc<Event>>> {
        let first = self.recent.front()?.seq;
        (first <= seq.next()).then(|| self.recent.iter().filter(|event| event.seq > seq).cloned().collect())
    }

    /// Something was heard of the log's end.
    pub(super) fn hear(&mut self, position: Position) {
        if self.heard.is_none_or(|heard| heard.epoch != position.epoch || heard.seq < position.seq) {
            self.heard = Some(position);
        }
    }
}

/// The group of a room's name.
pub(super) fn group_of_room(room: &str) -> Option<GroupId> {
    room.strip_prefix("g:")?.parse().ok()
}

pub(super) fn lock(follow: &Mutex<Follow>) -> MutexGuard<'_, Follow> {
    follow.lock().unwrap_or_else(PoisonError::into_inner)
}
