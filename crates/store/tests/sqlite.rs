//! What the contract cannot say of every database: files, locks, full disks, crashes, versions, copies.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what went wrong by panicking")]

#[path = "contract/fixture.rs"]
#[allow(dead_code, reason = "the contract uses the rest")]
mod fixture;
#[path = "contract/sqlite_place.rs"]
mod place;

use fixture::{Fixture, assert_contiguous, fixture, message, restored, text_of};
use parlor_core::{Account, Epoch, GroupId};
use parlor_store::tx::Tx;
use parlor_store::{AppendError, Failure, Store};
use place::SqliteFile;
use rusqlite::Connection;
use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

#[test]
fn a_newer_database_is_refused_in_one_sentence() {
    let file = SqliteFile::new();
    drop(Store::open_sqlite(&file.path(), restored()).unwrap());
    let raw = Connection::open(file.path()).unwrap();
    raw.execute("UPDATE schema_version SET version = 999", []).unwrap();
    drop(raw);
    let error = Store::open_sqlite(&file.path(), restored()).err().unwrap().to_string();
    assert!(error.contains("version 999") && error.contains("newer version of Parlor"), "{error}");
    assert!(!error.contains('\n'));
}

#[test]
fn a_database_belongs_to_one_store_at_a_time() {
    let file = SqliteFile::new();
    let first = Store::open_sqlite(&file.path(), restored()).unwrap();
    let error = Store::open_sqlite(&file.path(), restored()).err().unwrap().to_string();
    assert!(error.contains("in use by another Parlor"), "{error}");
    drop(first);
    assert!(Store::open_sqlite(&file.path(), restored()).is_ok());
}

#[cfg(unix)]
#[test]
fn every_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_sqlite(&folder.path().join("parlor.db"), restored()).unwrap();
    store.back_up(&folder.path().join("copy.db")).unwrap();
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{name}");
        names.push(name);
    }
    names.sort();
    assert_eq!(names, ["copy.db", "parlor.db", "parlor.db-shm", "parlor.db-wal", "parlor.db.lock"]);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let error = Store::open_sqlite(std::path::Path::new("/nowhere/at/all/parlor.db"), restored())
        .err()
        .unwrap()
        .to_string();
    assert!(error.contains("/nowhere/at/all/parlor.db"), "{error}");
}

#[test]
fn while_somebody_holds_the_lock_writes_are_refused_and_reads_go_on() {
    let file = SqliteFile::new();
    let path = file.path();
    let fixture = fixture_in(file);
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    fixture.send(group, &ada, "before", "text");
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = fixture.submit(message(group, &ada, "during", "text"));
    assert_eq!(fixture.log(group).len(), 2, "reading does not wait");
    assert!(matches!(refused.wait(), Err(AppendError::Failure(Failure::Unavailable { .. }))));
    other.execute_batch("ROLLBACK").unwrap();
    fixture.send(group, &ada, "during", "text");
    assert_contiguous(&fixture.log(group));
    assert_eq!(fixture.log(group).len(), 3);
}

#[test]
fn when_there_is_no_more_room_writes_are_refused_until_there_is() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    let limit_pages = |more: i64| {
        fixture.write(move |write| {
            let mut pages = 0;
            write.query("PRAGMA page_count", &[], &mut |row| {
                pages = row.int(0)?;
                Ok(())
            })?;
            write.query(&format!("PRAGMA max_page_count = {}", pages + more), &[], &mut |_| Ok(()))
        });
    };
    limit_pages(3);
    let (stored, refused) = send_until_refused(&fixture, group, &ada);
    assert!(refused > 0, "the limit was reached");
    assert_eq!(fixture.log(group).len(), 1 + stored);
    limit_pages(1_000_000);
    fixture.send(group, &ada, "after", "there is room again");
    let log = fixture.log(group);
    assert_contiguous(&log);
    assert_eq!(log.len(), 2 + stored);
}

#[test]
fn a_full_disk_is_survived() {
    let folder = tempfile::tempdir().unwrap();
    let mount = |arguments: &[&str]| {
        let target = folder.path().to_str().unwrap();
        let done =
            Command::new(arguments[0]).args(&arguments[1..]).arg(target).stderr(Stdio::null()).status();
        done.is_ok_and(|status| status.success())
    };
    if !mount(&["mount", "-t", "tmpfs", "-o", "size=1500k", "parlor-test"]) {
        println!("NOT RUN: a small disk can only be made by root");
        assert!(std::env::var_os("CI").is_none(), "this must run where CI is set");
        return;
    }
    // Whatever happens below, the little disk is taken away again.
    let outcome = std::panic::catch_unwind(|| fill_a_disk(&folder.path().join("parlor.db")));
    assert!(mount(&["umount"]));
    outcome.unwrap();
}

