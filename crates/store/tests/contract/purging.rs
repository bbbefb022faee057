//! The end of groups and sessions.

use crate::fixture::{fixture, later, message, now};
use parlor_core::{AccessCode, GroupChange, Role, Seq};
use parlor_store::{AppendError, Failure, groups, members, purge, sessions};

#[test]
fn a_group_that_is_gone_is_found_by_nobody_and_its_rows_go_soon() {
    let mut fixture = fixture();
    let ada = fixture.account("ada");
    let (group, other) = (fixture.group(&[&ada]), fixture.group(&[&ada]));
    for n in 0..150 {
        fixture.send(group, &ada, &format!("c{n}"), "text");
        fixture.send(other, &ada, &format!("c{n}"), "text");
    }
    let bob = fixture.account("bob").id;
    fixture.write(move |write| {
        members::insert(write, group, bob, Role::Member, now(), Seq::START, 0)?;
        assert!(!members::was_member(write, group, bob)?);
        assert!(members::delete(write, group, bob)?);
        assert!(!members::delete(write, group, bob)?);
        assert!(members::was_member(write, group, bob)?);
        Ok(())
    });
    let code = fixture.group_row(group).unwrap().access_code.unwrap();
    fixture.write(move |write| purge::mark_gone(write, group, now()));
    assert_eq!(fixture.group_row(group), None);
    assert_eq!(fixture.read(move |tx| groups::find_by_code(tx, &code, now())), None);
    let account = ada.id;
    let mine = fixture.read(move |tx| groups::of_account(tx, account, None, 10, now()));
    assert_eq!(mine.iter().map(|membership| membership.group.id).collect::<Vec<_>>(), [other]);
    while fixture.write(purge::take_away_some) {}
    for _ in 0..2 {
        let rows = fixture.read(move |tx| {
            let mut rows = 0;
            for table in ["log", "log_tail", "sends", "members", "former_members", "heads"] {
                let sql = format!("SELECT COUNT(*) FROM {table} WHERE group_id = $1");
                tx.query(&sql, &[parlor_store::tx::Value::Int(group.get())], &mut |row| {
                    rows += row.int(0)?;
                    Ok(())
                })?;
            }
            Ok(rows)
        });
        assert_eq!(rows, 0);
        assert_eq!(fixture.log(other).len(), 151);
        fixture.reopen();
    }
}

#[test]
fn expiry_is_by_the_clock() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    let change = GroupChange { expires_at: Some(Some(later(1_000))), ..GroupChange::default() };
    fixture.write(move |write| groups::change(write, group, &change));
    assert!(fixture.read(move |tx| groups::load(tx, group, later(999))).is_some());
    assert!(fixture.read(move |tx| groups::load(tx, group, later(1_000))).is_none());
    assert_eq!(fixture.write(|write| purge::mark_expired(write, later(999))), []);
    assert_eq!(fixture.write(|write| purge::mark_expired(write, later(1_000))), [group]);
    assert_eq!(fixture.write(|write| purge::mark_expired(write, later(2_000))), []);
}

#[test]
fn the_id_of_a_group_is_never_given_again() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    fixture.write(move |write| purge::mark_gone(write, group, now()));
    while fixture.write(purge::take_away_some) {}
    assert!(fixture.group(&[&ada]) > group);
    let sent = fixture.submit(message(group, &ada, "c", "text")).wait();
    assert!(matches!(sent, Err(AppendError::NotFound)));
}

#[test]
fn a_code_is_free_again_and_never_stands_for_two() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let (group, other) = (fixture.group(&[&ada]), fixture.group(&[&ada]));
    let code = AccessCode::parse("shared").unwrap();
    let taken = code.clone();
    fixture.write(move |write| groups::set_code(write, group, Some(&taken)));
    let wanted = code.clone();
    let second =
        fixture.store.write::<_, Failure>(move |write| groups::set_code(write, other, Some(&wanted)));
    assert!(second.wait().is_err());
    fixture.write(move |write| purge::mark_gone(write, group, now()));
    fixture.write(move |write| groups::set_code(write, other, Some(&code)));
}

#[test]
fn sessions_end_by_the_clock_and_by_hand() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let account = ada.id;
    let make = |number: u8, end: i64| {
        fixture.write(move |write| sessions::insert(write, account, &[number; 32], None, now(), later(end))).0
    };
    let (short, long) = (make(1, 1_000), make(2, 2_000));
    let find = |number: u8, millis: i64| {
        fixture
            .read(move |tx| sessions::find(tx, &[number; 32], later(millis)))
            .map(|(session, _)| session.id)
    };
    assert_eq!(find(1, 999), Some(short));
    assert_eq!(find(1, 1_000), None);
    assert_eq!(find(2, 1_000), Some(long));
    assert_eq!(find(3, 0), None);
    assert_eq!(fixture.read(move |tx| sessions::ended(tx, &[short, long], later(1_500))), [short]);
    fixture.write(|write| purge::delete_ended_sessions(write, later(1_500)));
    assert_eq!(fixture.read(move |tx| sessions::of_account(tx, account, now())).len(), 1);
    assert!(fixture.write(move |write| sessions::end_one(write, account, long)));
    assert!(!fixture.write(move |write| sessions::end_one(write, account, long)));
    assert_eq!(find(2, 0), None);
}

#[test]
fn the_oldest_sessions_make_way() {
    let fixture = fixture();
    let account = fixture.account("ada").id;
    let mut ids = Vec::new();
    for number in 0..=100u8 {
        let (id, gone) = fixture
            .write(move |write| sessions::insert(write, account, &[number; 32], None, now(), later(1_000)));
        assert_eq!(gone.len(), usize::from(number == 100));
        ids.push(id);
    }
    let left = fixture.read(move |tx| sessions::of_account(tx, account, now()));
    assert_eq!(left.len(), 100);
    assert_eq!(left.last().unwrap().id, ids[1]);
}
