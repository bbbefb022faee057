//! What holds for every speed chat, whoever comes, stays and leaves.

use super::*;
use crate::lobby::draw::{pick, seeded};

const ROUND_MILLIS: i64 = 60_000;

fn id(value: usize) -> WaiterId {
    WaiterId::new(value as u64)
}

fn start(rounds: i64, threes: bool) -> SpeedChat {
    SpeedChat::new(Plan::new(rounds, 1, threes).unwrap(), Timestamp::from_millis(0))
}

fn begin(chat: &mut SpeedChat, present: &[WaiterId], history: &History, chance: &mut Chance<'_>) {
    let now = chat.next_at().unwrap();
    chat.decide(present, history, now, chance);
}

/// Everybody present is at one table or sits out, nobody twice, nobody alone at a table, nobody with one they blocked.
fn check_tables(chat: &SpeedChat, present: &[WaiterId], history: &History) {
    let mut seen: BTreeSet<WaiterId> = chat.sitting_out.iter().copied().collect();
    assert_eq!(seen.len(), chat.sitting_out.len());
    for table in &chat.tables {
        for who in table.members() {
            assert!(seen.insert(*who), "{who:?} twice");
            assert!(table.members().iter().all(|other| !history.is_blocked(*who, *other)));
        }
    }
    assert!(seen.iter().all(|who| present.contains(who)));
}

fn spread(byes: impl Iterator<Item = u32> + Clone) -> u32 {
    byes.clone().max().unwrap_or(0) - byes.min().unwrap_or(0)
}

#[test]
fn while_all_stay_nobody_meets_twice_and_byes_are_fair() {
    for size in 1..=33_usize {
        for threes in [false, true] {
            let mut chance = seeded(size as u64);
            let present: Vec<WaiterId> = (1..=size).map(id).collect();
            let cycle = if size % 2 == 0 { size - 1 } else { size };
            let mut chat = start(cycle as i64, threes);
            for _ in 0..cycle {
                begin(&mut chat, &present, &History::new(), &mut chance);
                check_tables(&chat, &present, &History::new());
                assert!(chat.met.values().all(|met| met.times == 1), "{size} {threes}");
                assert!(spread(chat.byes.values().copied()) <= 1);
                let out = if size % 2 == 0 { 0 } else { 1 };
                assert!(chat.sitting_out.len() == out || threes && chat.sitting_out.is_empty());
            }
            if !threes {
                assert_eq!(chat.met.len(), size * (size - 1) / 2);
            }
        }
    }
}

#[test]
fn fifty_rounds_go_round_the_circle_again_and_again() {
    for size in [3_usize, 4, 5, 6, 9, 10] {
        let mut chance = seeded(size as u64);
        let present: Vec<WaiterId> = (1..=size).map(id).collect();
        let mut chat = start(50, false);
        let mut before = BTreeSet::new();
        for _ in 0..50 {
            begin(&mut chat, &present, &History::new(), &mut chance);
            let tables: BTreeSet<WaiterId> =
                chat.tables.iter().flat_map(|table| table.members()).copied().collect();
            assert_eq!(tables.len(), size / 2 * 2);
            assert!(spread(chat.met.values().map(|met| met.times)) <= 1, "{size}");
            assert!(spread(chat.byes.values().copied()) <= 1);
            let pairs: BTreeSet<[WaiterId; 2]> =
                chat.tables.iter().map(|table| [table.members()[0], table.members()[1]]).collect();
            assert!(pairs.is_disjoint(&before), "{size}: twice in a row");
            before = pairs;
        }
    }
}

#[test]
fn a_large_group_has_rounds_without_repeats_while_people_come_and_go() {
    let mut chance = seeded(4);
    let mut present: Vec<WaiterId> = (0..301).map(id).collect();
    let mut chat = start(12, false);
    for round in 0..12 {
        begin(&mut chat, &present, &History::new(), &mut chance);
        check_tables(&chat, &present, &History::new());
        assert!(chat.sitting_out.len() <= 1);
        assert!(chat.met.values().all(|met| met.times == 1), "round {round}");
        for _ in 0..20 {
            present.swap_remove(pick(&mut chance, present.len()));
        }
        present.extend((0..pick(&mut chance, 40)).map(|new| id(1_000 * (round + 1) + new)));
    }
}

/// The most pairs among those in `among` that `fine` allows, by trying all.
fn most_pairs(among: u32, fine: &[u32]) -> u32 {
    if among == 0 {
        return 0;
    }
    let first = among.trailing_zeros();
    let rest = among & (among - 1);
    let (mut most, mut others) = (0, rest & fine[first as usize]);
    while others != 0 {
        most = most.max(1 + most_pairs(rest & !(1 << others.trailing_zeros()), fine));
        others &= others - 1;
    }
    // Without the first there are as many at most; looked at only where that can be more.
    if most == among.count_ones() / 2 { most } else { most.max(most_pairs(rest, fine)) }
}

/// What a round is held against: the state before it, and who is there.
struct Before<'a> {
    chat: &'a SpeedChat,
    present: &'a [WaiterId],
    history: &'a History,
}

