//! What the contract cannot say of every database: several stores on one PostgreSQL, what is wrong with one, connections
//! that are cut, copies. Run by `scripts/throwaway-postgres.sh cargo test -p parlor-store --test postgres`.

#![allow(clippy::unwrap_used, reason = "tests say what went wrong by panicking")]

#[path = "contract/fixture.rs"]
#[allow(dead_code, reason = "the contract uses the rest")]
mod fixture;
#[path = "contract/postgres_place.rs"]
mod place;
#[path = "contract/sqlite_place.rs"]
#[allow(dead_code, reason = "the contract uses the rest")]
mod sqlite_place;

use fixture::{Fixture, Place as _, assert_contiguous, fixture, message, now, restored, text_of};
use parlor_core::{Account, EventBody, GroupId, Seq, Timestamp};
use parlor_store::copy::{self, CopyError, Place, Progress};
use parlor_store::tx::Tx as _;
use parlor_store::{AppendError, Failure, Store, accounts, changes, sessions};
use sqlite_place::SqliteFile;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

fn sentence(url: &str) -> String {
    let text = Store::open_postgres(url).err().unwrap().to_string();
    assert!(!text.contains('\n') && !text.contains("hunter2"), "{text}");
    text
}

#[test]
fn what_is_wrong_is_said_in_one_sentence() {
    let place = place::fresh();
    let role = format!("role_{}", std::process::id());
    place.execute(&format!(
        "CREATE ROLE {role} LOGIN PASSWORD 'hunter2'; GRANT USAGE ON SCHEMA {} TO {role}",
        place.name
    ));
    let limited = place.url.replacen("parlor@", &format!("{role}:hunter2@"), 1);
    let text = sentence(&limited);
    assert!(text.contains("may not make tables") && text.contains("GRANT CREATE"), "{text}");
    let text = sentence(&place.url.replacen("/postgres?", "/nothing?", 1));
    assert!(text.contains("there is no database") && text.contains("createdb"), "{text}");
    let text = sentence(&place.url.replacen("parlor@", "nobody:hunter2@", 1));
    assert!(text.contains("does not let us in"), "{text}");
    let text = sentence(&place.url.replace(&place.name, "no_such_schema"));
    assert!(text.contains("no schema for our tables"), "{text}");
    drop(place.open());
    place.execute("UPDATE schema_version SET version = 999");
    let text = sentence(&place.url);
    assert!(text.contains("version 999") && text.contains("newer version of Parlor"), "{text}");
}

#[test]
fn stores_that_open_an_empty_database_at_once_make_it_once() {
    let place = place::fresh();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| place.open());
        }
    });
    let store = place.open();
    let versions = store.read::<_, Failure>(|tx| {
        let mut rows = 0;
        tx.query("SELECT version FROM schema_version", &[], &mut |_| {
            rows += 1;
            Ok(())
        })?;
        Ok(rows)
    });
    assert_eq!(versions.wait().unwrap(), 1);
    assert!(!store.is_alone());
    assert!(store.back_up(std::path::Path::new("/tmp/x")).unwrap_err().to_string().contains("pg_dump"));
}

