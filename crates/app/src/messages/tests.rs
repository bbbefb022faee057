//! Messages as their senders and readers see them.

use crate::messages::{ChangeError, MOST_REACTIONS, SendError};
use crate::testing::{House, draft};
use crate::{PageLimit, Settings};
use parlor_core::{Code, Emoji, EventBody, GroupId, MessageText, Refusal, Seq, SlowMode};
use std::time::Duration;

fn text(text: &str) -> MessageText {
    MessageText::parse(text).unwrap()
}

fn emoji(text: &str) -> Emoji {
    Emoji::parse(text).unwrap()
}

#[tokio::test]
async fn a_message_is_sent_once() {
    let house = House::new();
    let (ada, bob) = (house.account("ada").await, house.account("bob").await);
    let group = house.group(&ada, &[&bob]).await;
    let first = house.app.send_message(&ada, group, draft("c", "hello")).await.unwrap();
    let again = house.app.send_message(&ada, group, draft("c", "hello")).await.unwrap();
    assert!(!first.duplicate && again.duplicate);
    assert_eq!(first.event, again.event);
    let other = house.app.send_message(&ada, group, draft("c", "other")).await.unwrap_err();
    assert!(matches!(other, SendError::ClientIdReused));
    assert!(!house.app.send_message(&bob, group, draft("c", "hello")).await.unwrap().duplicate);
}

#[tokio::test]
async fn what_is_submitted_in_a_row_is_stored_in_that_row() {
    let house = House::new();
    let ada = house.account("ada").await;
    let group = house.group(&ada, &[]).await;
    let first = house.app.submit_message(&ada, group, draft("1", "one"));
    let second = house.app.submit_message(&ada, group, draft("2", "two"));
    // The edit and the reading of what is only just being sent, on one socket, without a wait in between.
    let edit = house.app.edit_message(&ada, group, Seq::new(2).unwrap(), text("ONE"));
    let read = house.app.mark_read(&ada, group, Seq::new(3).unwrap());
    let (read, edit, second, first) = (read.await, edit.await, second.await, first.await);
    assert_eq!((first.unwrap().event.seq.get(), second.unwrap().event.seq.get()), (2, 3));
    assert_eq!(edit.unwrap().event.unwrap().seq.get(), 4);
    assert_eq!(read.unwrap().last_read.get(), 3);
}

#[tokio::test]
async fn only_the_author_edits_and_the_history_is_for_few() {
    let house = House::new();
    let (ada, bob, eve) =
        (house.account("ada").await, house.account("bob").await, house.account("eve").await);
    let group = house.group(&ada, &[&bob, &eve]).await;
    let seq = house.send(&bob, group, "c").await;
    let changed = house.app.edit_message(&bob, group, seq, text("better")).await.unwrap();
    assert!(matches!(&changed.event.unwrap().body, EventBody::Edit { seq: of, .. } if *of == seq));
    assert!(house.app.edit_message(&bob, group, seq, text("better")).await.unwrap().event.is_none());
    for other in [&ada, &eve] {
        let refused = house.app.edit_message(other, group, seq, text("worse")).await.unwrap_err();
        assert_eq!(refused.code(), Code::Forbidden, "not even the owner");
    }
    let texts = |versions: Vec<crate::history::Version>| {
        versions.iter().map(|version| version.text.as_str().to_owned()).collect::<Vec<_>>()
    };
    for reader in [&ada, &bob] {
        let versions = house.app.edit_history(reader, group, seq).await.unwrap();
        assert_eq!(texts(versions), ["hello", "better"]);
    }
    assert_eq!(house.app.edit_history(&eve, group, seq).await.unwrap_err().code(), Code::Forbidden);
    house.app.delete_message(&bob, group, seq).await.unwrap();
    assert!(matches!(house.app.edit_history(&bob, group, seq).await, Err(ChangeError::Deleted)));
    assert!(matches!(
        house.app.edit_message(&bob, group, seq, text("back")).await,
        Err(ChangeError::Deleted)
    ));
}

#[tokio::test]
async fn deleting_is_for_the_author_and_for_who_ranks_higher() {
    let house = House::new();
    let (ada, bob, eve) =
        (house.account("ada").await, house.account("bob").await, house.account("eve").await);
    let group = house.group(&ada, &[&bob, &eve]).await;
    let (mine, theirs) = (house.send(&ada, group, "a").await, house.send(&bob, group, "b").await);
    assert_eq!(house.app.delete_message(&eve, group, theirs).await.unwrap_err().code(), Code::Forbidden);
    assert_eq!(house.app.delete_message(&bob, group, mine).await.unwrap_err().code(), Code::Forbidden);
    assert!(house.app.delete_message(&ada, group, theirs).await.unwrap().event.is_some());
    // Two at once, or again: the message is deleted, once.
    assert!(house.app.delete_message(&bob, group, theirs).await.unwrap().event.is_none());
    let page = house.app.messages_before(&eve, group, None, PageLimit::default()).await.unwrap();
    assert!(page.messages[0].deleted && page.messages[0].text.is_none());
    let log = house.app.events_page(&eve, group, None, PageLimit::default()).await.unwrap();
    assert!(!format!("{log:?}").contains("hello"), "no text in what is printed for debugging either");
}

