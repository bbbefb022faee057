//! Hands an event to the sockets of its group: next in order or not at all, encoded once.

use std::collections::HashSet;
use std::sync::Arc;

use parlor_core::cursor::Step;
use parlor_core::{AccountId, Event, EventBody, GroupId, Position, Seq};
use parlor_socketio::{NamespaceHandle, Socket};

use super::Realtime;
use super::connection::Visitor;
use super::follow::Follow;

impl Realtime {
    /// Delivers an event if it is the next one. False if something is missing before it.
    pub(super) fn deliver(&self, follow: &mut Follow, event: &Arc<Event>) -> bool {
        follow.hear(Position { epoch: event.epoch, seq: event.seq });
        // While the first socket still reads where the log ends, what is heard is only remembered.
        let Some(cursor) = &mut follow.cursor else { return true };
        match cursor.offer(event.epoch, event.seq) {
            Step::Deliver => {
                follow.remember(event);
                emit(self.namespace(), follow, event);
                self.faces().for_each(|face| face.deliver(event));
                if let EventBody::MemberLeft { account, .. } = &event.body {
                    self.send_away(follow, account.id);
                }
                true
            }
            Step::Duplicate => true,
            Step::Gap { .. } | Step::Foreign => false,
        }
    }

    /// Nothing after the event that removed them reaches them.
    fn send_away(&self, follow: &mut Follow, account: AccountId) {
        let group = follow.group;
        for socket in self.0.viewing.sockets_of(group, account) {
            self.close_watch(&socket, group);
        }
        let sockets = follow.take_sockets(|other| other == account);
        // At once: whoever comes back opens the group anew, and that must not be taken for this.
        for socket in &sockets {
            Visitor::of(socket).remove(group);
        }
        self.tell_absence(&sockets, group);
        let realtime = self.clone();
        // The table's lock comes before that of a group, which is held here.
        tokio::spawn(async move { sockets.iter().for_each(|_| realtime.0.follows.release(group)) });
    }

    /// Tells that those whose last sockets these were have the group open no more.
    pub(super) fn tell_absence(&self, sockets: &[Socket], group: GroupId) {
        let mut told = HashSet::new();
        for socket in sockets {
            let caller = Visitor::of(socket).caller();
            if told.insert(caller.account.id) {
                self.0.app.presence(&caller, group, false);
            }
        }
    }

    /// The place of the last event that was delivered.
    pub(super) fn delivered(follow: &Follow) -> Option<Seq> {
        follow.cursor.map(|cursor| cursor.position().seq)
    }
}

fn emit(namespace: &NamespaceHandle, follow: &Follow, event: &Event) {
    namespace.to(follow.room.clone()).emit("event", &parlor_wire::event::Event::from(event));
}