impl Before<'_> {
    fn met(&self, a: WaiterId, b: WaiterId) -> Option<Met> {
        self.chat.met.get(&[a.min(b), a.max(b)]).copied()
    }

    fn last_partners(&self, a: WaiterId, b: WaiterId) -> bool {
        let last = |who: WaiterId| {
            let of = self.chat.met.iter().filter(|(pair, _)| pair.contains(&who));
            of.map(|(_, met)| met.last).max()
        };
        self.met(a, b).is_some_and(|met| Some(met.last) == last(a) || Some(met.last) == last(b))
    }

    /// The most pairs there could have been of those not `out`, as `fine` says.
    fn most_pairs(&self, out: &[WaiterId], fine: impl Fn(WaiterId, WaiterId) -> bool) -> usize {
        let rows: Vec<u32> = self
            .present
            .iter()
            .map(|a| {
                let others = self.present.iter().enumerate();
                let fine =
                    others.filter(|(_, b)| a != *b && !self.history.is_blocked(*a, **b) && fine(*a, **b));
                fine.fold(0, |row, (at, _)| row | 1 << at)
            })
            .collect();
        let out = self.present.iter().enumerate().filter(|(_, who)| out.contains(who));
        let among = out.fold((1 << self.present.len()) - 1, |among: u32, (at, _)| among & !(1 << at));
        most_pairs(among, &rows) as usize
    }

    /// Whether all who do not sit out could have been paired as `fine` says.
    fn all_could(&self, out: &[WaiterId], fine: impl Fn(WaiterId, WaiterId) -> bool) -> bool {
        2 * self.most_pairs(out, fine) + out.len() == self.present.len()
    }
}

/// Holds a round that has just begun against what could have been.
fn check_round(before: &Before<'_>, chat: &SpeedChat, blocks: bool) {
    check_tables(chat, before.present, before.history);
    let pairs: Vec<[WaiterId; 2]> =
        chat.tables.iter().map(|table| [table.members()[0], table.members()[1]]).collect();
    let out: Vec<WaiterId> =
        before.present.iter().copied().filter(|who| !pairs.as_flattened().contains(who)).collect();
    assert_eq!(pairs.len(), before.most_pairs(&[], |_, _| true), "somebody sits out without need");
    if before.all_could(&out, |a, b| before.met(a, b).is_none()) {
        assert!(pairs.iter().all(|[a, b]| before.met(*a, *b).is_none()), "a repeat without need");
    }
    if before.all_could(&out, |a, b| !before.last_partners(a, b)) {
        assert!(pairs.iter().all(|[a, b]| !before.last_partners(*a, *b)), "twice in a row without need");
    }
    for table in &chat.tables {
        if let Match::Three([a, b, third]) = *table {
            assert!(before.met(a, third).is_none() && before.met(b, third).is_none());
        }
    }
    if !blocks {
        assert_eq!(out.len(), before.present.len() % 2);
        // Who sits out was counted just now; before, nobody had fewer.
        let least =
            before.present.iter().map(|who| chat.byes[who] - u32::from(chat.sitting_out.contains(who))).min();
        for who in &chat.sitting_out {
            assert_eq!(Some(chat.byes[who] - 1), least, "an unfair bye");
        }
    }
}

#[test]
fn ten_thousand_histories_of_coming_and_going() {
    for seed in 0..10_000 {
        let mut chance = seeded(seed);
        let (blocks, threes, leave_within) = (seed % 3 == 0, seed % 2 == 0, seed % 5 < 2);
        let mut history = History::new();
        for _ in 0..if blocks { pick(&mut chance, 6) } else { 0 } {
            history.block(id(pick(&mut chance, 8)), id(pick(&mut chance, 8)));
        }
        let rounds = 1 + pick(&mut chance, 6);
        let mut chat = start(rounds as i64, threes);
        let mut present: Vec<WaiterId> = (0..pick(&mut chance, 8)).map(id).collect();
        for round in 0..rounds {
            let before = chat.clone();
            begin(&mut chat, &present, &history, &mut chance);
            check_round(&Before { chat: &before, present: &present, history: &history }, &chat, blocks);
            if !leave_within && !blocks {
                // For those who stayed throughout and, since arrivals start with the fewest there are, for all.
                assert!(spread(present.iter().map(|who| chat.byes[who])) <= 1, "seed {seed}");
            }
            for _ in 0..pick(&mut chance, 3) {
                let who = id(pick(&mut chance, 8));
                match present.iter().position(|other| *other == who) {
                    Some(at) => drop(present.swap_remove(at)),
                    None => present.push(who),
                }
            }
            if leave_within {
                let now = Timestamp::from_millis(round as i64 * ROUND_MILLIS + 1);
                let once = chat.decide(&present, &history, now, &mut chance);
                check_tables(&chat, &present, &history);
                let told = once.iter().filter(|change| matches!(change, Change::LostPartner(_))).count();
                assert!(told <= chat.sitting_out.len());
                assert_eq!(chat.decide(&present, &history, now, &mut chance), []);
            }
        }
        let end = chat.next_at().unwrap();
        assert_eq!(chat.decide(&present, &history, end, &mut chance), [Change::Ended(Ending::Finished)]);
    }
}
