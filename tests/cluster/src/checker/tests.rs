//! The checker is checked: faults that are put into a sound record on purpose must each be reported, and nothing else.

use std::collections::BTreeMap;
use std::time::Instant;

use super::{Violation, check};
use crate::record::{Client, Heard, History, Record, Removal, Sent, Stay, Stored, Unread};

const GROUP: i64 = 7;

/// Two people who wrote ten messages by turns, over two nodes, after an event that is none.
fn sound() -> Record {
    let (ada, grace) = (1, 2);
    let by = |seq: u64| if seq.is_multiple_of(2) { ada } else { grace };
    let message = |seq: u64| (seq > 1).then(|| (by(seq), format!("m-{seq}")));
    let events: Vec<_> = (1..=11).map(|seq| Stored { seq, message: message(seq) }).collect();
    let client = |account: i64| {
        let sent = (2..=11).filter(|seq| by(*seq) == account).map(|seq| Sent {
            client_id: format!("m-{seq}"),
            at: Instant::now(),
            // The last one of each was never acknowledged.
            acked: (seq < 10).then_some(seq),
        });
        let heard = (2..=11).map(|seq| Heard { seq, message: message(seq), at: Instant::now() });
        let stay =
            Stay { began_after: 1, sent: sent.collect(), heard: heard.collect(), read: (5, 7), reloads: 0 };
        Client { account, groups: BTreeMap::from([(GROUP, stay)]) }
    };
    let unread = |node: usize| Unread { node, account: ada, group: GROUP, last_read: 10, unread: 1 };
    Record {
        clients: vec![client(ada), client(grace)],
        histories: (0..2).map(|node| History { node, group: GROUP, events: events.clone() }).collect(),
        unread: vec![unread(0), unread(1)],
        removals: Vec::new(),
    }
}

fn stay(record: &mut Record) -> &mut Stay {
    record.clients[0].groups.get_mut(&GROUP).expect("it is there")
}

#[test]
fn a_sound_run_has_nothing_wrong() {
    assert_eq!(check(&sound()), []);
}

#[test]
fn a_message_that_the_log_lost_is_reported() {
    let mut record = sound();
    for history in &mut record.histories {
        history.events[5].message = None;
    }
    let found = check(&record);
    assert!(
        found.contains(&Violation::Lost { group: GROUP, client_id: "m-6".into(), acked: 6 }),
        "{found:?}"
    );
}

#[test]
fn a_message_that_was_stored_twice_is_reported() {
    let mut record = sound();
    for history in &mut record.histories {
        history.events[8].message = Some((1, "m-6".into()));
    }
    let found = check(&record);
    let twice = Violation::StoredTwice { group: GROUP, client_id: "m-6".into(), times: 2 };
    assert!(found.contains(&twice), "{found:?}");
}

#[test]
fn a_message_that_was_not_acknowledged_may_be_missing() {
    let mut record = sound();
    for history in &mut record.histories {
        history.events.pop();
    }
    for client in &mut record.clients {
        client.groups.get_mut(&GROUP).expect("it is there").heard.pop();
    }
    record.unread.iter_mut().for_each(|answer| answer.unread = 0);
    assert_eq!(check(&record), []);
}

#[test]
fn an_acknowledgement_of_another_place_is_reported() {
    let mut record = sound();
    stay(&mut record).sent[0].acked = Some(3);
    let elsewhere = Violation::AckedElsewhere { group: GROUP, client_id: "m-2".into(), acked: 3, stored: 2 };
    assert_eq!(check(&record), [elsewhere]);
}

#[test]
fn an_event_that_a_client_did_not_hear_is_reported() {
    let mut record = sound();
    stay(&mut record).heard.remove(3);
    assert_eq!(check(&record), [Violation::HeardWithAHole { account: 1, group: GROUP, after: 4, then: 6 }]);
}

#[test]
fn an_event_that_a_client_heard_twice_is_reported() {
    let mut record = sound();
    let again = stay(&mut record).heard[3].clone();
    stay(&mut record).heard.insert(4, again);
    assert_eq!(check(&record), [Violation::HeardAgain { account: 1, group: GROUP, after: 5, then: 5 }]);
}

#[test]
fn two_events_in_the_wrong_order_are_reported() {
    let mut record = sound();
    stay(&mut record).heard.swap(3, 4);
    assert_eq!(
        check(&record),
        [
            Violation::HeardWithAHole { account: 1, group: GROUP, after: 4, then: 6 },
            Violation::HeardAgain { account: 1, group: GROUP, after: 6, then: 5 },
        ]
    );
}

#[test]
fn an_event_that_says_something_else_is_reported() {
    let mut record = sound();
    stay(&mut record).heard[3].message = Some((2, "m-99".into()));
    assert_eq!(check(&record), [Violation::HeardOtherwise { account: 1, group: GROUP, at: 5 }]);
}

#[test]
fn a_client_that_did_not_hear_the_end_is_reported() {
    let mut record = sound();
    stay(&mut record).heard.truncate(8);
    assert_eq!(
        check(&record),
        [Violation::NotHeardToTheEnd { account: 1, group: GROUP, heard: 9, head: 11 }]
    );
}

#[test]
fn what_is_heard_after_a_removal_is_reported() {
    let mut record = sound();
    record.removals.push(Removal { group: GROUP, account: 1, at: 10 });
    let after = Violation::HeardAfterRemoval { account: 1, group: GROUP, removed_at: 10, heard: 11 };
    assert_eq!(check(&record), [after]);
    stay(&mut record).heard.pop();
    assert_eq!(check(&record), [], "who was removed need not hear the end");
}

#[test]
fn a_wrong_count_is_reported() {
    let mut record = sound();
    record.unread[1].unread = 2;
    assert_eq!(
        check(&record),
        [Violation::WrongUnread { node: 1, account: 1, group: GROUP, said: 2, really: 1 }]
    );
}

#[test]
fn a_read_position_that_went_back_is_reported() {
    let mut record = sound();
    record.unread[0] = Unread { last_read: 4, unread: 4, ..record.unread[0].clone() };
    assert_eq!(
        check(&record),
        [Violation::WrongReadPosition { node: 0, account: 1, group: GROUP, said: 4, acked: 8, asked: 10 }]
    );
}

#[test]
fn nodes_that_tell_different_logs_are_reported() {
    let mut record = sound();
    record.histories[1].events.swap(4, 5);
    let found = check(&record);
    assert!(found.contains(&Violation::NodesDisagree { group: GROUP, nodes: (0, 1), at: 5 }), "{found:?}");
    assert!(
        found.contains(&Violation::LogIsNotInOrder { node: 1, group: GROUP, after: 4, then: 6 }),
        "{found:?}"
    );
}

#[test]
fn a_client_that_was_told_to_reload_is_reported() {
    let mut record = sound();
    stay(&mut record).reloads = 1;
    assert_eq!(check(&record), [Violation::ToldToReload { account: 1, group: GROUP }]);
}
