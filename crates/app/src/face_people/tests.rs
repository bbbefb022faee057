use crate::Caller;
use crate::face_groups::Face;
use crate::face_people::{FindPersonError, Person};
use crate::named_groups::NamedGroupError;
use crate::testing::{House, client};
use parlor_core::{DisplayName, GroupName};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn find(house: &House, name: &str, password: Option<&str>) -> Result<Person, FindPersonError> {
    let name = DisplayName::parse(name).unwrap();
    house.app.find_person(Face::Noomnim, &name, password, &client()).await
}

async fn members(house: &House, caller: &Caller, group: parlor_core::GroupId) -> usize {
    house.app.members(caller, group, None, crate::PageLimit::default()).await.unwrap().items.len()
}

#[tokio::test]
async fn an_open_name_is_found_again_and_one_with_a_password_needs_it() {
    let house = House::new();
    let first = find(&house, "Bob", None).await.unwrap();
    let again = find(&house, "Bob", Some("whatever")).await.unwrap();
    assert!(first.is_new && !again.is_new && again.session.is_none());
    assert_eq!(first.caller.account, again.caller.account);
    assert!(find(&house, "bob", None).await.unwrap().is_new, "another name");

    let ada = house.account("ada").await;
    for (name, password) in [("ada", None), ("ADA", None), ("ada", Some("wrong-password"))] {
        let refused = find(&house, name, password).await;
        assert!(matches!(refused, Err(FindPersonError::NotYours)), "{name}");
    }
    let found = find(&house, "ADA", Some("ada-password")).await.unwrap();
    assert_eq!((found.caller.account.id, found.is_new), (ada.account.id, false));
    assert_eq!(found.caller.account.display_name.as_str(), "ada");
    assert!(found.session.is_some());
}

#[tokio::test]
async fn who_does_not_come_back_is_forgotten_and_leaves_their_groups() {
    let house = House::new();
    let ada = house.account("ada").await;
    let bob = find(&house, "Bob", None).await.unwrap().caller;
    let name = GroupName::parse("Owls").unwrap();
    let group =
        house.app.create_named_group(Face::Noomnim, &ada, name.clone(), &client()).await.unwrap().group;
    house.app.join_named_group(Face::Noomnim, &bob, name.clone()).await.unwrap();

    house.clock.advance(DAY * 20);
    house.app.still_here(vec![bob.account.id, ada.account.id]).await.unwrap();
    house.clock.advance(DAY * 20);
    house.app.forget_unseen(Face::Noomnim, DAY * 30).await.unwrap();
    assert_eq!(members(&house, &ada, group).await, 2, "they were here twenty days ago");

    house.clock.advance(DAY * 11);
    house.app.forget_unseen(Face::Circle, DAY * 30).await.unwrap();
    assert_eq!(members(&house, &ada, group).await, 2, "not of that face");
    house.app.forget_unseen(Face::Noomnim, DAY * 30).await.unwrap();
    assert_eq!(members(&house, &ada, group).await, 1);
    let other = find(&house, "Bob", None).await.unwrap();
    assert!(other.is_new && other.caller.account.id != bob.account.id);
}

#[tokio::test]
async fn a_name_of_a_group_is_free_once_it_is_gone() {
    let house = House::new();
    let bob = find(&house, "Bob", None).await.unwrap().caller;
    let name = GroupName::parse("Owls").unwrap();
    let make = async |face| house.app.create_named_group(face, &bob, name.clone(), &client()).await;
    let group = make(Face::Noomnim).await.unwrap().group;
    assert!(matches!(make(Face::Noomnim).await, Err(NamedGroupError::NameTaken)));
    assert!(make(Face::ChatBackend).await.is_ok(), "another face has its own names");
    house
        .app
        .store()
        .write(move |write| {
            parlor_store::purge::mark_gone(write, group, parlor_core::Timestamp::from_millis(1))
        })
        .await
        .unwrap();
    let join = house.app.join_named_group(Face::Noomnim, &bob, name.clone()).await;
    assert!(matches!(join, Err(NamedGroupError::NotFound)));
    assert_ne!(make(Face::Noomnim).await.unwrap().group, group);
}
