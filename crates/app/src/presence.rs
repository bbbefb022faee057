//! Who has a group open, on whatever node.
//!
//! Each node knows its own people and tells the others who comes and who goes, and again every five seconds who is there.
//! Whoever was not named by a node for fifteen seconds is not there any more, so a node that died takes its people with
//! it. The faces of a node are told when somebody's first place opens or their last one closes, wherever that is.
//!
//! Only groups that somebody on this node has open are kept account of.

use crate::{App, Caller};
use parlor_bus::{Notice, Received, Signal, SignalKind};
use parlor_core::{AccountId, Author, GroupId, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often it is looked whose time is over.
const EVERY: Duration = Duration::from_secs(1);
/// How often a node says who is there, in turns of the above.
const SAY_EVERY: u32 = 5;
/// How long somebody counts as there after that: two sayings may be lost.
const COUNTS_FOR: Duration = Duration::from_secs(14);
/// People in one notice.
const PORTION: usize = 500;
/// People of other nodes that are kept account of for each group; further ones are not shown.
const MOST_ELSEWHERE: usize = 20_000;

#[derive(Default)]
pub(crate) struct Presence {
    groups: Mutex<HashMap<GroupId, Group>>,
    /// Held while something changes and is told, so that both have one order. Taken before the other lock.
    order: Mutex<()>,
}

#[derive(Default)]
struct Group {
    here: HashMap<AccountId, Here>,
    elsewhere: HashMap<AccountId, Elsewhere>,
}

struct Here {
    by: Author,
    /// How many faces of this node have the account in the group.
    faces: usize,
}

struct Elsewhere {
    by: Author,
    /// Which nodes named them, and until when that counts.
    nodes: Vec<(i64, Timestamp)>,
}

/// What a coming or a going on this node changes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Change {
    /// For this node: it is the account's first or last face here.
    on_node: bool,
    /// For everybody: the account was nowhere else.
    at_all: bool,
    /// The group was not open on this node before.
    is_new_group: bool,
}

impl App {
    /// Notes that the caller has the group open through one face of this node, or no more, and tells whom it concerns.
    #[tracing::instrument(
        name = "chat.presence", level = "debug", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub fn presence(&self, caller: &Caller, group: GroupId, online: bool) {
        let by = caller.account.author();
        let presence = &self.inner.presence;
        let _order = presence.in_order();
        let change = if online { presence.come(group, &by) } else { presence.go(group, by.id) };
        if change.at_all {
            self.show_presence(group, by.clone(), online);
        }
        let Some(node) = self.inner.bus.node().filter(|_| change.on_node) else { return };
        if online {
            self.tell(Notice::Here { node, group, people: Arc::new([by]) });
        } else {
            self.tell(Notice::NoLongerHere { node, group, account: caller.account.id });
        }
        if change.is_new_group {
            self.tell(Notice::WhoIsHere { node, group });
        }
    }

    /// Tells somebody who has the group open: changes are told before or after, and `tell` must not wait.
    pub fn with_present(&self, group: GroupId, tell: impl FnOnce(Vec<AccountId>)) {
        let _order = self.inner.presence.in_order();
        tell(self.inner.presence.present(group));
    }

    /// Who has the group open, on whatever node, in the order of their ids. Where nobody on this node has it open the
    /// others are not known.
    #[must_use]
    pub fn present(&self, group: GroupId) -> Vec<AccountId> {
        self.inner.presence.present(group)
    }

    /// Tells the other nodes who is here and hears it from them, until the bus is gone; whoever starts the server runs
    /// it. A node that is alone has nothing to do.
    pub async fn keep_presence(&self) {
        let Some(node) = self.inner.bus.node() else { return std::future::pending().await };
        let mut subscription = self.subscribe();
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut turn = 0_u32;
        loop {
            tokio::select! {
                received = subscription.receive() => match received {
                    Some(Received::Notice(notice)) => self.hear_presence(node, &notice),
                    // Whatever was lost is said again.
                    Some(Received::Missed) => {}
                    None => return,
                },
                _ = ticks.tick() => {
                    turn = turn.wrapping_add(1);
                    let _order = self.inner.presence.in_order();
                    if turn.is_multiple_of(SAY_EVERY) {
                        self.say_who_is_here(node, self.inner.presence.all_here());
                    }
                    for (group, by) in self.inner.presence.expire(self.steady()) {
                        self.show_presence(group, by, false);
                    }
                }
            }
        }
    }

    fn hear_presence(&self, own: i64, notice: &Notice) {
        let presence = &self.inner.presence;
        let _order = presence.in_order();
        match notice {
            Notice::Here { node, group, people } if *node != own => {
                let until = self.steady().plus(COUNTS_FOR);
                for by in presence.hear(*node, *group, people, until) {
                    self.show_presence(*group, by, true);
                }
            }
            Notice::NoLongerHere { node, group, account } if *node != own => {
                if let Some(by) = presence.hear_gone(*node, *group, *account) {
                    self.show_presence(*group, by, false);
                }
            }
            Notice::WhoIsHere { node, group } if *node != own => {
                self.say_who_is_here(own, vec![(*group, presence.here(*group))]);
            }
            _ => {}
        }
    }