fn fill_a_disk(path: &std::path::Path) {
    let mut fixture = fixture();
    fixture.store = Store::open_sqlite(path, restored()).unwrap();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    let ballast = path.with_file_name("ballast");
    std::fs::write(&ballast, vec![1; 600_000]).unwrap();
    let (stored, refused) = send_until_refused(&fixture, group, &ada);
    assert!(refused > 0, "the disk was full");
    assert_eq!(fixture.log(group).len(), 1 + stored, "reading goes on, and what was acknowledged is there");
    std::fs::remove_file(&ballast).unwrap();
    fixture.send(group, &ada, "after", "there is room again");
    let log = fixture.log(group);
    assert_contiguous(&log);
    assert_eq!(log.len(), 2 + stored);
}

/// Sends until ten in a row are refused as unavailable; how many were stored, and refused.
fn send_until_refused(fixture: &Fixture, group: GroupId, by: &Account) -> (usize, usize) {
    let text = "x".repeat(8_000);
    let (mut stored, mut refused) = (0, 0);
    for n in 0..10_000 {
        match fixture.submit(message(group, by, &format!("c{n}"), &text)).wait() {
            Ok(_) => stored += 1,
            Err(AppendError::Failure(Failure::Unavailable { .. })) => refused += 1,
            Err(other) => panic!("{other:?}"),
        }
        if refused == 10 {
            break;
        }
    }
    (stored, refused)
}

#[test]
fn a_copy_is_whole_while_others_write() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    std::thread::scope(|scope| {
        let (fixture, ada) = (&fixture, &ada);
        let writer = scope.spawn(move || {
            for n in 0..300 {
                fixture.send(group, ada, &format!("c{n}"), &format!("m{n}"));
            }
        });
        while fixture.log(group).len() < 50 {
            std::thread::yield_now();
        }
        fixture.store.back_up(&copy).unwrap();
        writer.join().unwrap();
    });
    assert!(matches!(fixture.store.back_up(&copy), Err(parlor_store::BackupError::Exists)));
    let mut copied = fixture_in(SqliteFile::new());
    copied.store = Store::open_sqlite(&copy, restored()).unwrap();
    let log = copied.log(group);
    assert!(log.len() >= 50);
    assert_eq!(log[0].epoch, restored(), "what was restored lives on as another log");
    assert_ne!(fixture.head(group).position.epoch, restored(), "the original is no backup");
    assert_contiguous(&log);
    // It goes on from there.
    copied.send(group, &ada, "afterwards", "text");
    assert_contiguous(&copied.log(group));
}

#[test]
fn a_backup_is_restored_once_and_so_is_a_copy_of_it() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    let folder = tempfile::tempdir().unwrap();
    let (copy, second) = (folder.path().join("copy.db"), folder.path().join("second.db"));
    fixture.store.back_up(&copy).unwrap();
    // A backup that was never opened is copied as what it is.
    parlor_store::back_up_sqlite(&copy, &second).unwrap();
    let epoch_of = |path: &std::path::Path, number| {
        let store = Store::open_sqlite(path, Epoch::new(number).unwrap()).unwrap();
        let head = store.read::<_, Failure>(move |tx| parlor_store::heads::load(tx, group)).wait().unwrap();
        head.unwrap().position.epoch.get()
    };
    assert_eq!(epoch_of(&copy, 101), 101);
    assert_eq!(epoch_of(&copy, 102), 101, "the mark went with the first opening");
    assert_eq!(epoch_of(&second, 103), 103);
    drop(fixture);
}

#[test]
fn a_locked_database_gives_no_copy_rather_than_an_empty_one() {
    let file = SqliteFile::new();
    drop(Store::open_sqlite(&file.path(), restored()).unwrap());
    let raw = Connection::open(file.path()).unwrap();
    raw.execute_batch("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE").unwrap();
    let copy = file.path().with_file_name("copy.db");
    assert!(parlor_store::back_up_sqlite(&file.path(), &copy).is_err());
    assert!(!copy.exists() && !copy.with_file_name("copy.db.partial").exists());
}

#[test]
fn the_write_ahead_log_does_not_grow_without_end() {
    let file = SqliteFile::new();
    let wal = file.path().with_extension("db-wal");
    let fixture = fixture_in(file);
    let ada = fixture.account("ada");
    let groups: Vec<GroupId> = (0..40).map(|_| fixture.group(&[&ada])).collect();
    let text = "x".repeat(4_000);
    let mut longest = 0;
    for n in 0..400 {
        let pending: Vec<_> = groups
            .iter()
            .map(|group| fixture.submit(message(*group, &ada, &format!("c{n}"), &text)))
            .collect();
        for pending in pending {
            pending.wait().unwrap();
        }
        longest = longest.max(std::fs::metadata(&wal).unwrap().len());
    }
    assert!(longest < 160 << 20, "64 MB of text, and {} MiB of write-ahead log", longest >> 20);
}

