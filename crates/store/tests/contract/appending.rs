//! Sending: one order without gaps, repeats, conflicts, and who may not.

use crate::fixture::{Fixture, assert_contiguous, fixture, later, message, now, text_of};
use parlor_core::{Account, EventBody, GroupChange, GroupId, Seq, SlowMode};
use parlor_store::{AppendError, AppendMessage, groups, members, purge};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[test]
fn fifty_writers_at_once_make_one_order_without_gaps() {
    let fixture = fixture();
    let people: Vec<Account> = (0..50).map(|n| fixture.account(&format!("writer{n}"))).collect();
    let group = fixture.group(&people.iter().collect::<Vec<_>>());
    let other = fixture.group(&people.iter().collect::<Vec<_>>());
    std::thread::scope(|scope| {
        for (index, person) in people.iter().enumerate() {
            let fixture = &fixture;
            scope.spawn(move || {
                let mut last = 0;
                for n in 0..40 {
                    let to = if n % 4 == 0 { other } else { group };
                    let seq = fixture.send(to, person, &format!("{index}-{n}"), &format!("{index} {n}"));
                    if to == group {
                        assert!(seq.get() > last, "one's own messages keep their order");
                        last = seq.get();
                    }
                }
            });
        }
    });
    for (group, count) in [(group, 50 * 30), (other, 50 * 10)] {
        let log = fixture.log(group);
        assert_eq!(log.len(), 50 + count);
        assert_contiguous(&log);
        let texts: HashSet<&str> = log.iter().filter_map(|event| text_of(event)).collect();
        assert_eq!(texts.len(), count, "each message once");
        assert_eq!(fixture.head(group).messages, count as i64);
    }
}

#[test]
fn submitted_in_a_row_is_stored_in_that_row() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    let pending: Vec<_> =
        (0..500).map(|n| fixture.submit(message(group, &ada, &format!("c{n}"), &format!("m{n}")))).collect();
    let seqs: Vec<i64> = pending.into_iter().map(|p| p.wait().unwrap().event.seq.get()).collect();
    assert_eq!(seqs, (2..502).collect::<Vec<_>>());
}

#[test]
fn what_is_committed_is_told_in_order_before_it_is_answered() {
    let fixture = fixture();
    let told = Arc::new(Mutex::new(Vec::new()));
    let into = told.clone();
    fixture.store.on_commit(move |events| into.lock().unwrap().extend(events.iter().map(|event| event.seq)));
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    for n in 0..20 {
        let seq = fixture.send(group, &ada, &format!("c{n}"), "text");
        assert_eq!(told.lock().unwrap().last(), Some(&seq));
    }
    let told = told.lock().unwrap();
    assert_eq!(*told, (1..=21).map(|seq| Seq::new(seq).unwrap()).collect::<Vec<_>>());
}

#[test]
fn a_repeat_answers_with_the_first_result() {
    let mut fixture = fixture();
    let (ada, bob) = (fixture.account("ada"), fixture.account("bob"));
    let group = fixture.group(&[&ada, &bob]);
    let first = fixture.send(group, &ada, "same", "hello");
    let again = |fixture: &Fixture| {
        let appended = fixture.submit(message(group, &ada, "same", "hello")).wait().unwrap();
        assert!(appended.duplicate);
        assert_eq!(appended.event.seq, first);
        assert_eq!(text_of(&appended.event), Some("hello"));
    };
    again(&fixture);
    // Once the row has moved to its place, and after a restart, too.
    for n in 0..200 {
        fixture.send(group, &bob, &format!("b{n}"), "more");
    }
    again(&fixture);
    fixture.reopen();
    again(&fixture);
    assert_eq!(fixture.head(group).position.seq.get(), 2 + 1 + 200);
    // Somebody else's name for a message is another name.
    assert!(!fixture.submit(message(group, &bob, "same", "hello")).wait().unwrap().duplicate);
}

#[test]
fn a_client_id_stands_for_one_message_only() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    fixture.send(group, &ada, "same", "hello");
    let other = fixture.submit(message(group, &ada, "same", "other")).wait();
    assert!(matches!(other, Err(AppendError::ClientIdReused)));
    let reply = AppendMessage { reply_to: Seq::new(2), ..message(group, &ada, "same", "hello") };
    assert!(matches!(fixture.submit(reply).wait(), Err(AppendError::ClientIdReused)));
    assert_eq!(fixture.log(group).len(), 2);
}