    fn say_who_is_here(&self, node: i64, groups: Vec<(GroupId, Vec<Author>)>) {
        for (group, people) in groups {
            for portion in people.chunks(PORTION) {
                self.tell(Notice::Here { node, group, people: portion.into() });
            }
        }
    }

    fn show_presence(&self, group: GroupId, by: Author, online: bool) {
        let signal = Signal { group, by, kind: SignalKind::Presence { online } };
        self.inner.bus.tell_here(Received::Notice(Notice::Signal(Arc::new(signal))));
    }

    fn steady(&self) -> Timestamp {
        self.inner.edges.clock.steady()
    }
}

impl Presence {
    fn come(&self, group: GroupId, by: &Author) -> Change {
        let mut groups = self.lock();
        let group = groups.entry(group).or_default();
        let is_new_group = group.here.is_empty();
        let here = group.here.entry(by.id).or_insert_with(|| Here { by: by.clone(), faces: 0 });
        here.faces += 1;
        let on_node = here.faces == 1;
        Change { on_node, at_all: on_node && !group.elsewhere.contains_key(&by.id), is_new_group }
    }

    fn go(&self, group_id: GroupId, account: AccountId) -> Change {
        let mut groups = self.lock();
        let Some(group) = groups.get_mut(&group_id) else { return Change::default() };
        let Some(here) = group.here.get_mut(&account) else { return Change::default() };
        here.faces -= 1;
        if here.faces > 0 {
            return Change::default();
        }
        group.here.remove(&account);
        let at_all = !group.elsewhere.contains_key(&account);
        if group.here.is_empty() {
            groups.remove(&group_id);
        }
        Change { on_node: true, at_all, is_new_group: false }
    }

    /// A node names people; answers who of them was nowhere before.
    fn hear(&self, node: i64, group: GroupId, people: &[Author], until: Timestamp) -> Vec<Author> {
        let mut groups = self.lock();
        let Some(group) = groups.get_mut(&group) else { return Vec::new() };
        let mut new = Vec::new();
        for by in people {
            if group.elsewhere.len() >= MOST_ELSEWHERE && !group.elsewhere.contains_key(&by.id) {
                continue;
            }
            let elsewhere = group.elsewhere.entry(by.id).or_insert_with(|| {
                if !group.here.contains_key(&by.id) {
                    new.push(by.clone());
                }
                Elsewhere { by: by.clone(), nodes: Vec::new() }
            });
            elsewhere.nodes.retain(|(other, _)| *other != node);
            elsewhere.nodes.push((node, until));
        }
        new
    }

    /// Somebody is on a node no more; answers them if they are nowhere now.
    fn hear_gone(&self, node: i64, group: GroupId, account: AccountId) -> Option<Author> {
        let mut groups = self.lock();
        let group = groups.get_mut(&group)?;
        group.elsewhere.get_mut(&account)?.nodes.retain(|(other, _)| *other != node);
        group.forget_if_nowhere(account)
    }

    /// Who was not named for too long, and is nowhere else.
    fn expire(&self, now: Timestamp) -> Vec<(GroupId, Author)> {
        let mut gone = Vec::new();
        for (id, group) in self.lock().iter_mut() {
            let known: Vec<AccountId> = group.elsewhere.keys().copied().collect();
            for account in known {
                if let Some(elsewhere) = group.elsewhere.get_mut(&account) {
                    elsewhere.nodes.retain(|(_, until)| *until > now);
                }
                gone.extend(group.forget_if_nowhere(account).map(|by| (*id, by)));
            }
        }
        gone
    }

    fn here(&self, group: GroupId) -> Vec<Author> {
        self.lock().get(&group).map(Group::authors).unwrap_or_default()
    }

    fn all_here(&self) -> Vec<(GroupId, Vec<Author>)> {
        self.lock().iter().map(|(id, group)| (*id, group.authors())).collect()
    }

    fn present(&self, group: GroupId) -> Vec<AccountId> {
        let groups = self.lock();
        let Some(group) = groups.get(&group) else { return Vec::new() };
        let mut present: Vec<AccountId> = group.here.keys().chain(group.elsewhere.keys()).copied().collect();
        present.sort_unstable();
        present.dedup();
        present
    }

    fn in_order(&self) -> MutexGuard<'_, ()> {
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // Taken for a moment only, never across an await.
    fn lock(&self) -> MutexGuard<'_, HashMap<GroupId, Group>> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Group {
    fn authors(&self) -> Vec<Author> {
        self.here.values().map(|here| here.by.clone()).collect()
    }

    /// Answers them if they are on this node neither.
    fn forget_if_nowhere(&mut self, account: AccountId) -> Option<Author> {
        if !self.elsewhere.get(&account)?.nodes.is_empty() {
            return None;
        }
        let by = self.elsewhere.remove(&account)?.by;
        (!self.here.contains_key(&account)).then_some(by)
    }
}

#[cfg(test)]
mod tests;
