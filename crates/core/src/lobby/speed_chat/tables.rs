//! Who sits with whom: at the begin of a round, and when somebody leaves in the midst of it.

use super::round::{Sitting, draw_round};
use super::seats::{opposite_seats, turns_until_opposite};
use super::{Change, SpeedChat};
use crate::lobby::draw::{Chance, Lowest, shuffle};
use crate::lobby::{History, Match, Met, WaiterId};
use std::collections::{BTreeMap, BTreeSet, HashMap};

impl SpeedChat {
    /// Puts everybody who is present together anew.
    ///
    /// Where threes are allowed, one who would sit out joins two they did not meet and, if all stay, will not meet in
    /// the rounds to come: so a three never costs a meeting with somebody new.
    pub(super) fn begin(
        &mut self,
        round: u32,
        present: &BTreeSet<WaiterId>,
        history: &History,
        chance: &mut Chance<'_>,
    ) -> Vec<Change> {
        self.count_byes_of_arrivals(present);
        self.seat_arrivals(present, chance);
        let pairs = self.draw(present, history, chance);
        self.round = round;
        self.turn += 1;
        let at_tables: BTreeSet<WaiterId> = pairs.iter().flatten().copied().collect();
        self.tables.clear();
        self.sitting_out.clear();
        for [a, b] in pairs {
            self.tables.push(Match::Two([a, b]));
            self.note_meeting(a, b);
        }
        for who in present.difference(&at_tables) {
            let mut lowest = Lowest::new();
            for (at, _) in self.tables_to_join(*who, history).into_iter().filter(|(_, planned)| !planned) {
                lowest.offer((), at, chance);
            }
            match lowest.take() {
                Some(at) => drop(self.join_table(*who, at)),
                None => self.sit_out(*who),
            }
        }
        let ends_at = self.started_at.plus(self.plan.round_length() * round);
        vec![Change::RoundBegan { round, ends_at }]
    }

    /// Takes those who are not present any more off their tables; for who is alone then, another is looked for.
    pub(super) fn let_leavers_go(
        &mut self,
        present: &BTreeSet<WaiterId>,
        history: &History,
        chance: &mut Chance<'_>,
    ) -> Vec<Change> {
        let (mut tables, mut alone) = (Vec::with_capacity(self.tables.len()), Vec::new());
        for table in self.tables.drain(..) {
            let mut staying = table.members().iter().copied().filter(|member| present.contains(member));
            match (staying.next(), staying.next(), staying.next()) {
                (Some(a), Some(b), Some(c)) => tables.push(Match::Three([a, b, c])),
                (Some(a), Some(b), None) => tables.push(Match::Two([a, b])),
                (Some(a), None, _) => alone.push(a),
                (None, ..) => {}
            }
        }
        self.tables = tables;
        self.sitting_out.retain(|who| present.contains(who));
        let mut changes = Vec::with_capacity(alone.len());
        for who in alone {
            let mut lowest = Lowest::new();
            for (at, planned) in self.tables_to_join(who, history) {
                lowest.offer(planned, at, chance);
            }
            changes.push(match lowest.take() {
                Some(at) => Change::JoinedTable { who, table: self.join_table(who, at) },
                None => {
                    self.sit_out(who);
                    Change::LostPartner(who)
                }
            });
        }
        changes
    }

    /// Who was not in the round before has as many byes as those who stayed and sat out least, or one more: neither
    /// ahead of those who stayed, nor far behind, however long ago they left.
    fn count_byes_of_arrivals(&mut self, present: &BTreeSet<WaiterId>) {
        let at_tables = self.tables.iter().flat_map(|table| table.members());
        let stayed: BTreeSet<WaiterId> = at_tables.chain(&self.sitting_out).copied().collect();
        let least =
            stayed.intersection(present).filter_map(|who| self.byes.get(who)).min().copied().unwrap_or(0);
        for who in present.difference(&stayed) {
            let byes = self.byes.entry(*who).or_default();
            *byes = (*byes).clamp(least, least.saturating_add(1));
        }
    }

    /// Who comes takes a seat that is empty, else one whose owner is away, else a new one. Who comes back has their own
    /// again if nobody took it, and with it meets whom they would have met.
    fn seat_arrivals(&mut self, present: &BTreeSet<WaiterId>, chance: &mut Chance<'_>) {
        let seated: BTreeSet<WaiterId> = self.seats.iter().flatten().copied().collect();
        let mut arrivals: Vec<WaiterId> = present.difference(&seated).copied().collect();
        shuffle(&mut arrivals, chance);
        let mut vacant: Vec<usize> = (0..self.seats.len())
            .filter(|at| self.seats[*at].is_none_or(|owner| !present.contains(&owner)))
            .collect();
        vacant.sort_by_key(|at| self.seats[*at].is_some());
        let mut vacant = vacant.into_iter();
        for who in arrivals {
            match vacant.next() {
                Some(at) => self.seats[at] = Some(who),
                None => self.seats.push(Some(who)),
            }
        }
        if !self.seats.len().is_multiple_of(2) {
            self.seats.push(None);
        }
    }

