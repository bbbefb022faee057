//! Reading the log from a place on: complete, in order, within its limits, while others write.

use crate::fixture::{assert_contiguous, fixture, message};
use parlor_core::{Account, Epoch, GroupId, Seq};
use parlor_store::{heads, log};
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn from_every_place_the_log_is_complete() {
    let mut fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    for n in 0..150 {
        fixture.send(group, &ada, &format!("c{n}"), "text");
        if n == 70 {
            fixture.reopen();
        }
    }
    let head = fixture.head(group).position.seq.get();
    for after in 0..=head {
        let slice = fixture.read(move |tx| {
            let head = heads::load(tx, group)?.unwrap();
            log::events_after(tx, group, &head, Seq::new(after).unwrap(), 1_000, usize::MAX)
        });
        let seqs: Vec<i64> = slice.events.iter().map(|event| event.seq.get()).collect();
        assert_eq!(seqs, (after + 1..=head).collect::<Vec<_>>());
    }
}

#[test]
fn limits_cut_between_events_and_never_to_nothing() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    let text = "x".repeat(1_000);
    for n in 0..10 {
        fixture.send(group, &ada, &format!("c{n}"), &text);
    }
    let read = |most_events, most_bytes| {
        fixture.read(move |tx| {
            let head = heads::load(tx, group)?.unwrap();
            log::events_after(tx, group, &head, Seq::new(1).unwrap(), most_events, most_bytes)
        })
    };
    assert_eq!(read(4, usize::MAX).events.len(), 4);
    assert_eq!(read(100, 3_500).events.len(), 3);
    assert_eq!(read(100, 1).events.len(), 1);
    assert_eq!(read(100, usize::MAX).events.len(), 10);
}

#[test]
fn a_reader_beside_writers_always_sees_a_whole_log() {
    let fixture = fixture();
    let people: Vec<Account> = (0..4).map(|n| fixture.account(&format!("writer{n}"))).collect();
    let groups: Vec<GroupId> = (0..3).map(|_| fixture.group(&people.iter().collect::<Vec<_>>())).collect();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writers: Vec<_> = people
            .iter()
            .map(|person| {
                let (fixture, groups) = (&fixture, &groups);
                scope.spawn(move || {
                    for n in 0..300 {
                        let pending: Vec<_> = groups
                            .iter()
                            .map(|group| fixture.submit(message(*group, person, &format!("c{n}"), "text")))
                            .collect();
                        for pending in pending {
                            pending.wait().unwrap();
                        }
                    }
                })
            })
            .collect();
        for group in &groups {
            let (fixture, done) = (&fixture, &done);
            scope.spawn(move || {
                while !done.load(Ordering::SeqCst) {
                    assert_contiguous(&fixture.log(*group));
                }
            });
        }
        for writer in writers {
            writer.join().unwrap();
        }
        done.store(true, Ordering::SeqCst);
    });
    for group in groups {
        assert_eq!(fixture.log(group).len(), 4 + 4 * 300);
    }
}

#[test]
fn heads_of_many_groups_come_in_one_answer() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let groups: Vec<GroupId> = (0..70).map(|_| fixture.group(&[&ada])).collect();
    let asked: Vec<GroupId> = groups.iter().copied().chain(GroupId::new(9_999)).collect();
    let found = fixture.read(move |tx| heads::positions(tx, &asked));
    assert_eq!(found.len(), 70);
    for (group, position) in found {
        assert_eq!(position, fixture.head(group).position);
    }
}

#[test]
fn renewed_epochs_are_other_ones_and_in_range() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    let largest = (1 << 53) - 1;
    for number in [4_711, 4_711, 1, 1, 2, largest, largest] {
        let before = fixture.head(group).position;
        let epoch = Epoch::new(number).unwrap();
        fixture.write(move |write| heads::renew_epochs(write, epoch));
        let after = fixture.head(group).position;
        assert_eq!(after.seq, before.seq);
        assert_ne!(after.epoch, before.epoch);
    }
}
