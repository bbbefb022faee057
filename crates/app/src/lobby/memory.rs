//! What one node knows of its rooms: who is in them, and the last lines that were said. It goes with the room.

use parlor_bus::{LobbyNotice, News, Occupant, RoomView, Said};
use parlor_core::lobby::LastPartners;
use parlor_core::{GroupId, RoomId, Timestamp, WaiterId};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Lines of a room that go with a report (issue 4, What 3).
pub const LINES: usize = 50;

/// So long a room that ended for all at once is remembered, …
const PAST: Duration = Duration::from_secs(120);
/// … and so many of them: a speed chat of some thousand people.
const MOST_PAST: usize = 5_000;

/// What somebody saw of a room.
pub(crate) struct Seen {
    /// In whose lobby it was.
    pub(crate) group: GroupId,
    /// The last lines, oldest first.
    pub(crate) lines: Vec<Arc<Said>>,
    /// Everybody who ever was in it.
    pub(crate) ever: Vec<Occupant>,
}

/// The rooms with somebody on this node, and small things beside them.
#[derive(Default)]
pub(crate) struct Memory(Mutex<Known>);

#[derive(Default)]
struct Known {
    rooms: HashMap<RoomId, Room>,
    /// Rooms that ended for all at once, as at the end of a round: who was there may still report and block.
    past: HashMap<RoomId, (Room, Timestamp)>,
    /// Who has left a room that has not been told of it yet.
    left: HashSet<(RoomId, WaiterId)>,
    /// Whom those on this node met last: for those of whom no history is kept.
    last_met: HashMap<WaiterId, LastPartners>,
    /// Lobbies in which the number of those who wait has changed.
    changed: HashSet<GroupId>,
    /// Whose vanishing could not be written yet.
    vanished: HashSet<WaiterId>,
}

struct Room {
    view: Arc<RoomView>,
    /// Everybody who ever was in it: one who left can still be reported.
    ever: Vec<Occupant>,
    lines: VecDeque<Arc<Said>>,
    /// When those came who were not there from the beginning: before that they saw nothing.
    came: HashMap<WaiterId, Timestamp>,
}

impl Memory {
    /// Takes in what happened, and answers with the room as it is then, with those who left where that ended it.
    pub(crate) fn take(&self, notice: &LobbyNotice, node: i64, now: Timestamp) -> Option<Arc<RoomView>> {
        let mut known = self.lock();
        match notice {
            LobbyNotice::Room { room, news } => known.put(room, *news, node, now),
            LobbyNotice::Said(said) => {
                let room = known.rooms.get_mut(&said.room)?;
                if room.lines.len() == LINES {
                    room.lines.pop_front();
                }
                room.lines.push_back(only_text(said));
                Some(room.view.clone())
            }
            LobbyNotice::Typing { room, .. } | LobbyNotice::Ready { room, .. } => known.view(*room),
            LobbyNotice::Keeps { room, by, on } => {
                let room = known.rooms.get_mut(room)?;
                for occupant in &mut Arc::make_mut(&mut room.view).people {
                    if occupant.who == *by {
                        occupant.keeps = *on;
                    }
                }
                Some(room.view.clone())
            }
            LobbyNotice::Left { room, who, .. } => {
                known.left.remove(&(*room, *who));
                known.leave(*room, *who)
            }
            LobbyNotice::Over { room: id, .. } => {
                let room = known.rooms.remove(id)?;
                let view = room.view.clone();
                if known.past.len() < MOST_PAST {
                    known.past.insert(*id, (room, now));
                }
                Some(view)
            }
            LobbyNotice::Kept { room, .. } => known.rooms.remove(room).map(|room| room.view),
            LobbyNotice::Out { .. } | LobbyNotice::Changed { .. } | LobbyNotice::SaidAloud(_) => None,
        }
    }

    /// The room, if somebody is in it; on this node.
    pub(crate) fn room_of(&self, who: WaiterId, room: RoomId) -> Option<Arc<RoomView>> {
        let known = self.lock();
        let is_leaving = known.left.contains(&(room, who));
        known.view(room).filter(|view| view.find(who).is_some() && !is_leaving)
    }

    /// Somebody has left a room, in the database; that it is told follows.
    pub(crate) fn mark_left(&self, room: RoomId, who: WaiterId) {
        self.lock().left.insert((room, who));
    }

