//! What this node knows of the players of groups in which somebody on it watches: the state, who is there, what their
//! players say.

use super::WatchView;
use parlor_bus::notice::ViewerNews;
use parlor_core::watch::{Audience, CommandPace, Phase, Refused, Report, Watch, due, due_at};
use parlor_core::{AccountId, Event, GroupId, Position, Role, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// When nothing is due for a room by itself it is looked at this much later all the same.
const SELDOM: Duration = Duration::from_secs(60);
/// A room without viewers is forgotten after this: a page that is loaded again finds its lead and its votes.
const KEPT_EMPTY: Duration = Duration::from_secs(30);

/// One viewer, as the others see them.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownViewer {
    /// Who.
    pub account: AccountId,
    /// As what in the group.
    pub role: Role,
    /// What their player said last, while that counts.
    pub report: Option<Report>,
}

#[derive(Default)]
pub(crate) struct Rooms(Mutex<HashMap<GroupId, Room>>);

struct Room {
    watch: Watch,
    position: Position,
    audience: Audience,
    paces: HashMap<AccountId, CommandPace>,
    look_at: Timestamp,
    /// Somebody is making what is due.
    busy: bool,
    /// The log is ahead of what is known here.
    stale: bool,
    /// What the viewers were last shown of each other has changed.
    news: bool,
    empty_since: Option<Timestamp>,
}

/// What is to be done for a room now.
pub(super) enum Task {
    /// Read its state again.
    Read,
    /// Make what is due, for these.
    Change(Audience),
}

impl Rooms {
    pub(super) fn open(&self, group: GroupId, view: &WatchView, now: Timestamp) {
        let mut rooms = self.lock();
        let room = rooms.entry(group).or_insert_with(|| Room {
            watch: view.watch.clone(),
            position: view.position,
            audience: Audience::new(now),
            paces: HashMap::new(),
            look_at: now,
            busy: false,
            stale: false,
            news: true,
            empty_since: None,
        });
        room.take(view.clone());
        room.empty_since = None;
    }

    /// Counts a command of a viewer.
    pub(super) fn pace(&self, group: GroupId, account: AccountId, now: Timestamp) -> Result<(), Refused> {
        match self.lock().get_mut(&group) {
            Some(room) => room.paces.entry(account).or_default().take(now),
            // Who commands without watching is counted by nobody: there are few, and each command is a write.
            None => Ok(()),
        }
    }

    /// The state after a change.
    pub(super) fn update(&self, group: GroupId, view: WatchView) {
        if let Some(room) = self.lock().get_mut(&group) {
            room.look_at = view.now;
            room.take(view);
        }
    }

    /// An event of the player that some node has appended.
    pub(super) fn hear(&self, event: &Event) {
        if let Some(room) = self.lock().get_mut(&event.group) {
            let known = room.position;
            if event.epoch != known.epoch || event.seq > known.seq {
                room.stale = true;
            }
        }
    }

    pub(super) fn viewer(&self, group: GroupId, account: AccountId, news: ViewerNews, now: Timestamp) {
        let mut rooms = self.lock();
        let Some(room) = rooms.get_mut(&group) else { return };
        match news {
            ViewerNews::Came(role) => room.audience.join(account, role, now),
            ViewerNews::Went => room.audience.leave(account, now),
            ViewerNews::Reported(report) => room.audience.report(account, report, now),
            ViewerNews::Ready(rev) => room.audience.ready(account, rev, now),
        }
        room.news = true;
        room.look_at = now;
        let empty = room.audience.here().next().is_none();
        room.empty_since = empty.then(|| room.empty_since.unwrap_or(now));
    }

    /// What is to be done at `now`, each thing given to one who does it and calls [`Rooms::done`] then.
    pub(super) fn tasks(&self, now: Timestamp) -> Vec<(GroupId, Task)> {
        let mut rooms = self.lock();
        rooms.retain(|_, room| {
            room.busy || room.empty_since.is_none_or(|since| now.since(since) < KEPT_EMPTY)
        });
        let mut tasks = Vec::new();
        for (group, room) in rooms.iter_mut() {
            if room.busy || (room.look_at > now && !room.stale) {
                continue;
            }
            if room.stale {
                room.busy = true;
                tasks.push((*group, Task::Read));
            } else if due(&room.watch, &room.audience, now).is_some() {
                room.busy = true;
                tasks.push((*group, Task::Change(room.audience.clone())));
            } else {
                let next = due_at(&room.watch, &room.audience, now);
                room.look_at = next.unwrap_or_else(|| now.plus(SELDOM));
            }
        }
        tasks
    }

    /// A task is done; `again` at the earliest is looked whether more is due.
    pub(super) fn done(&self, group: GroupId, again: Timestamp) {
        if let Some(room) = self.lock().get_mut(&group) {
            room.busy = false;
            room.look_at = again;
        }
    }

    /// The state was read again; `None` when there is none any more.
    pub(super) fn refresh(&self, group: GroupId, view: Option<WatchView>) {
        let mut rooms = self.lock();
        match (rooms.get_mut(&group), view) {
            (Some(room), Some(view)) => {
                room.stale = false;
                room.take(view);
            }
            (_, None) => drop(rooms.remove(&group)),
            (None, Some(_)) => {}
        }
    }

    pub(super) fn forget(&self, group: GroupId) {
        self.lock().remove(&group);
    }

    /// Something was written into a group's log: perhaps about its player.
    pub(super) fn read_again(&self, group: GroupId) {
        if let Some(room) = self.lock().get_mut(&group) {
            room.stale = true;
        }
    }

    pub(super) fn read_all_again(&self) {
        self.lock().values_mut().for_each(|room| room.stale = true);
    }

    /// The viewers of rooms in which they have changed since this was last asked.
    pub(super) fn shown(&self, now: Timestamp) -> Vec<(GroupId, Vec<ShownViewer>)> {
        let mut rooms = self.lock();
        rooms
            .iter_mut()
            .filter(|(_, room)| room.news)
            .map(|(group, room)| {
                room.news = false;
                let shown = room.audience.here().map(|(account, present)| ShownViewer {
                    account,
                    role: present.role,
                    report: present.fresh_report(now).copied(),
                });
                (*group, shown.collect())
            })
            .collect()
    }

    /// Whether anything plays in a room here.
    pub(super) fn any_plays(&self) -> bool {
        let rooms = self.lock();
        rooms.values().any(|room| matches!(room.watch.play.phase, Phase::Playing | Phase::Preparing { .. }))
    }

    // Taken for a moment only, never across an await.
    fn lock(&self) -> MutexGuard<'_, HashMap<GroupId, Room>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Room {
    /// An older state than the known one says nothing.
    fn take(&mut self, view: WatchView) {
        let known = self.position;
        if view.position.epoch != known.epoch || view.position.seq >= known.seq {
            self.watch = view.watch;
            self.position = view.position;
        }
    }
}