    fn draw(
        &self,
        present: &BTreeSet<WaiterId>,
        history: &History,
        chance: &mut Chance<'_>,
    ) -> Vec<[WaiterId; 2]> {
        let people: Vec<WaiterId> = present.iter().copied().collect();
        let places: HashMap<WaiterId, usize> =
            people.iter().enumerate().map(|(at, who)| (*who, at)).collect();
        let place = |who: WaiterId| places.get(&who).copied();

        let (mut opposite, mut opposite_nobody) = (Vec::new(), Vec::new());
        for pair in opposite_seats(self.seats.len(), self.turn) {
            match pair.map(|seat| self.seats[seat].and_then(place)) {
                [Some(a), Some(b)] => opposite.push([a, b]),
                [Some(a), None] | [None, Some(a)] => opposite_nobody.push(a),
                [None, None] => {}
            }
        }
        let mut last_met = vec![0; people.len()];
        for (pair, met) in &self.met {
            for at in pair.iter().filter_map(|who| place(*who)) {
                last_met[at] = met.last.max(last_met[at]);
            }
        }
        // Places are in the order of ids, so the lower id of a pair has the lower place.
        let met = self.met.iter().filter_map(|([a, b], met)| Some(([place(*a)?, place(*b)?], *met)));
        let met: BTreeMap<[usize; 2], Met> = met.collect();
        let mut blocked = Vec::new();
        for (at, who) in people.iter().enumerate() {
            let others = history.of(*who).iter().filter(|known| known.blocked);
            blocked.extend(others.filter_map(|known| place(known.other)).map(|other| [at, other]));
        }
        let byes: Vec<u32> = people.iter().map(|who| self.byes.get(who).copied().unwrap_or(0)).collect();
        let sitting = Sitting {
            byes: &byes,
            opposite: &opposite,
            opposite_nobody: &opposite_nobody,
            last_met: &last_met,
            met: &met,
            blocked: &blocked,
        };
        draw_round(&sitting, chance).into_iter().map(|pair| pair.map(|at| people[at])).collect()
    }

    /// The tables of two at which `who` has met neither and has no block, and whether the seats plan that `who` meets
    /// one of them in a round to come.
    fn tables_to_join(&self, who: WaiterId, history: &History) -> Vec<(usize, bool)> {
        if !self.plan.threes() {
            return Vec::new();
        }
        let seats: HashMap<WaiterId, usize> =
            self.seats.iter().enumerate().filter_map(|(at, owner)| Some(((*owner)?, at))).collect();
        let rounds_to_come = self.plan.rounds().saturating_sub(self.round) as usize;
        let planned = |other: WaiterId| {
            let (Some(own), Some(other)) = (seats.get(&who), seats.get(&other)) else { return false };
            let turn = self.turn.saturating_sub(1);
            turns_until_opposite(self.seats.len(), *own, *other, turn) <= rounds_to_come
        };
        let mut tables = Vec::new();
        for (at, table) in self.tables.iter().enumerate() {
            let Match::Two(pair) = table else { continue };
            let open = |other: &WaiterId| {
                !self.met.contains_key(&ordered(who, *other)) && !history.is_blocked(who, *other)
            };
            if pair.iter().all(open) {
                tables.push((at, pair.iter().any(|other| planned(*other))));
            }
        }
        tables
    }

    fn join_table(&mut self, who: WaiterId, at: usize) -> Match {
        if let Match::Two([a, b]) = self.tables[at] {
            self.tables[at] = Match::Three([a, b, who]);
            self.note_meeting(a, who);
            self.note_meeting(b, who);
        }
        self.tables[at]
    }

    fn sit_out(&mut self, who: WaiterId) {
        self.sitting_out.push(who);
        *self.byes.entry(who).or_default() += 1;
    }

    fn note_meeting(&mut self, a: WaiterId, b: WaiterId) {
        let met = self.met.entry(ordered(a, b)).or_insert(Met { last: 0, times: 0 });
        *met = Met { last: u64::from(self.turn), times: met.times.saturating_add(1) };
    }
}

fn ordered(a: WaiterId, b: WaiterId) -> [WaiterId; 2] {
    [a.min(b), a.max(b)]
}