/// Not a test: what the next one starts, and kills.
#[test]
#[ignore = "started by the next test"]
fn the_one_that_is_killed() {
    let Some(path) = std::env::var_os("PARLOR_STORE_CRASH") else { return };
    let fixture = Fixture { store: Store::open_sqlite(path.as_ref(), restored()).unwrap(), ..fixture() };
    let round = std::process::id();
    let people: Vec<Account> = (0..8).map(|n| fixture.account(&format!("p{n}-{round}"))).collect();
    let everybody: Vec<&Account> = people.iter().collect();
    let number = fixture.read(|tx| {
        let mut number = 0;
        tx.query("SELECT COUNT(*) FROM groups", &[], &mut |row| {
            number = row.int(0)?;
            Ok(())
        })?;
        Ok(number)
    });
    // Codes must differ from those of the rounds before.
    let groups: Vec<GroupId> = if number == 0 {
        (0..20).map(|_| fixture.group(&everybody)).collect()
    } else {
        let joining: Vec<Account> = people.clone();
        let groups: Vec<GroupId> = (1..=20).filter_map(GroupId::new).collect();
        for group in groups.clone() {
            let joining = joining.clone();
            fixture.write(move |write| {
                joining
                    .iter()
                    .try_for_each(|account| fixture::join(write, group, account, parlor_core::Role::Member))
            });
        }
        groups
    };
    std::thread::scope(|scope| {
        for (index, person) in people.iter().enumerate() {
            let (fixture, groups) = (&fixture, &groups);
            scope.spawn(move || {
                for first in (0..).step_by(50) {
                    let sent: Vec<_> = (first..first + 50)
                        .map(|n| {
                            let group = groups[(n * 7 + index) % groups.len()];
                            let text = format!("{round}-{index}-{n}");
                            (group, fixture.submit(message(group, person, &text, &text)), text)
                        })
                        .collect();
                    for (group, pending, text) in sent {
                        pending.wait().unwrap();
                        println!("ACKED {} {text}", group.get());
                    }
                }
            });
        }
    });
}

#[test]
fn what_was_acknowledged_survives_being_killed() {
    let file = SqliteFile::new();
    let mut acked: HashSet<(i64, String)> = HashSet::new();
    for round in 0..4 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "the_one_that_is_killed", "--nocapture", "--test-threads=1"])
            .env("PARLOR_STORE_CRASH", file.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut count = 0;
        let mut killed = false;
        for line in lines {
            let Ok(line) = line else { break };
            // The test runner may have written before it on the same line.
            let Some((_, told)) = line.split_once("ACKED ") else { continue };
            let (group, text) = told.split_once(' ').unwrap();
            acked.insert((group.parse().unwrap(), text.to_owned()));
            count += 1;
            // Enough in all rounds together that rows and sends are being settled when the blow falls.
            if count >= 12_000 && !killed {
                // What was told before the kill is still read from the pipe.
                child.kill().unwrap();
                killed = true;
            }
        }
        child.wait().unwrap();
        assert!(killed, "round {round} ended by itself after {count}");
    }
    let mut fixture = fixture_in(SqliteFile::new());
    fixture.store = Store::open_sqlite(&file.path(), restored()).unwrap();
    let mut found: HashSet<(i64, String)> = HashSet::new();
    for group in (1..=20).filter_map(GroupId::new) {
        let log = fixture.log(group);
        assert_contiguous(&log);
        for text in log.iter().filter_map(|event| text_of(event)) {
            assert!(found.insert((group.get(), text.to_owned())), "{text} is there twice");
        }
    }
    let lost: Vec<_> = acked.difference(&found).collect();
    assert!(lost.is_empty(), "{} of {} acknowledged are lost: {lost:?}", lost.len(), acked.len());
    // And each is known as a repeat, wherever its row and its client id were at that moment.
    for (group, text) in acked.iter().step_by(37) {
        let mut parts = text.split('-');
        let (round, index) = (parts.next().unwrap(), parts.next().unwrap());
        let name = parlor_core::Username::parse(&format!("p{index}-{round}")).unwrap();
        let by = fixture.read(move |tx| parlor_store::accounts::find(tx, &name)).unwrap().account;
        let again = fixture.submit(message(GroupId::new(*group).unwrap(), &by, text, text)).wait().unwrap();
        assert!(again.duplicate, "{text} was stored again");
    }
    println!("{} acknowledged, {} stored, none lost", acked.len(), found.len());
}

fn fixture_in(file: SqliteFile) -> Fixture {
    let store = fixture::Place::open(&file);
    Fixture { place: Box::new(file), store, ..fixture() }
}
