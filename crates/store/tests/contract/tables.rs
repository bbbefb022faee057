//! Accounts, groups, members, bans: what is written is read back.

use crate::fixture::{account_id, fixture, later, now};
use parlor_core::{
    BanReason, Description, DisplayName, GroupChange, GroupName, Role, Rules, SlowMode, Username,
};
use parlor_store::{accounts, bans, groups, members, video_searches};

#[test]
fn a_username_belongs_to_one_account_however_it_is_written() {
    let fixture = fixture();
    let ada = fixture.account("Ada.L");
    let second = fixture.write(|write| {
        let (name, shown) = (Username::parse("ADA.l").unwrap(), DisplayName::parse("x").unwrap());
        accounts::insert_registered(write, &name, &shown, "hash", false, now())
    });
    assert_eq!(second, None);
    let find = |name: &str| {
        let name = Username::parse(name).unwrap();
        fixture.read(move |tx| accounts::find(tx, &name))
    };
    let found = find("aDA.L").unwrap();
    assert_eq!(found.account, ada);
    assert_eq!(found.password_hash.as_deref(), Some("hash"));
    assert!(find("nobody").is_none());
    let id = ada.id;
    fixture.write(move |write| accounts::rename(write, id, &DisplayName::parse("Countess").unwrap()));
    fixture.write(move |write| accounts::set_password(write, id, "other"));
    let found = find("ada.l").unwrap();
    assert_eq!(found.account.display_name.as_str(), "Countess");
    assert_eq!(found.password_hash.as_deref(), Some("other"));
    assert!(!fixture.read(accounts::any_admin));
}

#[test]
fn a_guest_has_a_name_and_no_way_back_in() {
    let fixture = fixture();
    let guest =
        fixture.write(|write| accounts::insert_guest(write, &DisplayName::parse("Gus").unwrap(), now()));
    let id = guest.id;
    let stored = fixture.read(move |tx| accounts::load(tx, id)).unwrap();
    assert!(stored.account.guest && stored.account.username.is_none() && stored.password_hash.is_none());
    // Two guests may have one name.
    fixture.write(|write| accounts::insert_guest(write, &DisplayName::parse("Gus").unwrap(), now()));
}

#[test]
fn a_group_changes_only_where_it_is_told_to() {
    let fixture = fixture();
    let (ada, bob) = (fixture.account("ada"), fixture.account("bob"));
    let group = fixture.group(&[&ada, &bob]);
    let before = fixture.group_row(group).unwrap();
    assert_eq!(before.head.get(), 2);
    let change = GroupChange {
        name: Some(GroupName::parse("Other").unwrap()),
        slow_mode: Some(SlowMode::from_secs(30).unwrap()),
        expires_at: Some(Some(later(5_000))),
        ..GroupChange::default()
    };
    let first = change.clone();
    fixture.write(move |write| groups::change(write, group, &first));
    let after = fixture.group_row(group).unwrap();
    let mut expected = before;
    (expected.name, expected.slow_mode) = (change.name.unwrap(), change.slow_mode.unwrap());
    expected.expires_at = Some(later(5_000));
    assert_eq!(after, expected);
    let owner = bob.id;
    let change = GroupChange {
        description: Some(Description::parse("About").unwrap()),
        rules: Some(Rules::parse("Be kind").unwrap()),
        owner_id: Some(owner),
        expires_at: Some(None),
        ..GroupChange::default()
    };
    fixture.write(move |write| groups::change(write, group, &change));
    let after = fixture.group_row(group).unwrap();
    assert_eq!((after.owner_id, after.expires_at), (owner, None));
    assert_eq!((after.description.as_str(), after.rules.as_str()), ("About", "Be kind"));
}

#[test]
fn lists_go_on_where_they_ended() {
    let fixture = fixture();
    let people: Vec<_> = (0..7).map(|n| fixture.account(&format!("person{n}"))).collect();
    let group = fixture.group(&people.iter().collect::<Vec<_>>());
    let first = fixture.read(move |tx| members::list(tx, group, None, 3));
    assert_eq!(
        first.iter().map(|m| m.account.id).collect::<Vec<_>>(),
        [people[0].id, people[1].id, people[2].id]
    );
    assert_eq!((first[0].role, first[1].role), (Role::Owner, Role::Member));
    let after = first[2].account.id;
    let rest = fixture.read(move |tx| members::list(tx, group, Some(after), 10));
    assert_eq!(rest.len(), 4);
    let owner = people[0].id;
    let more: Vec<_> = (0..4).map(|_| fixture.group(&[&people[0]])).collect();
    let page = fixture.read(move |tx| groups::of_account(tx, owner, Some(group), 2, now()));
    assert_eq!(page.iter().map(|m| m.group.id).collect::<Vec<_>>(), more[..2]);
}

#[test]
fn a_ban_stays_until_it_is_taken_back() {
    let fixture = fixture();
    let (ada, bob) = (fixture.account("ada"), fixture.account("bob"));
    let group = fixture.group(&[&ada]);
    let (by, target) = (ada.id, bob.id);
    for reason in ["first", "second"] {
        fixture.write(move |write| {
            bans::insert(write, group, target, &BanReason::parse(reason).unwrap(), by, now())
        });
    }
    assert!(fixture.read(move |tx| bans::is_banned(tx, group, target)));
    assert!(!fixture.read(move |tx| bans::is_banned(tx, group, account_id(999))));
    let list = fixture.read(move |tx| bans::list(tx, group, None, 10));
    assert_eq!(list.len(), 1);
    assert_eq!((list[0].account.id, list[0].reason.as_str(), list[0].by), (target, "second", by));
    assert!(fixture.write(move |write| bans::delete(write, group, target)));
    assert!(!fixture.write(move |write| bans::delete(write, group, target)));
}

#[test]
fn searches_are_counted_up_to_the_most_of_a_day() {
    let fixture = fixture();
    let count = |day, most| fixture.write(move |write| video_searches::count(write, day, most));
    let counted = |day| fixture.read(move |tx| video_searches::counted(tx, day));
    assert_eq!(counted(7), 0);
    assert_eq!((count(7, 2), count(7, 2), count(7, 2)), (Some(1), Some(2), None));
    assert_eq!(counted(7), 2);
    assert_eq!(count(8, 0), None, "none is allowed at all");
    assert_eq!((count(8, 3), counted(7)), (Some(1), 0), "the day before is forgotten");
    fixture.write(|write| video_searches::spend(write, 8, 3));
    assert_eq!((count(8, 3), counted(8)), (None, 3));
    fixture.write(|write| video_searches::spend(write, 9, 3));
    assert_eq!(counted(9), 3);
}
