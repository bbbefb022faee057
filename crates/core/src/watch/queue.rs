//! What comes next: items in the order of the list, or those with the most votes first.

use super::Item;
use crate::{AccountId, ItemId};
use std::collections::BTreeSet;

/// What waits to be watched. Never longer than [`Queue::MOST`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    entries: Vec<Entry>,
}

/// An item in the queue, with who voted for it: each account once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What.
    pub item: Item,
    /// By whom it is wanted.
    pub votes: BTreeSet<AccountId>,
}

/// What decides which entry is next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The order of the list.
    AsListed,
    /// Most votes; among equals the order of the list.
    ByVotes,
}

impl Queue {
    /// Most items.
    pub const MOST: usize = 500;

    /// Takes what the database holds, where only a queue was ever written; what is too much is left out.
    #[must_use]
    pub fn from_stored(mut entries: Vec<Entry>) -> Self {
        entries.truncate(Self::MOST);
        Self { entries }
    }

    /// All of them, as listed.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether there are as many as may be.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.entries.len() >= Self::MOST
    }

    /// The entry of that item.
    #[must_use]
    pub fn find(&self, id: ItemId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.item.id == id)
    }

    /// What comes next.
    #[must_use]
    pub fn first(&self, order: Order) -> Option<&Entry> {
        let mut entries = self.entries.iter();
        let listed_first = entries.next()?;
        match order {
            Order::AsListed => Some(listed_first),
            Order::ByVotes => Some(entries.fold(listed_first, |most, entry| {
                if entry.votes.len() > most.votes.len() { entry } else { most }
            })),
        }
    }

    /// Whether moving that item before the other (`None`: to the end) changes anything; `None` when one is not there.
    pub(super) fn would_move(&self, id: ItemId, before: Option<ItemId>) -> Option<bool> {
        let from = self.place(id)?;
        let to = before.map_or(Some(self.entries.len()), |before| self.place(before))?;
        Some(to != from && to != from + 1)
    }

    /// At the end; one more than may be is not added.
    pub(super) fn add(&mut self, item: Item) {
        if !self.is_full() {
            self.entries.push(Entry { item, votes: BTreeSet::new() });
        }
    }

    pub(super) fn remove(&mut self, id: ItemId) -> Option<Item> {
        let place = self.place(id)?;
        Some(self.entries.remove(place).item)
    }

    pub(super) fn move_before(&mut self, id: ItemId, before: Option<ItemId>) {
        if self.would_move(id, before) != Some(true) {
            return;
        }
        if let Some(from) = self.place(id) {
            let entry = self.entries.remove(from);
            let to = before.and_then(|before| self.place(before)).unwrap_or(self.entries.len());
            self.entries.insert(to, entry);
        }
    }

    pub(super) fn vote(&mut self, id: ItemId, by: AccountId, on: bool) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.item.id == id) {
            if on {
                entry.votes.insert(by);
            } else {
                entry.votes.remove(&by);
            }
        }
    }

    fn place(&self, id: ItemId) -> Option<usize> {
        self.entries.iter().position(|entry| entry.item.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::testing::{account, item, item_id};

    fn queue() -> Queue {
        let mut queue = Queue::default();
        (1..=4).for_each(|id| queue.add(item(id)));
        queue
    }

    fn order(queue: &Queue) -> Vec<i64> {
        queue.entries().iter().map(|entry| entry.item.id.get()).collect()
    }

    #[test]
    fn an_item_moves_before_another_or_to_the_end() {
        for (id, before, expected) in [
            (1, Some(3), [2, 1, 3, 4]),
            (4, Some(1), [4, 1, 2, 3]),
            (1, None, [2, 3, 4, 1]),
            (1, Some(1), [1, 2, 3, 4]),
            (1, Some(2), [1, 2, 3, 4]),
            (4, None, [1, 2, 3, 4]),
            (9, None, [1, 2, 3, 4]),
            (1, Some(9), [1, 2, 3, 4]),
        ] {
            let (mut queue, before) = (queue(), before.map(item_id));
            let told = queue.would_move(item_id(id), before);
            queue.move_before(item_id(id), before);
            assert_eq!(order(&queue), expected, "{id} {before:?}");
            assert_eq!(told.unwrap_or(false), expected != [1, 2, 3, 4]);
        }
    }

    #[test]
    fn votes_decide_what_comes_next_and_count_once() {
        let mut queue = queue();
        let first = |queue: &Queue, order| queue.first(order).unwrap().item.id.get();
        assert_eq!(first(&queue, Order::ByVotes), 1);
        queue.vote(item_id(3), account(1), true);
        queue.vote(item_id(3), account(1), true);
        queue.vote(item_id(4), account(2), true);
        assert_eq!((first(&queue, Order::ByVotes), first(&queue, Order::AsListed)), (3, 1));
        queue.vote(item_id(4), account(3), true);
        assert_eq!(first(&queue, Order::ByVotes), 4);
        queue.vote(item_id(4), account(3), false);
        assert_eq!(first(&queue, Order::ByVotes), 3);
    }

    #[test]
    fn it_never_grows_beyond_its_bound() {
        let mut queue = Queue::default();
        (1..=Queue::MOST as i64 + 5).for_each(|id| queue.add(item(id)));
        assert_eq!(queue.entries().len(), Queue::MOST);
    }
}