#[test]
fn a_repeat_within_one_batch_is_a_repeat() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    let mut pending = Vec::new();
    for round in 0..100 {
        for _ in 0..3 {
            pending.push(fixture.submit(message(group, &ada, &format!("c{round}"), "text")));
        }
        pending.push(fixture.submit(message(group, &ada, &format!("c{round}"), "another")));
    }
    let results: Vec<_> = pending.into_iter().map(|pending| pending.wait()).collect();
    for four in results.chunks(4) {
        let first = four[0].as_ref().unwrap();
        assert!(!first.duplicate);
        for repeat in &four[1..3] {
            let repeat = repeat.as_ref().unwrap();
            assert!(repeat.duplicate && repeat.event.seq == first.event.seq);
        }
        assert!(matches!(four[3], Err(AppendError::ClientIdReused)));
    }
    assert_contiguous(&fixture.log(group));
    assert_eq!(fixture.head(group).messages, 100);
}

#[test]
fn a_repeat_of_a_deleted_message_is_still_a_repeat() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    let seq = fixture.send(group, &ada, "c", "gone");
    let by = ada.author();
    fixture.write(move |write| parlor_store::changes::delete(write, group, &by, now(), seq));
    let again = fixture.submit(message(group, &ada, "c", "gone")).wait().unwrap();
    assert!(again.duplicate && text_of(&again.event).is_none());
}

#[test]
fn strangers_and_the_removed_find_nothing() {
    let fixture = fixture();
    let (ada, bob, eve) = (fixture.account("ada"), fixture.account("bob"), fixture.account("eve"));
    let group = fixture.group(&[&ada, &bob]);
    let refused = |who: &Account, to: GroupId| {
        let sent = fixture.submit(message(to, who, "c", "hello")).wait();
        assert!(matches!(sent, Err(AppendError::NotFound)), "{sent:?}");
    };
    refused(&eve, group);
    refused(&ada, GroupId::new(4_711).unwrap());
    let bob_id = bob.id;
    // A removal and a message of the removed in one commit: the order of the jobs decides.
    let removal = fixture.store.write(move |write| members::delete(write, group, bob_id));
    let sent = fixture.submit(message(group, &bob, "late", "hello"));
    assert!(removal.wait().unwrap_or_else(|failure: parlor_store::Failure| panic!("{failure}")));
    assert!(matches!(sent.wait(), Err(AppendError::NotFound)));
    fixture.write(move |write| purge::mark_gone(write, group, now()));
    refused(&ada, group);
}

#[test]
fn a_group_whose_time_is_over_takes_no_message() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    let change = GroupChange { expires_at: Some(Some(later(1_000))), ..GroupChange::default() };
    fixture.write(move |write| groups::change(write, group, &change));
    let at =
        |millis| AppendMessage { at: later(millis), ..message(group, &ada, &format!("c{millis}"), "hello") };
    assert!(fixture.submit(at(999)).wait().is_ok());
    assert!(matches!(fixture.submit(at(1_000)).wait(), Err(AppendError::NotFound)));
}

#[test]
fn slow_mode_holds_within_a_batch_and_lets_repeats_through() {
    let fixture = fixture();
    let (ada, bob) = (fixture.account("ada"), fixture.account("bob"));
    let group = fixture.group(&[&ada, &bob]);
    let slow_mode = Some(SlowMode::from_secs(10).unwrap());
    let change = GroupChange { slow_mode, ..GroupChange::default() };
    fixture.write(move |write| groups::change(write, group, &change));
    let send = |who: &Account, client_id: &str, millis| {
        fixture.submit(AppendMessage { at: later(millis), ..message(group, who, client_id, "hello") })
    };
    let pending =
        [send(&bob, "1", 0), send(&bob, "2", 1), send(&bob, "1", 2), send(&ada, "1", 3), send(&ada, "2", 4)];
    let [first, second, repeat, owner, owner_again] = pending.map(parlor_store::Pending::wait);
    assert!(first.is_ok() && owner.is_ok() && owner_again.is_ok());
    assert!(repeat.unwrap().duplicate);
    match second {
        Err(AppendError::SlowMode { retry_after }) => assert_eq!(retry_after, Duration::from_millis(9_999)),
        other => panic!("{other:?}"),
    }
    assert!(send(&bob, "2", 10_000).wait().is_ok());
}

#[test]
fn an_answer_answers_a_message_of_the_same_group() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let (group, other) = (fixture.group(&[&ada]), fixture.group(&[&ada]));
    let first = fixture.send(group, &ada, "1", "hello");
    let reply = |to: GroupId, client_id: &str, seq: i64| {
        fixture
            .submit(AppendMessage { reply_to: Seq::new(seq), ..message(to, &ada, client_id, "yes") })
            .wait()
    };
    let sent = reply(group, "2", first.get()).unwrap();
    assert!(matches!(&sent.event.body, EventBody::Message { reply_to, .. } if *reply_to == Some(first)));
    // The event of joining, one that is not there yet, nothing at all, and one of another group.
    for (to, seq) in [(group, 1), (group, 4), (group, 0), (group, 1_000), (other, first.get())] {
        assert!(matches!(reply(to, "3", seq), Err(AppendError::ReplyToUnknown)), "{to} {seq}");
    }
}

