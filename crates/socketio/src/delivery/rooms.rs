//! Who is in which room, within one shard. Knows nothing of messages or streams.

use std::collections::HashMap;
use std::sync::Arc;

use slab::Slab;

use super::{Member, RoomName};

/// The rooms of one shard's members.
#[derive(Default)]
pub(crate) struct Rooms {
    members: Slab<Seated>,
    rooms: Slab<Room>,
    by_name: HashMap<u32, HashMap<RoomName, usize>>,
    /// The room of everybody in a namespace, by namespace.
    everyone: HashMap<u32, usize>,
}

/// A member and where it sits.
struct Seated {
    member: Arc<dyn Member>,
    connection: usize,
    /// Its rooms, and its place in the list of each.
    rooms: Vec<(usize, usize)>,
}

struct Room {
    namespace: u32,
    /// `None` for the room of everybody.
    name: Option<RoomName>,
    places: Vec<Place>,
}

/// One place in a room: the member, and its connection so that a broadcast need not look it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) member: usize,
    pub(crate) connection: usize,
}

impl Rooms {
    /// Seats a member of the namespace and returns its number.
    pub(crate) fn attach(&mut self, member: Arc<dyn Member>, namespace: u32, connection: usize) -> usize {
        let number = self.members.insert(Seated { member, connection, rooms: Vec::new() });
        let room = match self.everyone.get(&namespace) {
            Some(room) => *room,
            None => {
                let room = self.rooms.insert(Room { namespace, name: None, places: Vec::new() });
                self.everyone.insert(namespace, room);
                room
            }
        };
        self.sit(number, room);
        number
    }

    /// Takes a member out of every room.
    pub(crate) fn detach(&mut self, number: usize) {
        while let Some((room, _)) = self.members[number].rooms.last().copied() {
            self.leave_room(number, room);
        }
        self.members.remove(number);
    }

    pub(crate) fn join(&mut self, number: usize, namespace: u32, name: &RoomName) {
        let names = self.by_name.entry(namespace).or_default();
        let room = match names.get(name) {
            Some(room) => *room,
            None => {
                let room =
                    self.rooms.insert(Room { namespace, name: Some(name.clone()), places: Vec::new() });
                names.insert(name.clone(), room);
                room
            }
        };
        if !self.is_in(number, room) {
            self.sit(number, room);
        }
    }

    pub(crate) fn leave(&mut self, number: usize, namespace: u32, name: &str) {
        if let Some(room) = self.find(namespace, name) {
            self.leave_room(number, room);
        }
    }

    /// Takes a member out of a room by the room's number; an empty room is forgotten.
    pub(crate) fn leave_room(&mut self, number: usize, room: usize) {
        let rooms = &mut self.members[number].rooms;
        let Some(index) = rooms.iter().position(|(other, _)| *other == room) else { return };
        let (_, place) = rooms.swap_remove(index);
        self.rooms[room].places.swap_remove(place);
        if let Some(moved) = self.rooms[room].places.get(place) {
            let moved_rooms = &mut self.members[moved.member].rooms;
            let entry = moved_rooms.iter_mut().find(|(other, _)| *other == room);
            entry.expect("who has a place in a room lists it").1 = place;
        }
        if self.rooms[room].places.is_empty() {
            let gone = self.rooms.remove(room);
            match gone.name {
                None => {
                    self.everyone.remove(&gone.namespace);
                }
                Some(name) => {
                    if let Some(names) = self.by_name.get_mut(&gone.namespace) {
                        names.remove(&name);
                    }
                }
            }
        }
    }

    pub(crate) fn find(&self, namespace: u32, name: &str) -> Option<usize> {
        self.by_name.get(&namespace)?.get(name).copied()
    }

    pub(crate) fn everyone(&self, namespace: u32) -> Option<usize> {
        self.everyone.get(&namespace).copied()
    }

    pub(crate) fn places(&self, room: usize) -> &[Place] {
        &self.rooms[room].places
    }

    pub(crate) fn is_in(&self, number: usize, room: usize) -> bool {
        self.members[number].rooms.iter().any(|(other, _)| *other == room)
    }

    pub(crate) fn members(&self) -> impl Iterator<Item = &Arc<dyn Member>> {
        self.members.iter().map(|(_, seated)| &seated.member)
    }

    pub(crate) fn member(&self, number: usize) -> &Arc<dyn Member> {
        &self.members[number].member
    }

    pub(crate) fn connection(&self, number: usize) -> usize {
        self.members[number].connection
    }

    fn sit(&mut self, number: usize, room: usize) {
        let seated = &mut self.members[number];
        let places = &mut self.rooms[room].places;
        seated.rooms.push((room, places.len()));
        places.push(Place { member: number, connection: seated.connection });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::delivery::testing::lonely_member;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rooms_hold_who_joined_and_did_not_leave(steps in proptest::collection::vec((0usize..6, 0usize..4, 0u8..4), 1..200)) {
            let mut rooms = Rooms::default();
            let names: Vec<RoomName> = (0..4).map(|number| RoomName::from(number.to_string())).collect();
            let mut seats: Vec<Option<usize>> = vec![None; 6];
            let mut model: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
            for (who, room, what) in steps {
                match (what, seats[who]) {
                    (_, None) => seats[who] = Some(rooms.attach(lonely_member(), 0, who)),
                    (0, Some(number)) => {
                        rooms.detach(number);
                        seats[who] = None;
                        model.values_mut().for_each(|members| { members.remove(&who); });
                    }
                    (1, Some(number)) => {
                        rooms.leave(number, 0, &names[room]);
                        model.entry(room).or_default().remove(&who);
                    }
                    (_, Some(number)) => {
                        rooms.join(number, 0, &names[room]);
                        model.entry(room).or_default().insert(who);
                    }
                }
                for (index, name) in names.iter().enumerate() {
                    let here: BTreeSet<usize> = rooms.find(0, name)
                        .map(|room| rooms.places(room).iter().map(|place| place.connection).collect())
                        .unwrap_or_default();
                    prop_assert_eq!(&here, model.entry(index).or_default());
                }
                let all = rooms.everyone(0).map_or(0, |room| rooms.places(room).len());
                prop_assert_eq!(all, seats.iter().flatten().count());
            }
        }
    }
}