    /// What somebody saw of a room, oldest first, and everybody who was in it with them.
    pub(crate) fn seen_by(&self, who: WaiterId, room: RoomId) -> Option<Seen> {
        let known = self.lock();
        let past = || known.past.get(&room).map(|(room, _)| room);
        let room = known.rooms.get(&room).or_else(past).filter(|room| room.view.find(who).is_some())?;
        let since = room.came.get(&who).copied().unwrap_or(room.view.began_at);
        let lines = room.lines.iter().filter(|line| line.at >= since).cloned().collect();
        Some(Seen { group: room.view.group, lines, ever: room.ever.clone() })
    }

    /// Forgets rooms that ended a while ago.
    pub(crate) fn forget_past(&self, now: Timestamp) {
        self.lock().past.retain(|_, (_, ended)| now.since(*ended) < PAST);
    }

    /// The rooms of a group, forgotten.
    pub(crate) fn forget_group(&self, group: GroupId) {
        let mut known = self.lock();
        known.rooms.retain(|_, room| room.view.group != group);
        known.past.retain(|_, (room, _)| room.view.group != group);
    }

    /// Rooms that are here though the database knows none of them any more, forgotten.
    pub(crate) fn retain_rooms(&self, there: &HashSet<RoomId>) -> Vec<Arc<RoomView>> {
        let mut known = self.lock();
        known.left.clear();
        let gone = known.rooms.values().filter(|room| !there.contains(&room.view.id));
        let gone: Vec<Arc<RoomView>> = gone.map(|room| room.view.clone()).collect();
        for room in &gone {
            known.rooms.remove(&room.id);
        }
        gone
    }

    pub(crate) fn last_met(&self, who: WaiterId) -> Option<LastPartners> {
        self.lock().last_met.get(&who).copied()
    }

    pub(crate) fn forget_last_met(&self, who: WaiterId) {
        self.lock().last_met.remove(&who);
    }

    pub(crate) fn mark_changed(&self, group: GroupId) {
        self.lock().changed.insert(group);
    }

    pub(crate) fn take_changed(&self) -> HashSet<GroupId> {
        std::mem::take(&mut self.lock().changed)
    }

    pub(crate) fn vanish_later(&self, who: WaiterId) {
        self.lock().vanished.insert(who);
    }

    pub(crate) fn take_vanished(&self) -> HashSet<WaiterId> {
        std::mem::take(&mut self.lock().vanished)
    }

    // Taken for a moment only, never across an await.
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn put(&mut self, view: &Arc<RoomView>, news: News, node: i64, now: Timestamp) -> Option<Arc<RoomView>> {
        if !view.people.iter().any(|occupant| occupant.node == node) {
            return Some(view.clone());
        }
        let room = self.rooms.entry(view.id).or_insert_with(|| Room {
            view: view.clone(),
            ever: Vec::new(),
            lines: VecDeque::new(),
            came: HashMap::new(),
        });
        room.view = view.clone();
        for occupant in &view.people {
            room.ever.retain(|other| other.who != occupant.who);
            room.ever.push(occupant.clone());
        }
        if let News::Joined(who) = news {
            room.came.insert(who, now);
        }
        for occupant in
            view.people.iter().filter(|occupant| occupant.node == node && occupant.account().is_none())
        {
            self.last_met.insert(occupant.who, partners_of(view, occupant.who));
        }
        Some(view.clone())
    }

    fn leave(&mut self, id: RoomId, who: WaiterId) -> Option<Arc<RoomView>> {
        let room = self.rooms.get_mut(&id)?;
        Arc::make_mut(&mut room.view).people.retain(|occupant| occupant.who != who);
        let view = room.view.clone();
        if view.people.is_empty() {
            self.rooms.remove(&id);
        }
        Some(view)
    }

    fn view(&self, room: RoomId) -> Option<Arc<RoomView>> {
        self.rooms.get(&room).map(|room| room.view.clone())
    }
}

/// A line as a report has it: an object of the circle dialect may be twelve times as large as its text.
fn only_text(said: &Arc<Said>) -> Arc<Said> {
    if said.raw.is_none() { said.clone() } else { Arc::new(Said { raw: None, ..Said::clone(said) }) }
}

fn partners_of(view: &RoomView, who: WaiterId) -> LastPartners {
    let others: Vec<WaiterId> =
        view.people.iter().map(|occupant| occupant.who).filter(|other| *other != who).collect();
    match others[..] {
        [one, two, ..] => LastPartners::two(one, two),
        [one] => LastPartners::one(one),
        [] => LastPartners::NONE,
    }
}
