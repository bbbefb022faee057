use crate::face_groups::Face;
use crate::testing::{House, client, draft};
use parlor_core::{GroupName, Message, MessageText};
use std::time::Duration;

fn texts(messages: &[Message]) -> Vec<&str> {
    messages.iter().filter_map(|message| message.text.as_ref()).map(MessageText::as_str).collect()
}

#[tokio::test]
async fn what_is_unread_is_as_it_is_now() {
    let house = House::new();
    let (ada, bob) = (house.account("ada").await, house.guest("Bob").await);
    let name = GroupName::parse("Owls").unwrap();
    let made = house.app.create_named_group(Face::Noomnim, &ada, name.clone(), &client()).await.unwrap();
    let group = made.group;
    house.send(&ada, group, "before").await;
    house.clock.advance(Duration::from_secs(1));
    let joined = house.app.join_named_group(Face::Noomnim, &bob, name.clone()).await.unwrap();
    let mut sent = Vec::new();
    for text in ["one", "two", "three"] {
        sent.push(house.app.send_message(&ada, group, draft(text, text)).await.unwrap().event.seq);
    }
    house.app.delete_message(&ada, group, sent[1]).await.unwrap();
    house.app.edit_message(&ada, group, sent[2], MessageText::parse("3").unwrap()).await.unwrap();

    let standing = house.app.standing_in(&bob, group).await.unwrap();
    assert_eq!(standing.last_read, Some(joined.at));
    let caught_up = house.app.catch_up(&bob, group, 100).await.unwrap();
    assert_eq!(caught_up.position, standing.position);
    assert_eq!((texts(&caught_up.unread), texts(&caught_up.read)), (vec!["one", "3"], vec!["hello"]));

    // Nothing is read by looking; and a mark never goes back.
    let (seq, at) = caught_up.mark;
    assert_eq!(texts(&house.app.catch_up(&bob, group, 100).await.unwrap().unread), ["one", "3"]);
    house.app.mark_visited(&bob, group, seq, Some(at)).await.unwrap();
    house.app.mark_visited(&bob, group, sent[0], None).await.unwrap();
    let caught_up = house.app.catch_up(&bob, group, 100).await.unwrap();
    assert_eq!((texts(&caught_up.unread), texts(&caught_up.read)), (vec![], vec!["hello", "one", "3"]));

    // To send is not to read.
    house.app.send_message(&bob, group, draft("own", "own")).await.unwrap();
    assert_eq!(texts(&house.app.catch_up(&bob, group, 100).await.unwrap().unread), ["own"]);

    // Who was away for good begins anew.
    house.app.remove_member(&bob, group, bob.account.id).await.unwrap();
    assert!(house.app.catch_up(&bob, group, 100).await.is_err());
    house.app.join_named_group(Face::Noomnim, &bob, name).await.unwrap();
    assert_eq!(texts(&house.app.catch_up(&bob, group, 100).await.unwrap().unread), Vec::<&str>::new());
}

#[tokio::test]
async fn the_group_that_was_visited_last_is_remembered_while_one_is_in_it() {
    let house = House::new();
    let bob = house.guest("Bob").await;
    let mut groups = Vec::new();
    for name in ["Owls", "Foxes"] {
        let name = GroupName::parse(name).unwrap();
        groups.push(house.app.create_named_group(Face::Noomnim, &bob, name, &client()).await.unwrap().group);
    }
    let visited = async || house.app.visited_group(Face::Noomnim, &bob).await.unwrap().map(|group| group.id);
    assert_eq!(visited().await, None);
    for group in [groups[0], groups[1], groups[0]] {
        house.app.visit(&bob, group).await.unwrap();
        assert_eq!(visited().await, Some(group));
    }
    house.app.remove_member(&bob, groups[0], bob.account.id).await.unwrap();
    assert_eq!(visited().await, None);
    let mine = house.app.named_groups(Face::Noomnim, &bob).await.unwrap();
    assert_eq!(mine.into_iter().map(|group| group.id).collect::<Vec<_>>(), [groups[1]]);
}
