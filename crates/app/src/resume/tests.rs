//! Coming back from every place: everything, or a plain word that it is not everything.

use crate::PageLimit;
use crate::resume::{MOST_EVENTS, Since};
use crate::testing::{House, draft};
use parlor_bus::{Notice, Received};
use parlor_core::{Cursor, Epoch, Position, Seq, Step};

#[tokio::test]
async fn from_every_place_all_that_follows() {
    let house = House::new();
    let ada = house.account("ada").await;
    let group = house.group(&ada, &[]).await;
    for n in 0..30 {
        house.send(&ada, group, &format!("c{n}")).await;
    }
    let now = house.app.resume(&ada, group, None).await.unwrap();
    assert!(matches!(&now.since, Since::Events(events) if events.is_empty()));
    assert_eq!(now.position.seq.get(), 31);
    for after in 0..=31 {
        let after = Position { seq: Seq::new(after).unwrap(), ..now.position };
        let resumed = house.app.resume(&ada, group, Some(after)).await.unwrap();
        let Since::Events(events) = resumed.since else { panic!("all of it fits") };
        let seqs: Vec<i64> = events.iter().map(|event| event.seq.get()).collect();
        assert_eq!(seqs, (after.seq.get() + 1..=31).collect::<Vec<_>>());
    }
    let foreign = Position { epoch: Epoch::new(now.position.epoch.get() + 1).unwrap(), ..now.position };
    let beyond = Position { seq: now.position.seq.next(), ..now.position };
    for after in [foreign, beyond] {
        let resumed = house.app.resume(&ada, group, Some(after)).await.unwrap();
        assert!(matches!(resumed.since, Since::Reload));
        let page = house.app.events_page(&ada, group, Some(after), PageLimit::default()).await.unwrap();
        assert!(page.reload && page.events.is_empty());
        assert_eq!(page.position, now.position);
    }
}

#[tokio::test]
async fn what_happened_after_a_backup_is_foreign_to_the_restored_log() {
    let house = House::new();
    let ada = house.account("ada").await;
    let group = house.group(&ada, &[]).await;
    let kept = house.send(&ada, group, "kept").await;
    let folder = tempfile::tempdir().unwrap();
    house.app.store().back_up(&folder.path().join("parlor.db")).unwrap();
    house.send(&ada, group, "lost").await;
    let known = house.app.resume(&ada, group, None).await.unwrap().position;

    let restored = House::on(folder, crate::Settings { rate_limits: false });
    assert_eq!(restored.send(&ada, group, "another").await, known.seq, "the place is taken again");
    for seq in [Seq::START, kept, known.seq] {
        let after = Some(Position { seq, ..known });
        let resumed = restored.app.resume(&ada, group, after).await.unwrap();
        assert!(matches!(resumed.since, Since::Reload), "{seq} of {}", known.epoch);
    }
    assert!(matches!(house.app.resume(&ada, group, Some(known)).await.unwrap().since, Since::Events(_)));
}

#[tokio::test]
async fn a_page_is_as_long_as_its_limit_whatever_is_on_it() {
    let house = House::new();
    let ada = house.account("ada").await;
    let group = house.group(&ada, &[]).await;
    let longest = "\u{1F600}".repeat(8_000);
    let sent = (0..200).map(|n| house.app.submit_message(&ada, group, draft(&format!("c{n}"), &longest)));
    for one in sent.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    let position = house.app.resume(&ada, group, None).await.unwrap().position;
    let after = Some(Position { seq: Seq::new(1).unwrap(), ..position });
    let page = house.app.events_page(&ada, group, after, PageLimit::new(200)).await.unwrap();
    assert_eq!(page.events.len(), 200);
}

#[tokio::test]
async fn too_much_is_said_to_be_too_much_and_can_be_paged() {
    let house = House::new();
    let ada = house.account("ada").await;
    let group = house.group(&ada, &[]).await;
    let sent = (0..MOST_EVENTS).map(|n| house.app.submit_message(&ada, group, draft(&format!("c{n}"), "x")));
    for one in sent.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    let head = house.app.resume(&ada, group, None).await.unwrap().position;
    let from = |seq| Some(Position { seq: Seq::new(seq).unwrap(), ..head });
    let all = house.app.resume(&ada, group, from(1)).await.unwrap();
    assert!(matches!(&all.since, Since::Events(events) if events.len() == MOST_EVENTS));
    assert!(matches!(house.app.resume(&ada, group, from(0)).await.unwrap().since, Since::Behind));
    let mut position = from(0).unwrap();
    let mut count = 0;
    while position != head {
        let page = house.app.events_page(&ada, group, Some(position), PageLimit::new(200)).await.unwrap();
        count += page.events.len();
        position = page.events.last().unwrap().position();
    }
    assert_eq!(count, MOST_EVENTS + 1);
    // By size, too: 40 × 8,000 characters are more than 256 KiB.
    for n in 0..40 {
        house.app.send_message(&ada, group, draft(&format!("l{n}"), &"x".repeat(8_000))).await.unwrap();
    }
    assert!(matches!(house.app.resume(&ada, group, Some(head)).await.unwrap().since, Since::Behind));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn subscribed_first_and_read_then_there_is_no_hole() {
    let house = House::new();
    let ada = house.account("ada").await;
    let group = house.group(&ada, &[]).await;
    let (app, caller) = (house.app.clone(), ada.clone());
    let writer = tokio::spawn(async move {
        for n in 0..400 {
            app.send_message(&caller, group, draft(&format!("c{n}"), "hello")).await.unwrap();
        }
    });
    for _ in 0..20 {
        let mut notices = house.app.subscribe();
        let resumed = house.app.resume(&ada, group, None).await.unwrap();
        let start = resumed.position;
        let mut cursor = Cursor::new(start);
        let mut delivered = Vec::new();
        while delivered.len() < 10
            && !(writer.is_finished() && cursor_is_at_head(&house, group, &cursor).await)
        {
            let received = tokio::time::timeout(std::time::Duration::from_secs(1), notices.receive()).await;
            let Ok(Some(Received::Notice(Notice::Events(events)))) = received else { continue };
            for event in events.iter().filter(|event| event.group == group) {
                match cursor.offer(event.epoch, event.seq) {
                    Step::Deliver => delivered.push(event.seq.get()),
                    Step::Duplicate => {}
                    other => panic!("{other:?}: nothing is lost within one process"),
                }
            }
        }
        let first = start.seq.get() + 1;
        assert_eq!(delivered, (first..first + delivered.len() as i64).collect::<Vec<_>>());
    }
    writer.await.unwrap();
}

async fn cursor_is_at_head(house: &House, group: parlor_core::GroupId, cursor: &Cursor) -> bool {
    house.app.heads(vec![group]).await.unwrap()[0].1 == cursor.position()
}

#[tokio::test]
async fn a_node_fills_its_gaps_without_a_caller() {
    let house = House::new();
    let ada = house.account("ada").await;
    let group = house.group(&ada, &[]).await;
    for n in 0..5 {
        house.send(&ada, group, &format!("c{n}")).await;
    }
    let page = house.app.events_after(group, Seq::new(3).unwrap()).await.unwrap().unwrap();
    assert_eq!(page.events.iter().map(|event| event.seq.get()).collect::<Vec<_>>(), [4, 5, 6]);
    assert_eq!(page.position.seq.get(), 6);
    assert_eq!(house.app.heads(vec![group]).await.unwrap(), [(group, page.position)]);
}