#[test]
fn two_stores_write_to_the_same_groups_in_one_order_each() {
    let fixture = fixture();
    let other = fixture.place.open();
    let people: Vec<Account> = (0..4).map(|n| fixture.account(&format!("person{n}"))).collect();
    let everybody: Vec<&Account> = people.iter().collect();
    let groups: Vec<GroupId> = (0..8).map(|_| fixture.group(&everybody)).collect();
    let told: Arc<Mutex<HashMap<GroupId, Vec<Seq>>>> = Arc::default();
    let notes = told.clone();
    other.on_commit(move |events| {
        for event in events.iter() {
            notes.lock().unwrap().entry(event.group).or_default().push(event.seq);
        }
    });
    std::thread::scope(|scope| {
        for (index, person) in people.iter().enumerate() {
            let store = if index % 2 == 0 { &fixture.store } else { &other };
            let groups = &groups;
            scope.spawn(move || {
                for n in 0..30 {
                    let sent: Vec<_> = groups
                        .iter()
                        .map(|group| {
                            store.append_message(message(*group, person, &format!("{index}-{n}"), "text"))
                        })
                        .collect();
                    for pending in sent {
                        pending.wait().unwrap();
                    }
                    // A job about whatever, and one about a group, in between.
                    store
                        .write::<_, Failure>(move |write| accounts::insert_guest(write, &name(), now()))
                        .wait()
                        .unwrap();
                    let (group, by) = (groups[n % groups.len()], person.author());
                    let change = store.write_in::<_, Failure>(group, move |write| {
                        changes::edit(write, group, &by, now(), Seq::new(5).unwrap(), &text_of_edit())
                    });
                    change.wait().unwrap();
                }
            });
        }
    });
    for group in &groups {
        let log = fixture.log(*group);
        assert_contiguous(&log);
        assert_eq!(log.iter().filter(|event| matches!(event.body, EventBody::Message { .. })).count(), 120);
    }
    for (group, seqs) in told.lock().unwrap().iter() {
        assert!(seqs.is_sorted(), "{group:?} is told in its order: {seqs:?}");
    }
}

fn name() -> parlor_core::DisplayName {
    parlor_core::DisplayName::parse("Guest").unwrap()
}

fn text_of_edit() -> parlor_core::MessageText {
    parlor_core::MessageText::parse("edited").unwrap()
}

#[test]
fn what_is_handed_in_keeps_its_order_whatever_it_concerns() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    let id = ada.id;
    let mut sent = Vec::new();
    for n in 0..20 {
        sent.push(fixture.submit(message(group, &ada, &format!("a{n}"), "text")));
        // The next message of the same person must not overtake their leaving, nor be overtaken by it.
        let left =
            fixture.store.write::<_, Failure>(move |write| parlor_store::members::delete(write, group, id));
        let refused = fixture.submit(message(group, &ada, &format!("b{n}"), "text"));
        let back = fixture.ada_comes_back(group, &ada);
        assert!(left.wait().unwrap());
        assert!(matches!(refused.wait(), Err(AppendError::NotFound)));
        back.wait().unwrap();
    }
    for pending in sent {
        pending.wait().unwrap();
    }
}

impl Fixture {
    fn ada_comes_back(&self, group: GroupId, ada: &Account) -> parlor_store::Pending<(), Failure> {
        let ada = ada.clone();
        self.store.write(move |write| fixture::join(write, group, &ada, parlor_core::Role::Member))
    }
}

#[test]
fn a_cut_connection_costs_its_batch_and_nothing_else() {
    let place = place::fresh();
    let store = place.open();
    let fixture = Fixture { store, place: Box::new(place.clone()), ..fixture() };
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = \
               current_setting('application_name') AND pid <> pg_backend_pid()";
    let mut acknowledged = HashSet::new();
    for n in 0..10 {
        let text = format!("text {n}");
        place.execute(cut);
        // A client repeats what was not acknowledged, under the same id.
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
        loop {
            match fixture.submit(message(group, &ada, &format!("c{n}"), &text)).wait() {
                Ok(_) => break,
                Err(AppendError::Failure(Failure::Unavailable { .. })) => {}
                Err(other) => panic!("{other:?}"),
            }
            assert!(std::time::Instant::now() < deadline, "it comes back");
            std::thread::yield_now();
        }
        acknowledged.insert(text);
    }
    let log = fixture.log(group);
    assert_contiguous(&log);
    let texts: Vec<&str> = log.iter().filter_map(|event| text_of(event)).collect();
    assert_eq!(texts.len(), acknowledged.len(), "nothing is there twice");
    assert!(texts.iter().all(|text| acknowledged.contains(*text)));
}

