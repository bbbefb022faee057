//! The place up to which one reader has followed one group's log: says of each event whether it is next.
//!
//! Hints between nodes may be lost, doubled and reordered; with a cursor before it, a reader delivers every event once
//! and in order, and knows what to read from the log where something is missing.

use crate::{Epoch, Position, Seq};

/// Up to where a log was followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    at: Position,
}

/// What to do with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is the next one; the cursor stands on it now.
    Deliver,
    /// It was delivered before: drop it.
    Duplicate,
    /// Something is missing: read the log after `after` up to and including `upto`, then go on. The cursor has not
    /// moved.
    Gap {
        /// The last one delivered.
        after: Seq,
        /// The one that was offered.
        upto: Seq,
    },
    /// The log has another life than the one followed: start anew. The cursor has not moved.
    Foreign,
}

impl Cursor {
    /// A cursor that stands on `at`: the next event is the one after.
    #[must_use]
    pub const fn new(at: Position) -> Self {
        Self { at }
    }

    /// The last event delivered.
    #[must_use]
    pub const fn position(&self) -> Position {
        self.at
    }

    /// Offers an event; moves onto it when it is the next.
    pub fn offer(&mut self, epoch: Epoch, seq: Seq) -> Step {
        if epoch != self.at.epoch {
            Step::Foreign
        } else if seq <= self.at.seq {
            Step::Duplicate
        } else if seq == self.at.seq.next() {
            self.at.seq = seq;
            Step::Deliver
        } else {
            Step::Gap { after: self.at.seq, upto: seq }
        }
    }

    /// What is missing when the log is known to end at `head`, or `None` when nothing is. For hints without events.
    #[must_use]
    pub fn behind(&self, head: Position) -> Option<Step> {
        if head.epoch != self.at.epoch {
            Some(Step::Foreign)
        } else if head.seq > self.at.seq {
            Some(Step::Gap { after: self.at.seq, upto: head.seq })
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seq(value: i64) -> Seq {
        Seq::new(value).unwrap()
    }

    fn start() -> Cursor {
        Cursor::new(Position { epoch: Epoch::new(1).unwrap(), seq: Seq::START })
    }

    #[test]
    fn another_life_of_the_log_is_never_followed() {
        let mut cursor = start();
        let other = Epoch::new(2).unwrap();
        assert_eq!(cursor.offer(other, seq(1)), Step::Foreign);
        assert_eq!(cursor.behind(Position { epoch: other, seq: seq(0) }), Some(Step::Foreign));
        assert_eq!(cursor, start());
    }

    #[test]
    fn a_head_says_what_is_missing() {
        let mut cursor = start();
        let epoch = cursor.position().epoch;
        assert_eq!(cursor.behind(cursor.position()), None);
        assert_eq!(cursor.offer(epoch, seq(1)), Step::Deliver);
        let gap = Step::Gap { after: seq(1), upto: seq(4) };
        assert_eq!(cursor.behind(Position { epoch, seq: seq(4) }), Some(gap));
    }

    proptest! {
        /// Whatever is lost, doubled or reordered on the way: with the log to read gaps from, all is delivered once,
        /// in order, up to the highest place that was offered.
        #[test]
        fn every_event_once_and_in_order(offered in proptest::collection::vec(1i64..60, 0..300)) {
            let mut cursor = start();
            let epoch = cursor.position().epoch;
            let mut delivered = Vec::new();
            for place in &offered {
                match cursor.offer(epoch, seq(*place)) {
                    Step::Deliver => delivered.push(*place),
                    Step::Duplicate => prop_assert!(delivered.contains(place)),
                    Step::Gap { after, upto } => {
                        prop_assert_eq!(after.get(), delivered.len() as i64);
                        for missing in after.get() + 1..=upto.get() {
                            prop_assert_eq!(cursor.offer(epoch, seq(missing)), Step::Deliver);
                            delivered.push(missing);
                        }
                    }
                    Step::Foreign => prop_assert!(false),
                }
            }
            let highest = offered.iter().copied().max().unwrap_or(0);
            prop_assert_eq!(delivered, (1..=highest).collect::<Vec<_>>());
        }
    }
}
