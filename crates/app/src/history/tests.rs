//! Pages of history as their readers see them.

use crate::PageLimit;
use crate::testing::{House, draft};
use parlor_core::{Emoji, Seq};

#[tokio::test]
async fn a_page_says_up_to_which_event_it_is_folded() {
    let house = House::new();
    let ada = house.account("ada").await;
    let group = house.group(&ada, &[]).await;
    let first = house.send(&ada, group, "1").await;
    let second = house.send(&ada, group, "2").await;
    let page = async |before| {
        let page = house.app.messages_before(&ada, group, before, PageLimit::new(1)).await.unwrap();
        let resumed = house.app.resume(&ada, group, None).await.unwrap();
        assert_eq!(
            page.position, resumed.position,
            "nobody writes: the end of the log is the end of the page"
        );
        page
    };
    let newest = page(None).await;
    assert_eq!((newest.messages[0].seq, newest.position.seq, newest.next), (second, second, Some(second)));
    // What changes an older message moves the end, too.
    let heart = Emoji::parse("❤️").unwrap();
    let event = house.app.react(&ada, group, first, heart, true).await.unwrap().event.unwrap();
    let older = page(Some(second)).await;
    assert_eq!((older.messages[0].seq, older.position.seq, older.next), (first, event.seq, None));
    assert_eq!(older.messages[0].reactions.len(), 1);
    assert!(page(Some(Seq::START)).await.messages.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_and_its_position_are_of_one_moment() {
    let house = House::new();
    let ada = house.account("ada").await;
    let group = house.group(&ada, &[]).await;
    let (app, writer) = (house.app.clone(), ada.clone());
    let writing = tokio::spawn(async move {
        for n in 0..500 {
            app.send_message(&writer, group, draft(&format!("c{n}"), "hello")).await.unwrap();
        }
    });
    while !writing.is_finished() {
        let page = house.app.messages_before(&ada, group, None, PageLimit::new(1)).await.unwrap();
        if let Some(newest) = page.messages.first() {
            assert_eq!(newest.seq, page.position.seq);
        }
    }
    writing.await.unwrap();
}