/// A database with something in most tables.
fn lively(file: SqliteFile) -> (Fixture, GroupId, Account) {
    let store = file.open();
    let fixture = Fixture { store, place: Box::new(file), ..fixture() };
    let (ada, bob) = (fixture.account("ada"), fixture.account("bob"));
    let group = fixture.group(&[&ada, &bob]);
    for n in 0..2_300 {
        drop(fixture.submit(message(group, &ada, &format!("c{n}"), &format!("text {n}"))));
    }
    let by = ada.author();
    fixture.write(move |write| {
        changes::edit(write, group, &by, now(), Seq::new(9).unwrap(), &text_of_edit())?;
        changes::delete(write, group, &by, now(), Seq::new(10).unwrap())?;
        let emoji = parlor_core::Emoji::parse("👍").unwrap();
        changes::add_reaction(write, group, &by, now(), Seq::new(11).unwrap(), &emoji)?;
        sessions::insert(write, by.id, &[7; 32], Some("test"), now(), Timestamp::from_millis(i64::MAX / 2))?;
        // A number that was given once and is never given again.
        accounts::insert_guest(write, &name(), now())?;
        write.execute("DELETE FROM accounts WHERE guest = 1", &[]).map(drop)
    });
    (fixture, group, ada)
}

#[test]
fn a_copy_goes_there_and_back_and_is_the_same() {
    let file = SqliteFile::new();
    let path = file.path();
    let (fixture, group, ada) = lively(file);
    let before = fixture.log(group);
    let Fixture { store, place: kept, .. } = fixture;
    drop(store);
    let there = place::fresh();
    let (from, to) = (Place::Sqlite(path), Place::Postgres(there.url.clone()));

    // Broken off in the middle of the log: not to be used until it has gone on.
    let broken = std::panic::catch_unwind(|| {
        copy::copy(&from, &to, restored(), &mut |progress| {
            assert!(!matches!(progress, Progress::Rows { table, rows: 2_000 } if table == "log"), "cut off");
        })
    });
    assert!(broken.is_err());
    assert!(sentence(&there.url).contains("not finished"), "{}", sentence(&there.url));
    let mut said = Vec::new();
    let copied = copy::copy(&from, &to, restored(), &mut |progress| said.push(progress)).unwrap();
    assert_eq!((said[0].clone(), copied.groups), (Progress::Resumed, 1));
    assert!(
        said.contains(&Progress::Rows { table: "log".to_owned(), rows: before.len() as u64 - 2_000 }),
        "{said:?}"
    );
    assert!(matches!(copy::copy(&from, &to, restored(), &mut |_| {}), Err(CopyError::NotEmpty(_))));
    assert!(matches!(copy::copy(&from, &from, restored(), &mut |_| {}), Err(CopyError::SameKind)));

    let store = there.open();
    let mut fixture = Fixture { store, place: Box::new(there), ..self::fixture() };
    assert_eq!(fixture.log(group), before);
    let token = fixture.read(|tx| sessions::find(tx, &[7; 32], now())).unwrap().1;
    assert_eq!(token.account, ada);
    let again = fixture.submit(message(group, &ada, "c5", "text 5")).wait().unwrap();
    assert!(again.duplicate, "what makes a repeat harmless came along");
    fixture.send(group, &ada, "new", "written there");
    assert_eq!(fixture.account("carl").id.get(), 4, "the third was a guest who is gone");
    let before = fixture.log(group);
    fixture.reopen();
    drop(kept);

    let back = SqliteFile::new();
    let from = to;
    let to = Place::Sqlite(back.path());
    copy::copy(&from, &to, restored(), &mut |_| {}).unwrap();
    let store = back.open();
    let fixture = Fixture { store, place: Box::new(back), ..fixture };
    assert_eq!(fixture.log(group), before);
    assert!(fixture.submit(message(group, &ada, "new", "written there")).wait().unwrap().duplicate);
    fixture.send(group, &ada, "newer", "written here");
    assert_contiguous(&fixture.log(group));
    assert_eq!(fixture.account("dora").id.get(), 5);
}
