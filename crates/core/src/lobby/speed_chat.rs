//! Speed chat: rounds of some minutes, in each of which everybody present is put together anew.
//!
//! The state is plain data, to be stored between two decisions. Who comes and goes is not told by commands: every
//! decision is given who is present and finds out itself, so one that was lost or made twice does no harm. Meetings
//! count within this speed chat; from the group's history only blocks are read.

mod plan;
mod round;
mod seats;
mod tables;

pub use plan::Plan;

use super::{Chance, History, Match, Met, WaiterId};
use crate::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A speed chat from its start to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeedChat {
    /// What was asked for.
    pub plan: Plan,
    /// When the first round begins; every other begins a whole number of rounds later, however late it is decided.
    pub started_at: Timestamp,
    /// The round that runs, from 1; 0 before the first.
    pub round: u32,
    /// How many rounds were held: fewer than `round` when some passed while nobody decided.
    pub turn: u32,
    /// Who has which seat of the circle; an even number, some may be empty.
    pub seats: Vec<Option<WaiterId>>,
    /// Everybody who ever took part, with the rounds in which they sat out or lost their partner. For who comes, or comes
    /// back, it is brought near the fewest there are: it is kept for fairness, not for the record.
    pub byes: BTreeMap<WaiterId, u32>,
    /// Who met in this speed chat, the lower id first; `last` is the turn.
    pub met: BTreeMap<[WaiterId; 2], Met>,
    /// Who is together now.
    pub tables: Vec<Match>,
    /// Who takes part in this round and is alone.
    pub sitting_out: Vec<WaiterId>,
    /// Why it ended, when it did.
    pub ending: Option<Ending>,
}

/// Why a speed chat ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The last round is over.
    Finished,
    /// The owner stopped it.
    Stopped,
}

/// What a decision changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A round began: `tables` and `sitting_out` are new.
    RoundBegan {
        /// Which, from 1.
        round: u32,
        /// When it ends.
        ends_at: Timestamp,
    },
    /// Somebody's partner left: they sit out until the next round.
    LostPartner(WaiterId),
    /// Somebody whose partner left joined two others.
    JoinedTable {
        /// Who.
        who: WaiterId,
        /// The three they are now.
        table: Match,
    },
    /// It is over: nobody is at a table any more.
    Ended(Ending),
}

impl SpeedChat {
    /// Before its first round, which the first decision at or after `started_at` begins.
    #[must_use]
    pub const fn new(plan: Plan, started_at: Timestamp) -> Self {
        Self {
            plan,
            started_at,
            round: 0,
            turn: 0,
            seats: Vec::new(),
            byes: BTreeMap::new(),
            met: BTreeMap::new(),
            tables: Vec::new(),
            sitting_out: Vec::new(),
            ending: None,
        }
    }

    /// What is due at `now` with those who are `present`: to be called at [`SpeedChat::next_at`] and whenever somebody
    /// comes or goes. Whoever is in a room keeps being present for as long as their place is kept.
    ///
    /// - A round begins by the clock. While all stay nobody meets twice in as many rounds as there are others, and who
    ///   sat out did so at most once more than anybody else. While people come and go there are as many pairs as can
    ///   be, if all can meet somebody new all do, and last partners meet only where one would sit out otherwise.
    /// - Who comes during a round waits for the next. Who leaves frees the partner, who sits out or, where the group
    ///   allows threes, joins two they did not meet yet. Who comes back finds the place taken, and waits likewise.
    /// - In a round that missed its time nobody meets; it is not made up for.
    pub fn decide(
        &mut self,
        present: &[WaiterId],
        history: &History,
        now: Timestamp,
        chance: &mut Chance<'_>,
    ) -> Vec<Change> {
        if self.ending.is_some() || now < self.started_at {
            return Vec::new();
        }
        let present: BTreeSet<WaiterId> = present.iter().copied().collect();
        let over = now.since(self.started_at).as_millis() / self.plan.round_length().as_millis();
        if over >= u128::from(self.plan.rounds()) {
            return self.end(Ending::Finished);
        }
        let round = u32::try_from(over).unwrap_or(self.plan.rounds()) + 1;
        if round > self.round {
            self.begin(round, &present, history, chance)
        } else {
            self.let_leavers_go(&present, history, chance)
        }
    }

    /// Ends it now, whatever round it is in. A second time changes nothing.
    pub fn stop(&mut self) -> Vec<Change> {
        if self.ending.is_some() { Vec::new() } else { self.end(Ending::Stopped) }
    }

    /// When the next round begins or the last ends; `None` when it is over.
    #[must_use]
    pub fn next_at(&self) -> Option<Timestamp> {
        let next = self.started_at.plus(self.plan.round_length() * self.round);
        self.ending.is_none().then_some(next)
    }

    fn end(&mut self, ending: Ending) -> Vec<Change> {
        self.ending = Some(ending);
        self.tables.clear();
        self.sitting_out.clear();
        vec![Change::Ended(ending)]
    }
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lobby::draw::seeded;

    fn ids(values: impl IntoIterator<Item = u64>) -> Vec<WaiterId> {
        values.into_iter().map(WaiterId::new).collect()
    }

