//! Files: what is announced, brought further, ready, and doomed.

use crate::fixture::{fixture, later, now};
use parlor_core::{FileKey, FileKind, FileName, GroupId, MediaType, Picture, UploadId, UploadState};
use parlor_store::uploads::{self, NewUpload};

fn new(group: GroupId, by: parlor_core::AccountId, key: u8, size: u64) -> NewUpload {
    NewUpload {
        group,
        by,
        key: FileKey::from_random([key; 16]),
        name: FileName::clean("cat.png"),
        declared: Some(FileKind::Image),
        size,
        expires_at: later(1_000),
    }
}

#[test]
fn an_upload_goes_its_way() {
    let mut fixture = fixture();
    let (ada, bob) = (fixture.account("ada"), fixture.account("bob"));
    let group = fixture.group(&[&ada, &bob]);
    let other = fixture.group(&[&bob]);
    let row = new(group, ada.id, 7, 100_000);
    let id = fixture.write(move |write| uploads::insert(write, &row, now()));
    let listed = |fixture: &crate::fixture::Fixture, by: parlor_core::AccountId| {
        let found = fixture.read(move |tx| uploads::list(tx, group, by, None, 10, now()));
        found.into_iter().map(|upload| upload.id).collect::<Vec<UploadId>>()
    };
    assert_eq!(listed(&fixture, ada.id), [id]);
    assert_eq!(listed(&fixture, bob.id), [], "it is its sender's alone");
    assert!(fixture.read(move |tx| uploads::load(tx, other, id, now())).is_none());
    assert!(fixture.read(move |tx| uploads::load(tx, group, id, later(1_000))).is_none(), "its time is over");
    let by = ada.id;
    assert_eq!(fixture.read(move |tx| uploads::unfinished_of(tx, by)), 1);

    assert!(fixture.write(move |write| uploads::advance(write, id, 0, 60_000, later(2_000))));
    assert!(!fixture.write(move |write| uploads::advance(write, id, 0, 60_000, later(2_000))), "only once");
    let picture = Picture { width: 4, height: 3, thumbnail: Some(MediaType::Jpeg) };
    let finish = move |write: &mut parlor_store::Write<'_>| {
        uploads::finish(write, id, MediaType::Png, Some(picture), later(5))
    };
    assert!(!fixture.write(finish), "it is not all there");
    assert!(fixture.write(move |write| uploads::advance(write, id, 60_000, 100_000, later(2_000))));
    assert!(fixture.write(finish));
    assert!(!fixture.write(finish));
    fixture.reopen();
    let stored = fixture.read(move |tx| uploads::load(tx, group, id, later(9_000))).unwrap();
    assert_eq!(
        stored.upload.state,
        UploadState::Ready { media_type: MediaType::Png, picture: Some(picture) }
    );
    assert_eq!((stored.upload.size, stored.upload.received, &stored.upload.by), (100_000, 100_000, &ada));
    assert_eq!(stored.key, FileKey::from_random([7; 16]));
    assert_eq!(listed(&fixture, bob.id), [id]);
    assert_eq!(fixture.read(move |tx| uploads::unfinished_of(tx, by)), 0);
}

#[test]
fn every_file_counts_as_at_least_a_little() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    assert_eq!(fixture.read(move |tx| uploads::counted_bytes(tx, group)), 0);
    for (key, size) in [(1, 1), (2, 65_536), (3, 1_000_000)] {
        let row = new(group, ada.id, key, size);
        fixture.write(move |write| uploads::insert(write, &row, now()));
    }
    assert_eq!(fixture.read(move |tx| uploads::counted_bytes(tx, group)), 65_536 + 65_536 + 1_000_000);
    fixture.write(|write| uploads::set_lost(write, FileKey::from_random([3; 16]), true));
    assert_eq!(fixture.read(move |tx| uploads::counted_bytes(tx, group)), 65_536 + 65_536);
}

#[test]
fn a_key_is_doomed_until_its_file_is_gone() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    let mut ids = Vec::new();
    for key in [0, 0xFE, 0xFF] {
        let row = new(group, ada.id, key, 10);
        ids.push(fixture.write(move |write| uploads::insert(write, &row, now())));
    }
    let expected = |portion| {
        let found = fixture.read(move |tx| uploads::expected(tx, portion, later(1)));
        found.into_iter().map(|it| it.key.portion()).collect::<Vec<_>>()
    };
    assert_eq!(
        (expected(0), expected(1), expected(0xFE), expected(0xFF)),
        (vec![0], vec![], vec![0xFE], vec![0xFF])
    );
    assert!(fixture.read(|tx| uploads::expected(tx, 0, now())).is_empty(), "not those that have just come");

    let (first, last) = (ids[0], FileKey::from_random([0xFF; 16]));
    assert!(fixture.write(move |write| uploads::doom(write, first)));
    assert!(!fixture.write(move |write| uploads::doom(write, first)));
    assert_eq!(fixture.read(|tx| uploads::doomed(tx, 10)), [FileKey::from_random([0; 16])]);
    assert_eq!(fixture.read(move |tx| uploads::unknown(tx, &[FileKey::from_random([0; 16]), last])).len(), 1);
    fixture.write(|write| uploads::forget_doomed(write, &[FileKey::from_random([0; 16])]));
    assert!(fixture.read(|tx| uploads::doomed(tx, 10)).is_empty());

    assert!(!fixture.write(|write| uploads::doom_expired(write, later(999), 10)));
    assert!(fixture.write(|write| uploads::doom_expired(write, later(1_000), 1)), "a portion at once");
    assert_eq!(fixture.read(|tx| uploads::doomed(tx, 10)).len(), 1);
    fixture.write(move |write| parlor_store::purge::mark_gone(write, group, now()));
    while fixture.write(parlor_store::purge::take_away_some) {}
    assert_eq!(fixture.read(|tx| uploads::doomed(tx, 10)).len(), 2, "with their group");
}
