use super::*;
use crate::watch::testing::{Room, account, add, item_id, load, ms, report};
use crate::watch::{Ask, PlayerState, Report};

fn phase(room: &Room) -> &'static str {
    room.watch.play.phase.as_str()
}

#[test]
fn what_is_over_makes_way_for_what_is_next() {
    let mut room = Room::watching(2, 10_000);
    room.ask(1, add("https://a.example/2")).unwrap();
    room.pass(9_900, &[]);
    assert_eq!(due_at(&room.watch, &room.audience, room.at()), Some(room.at().plus(ms_span(100))));
    room.pass(100, &[]);
    assert_eq!((phase(&room), room.watch.play.item), ("preparing", Some(item_id(2))));
    assert!(room.watch.queue.entries().is_empty());
}

fn ms_span(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[test]
fn who_still_loads_the_end_gets_two_seconds() {
    let mut room = Room::watching(3, 10_000);
    room.pass(9_500, &[]);
    room.says(3, PlayerState::Buffering);
    room.pass(2_400, &[3]);
    assert_eq!(phase(&room), "playing");
    room.pass(100, &[3]);
    assert_eq!(phase(&room), "ended");
}

#[test]
fn with_nobody_there_the_queue_is_kept() {
    let mut room = Room::watching(1, 10_000);
    room.ask(1, add("https://a.example/2")).unwrap();
    room.audience.leave(account(1), room.at());
    room.pass(20_000, &[]);
    assert_eq!((phase(&room), room.watch.queue.entries().len()), ("ended", 1));
    assert_eq!(due_at(&room.watch, &room.audience, room.at()), None);
    room.audience.join(account(1), Role::Member, room.at());
    room.settle();
    assert_eq!((phase(&room), room.watch.play.item), ("playing", Some(item_id(2))));
}

#[test]
fn what_is_added_where_nothing_plays_begins() {
    let mut room = Room::new(2);
    room.ask(1, add("https://a.example/1")).unwrap();
    room.settle();
    assert_eq!((phase(&room), room.watch.play.item), ("preparing", Some(item_id(1))));
}

#[test]
fn half_of_those_who_are_awake_skip() {
    let mut room = Room::watching(5, 600_000);
    let item = room.watch.play.item.unwrap();
    let away = Report { hidden: true, ..report(room.watch.play.rev, PlayerState::Playing) };
    room.report(5, away);
    room.ask(1, Ask::VoteSkip { item, on: true }).unwrap();
    room.ask(2, Ask::VoteSkip { item, on: true }).unwrap();
    assert_eq!(room.settle(), []);
    assert_eq!(room.ask(2, Ask::VoteSkip { item, on: true }), Ok(None));
    // After ten minutes out of sight four are left, and two of four are half.
    for _ in 0..60 {
        room.now += 10_000;
        room.report(5, away);
    }
    room.settle();
    assert_eq!((phase(&room), room.watch.skip_votes.len()), ("ended", 0));
}

#[test]
fn votes_of_those_who_left_do_not_count() {
    let mut room = Room::watching(4, 600_000);
    let item = room.watch.play.item.unwrap();
    room.ask(1, Ask::VoteSkip { item, on: true }).unwrap();
    room.audience.leave(account(1), room.at());
    room.ask(2, Ask::VoteSkip { item, on: true }).unwrap();
    assert_eq!(room.settle(), []);
    room.ask(3, Ask::VoteSkip { item, on: true }).unwrap();
    room.settle();
    assert_eq!(phase(&room), "ended");
}

#[test]
fn a_host_who_is_gone_for_a_while_is_followed_by_the_longest_there() {
    let mut room = Room::watching(1, 600_000);
    room.watch.host = Some(account(1));
    for (id, role) in [(7, Role::Guest), (6, Role::Member), (5, Role::Moderator)] {
        room.now += 10;
        room.audience.join(account(id), role, room.at());
    }
    room.audience.leave(account(1), room.at());
    room.pass(14_900, &[]);
    assert_eq!(room.watch.host, Some(account(1)));
    room.pass(100, &[]);
    assert_eq!(room.watch.host, Some(account(6)));
    room.audience.leave(account(6), room.at());
    room.audience.leave(account(5), room.at());
    room.pass(15_000, &[]);
    assert_eq!(room.watch.host, None);
}

#[test]
fn a_host_who_comes_back_in_time_stays_host() {
    let mut room = Room::watching(2, 600_000);
    room.watch.host = Some(account(1));
    room.audience.leave(account(1), room.at());
    room.pass(10_000, &[]);
    room.audience.join(account(1), Role::Member, room.at());
    room.pass(60_000, &[]);
    assert_eq!(room.watch.host, Some(account(1)));
}

#[test]
fn a_length_counts_when_most_players_find_the_same() {
    let mut room = Room::new(3);
    room.ask(1, load("https://a.example/x")).unwrap();
    let says = |room: &mut Room, who, length| {
        let said = Report { length: Some(ms(length)), ..report(room.watch.play.rev, PlayerState::Playing) };
        room.report(who, said);
        room.settle();
        room.watch.length().map(MediaTime::as_millis)
    };
    assert_eq!(says(&mut room, 1, 60_000), None);
    assert_eq!(says(&mut room, 2, 5_000), None);
    assert_eq!(says(&mut room, 3, 60_400), Some(60_000));
    assert_eq!(says(&mut room, 2, 60_900), Some(60_000));
    assert_eq!(says(&mut room, 1, 1), Some(60_000));
    assert_eq!(says(&mut room, 2, 2), Some(2));
}

#[test]
fn a_length_that_the_file_told_is_not_measured() {
    let mut room = Room::watching(2, 60_000);
    for who in [1, 2] {
        let said = Report { length: Some(ms(1)), ..report(room.watch.play.rev, PlayerState::Playing) };
        room.report(who, said);
    }
    assert_eq!(room.settle(), []);
}

#[test]
fn an_unknown_length_never_ends_by_the_clock() {
    let mut room = Room::new(1);
    room.ask(1, load("https://a.example/live")).unwrap();
    room.all_ready();
    assert_eq!(room.pass(100_000, &[]), []);
    assert_eq!(phase(&room), "playing");
}