    /// Minutes after the start.
    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_millis(1_000_000 + minutes * 60_000)
    }

    fn chat(rounds: i64, threes: bool) -> SpeedChat {
        SpeedChat::new(Plan::new(rounds, 5, threes).unwrap(), at(0))
    }

    fn decide(chat: &mut SpeedChat, present: &[WaiterId], minutes: i64) -> Vec<Change> {
        chat.decide(present, &History::new(), at(minutes), &mut seeded(minutes.unsigned_abs()))
    }

    #[test]
    fn rounds_begin_and_end_by_the_clock() {
        let (mut chat, present) = (chat(3, false), ids(1..=4));
        assert_eq!(chat.next_at(), Some(at(0)));
        assert_eq!(decide(&mut chat, &present, -1), []);
        assert_eq!(decide(&mut chat, &present, 0), [Change::RoundBegan { round: 1, ends_at: at(5) }]);
        assert_eq!(chat.next_at(), Some(at(5)));
        let before = chat.clone();
        assert_eq!(decide(&mut chat, &present, 4), []);
        assert_eq!(chat, before);
        assert_eq!(decide(&mut chat, &present, 6), [Change::RoundBegan { round: 2, ends_at: at(10) }]);
        assert_eq!(decide(&mut chat, &present, 15), [Change::Ended(Ending::Finished)]);
        assert_eq!((chat.tables.len(), chat.next_at()), (0, None));
        assert_eq!(decide(&mut chat, &present, 16), []);
        assert_eq!(chat.stop(), []);
    }

    #[test]
    fn a_round_that_missed_its_time_is_not_made_up_for() {
        let (mut chat, present) = (chat(5, false), ids(1..=4));
        decide(&mut chat, &present, 0);
        assert_eq!(decide(&mut chat, &present, 17), [Change::RoundBegan { round: 4, ends_at: at(20) }]);
        assert_eq!((chat.turn, chat.met.len()), (2, 4));
    }

    #[test]
    fn an_owner_stops_it_once() {
        let (mut chat, present) = (chat(5, false), ids(1..=4));
        decide(&mut chat, &present, 0);
        assert_eq!(chat.stop(), [Change::Ended(Ending::Stopped)]);
        assert_eq!(chat.stop(), []);
        assert_eq!(decide(&mut chat, &present, 5), []);
    }

    #[test]
    fn who_comes_late_joins_at_the_next_round() {
        let mut chat = chat(5, false);
        decide(&mut chat, &ids(1..=4), 0);
        assert_eq!(decide(&mut chat, &ids(1..=5), 1), []);
        assert!(!chat.byes.contains_key(&WaiterId::new(5)));
        decide(&mut chat, &ids(1..=5), 5);
        assert_eq!((chat.tables.len(), chat.sitting_out.len()), (2, 1));
        decide(&mut chat, &ids(1..=6), 10);
        assert_eq!((chat.tables.len(), chat.sitting_out.len()), (3, 0));
    }

    #[test]
    fn who_comes_takes_a_seat_that_is_free_and_who_comes_back_their_own() {
        let mut chat = chat(7, false);
        decide(&mut chat, &ids(1..=8), 0);
        let seats = chat.seats.clone();
        decide(&mut chat, &ids(1..=6), 5);
        decide(&mut chat, &ids(1..=8), 10);
        assert_eq!(chat.seats, seats);
        decide(&mut chat, &ids(2..=9), 15);
        let expected: Vec<u64> =
            seats.iter().flatten().map(|who| if who.get() == 1 { 9 } else { who.get() }).collect();
        assert_eq!(chat.seats.iter().flatten().map(|who| who.get()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_partner_left_behind_sits_out_or_joins_two_they_do_not_know() {
        for threes in [false, true] {
            let mut chat = chat(1, threes);
            decide(&mut chat, &ids(1..=6), 0);
            let [gone, left] = *chat.tables[0].members() else { panic!("a pair") };
            let staying = ids((1..=6).filter(|value| *value != gone.get()));
            let changes = decide(&mut chat, &staying, 1);
            if threes {
                assert!(
                    matches!(changes[..], [Change::JoinedTable { who, .. }] if who == left),
                    "{changes:?}"
                );
                assert_eq!((chat.tables.len(), chat.sitting_out.len(), chat.byes[&left]), (2, 0, 0));
            } else {
                assert_eq!(changes, [Change::LostPartner(left)]);
                assert_eq!((chat.tables.len(), &chat.sitting_out, chat.byes[&left]), (2, &vec![left], 1));
            }
            // Once decided it stays so, and who comes back in the same round waits for the next.
            assert_eq!(decide(&mut chat, &staying, 2), []);
            assert_eq!(decide(&mut chat, &ids(1..=6), 3), []);
        }
    }

    #[test]
    fn of_a_three_two_go_on() {
        let mut chat = chat(1, true);
        decide(&mut chat, &ids(1..=7), 0);
        let three = chat.tables.iter().find(|table| table.members().len() == 3).copied().unwrap();
        let gone = three.members()[0];
        assert_eq!(decide(&mut chat, &ids((1..=7).filter(|value| *value != gone.get())), 1), []);
        assert!(chat.tables.iter().all(|table| table.members().len() == 2));
    }

    #[test]
    fn two_alone_meet_again_and_one_alone_waits() {
        let mut chat = chat(4, true);
        for round in 0..3 {
            decide(&mut chat, &ids(1..=2), round * 5);
            assert_eq!((chat.tables.len(), chat.sitting_out.len()), (1, 0));
        }
        decide(&mut chat, &ids(1..=1), 15);
        assert_eq!((chat.tables.len(), chat.sitting_out.len()), (0, 1));
    }

    #[test]
    fn nobody_at_all_is_no_trouble() {
        let mut chat = chat(3, true);
        assert_eq!(decide(&mut chat, &[], 0), [Change::RoundBegan { round: 1, ends_at: at(5) }]);
        decide(&mut chat, &ids([7, 7, 8]), 5);
        assert_eq!(chat.tables.len(), 1);
    }
}
