//! How many read or write at once: in all, and of one account. Whoever finds no place is told to try again soon.

use parlor_core::AccountId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

pub(crate) struct Places {
    most: usize,
    most_of_one: usize,
    // Held for a look-up only.
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by: HashMap<AccountId, usize>,
}

/// A place, until it is dropped.
pub(crate) struct Place {
    account: AccountId,
    taken: Arc<Mutex<Taken>>,
}

impl Places {
    pub(crate) fn new(most: usize, most_of_one: usize) -> Self {
        Self { most, most_of_one, taken: Arc::default() }
    }

    /// `None` where all are taken, or all that one account may have.
    pub(crate) fn take(&self, account: AccountId) -> Option<Place> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let of_one = taken.by.get(&account).copied().unwrap_or(0);
        if taken.all >= self.most || of_one >= self.most_of_one {
            return None;
        }
        taken.all += 1;
        taken.by.insert(account, of_one + 1);
        Some(Place { account, taken: self.taken.clone() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        let left = taken.by.get(&self.account).map_or(0, |count| count - 1);
        if left == 0 {
            taken.by.remove(&self.account);
        } else {
            taken.by.insert(self.account, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_few_and_come_back() {
        let account = |number| AccountId::new(number).unwrap();
        let places = Places::new(3, 2);
        let (one, _two) = (places.take(account(1)).unwrap(), places.take(account(1)).unwrap());
        assert!(places.take(account(1)).is_none(), "two of one account");
        let _three = places.take(account(2)).unwrap();
        assert!(places.take(account(3)).is_none(), "three in all");
        drop(one);
        assert!(places.take(account(3)).is_some());
        assert!(places.take(account(1)).is_some());
        assert_eq!(places.taken.lock().unwrap().by.len(), 2);
    }
}