#[test]
fn sending_reads_up_to_what_was_sent() {
    let fixture = fixture();
    let (ada, bob) = (fixture.account("ada"), fixture.account("bob"));
    let group = fixture.group(&[&ada, &bob]);
    for n in 0..5 {
        fixture.send(group, &ada, &format!("c{n}"), "text");
    }
    let bob_id = bob.id;
    let unread = |fixture: &Fixture| {
        fixture.read(move |tx| groups::of_member(tx, group, bob_id, now())).unwrap().unread
    };
    assert_eq!(unread(&fixture), 5);
    let seq = fixture.send(group, &bob, "b", "text");
    assert_eq!(unread(&fixture), 0);
    let member = fixture.read(move |tx| members::load(tx, group, bob_id)).unwrap();
    assert_eq!(member.last_read, seq);
}

#[test]
fn one_that_fails_takes_nobody_with_it() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    let by = ada.author();
    let before = fixture.submit(message(group, &ada, "before", "text"));
    let failing = fixture.store.write::<(), _>(move |write| {
        let body = EventBody::Delete { seq: Seq::START };
        parlor_store::log::append(write, group, &by, now(), body)?;
        Err(AppendError::Denied)
    });
    let panicking = fixture.store.write::<(), parlor_store::Failure>(|_| panic!("on purpose"));
    let after = fixture.submit(message(group, &ada, "after", "text"));
    assert!(before.wait().is_ok());
    assert!(matches!(failing.wait(), Err(AppendError::Denied)));
    assert!(panicking.wait().is_err());
    assert!(after.wait().is_ok());
    let log = fixture.log(group);
    assert_contiguous(&log);
    assert_eq!(log.len(), 3);
}

#[test]
fn more_messages_than_wait_for_their_places_are_all_there_and_known() {
    let mut fixture = fixture();
    let ada = fixture.account("ada");
    let groups: Vec<GroupId> = (0..701).map(|_| fixture.group(&[&ada])).collect();
    // Enough that rows and sends are settled in portions while others come: 60 rounds of 701 messages, one group apart.
    let rounds = 60;
    let name = |round: usize, index: usize| format!("c{round}-{index}");
    for round in 0..rounds {
        let pending: Vec<_> = groups
            .iter()
            .enumerate()
            .filter(|(index, _)| index % 7 != round % 7)
            .map(|(index, group)| fixture.submit(message(*group, &ada, &name(round, index), "text")))
            .collect();
        for pending in pending {
            assert!(!pending.wait().unwrap().duplicate);
        }
    }
    for restarted in [false, true] {
        for (index, group) in groups.iter().enumerate().step_by(13) {
            let log = fixture.log(*group);
            assert_contiguous(&log);
            let sent: Vec<usize> = (0..rounds).filter(|round| index % 7 != round % 7).collect();
            assert_eq!(log.len(), 1 + sent.len());
            // Every one of them is known as a repeat, whether it has found its place or not.
            let again: Vec<_> = sent
                .iter()
                .map(|round| fixture.submit(message(*group, &ada, &name(*round, index), "text")))
                .collect();
            for (place, again) in again.into_iter().enumerate() {
                let again = again.wait().unwrap();
                assert!(again.duplicate, "restarted: {restarted}");
                assert_eq!(again.event.seq.get(), place as i64 + 2);
            }
        }
        fixture.reopen();
    }
}

#[test]
fn time_does_not_go_back_within_a_group() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    // Nodes whose clocks differ send in turn: in one batch, and one after the other.
    let at = |name: &str, millis| AppendMessage { at: later(millis), ..message(group, &ada, name, "text") };
    let batch = [at("a", 4_000), at("b", 1_000), at("c", 5_000)].map(|message| fixture.submit(message));
    for pending in batch {
        pending.wait().unwrap();
    }
    fixture.submit(at("d", 2_000)).wait().unwrap();
    let by = ada.author();
    fixture.write(move |write| {
        let delete = EventBody::Delete { seq: Seq::START.next() };
        parlor_store::log::append(write, group, &by, later(3_000), delete)
    });
    let times: Vec<_> = fixture.log(group).iter().skip(1).map(|event| event.at).collect();
    assert_eq!(times, [4_000, 4_000, 5_000, 5_000, 5_000].map(later));
}
