//! Who gets what: joins and leaves, and the messages of a tick laid out for their receivers.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Flusher;
use crate::delivery::encoded::Encoded;
use crate::delivery::tick::Segment;
use crate::delivery::{Broadcast, Member, NOWHERE, Target};
use crate::engine::session::Session;

impl Flusher {
    pub(super) fn send(&mut self, session: &Arc<Session>, message: Encoded, volatile: bool) {
        let Some(number) = self.find(session) else { return };
        self.segments.push(Segment::new(message, volatile));
        self.pend(number);
    }

    pub(super) fn broadcast(&mut self, broadcast: Arc<Broadcast>) {
        let message = broadcast.message.clone();
        // A burst into one room is walked once: its messages become one segment.
        if let Some(run) = &self.run
            && run.namespace == broadcast.namespace
            && run.target == broadcast.target
            && !run.volatile
            && !broadcast.volatile
            && [run, &broadcast].iter().all(|each| each.except.is_empty() && each.except_rooms.is_empty())
            && self.segments.last_mut().is_some_and(|segment| segment.append(message.clone()).is_ok())
        {
            return;
        }
        let targets: Vec<usize> = match &broadcast.target {
            Target::Everyone => self.rooms.everyone(broadcast.namespace).into_iter().collect(),
            Target::Room(name) => self.rooms.find(broadcast.namespace, name).into_iter().collect(),
            Target::Rooms(names) => {
                names.iter().filter_map(|name| self.rooms.find(broadcast.namespace, name)).collect()
            }
        };
        if targets.is_empty() {
            self.run = None;
            return;
        }
        let except_rooms: Vec<usize> = broadcast
            .except_rooms
            .iter()
            .filter_map(|name| self.rooms.find(broadcast.namespace, name))
            .collect();
        let index = self.segments.len() as u32;
        self.segments.push(Segment::of_broadcast(broadcast.clone()));
        for (nth, target) in targets.iter().enumerate() {
            for place in self.rooms.places(*target) {
                let seen_before = targets[..nth].iter().any(|other| self.rooms.is_in(place.member, *other));
                if seen_before
                    || except_rooms.iter().any(|room| self.rooms.is_in(place.member, *room))
                    || (!broadcast.except.is_empty()
                        && broadcast.except.contains(&self.rooms.member(place.member).seat().id))
                {
                    continue;
                }
                let connection = &mut self.connections[place.connection];
                if connection.pending.is_empty() {
                    self.dirty.push(place.connection);
                }
                connection.pending.push(index);
            }
        }
        self.run = Some(broadcast);
    }

    /// Gives the newest segment to one connection.
    pub(super) fn pend(&mut self, number: usize) {
        let connection = &mut self.connections[number];
        if connection.closing.is_some() {
            return;
        }
        if connection.pending.is_empty() {
            self.dirty.push(number);
        }
        connection.pending.push(self.segments.len() as u32 - 1);
    }

    pub(super) fn attach(&mut self, member: &Arc<dyn Member>) {
        let Some(number) = self.find(&member.seat().session) else { return };
        if self.connections[number].closing.is_some() {
            return;
        }
        let seat = self.rooms.attach(member.clone(), member.seat().namespace, number);
        member.seat().number.store(seat, Ordering::Relaxed);
        self.connections[number].members.push(seat);
    }

    pub(super) fn detach(&mut self, member: &Arc<dyn Member>) {
        let seat = member.seat().number.swap(NOWHERE, Ordering::Relaxed);
        if seat == NOWHERE {
            return;
        }
        let number = self.rooms.connection(seat);
        self.rooms.detach(seat);
        let connection = &mut self.connections[number];
        connection.members.retain(|other| *other != seat);
        if let (true, Some(timeout)) = (connection.members.is_empty(), self.limits.connect) {
            connection.connect_deadline = self.clock.now() + timeout;
            self.arm(number);
        }
    }
}
