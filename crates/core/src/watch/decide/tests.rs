use super::*;
use crate::AccountId;
use crate::watch::testing::{Room, account, add, at, epoch, item_id, load, load_of, media, ms};
use crate::watch::{Control, Hands, Length, Rate, Rev, Who};

fn phase(room: &Room) -> &'static str {
    room.watch.play.phase.as_str()
}

fn position(room: &Room) -> u32 {
    room.watch.position(room.at()).as_millis()
}

#[test]
fn what_is_loaded_is_prepared_by_all_and_begins_for_all_at_one_moment() {
    let mut room = Room::new(3);
    room.ask(1, load("https://a.example/x.webm")).unwrap();
    assert_eq!(room.watch.play.phase, Phase::Preparing { until: at(4_000) });
    assert_eq!((room.watch.play.item, room.watch.play.rev), (Some(item_id(1)), Rev::new(1)));
    room.now = 300;
    room.all_ready();
    // 100 ms of delay and 100 to spare.
    assert_eq!((phase(&room), room.watch.play.at), ("playing", at(500)));
    assert_eq!(room.watch.play.rev, Rev::new(2));
}

#[test]
fn pause_stands_where_all_are_and_play_goes_on_from_there() {
    let mut room = Room::watching(2, 60_000);
    room.now += 10_000;
    room.ask(2, Ask::Pause).unwrap();
    assert_eq!((phase(&room), position(&room)), ("paused", 10_000));
    assert_eq!(room.ask(1, Ask::Pause), Ok(None));
    room.now += 5_000;
    room.ask(1, Ask::Play).unwrap();
    assert_eq!(
        room.watch.play.phase,
        Phase::Preparing { until: room.at().plus(Duration::from_millis(1_500)) }
    );
    assert_eq!(room.ask(1, Ask::Play), Ok(None));
    room.all_ready();
    room.now = room.watch.play.at.as_millis() + 1_000;
    assert_eq!(position(&room), 11_000);
}

#[test]
fn pause_before_a_start_that_lies_ahead_stands_at_its_place() {
    let mut room = Room::new(1);
    room.ask(1, load_of(60_000)).unwrap();
    room.all_ready();
    assert!(room.watch.play.at > room.at());
    room.ask(1, Ask::Pause).unwrap();
    assert_eq!((phase(&room), position(&room)), ("paused", 0));
}

#[test]
fn a_seek_waits_for_all_while_it_plays_and_for_nobody_while_it_stands() {
    let mut room = Room::watching(2, 60_000);
    room.ask(1, Ask::Seek { to: ms(30_000) }).unwrap();
    assert_eq!((phase(&room), position(&room)), ("preparing", 30_000));
    room.ask(1, Ask::Pause).unwrap();
    room.now += 250;
    room.ask(1, Ask::Seek { to: ms(40_000) }).unwrap();
    assert_eq!((phase(&room), position(&room)), ("paused", 40_000));
}

#[test]
fn seeks_come_a_quarter_of_a_second_apart_whoever_asks() {
    let mut room = Room::watching(2, 60_000);
    room.ask(1, Ask::Seek { to: ms(1) }).unwrap();
    room.now += 100;
    let retry_after = Duration::from_millis(150);
    assert_eq!(room.ask(2, Ask::Seek { to: ms(2) }), Err(Refused::SoughtJustNow { retry_after }));
    room.now += 150;
    assert!(room.ask(2, Ask::Seek { to: ms(2) }).is_ok());
    room.now -= 3_600_000;
    assert!(room.ask(2, Ask::Seek { to: ms(3) }).is_ok(), "a clock that was set back locks nobody out");
}

#[test]
fn a_place_beyond_the_end_is_refused_by_name() {
    let mut room = Room::watching(1, 60_000);
    let before = room.watch.clone();
    let refused = room.ask(1, Ask::Seek { to: ms(60_001) }).unwrap_err();
    assert_eq!((refused, crate::Refusal::field(&refused)), (Refused::BeyondEnd, Some("position")));
    let film = media("https://a.example/y.webm", Length::Known(ms(5_000)));
    assert_eq!(room.ask(1, Ask::Load { media: film, start: ms(5_001) }), Err(Refused::BeyondEnd));
    assert_eq!(room.watch, before);
    assert!(room.ask(1, Ask::Seek { to: ms(60_000) }).is_ok());
}

#[test]
fn of_two_who_seek_in_the_same_item_the_last_wins_and_a_place_of_another_item_is_stale() {
    let mut room = Room::watching(2, 60_000);
    let seen = room.watch.play.rev;
    room.ask_having_seen(seen, 1, Ask::Seek { to: ms(10_000) }).unwrap();
    room.now += 300;
    room.ask_having_seen(seen, 2, Ask::Seek { to: ms(20_000) }).unwrap();
    assert_eq!(position(&room), 20_000);
    room.now += 300;
    room.ask(1, load_of(90_000)).unwrap();
    assert_eq!(room.ask_having_seen(seen, 2, Ask::Seek { to: ms(30_000) }), Err(Refused::Stale));
    assert!(room.ask_having_seen(seen, 2, Ask::Pause).is_ok());
    let never = Rev::new(room.watch.play.rev.get() + 1);
    assert_eq!(room.ask_having_seen(never, 1, Ask::Pause), Err(Refused::NeverSeen));
}

