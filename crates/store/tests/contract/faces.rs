//! What the old faces know people and groups by, and how far their visitors have read.

use crate::fixture::{fixture, later, now};
use parlor_core::{AccountId, DisplayName, GroupId, GroupName, Seq, Timestamp};
use parlor_store::{Write, face_group_names, face_people, members, purge, visits};

fn name(text: &str) -> DisplayName {
    DisplayName::parse(text).unwrap()
}

fn group_name(text: &str) -> GroupName {
    GroupName::parse(text).unwrap()
}

#[test]
fn a_name_is_somebodys_in_each_face() {
    let fixture = fixture();
    let guest =
        |face| fixture.write(move |write| face_people::insert_guest(write, face, &name("Bob"), now()));
    let bob = guest("one").unwrap();
    assert_eq!(guest("one"), None);
    let other = guest("two").unwrap();
    assert_ne!(bob.id, other.id);
    let registered = |login: &'static str| {
        fixture.write(move |write| {
            face_people::insert_registered(write, "two", login, &name("Bob"), "hash", now())
        })
    };
    let login = registered("bob@example.org").unwrap();
    assert_eq!(registered("bob@example.org"), None);
    assert_eq!(registered("Bob"), None, "a name is a login too");

    let found = |face, name| fixture.read(move |tx| face_people::find(tx, face, name));
    assert_eq!(found("one", "Bob").unwrap().account, bob);
    assert!(found("one", "bob").is_none() && found("one", "bob@example.org").is_none());
    let stored = found("two", "bob@example.org").unwrap();
    assert_eq!((stored.account, stored.password_hash.as_deref()), (login, Some("hash")));
}

#[test]
fn who_was_not_seen_is_found_and_forgotten() {
    let fixture = fixture();
    let people = ["Ada", "Bob", "Cy"].map(|text| {
        fixture.write(move |write| face_people::insert_guest(write, "one", &name(text), now())).unwrap().id
    });
    let [ada, bob, cy] = people;
    fixture.write(move |write| {
        face_people::insert_registered(write, "one", "login", &name("Dee"), "hash", now())
    });
    fixture.write(move |write| face_people::touch(write, ada, later(9)));
    fixture.write(move |write| face_people::touch(write, bob, later(5)));
    // Time does not go back.
    fixture.write(move |write| face_people::touch(write, ada, later(1)));
    let unseen = |then: Timestamp| fixture.read(move |tx| face_people::unseen_since(tx, "one", then, 10));
    assert_eq!(unseen(later(5)), [cy]);
    assert_eq!(unseen(later(10)), [cy, bob, ada]);
    let is_unseen = |who: AccountId| fixture.read(move |tx| face_people::is_unseen_since(tx, who, later(9)));
    assert_eq!([ada, bob].map(is_unseen), [false, true]);
    fixture.write(move |write| face_people::delete_guest(write, bob));
    assert_eq!(unseen(later(10)), [cy, ada]);
    assert!(fixture.read(|tx| face_people::find(tx, "one", "Bob")).is_none());
    assert!(fixture.read(move |tx| parlor_store::accounts::load(tx, bob)).is_none());
}

#[test]
fn a_group_is_found_by_its_name_while_it_is_there() {
    let fixture = fixture();
    let (ada, bob) = (fixture.account("ada"), fixture.account("bob"));
    let groups = [fixture.group(&[&ada]), fixture.group(&[&ada, &bob]), fixture.group(&[&ada])];
    let give = |group: GroupId, text: &'static str| {
        fixture.write(move |write| face_group_names::insert(write, "one", &group_name(text), group, now()))
    };
    assert!(give(groups[0], "Owls") && give(groups[1], "Foxes"));
    assert!(!give(groups[2], "Owls"));
    let find = |face, text: &'static str| {
        fixture.read(move |tx| face_group_names::find(tx, face, &group_name(text), now()))
    };
    assert_eq!((find("one", "Owls"), find("two", "Owls")), (Some(groups[0]), None));

    let (ada, bob) = (ada.id, bob.id);
    let of = |who: AccountId| {
        let found = fixture.read(move |tx| face_group_names::of_account(tx, "one", who, now(), 10));
        found.into_iter().map(|group| (group.id, group.name.to_string())).collect::<Vec<_>>()
    };
    let [owls, foxes] = [(groups[0], "Owls".to_owned()), (groups[1], "Foxes".to_owned())];
    assert_eq!((of(ada), of(bob)), (vec![owls, foxes.clone()], vec![foxes.clone()]));

    let visited = |who: AccountId| {
        fixture.read(move |tx| face_group_names::visited_by(tx, "one", who, now())).map(|group| group.id)
    };
    for group in [groups[0], groups[2], groups[1]] {
        fixture.write(move |write| visits::visit(write, group, ada));
    }
    assert_eq!((visited(ada), visited(bob)), (Some(groups[1]), None));

    // The name of one that is gone is free, before and after its rows are.
    let gone = groups[0];
    fixture.write(move |write| purge::mark_gone(write, gone, now()));
    assert_eq!((find("one", "Owls"), of(ada)), (None, vec![foxes]));
    assert!(give(groups[2], "Owls"));
    while fixture.write(purge::take_away_some) {}
    assert_eq!(find("one", "Owls"), Some(groups[2]));
}

#[test]
fn a_visit_is_marked_forward_only_and_ends_with_the_membership() {
    let fixture = fixture();
    let (ada, bob) = (fixture.account("ada"), fixture.account("bob"));
    let group = fixture.group(&[&ada, &bob]);
    let (ada, bob) = (ada.id, bob.id);
    let load = |who: AccountId| fixture.read(move |tx| visits::load(tx, group, who));
    let seq = |place: i64| Seq::new(place).unwrap();
    let before = load(bob).unwrap();
    assert_eq!((before.at, before.seq), (None, seq(2)), "where one came in");
    let mark = |place: i64, at: i64| {
        fixture.write(move |write| visits::mark(write, group, bob, seq(place), later(at)));
    };
    for (place, at, expected) in [(4, 7, (4, 7)), (3, 9, (4, 7)), (4, 9, (4, 9))] {
        mark(place, at);
        let visited = load(bob).unwrap();
        assert_eq!((visited.at, visited.seq), (Some(later(expected.1)), seq(expected.0)));
    }
    assert_eq!(load(ada).unwrap().at, None);
    fixture.write(move |write: &mut Write<'_>| members::delete(write, group, bob));
    assert_eq!(load(bob), None);
}