#[tokio::test]
async fn a_message_of_another_group_is_not_found() {
    let house = House::new();
    let ada = house.account("ada").await;
    let (here, there) = (house.group(&ada, &[]).await, house.group(&ada, &[]).await);
    for n in 0..3 {
        house.send(&ada, here, &format!("c{n}")).await;
    }
    // Joining is an event, but no message; 3 is a message over here only.
    for seq in [0, 1, 2, 3, 99] {
        let seq = Seq::new(seq).unwrap();
        assert!(matches!(
            house.app.edit_message(&ada, there, seq, text("x")).await,
            Err(ChangeError::NotFound)
        ));
        assert!(matches!(house.app.delete_message(&ada, there, seq).await, Err(ChangeError::NotFound)));
        assert!(matches!(
            house.app.react(&ada, there, seq, emoji("👍"), true).await,
            Err(ChangeError::NotFound)
        ));
    }
    let nowhere = GroupId::new(999).unwrap();
    let seq = Seq::new(2).unwrap();
    assert!(matches!(house.app.delete_message(&ada, nowhere, seq).await, Err(ChangeError::NotFound)));
}

#[tokio::test]
async fn a_reaction_is_on_or_off() {
    let house = House::new();
    let (ada, bob) = (house.account("ada").await, house.account("bob").await);
    let group = house.group(&ada, &[&bob]).await;
    let seq = house.send(&ada, group, "c").await;
    let react = |on| house.app.react(&bob, group, seq, emoji("👍"), on);
    assert!(react(false).await.unwrap().event.is_none());
    assert!(react(true).await.unwrap().event.is_some());
    assert!(react(true).await.unwrap().event.is_none());
    let page = house.app.messages_before(&bob, group, None, PageLimit::default()).await.unwrap();
    assert_eq!((page.messages[0].reactions[0].count, page.messages[0].reactions[0].me), (1, true));
    assert!(react(false).await.unwrap().event.is_some());
    let many = [
        "😀", "😁", "😂", "🤣", "😃", "😄", "😅", "😆", "😉", "😊", "😋", "😎", "😍", "😘", "🥰", "😗", "😙",
        "😚", "🙂", "🤗",
    ];
    assert_eq!(many.len(), MOST_REACTIONS);
    for one in many {
        house.app.react(&bob, group, seq, emoji(one), true).await.unwrap();
    }
    let refused = house.app.react(&ada, group, seq, emoji("👍"), true).await.unwrap_err();
    assert!(matches!(refused, ChangeError::TooManyReactions));
    assert!(house.app.react(&ada, group, seq, emoji("😀"), true).await.is_ok());
    house.app.delete_message(&ada, group, seq).await.unwrap();
    assert!(matches!(house.app.react(&bob, group, seq, emoji("😀"), false).await, Err(ChangeError::Deleted)));
}

#[tokio::test]
async fn slow_mode_says_how_long() {
    let house = House::new();
    let (ada, bob) = (house.account("ada").await, house.account("bob").await);
    let group = house.group(&ada, &[&bob]).await;
    let slow_mode = Some(SlowMode::from_secs(10).unwrap());
    let edit = crate::groups::GroupEdit { slow_mode, ..crate::groups::GroupEdit::default() };
    house.app.change_group(&ada, group, edit).await.unwrap();
    house.send(&bob, group, "1").await;
    house.clock.advance(Duration::from_secs(4));
    let refused = house.app.send_message(&bob, group, draft("2", "hello")).await.unwrap_err();
    assert_eq!((refused.code(), refused.retry_after()), (Code::RateLimited, Some(Duration::from_secs(6))));
    house.clock.advance(Duration::from_secs(6));
    house.send(&bob, group, "2").await;
    house.send(&ada, group, "1").await;
    house.send(&ada, group, "2").await;
}

#[tokio::test]
async fn a_flood_is_refused_and_others_are_served() {
    let house = House::with(Settings { rate_limits: true });
    let (ada, bob) = (house.account("ada").await, house.account("bob").await);
    let group = house.group(&ada, &[&bob]).await;
    let mut refused = 0;
    for n in 0..200 {
        match house.app.send_message(&bob, group, draft(&format!("c{n}"), "hello")).await {
            Ok(_) => {}
            Err(SendError::TooOften { retry_after }) => {
                assert!(retry_after <= Duration::from_millis(100));
                refused += 1;
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(refused > 100);
    house.send(&ada, group, "c").await;
}