#[test]
fn another_speed_holds_from_where_it_is() {
    let mut room = Room::watching(1, 60_000);
    room.now += 10_000;
    room.ask(1, Ask::SetRate { rate: Rate::parse(2.0).unwrap() }).unwrap();
    assert_eq!((phase(&room), position(&room)), ("playing", 10_000));
    room.now += 1_000;
    assert_eq!(position(&room), 12_000);
    assert_eq!(room.ask(1, Ask::SetRate { rate: Rate::parse(2.0).unwrap() }), Ok(None));
}

#[test]
fn another_speed_leaves_a_start_that_lies_ahead_where_it_is() {
    let mut room = Room::new(1);
    room.ask(1, load_of(60_000)).unwrap();
    room.all_ready();
    let start = room.watch.play.at;
    room.ask(1, Ask::SetRate { rate: Rate::parse(0.5).unwrap() }).unwrap();
    assert_eq!((phase(&room), room.watch.play.at, room.watch.play.pos.as_millis()), ("playing", start, 0));
}

#[test]
fn two_who_press_next_at_once_skip_one_item() {
    let mut room = Room::watching(2, 60_000);
    for address in ["https://a.example/2", "https://a.example/3"] {
        room.ask(1, add(address)).unwrap();
    }
    let leaving = room.watch.play.item.unwrap();
    room.ask(1, Ask::Next { leaving }).unwrap();
    assert_eq!(room.ask(2, Ask::Next { leaving }), Ok(None));
    assert_eq!((room.watch.play.item, room.watch.queue.entries().len()), (Some(item_id(2)), 1));
}

#[test]
fn next_without_anything_after_it_stops_and_play_begins_again() {
    let mut room = Room::watching(1, 60_000);
    room.now += 7_000;
    let leaving = room.watch.play.item.unwrap();
    room.ask(1, Ask::Next { leaving }).unwrap();
    assert_eq!((phase(&room), position(&room)), ("ended", 7_000));
    assert_eq!(room.ask(1, Ask::Next { leaving }), Ok(None));
    room.ask(1, Ask::Play).unwrap();
    assert_eq!((phase(&room), position(&room)), ("preparing", 0));
}

#[test]
fn with_nothing_there_is_nothing_to_play_or_seek() {
    let mut room = Room::new(1);
    assert_eq!(room.ask(1, Ask::Play), Err(Refused::NothingLoaded));
    assert_eq!(room.ask(1, Ask::Seek { to: ms(1) }), Err(Refused::NothingLoaded));
    assert_eq!(room.ask(1, Ask::Pause), Ok(None));
}

#[test]
fn the_queue_is_bounded_and_its_items_are_named() {
    let mut room = Room::watching(1, 60_000);
    for _ in 0..500 {
        room.ask(1, add("https://a.example/q")).unwrap();
    }
    assert_eq!(room.ask(1, add("https://a.example/q")), Err(Refused::QueueFull));
    let missing = item_id(9_999);
    for ask in [
        Ask::Remove { item: missing },
        Ask::Move { item: missing, before: None },
        Ask::Move { item: item_id(2), before: Some(missing) },
        Ask::Vote { item: missing, on: true },
    ] {
        assert_eq!(room.ask(1, ask), Err(Refused::NoSuchItem));
    }
    assert!(room.ask(1, Ask::Vote { item: item_id(2), on: true }).unwrap().is_some());
    assert_eq!(room.ask(1, Ask::Vote { item: item_id(2), on: true }), Ok(None));
    assert!(room.ask(1, Ask::Remove { item: item_id(2) }).unwrap().is_some());
    assert!(room.ask(1, add("https://a.example/q")).is_ok());
}

#[test]
fn by_vote_the_most_wanted_comes_next() {
    let mut room = Room::watching(3, 60_000);
    for address in ["https://a.example/2", "https://a.example/3"] {
        room.ask(1, add(address)).unwrap();
    }
    room.watch.control.queue = Who::Vote;
    room.ask(2, Ask::Vote { item: item_id(3), on: true }).unwrap();
    let leaving = room.watch.play.item.unwrap();
    room.ask(1, Ask::Next { leaving }).unwrap();
    assert_eq!(room.watch.play.item, Some(item_id(3)));
}

#[test]
fn who_leaves_something_to_a_host_is_the_host_until_it_is_handed_over() {
    let mut room = Room::new(2);
    let control = Control { playback: Hands::Host, ..Control::default() };
    let asked = |watch: &Watch, who: AccountId, role, ask| {
        decide(watch, &Command { seen: Rev::START, ask }, Viewer { account: who, role }, at(0))
    };
    let set = Ask::SetControl { control };
    assert_eq!(asked(&room.watch, account(1), crate::Role::Member, set.clone()), Err(Refused::NotAllowed));
    let change = asked(&room.watch, account(1), crate::Role::Owner, set).unwrap().unwrap();
    room.watch.apply(&change);
    assert_eq!(room.watch.host, Some(account(1)));
    assert_eq!(room.ask(2, Ask::Pause), Err(Refused::NotAllowed));
    room.ask(1, Ask::HandOver { to: account(2) }).unwrap();
    assert_eq!(room.ask(2, Ask::Pause), Ok(None));
    assert_eq!(room.ask(1, Ask::Pause), Err(Refused::NotAllowed));
}

#[test]
fn after_a_restart_it_stands_where_it_was_last_seen() {
    let mut room = Room::watching(1, 60_000);
    let last_alive = room.at().plus(Duration::from_secs(20));
    room.now += 3_600_000;
    let change = room.watch.restart(epoch(2), last_alive, room.at());
    room.watch.apply(&change);
    assert_eq!((phase(&room), position(&room)), ("paused", 20_000));
    assert_eq!((room.watch.play.epoch, room.watch.play.rev), (epoch(2), Rev::new(3)));
}
