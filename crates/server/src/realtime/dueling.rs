//! Which sockets of this node have which duel open, and how they are told of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use parlor_app::duel::{DuelFace, DuelView, FoundBy, JobNews, Line, Progress};
use parlor_core::{AccountId, Author, DuelId, Emoji, GroupId};
use parlor_socketio::{Socket, Values};
use parlor_wire::duel::{DuelFound, DuelReacted};

use super::duel_view;
use super::{Realtime, Shared};

/// Duels that one socket has open at most.
const MOST_DUELS: usize = 16;

/// Everybody who looks at duels through this face.
#[derive(Default)]
pub(super) struct Dueling(Mutex<Table>);

#[derive(Default)]
struct Table {
    open: HashMap<DuelId, Open>,
    /// By which socket somebody seeks: with it, seeking ends.
    seekers: HashMap<AccountId, Socket>,
}

/// A duel that somebody has open.
struct Open {
    /// Whose members alone may look at it, besides its players; `None` where everybody may.
    members_of: Option<GroupId>,
    sockets: Vec<(AccountId, Socket)>,
}

impl Dueling {
    /// Lists a socket; false where it has too many open.
    pub(super) fn enter(
        &self,
        duel: DuelId,
        members_of: Option<GroupId>,
        account: AccountId,
        socket: &Socket,
    ) -> bool {
        let mut table = self.lock();
        if table.open.get(&duel).is_some_and(|open| open.has(socket)) {
            return true;
        }
        let fits = table.open.values().filter(|open| open.has(socket)).count() < MOST_DUELS;
        if fits {
            let open = table.open.entry(duel).or_insert_with(|| Open { members_of, sockets: Vec::new() });
            open.sockets.push((account, socket.clone()));
            super::attendance::join(socket, room(duel));
        }
        fits
    }

    /// Takes a socket out. True if it was the account's last one there.
    pub(super) fn leave(&self, duel: DuelId, account: AccountId, socket: &Socket) -> bool {
        let mut table = self.lock();
        let Some(Open { sockets, .. }) = table.open.get_mut(&duel) else { return false };
        let before = sockets.len();
        sockets.retain(|(_, other)| other != socket);
        let left = sockets.len() < before;
        let was_last = left && !sockets.iter().any(|(other, _)| *other == account);
        if sockets.is_empty() {
            table.open.remove(&duel);
        }
        if left {
            socket.leave(&room(duel));
        }
        was_last
    }

    /// Whose sockets have a duel open, each account once.
    pub(super) fn accounts(&self, duel: DuelId) -> Vec<AccountId> {
        let mut accounts: Vec<AccountId> =
            self.lock().open.get(&duel).into_iter().flat_map(Open::accounts).collect();
        accounts.sort_unstable();
        accounts.dedup();
        accounts
    }

    pub(super) fn of_socket(&self, socket: &Socket) -> Vec<DuelId> {
        let table = self.lock();
        table.open.iter().filter(|(_, open)| open.has(socket)).map(|(duel, _)| *duel).collect()
    }

    /// Who has which duel open that only members of a group may look at.
    pub(super) fn among_members(&self, group: GroupId) -> Vec<(DuelId, AccountId, Socket)> {
        let table = self.lock();
        let open = table.open.iter().filter(|(_, open)| open.members_of == Some(group));
        open.flat_map(|(duel, open)| {
            open.sockets.iter().map(|(account, socket)| (*duel, *account, socket.clone()))
        })
        .collect()
    }

    pub(super) fn seeks(&self, account: AccountId, socket: &Socket) {
        self.lock().seekers.insert(account, socket.clone());
    }

    /// True if the account sought by this socket.
    pub(super) fn seeks_no_more(&self, account: AccountId, socket: &Socket) -> bool {
        let mut table = self.lock();
        let was = table.seekers.get(&account).is_some_and(|by| by == socket);
        if was {
            table.seekers.remove(&account);
        }
        was
    }

    fn sockets_of(&self, duel: DuelId, account: AccountId) -> Vec<Socket> {
        let table = self.lock();
        let sockets = table.open.get(&duel).into_iter().flat_map(|open| &open.sockets);
        sockets.filter(|(other, _)| *other == account).map(|(_, socket)| socket.clone()).collect()
    }

    // Taken for a moment only, never across an await; a duel may be locked meanwhile, none is locked within.
    fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn has(&self, socket: &Socket) -> bool {
        self.sockets.iter().any(|(_, other)| other == socket)
    }

    fn accounts(&self) -> impl Iterator<Item = AccountId> + '_ {
        self.sockets.iter().map(|(account, _)| *account)
    }
}

/// The native face of duels.
struct Told(Weak<Shared>);

impl DuelFace for Told {
    fn changed(&self, view: &DuelView) {
        let Some(realtime) = self.0.upgrade().map(Realtime) else { return };
        realtime.namespace().to(room(view.id)).emit("duel", &duel_view::duel(view));
    }

    fn progressed(&self, duel: DuelId, progress: &Progress) {
        let Some(realtime) = self.0.upgrade().map(Realtime) else { return };
        let mut others = realtime.namespace().to(room(duel)).volatile();
        let own = realtime.0.dueling.sockets_of(duel, progress.player);
        for socket in &own {
            others = others.except(socket);
        }
        others.emit("duel_progress", &duel_view::progress(duel, progress));
    }

    fn judged(&self, duel: DuelId, author: AccountId, news: &JobNews) {
        let Some(realtime) = self.0.upgrade().map(Realtime) else { return };
        let values = Values::one(&duel_view::verdict(duel, news));
        for socket in realtime.0.dueling.sockets_of(duel, author) {
            socket.emit_values("duel_verdict", &values);
        }
    }

    fn said(&self, duel: DuelId, line: &Line) {
        let Some(realtime) = self.0.upgrade().map(Realtime) else { return };
        realtime.namespace().to(room(duel)).emit("duel_said", &duel_view::line(duel, line));
    }

    fn reacted(&self, duel: DuelId, by: &Author, emoji: &Emoji) {
        let Some(realtime) = self.0.upgrade().map(Realtime) else { return };
        let reacted = DuelReacted { duel: duel.into(), by: by.into(), emoji: emoji.as_str().to_owned() };
        realtime.namespace().to(room(duel)).volatile().emit("duel_reacted", &reacted);
    }

    fn found(&self, duel: DuelId, players: &[AccountId], by: FoundBy) {
        let Some(realtime) = self.0.upgrade().map(Realtime) else { return };
        let values = Values::one(&DuelFound { duel: duel.into(), by: duel_view::found_by(by) });
        for account in players {
            for socket in realtime.0.people.of(*account) {
                socket.emit_values("duel_found", &values);
            }
        }
    }

    fn over(&self, view: &DuelView) {
        let Some(realtime) = self.0.upgrade().map(Realtime) else { return };
        if let Some(over) = duel_view::over(view) {
            realtime.namespace().to(room(view.id)).emit("duel_over", &over);
        }
    }
}

impl Realtime {
    /// The face through which duels are told to the sockets.
    #[must_use]
    pub fn duel_face(&self) -> Arc<dyn DuelFace> {
        Arc::new(Told(Arc::downgrade(&self.0)))
    }
}

/// The Socket.IO room of all who have a duel open.
fn room(duel: DuelId) -> String {
    format!("d:{duel}")
}
