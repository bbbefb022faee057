use super::*;
use crate::watch::testing::{Room, account, at, load, ms, report};
use crate::watch::{Ask, Change, PlayerState, Report};
use crate::{AccountId, Role};

fn phase(room: &Room) -> &'static str {
    room.watch.play.phase.as_str()
}

fn waited(changes: &[Change]) -> Vec<Vec<i64>> {
    let whom = |whom: &Vec<AccountId>| whom.iter().map(|id| id.get()).collect();
    changes
        .iter()
        .filter_map(|change| if let Change::Waited { whom: w, .. } = change { Some(whom(w)) } else { None })
        .collect()
}

#[test]
fn a_start_waits_for_all_but_never_beyond_its_deadline() {
    let mut room = Room::watching(3, 600_000);
    room.ask(1, Ask::Seek { to: ms(1_000) }).unwrap();
    let asked = room.now;
    room.ready(1);
    room.now = asked + 1_499;
    assert_eq!((room.settle(), due_in(&room)), (vec![], 1));
    room.now = asked + 1_500;
    room.settle();
    assert_eq!(phase(&room), "playing");
}

fn due_in(room: &Room) -> i64 {
    begins_at(&room.watch.play, &room.audience, room.at()).unwrap().as_millis() - room.now
}

#[test]
fn another_item_may_take_four_seconds() {
    let mut room = Room::new(2);
    room.ask(1, load("https://a.example/x")).unwrap();
    assert_eq!(due_in(&room), 4_000);
}

#[test]
fn once_four_of_five_are_ready_the_fifth_has_eight_hundred_milliseconds() {
    let mut room = Room::watching(5, 600_000);
    room.ask(1, Ask::Seek { to: ms(1_000) }).unwrap();
    let asked = room.now;
    for (who, after) in [(1, 100), (2, 150), (3, 200)] {
        room.now = asked + after;
        room.ready(who);
    }
    assert_eq!(due_in(&room), 1_300);
    room.ready(4);
    assert_eq!(due_in(&room), 700);
    room.now = asked + 900;
    room.settle();
    assert_eq!(phase(&room), "playing");
}

#[test]
fn who_comes_while_it_is_prepared_is_not_waited_for() {
    let mut room = Room::watching(2, 600_000);
    room.ask(1, Ask::Seek { to: ms(1_000) }).unwrap();
    room.now += 10;
    room.audience.join(account(9), Role::Member, room.at());
    room.says(9, PlayerState::Buffering);
    room.ready(1);
    room.ready(2);
    room.settle();
    assert_eq!(phase(&room), "playing");
}

#[test]
fn the_lead_follows_the_delays_within_its_bounds() {
    for (delays, lead_ms) in [
        (vec![], 150),
        (vec![0; 3], 150),
        (vec![90, 120, 150], 250),
        (vec![100, 9_999], 600),
        ([vec![100; 99], vec![9_999]].concat(), 200),
    ] {
        let mut audience = Audience::new(at(0));
        for (id, delay_ms) in (1..).zip(&delays) {
            audience.join(account(id), Role::Member, at(0));
            let said = Report { delay_ms: *delay_ms, ..report(crate::watch::Rev::START, PlayerState::Idle) };
            audience.report(account(id), said, at(0));
        }
        assert_eq!(lead(&audience, at(0)).as_millis(), lead_ms, "{delays:?}");
    }
}

#[test]
fn a_group_of_two_waits_for_one_who_has_no_data_and_begins_without_them_after_five_seconds() {
    let mut room = Room::watching(2, 600_000);
    room.pass(3_000, &[]);
    room.says(2, PlayerState::Buffering);
    room.now += 600;
    assert_eq!(room.settle(), []);
    room.now += 100;
    assert_eq!(waited(&room.settle()), [[2]]);
    let stopped = room.now;
    room.ready(1);
    room.now = stopped + 4_999;
    room.says(2, PlayerState::Buffering);
    assert_eq!(room.settle(), []);
    room.now = stopped + 5_000;
    room.settle();
    assert_eq!(phase(&room), "playing");
}

#[test]
fn one_of_many_catches_up_alone() {
    let mut room = Room::watching(5, 600_000);
    room.says(1, PlayerState::Buffering);
    room.says(2, PlayerState::Buffering);
    assert_eq!(waited(&room.pass(5_000, &[1, 2])), Vec::<Vec<i64>>::new());
    room.says(1, PlayerState::Buffering);
    room.says(2, PlayerState::Buffering);
    room.says(3, PlayerState::Buffering);
    assert_eq!(waited(&room.pass(1_000, &[1, 2, 3])), [[1, 2, 3]]);
}

#[test]
fn who_has_not_played_along_yet_stops_nobody() {
    let mut room = Room::watching(1, 600_000);
    room.now += 1_000;
    room.audience.join(account(2), Role::Member, room.at());
    room.says(2, PlayerState::Buffering);
    room.says(1, PlayerState::Playing);
    assert_eq!(waited(&room.pass(30_000, &[2])), Vec::<Vec<i64>>::new());
}

#[test]
fn a_group_that_does_not_wait_does_not() {
    let mut room = Room::watching(2, 600_000);
    room.watch.control.patience = Patience::Alone;
    room.says(2, PlayerState::Buffering);
    assert_eq!(waited(&room.pass(5_000, &[2])), Vec::<Vec<i64>>::new());
}

/// However often data is missing, and to whom: two waits in a minute, one for the same viewer in two.
#[test]
fn waits_are_seldom_however_bad_the_net_is() {
    let mut room = Room::watching(2, 3_600_000);
    let mut waits: Vec<(i64, Vec<i64>)> = Vec::new();
    for step in 0..6_000_i64 {
        room.now += 100;
        if step % 5 == 0 {
            room.says(1, PlayerState::Buffering);
            room.says(2, PlayerState::Buffering);
        }
        let at = room.now;
        waits.extend(waited(&room.settle()).into_iter().map(|whom| (at, whom)));
        if step % 100 == 99 {
            room.all_report(PlayerState::Playing);
        }
    }
    assert!(!waits.is_empty());
    for (first, whom) in &waits {
        let near = |span: i64| waits.iter().filter(move |(at, _)| (*first..*first + span).contains(at));
        assert!(near(60_000).count() <= 2);
        for who in whom {
            assert_eq!(near(120_000).filter(|(_, others)| others.contains(who)).count(), 1);
        }
    }
    assert!(room.watch.waits.remembered().len() <= 4);
}

#[test]
fn of_three_who_come_one_after_the_other_the_third_is_not_waited_for_in_the_same_minute() {
    let mut room = Room::watching(1, 3_600_000);
    let mut waits = Vec::new();
    for who in 2..=4 {
        room.audience.join(account(who), Role::Member, room.at());
        room.pass(2_000, &[]);
        room.says(who, PlayerState::Buffering);
        waits.extend(waited(&room.pass(7_000, &[who])));
        room.audience.leave(account(who), room.at());
    }
    assert_eq!(waits, [[2], [3]]);
}
