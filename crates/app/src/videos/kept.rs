//! What other servers answered, for a while and up to a number of entries.
//!
//! In memory: it is lost at a restart, which costs a few searches of the day and nothing that anybody would miss.

use parlor_core::Timestamp;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Answers by their question.
pub(super) struct Kept<Key, Answer> {
    most: usize,
    lifetime: Duration,
    // Taken for a look or a change only.
    answers: Mutex<HashMap<Key, (Timestamp, Answer)>>,
}

impl<Key: Eq + Hash + Clone, Answer: Clone> Kept<Key, Answer> {
    pub(super) fn new(most: usize, lifetime: Duration) -> Self {
        Self { most, lifetime, answers: Mutex::default() }
    }

    /// The answer, while it is young enough.
    pub(super) fn get(&self, key: &Key, now: Timestamp) -> Option<Answer> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, answer) = answers.get(key)?;
        (now.since(*at) < self.lifetime).then(|| answer.clone())
    }

    /// Keeps an answer. Where there are as many as may be, the oldest makes room.
    pub(super) fn put(&self, key: Key, answer: Answer, now: Timestamp) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= self.most && !answers.contains_key(&key) {
            let oldest = answers.iter().min_by_key(|(_, (at, _))| *at).map(|(key, _)| key.clone());
            oldest.and_then(|key| answers.remove(&key));
        }
        answers.insert(key, (now, answer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_for_a_while() {
        let kept = Kept::new(2, Duration::from_millis(10));
        let at = Timestamp::from_millis;
        kept.put("a", 1, at(0));
        assert_eq!((kept.get(&"a", at(9)), kept.get(&"a", at(10))), (Some(1), None));
        kept.put("a", 2, at(10));
        assert_eq!((kept.get(&"a", at(19)), kept.get(&"b", at(19))), (Some(2), None));
    }

    #[test]
    fn the_oldest_makes_room() {
        let kept = Kept::new(2, Duration::from_millis(10));
        let at = Timestamp::from_millis;
        for (millis, key) in [(0, "a"), (1, "b"), (2, "a"), (3, "c")] {
            kept.put(key, millis, at(millis));
        }
        let found = ["a", "b", "c"].map(|key| kept.get(&key, at(4)));
        assert_eq!(found, [Some(2), None, Some(3)]);
        assert_eq!(kept.answers.lock().unwrap().len(), 2);
    }
}
