//! Groups: what they hold, how they change and end.

use crate::groups::{CreateGroupError, GroupEdit, NewGroup};
use crate::testing::House;
use crate::{PageLimit, Settings};
use parlor_bus::{Notice, Received};
use parlor_core::group::Lifetime;
use parlor_core::{Description, EventBody, GroupChange, GroupName, Role, Rules, Seq, SlowMode};
use std::time::Duration;

fn new_group(expires_in: Option<i64>) -> NewGroup {
    NewGroup {
        name: GroupName::parse("Film club").unwrap(),
        description: Description::parse("Fridays").unwrap(),
        rules: Rules::parse("Be kind").unwrap(),
        expires_in: expires_in.map(|seconds| Lifetime::from_secs(seconds).unwrap()),
    }
}

#[tokio::test]
async fn a_new_group_begins_with_its_owner() {
    let house = House::new();
    let ada = house.account("ada").await;
    let group = house.app.create_group(&ada, new_group(None)).await.unwrap();
    assert_eq!((group.owner_id, group.head.get(), group.expires_at), (ada.account.id, 1, None));
    assert!(group.access_code.is_some());
    let log = house.app.events_page(&ada, group.id, None, PageLimit::default()).await.unwrap();
    assert!(matches!(&log.events[0].body, EventBody::MemberJoined { role: Role::Owner, .. }));
    let other = house.app.create_group(&ada, new_group(None)).await.unwrap();
    assert_ne!(other.epoch, group.epoch, "a life of a log is random");
    let guest = house.guest("Gus").await;
    assert!(matches!(house.app.create_group(&guest, new_group(None)).await, Err(CreateGroupError::Guest)));
}

#[tokio::test]
async fn a_change_is_one_event_that_tells_what_changed() {
    let house = House::new();
    let ada = house.account("ada").await;
    let group = house.app.create_group(&ada, new_group(None)).await.unwrap();
    let edit = GroupEdit {
        name: Some(GroupName::parse("Other").unwrap()),
        description: Some(Description::parse("Fridays").unwrap()),
        slow_mode: Some(SlowMode::from_secs(5).unwrap()),
        ..GroupEdit::default()
    };
    let changed = house.app.change_group(&ada, group.id, edit.clone()).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.head.get()), ("Other", 2));
    let again = house.app.change_group(&ada, group.id, edit).await.unwrap();
    assert_eq!(again.head.get(), 2, "what is so already is no event");
    let log = house.app.events_page(&ada, group.id, None, PageLimit::default()).await.unwrap();
    let expected = GroupChange {
        name: Some(GroupName::parse("Other").unwrap()),
        slow_mode: Some(SlowMode::from_secs(5).unwrap()),
        ..GroupChange::default()
    };
    assert_eq!(log.events[1].body, EventBody::GroupUpdated(expected));
}

#[tokio::test]
async fn a_group_ends_by_the_clock() {
    let house = House::new();
    let ada = house.account("ada").await;
    let short = house.app.create_group(&ada, new_group(Some(60))).await.unwrap();
    let kept = house.app.create_group(&ada, new_group(Some(60))).await.unwrap();
    let edit = GroupEdit { expires_in: Some(None), ..GroupEdit::default() };
    house.app.change_group(&ada, kept.id, edit).await.unwrap();
    house.clock.advance(Duration::from_secs(59));
    assert!(house.app.group(&ada, short.id).await.is_ok());
    house.clock.advance(Duration::from_secs(1));
    // Refused at once, whether the house was kept or not.
    assert!(house.app.group(&ada, short.id).await.is_err());
    assert!(house.app.group(&ada, kept.id).await.is_ok());
    let mut notices = house.app.subscribe();
    house.app.tidy().await.unwrap();
    let Some(Received::Notice(Notice::GroupGone { group })) = notices.try_receive() else {
        panic!("the end is told")
    };
    assert_eq!(group, short.id);
}

#[tokio::test]
async fn lists_are_cut_into_pages() {
    let house = House::new();
    let ada = house.account("ada").await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(house.app.create_group(&ada, new_group(None)).await.unwrap().id);
    }
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = house.app.my_groups(&ada, after, PageLimit::new(2)).await.unwrap();
        found.extend(page.items.iter().map(|membership| membership.group.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, made);
    assert_eq!(
        (PageLimit::new(-1).get(), PageLimit::new(0).get(), PageLimit::new(1_000_000).get()),
        (1, 1, 200)
    );
}

#[tokio::test]
async fn unread_counts_what_others_wrote_and_is_read_forward_only() {
    let house = House::new();
    let (ada, bob) = (house.account("ada").await, house.account("bob").await);
    let group = house.group(&ada, &[&bob]).await;
    let mut sent = Vec::new();
    for n in 0..5 {
        sent.push(house.send(&ada, group, &format!("c{n}")).await);
    }
    let unread = async || house.app.group(&bob, group).await.unwrap().unread;
    assert_eq!(unread().await, 5);
    let state = house.app.mark_read(&bob, group, sent[1]).await.unwrap();
    assert_eq!((state.last_read, state.unread), (sent[1], 3));
    house.app.delete_message(&ada, group, sent[4]).await.unwrap();
    assert_eq!(unread().await, 2);
    // Back, and beyond the end: one defined result each.
    assert_eq!(house.app.mark_read(&bob, group, Seq::START).await.unwrap().last_read, sent[1]);
    let mut notices = house.app.subscribe();
    let end = house.app.mark_read(&bob, group, Seq::new(1 << 50).unwrap()).await.unwrap();
    assert_eq!((end.last_read, end.unread), (sent[4].next(), 0));
    let Some(Received::Notice(Notice::ReadMoved { account, unread: 0, .. })) = notices.try_receive() else {
        panic!("the reader's other devices are told")
    };
    assert_eq!(account, bob.account.id);
}

#[tokio::test]
async fn too_many_groups_at_once_are_refused() {
    let house = House::with(Settings { rate_limits: true });
    let ada = house.account("ada").await;
    let mut refused = false;
    for _ in 0..30 {
        refused |= matches!(
            house.app.create_group(&ada, new_group(None)).await,
            Err(CreateGroupError::TooOften { .. })
        );
    }
    assert!(refused);
}
