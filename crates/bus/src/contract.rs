//! What every backend must keep, as a suite that each backend's tests run. No part of a running server.
//!
//! A backend gives a function that makes the nodes of one cluster (one for the in-process bus), which hear each other, and
//! wraps the whole in a deadline of its own: a notice that never comes would be waited for. Panics say what is broken.
//!
//! What two nodes publish at the same moment may be heard in another order on each: every node has its own at once. So
//! the suite asks for one order per publishing node. Nothing needs more, since the events of a group have their `seq`.

mod samples;

pub(crate) use samples::head;
pub(crate) use samples::typing;
#[cfg(test)]
pub(crate) use samples::{aloud, every_notice, seen};

use crate::{Bus, Notice, QUEUE, Received, Subscription};
use std::sync::Arc;

/// Runs the whole suite; `nodes` makes a fresh cluster each time.
///
/// # Panics
/// When the backend breaks a promise.
pub async fn check(nodes: impl AsyncFn() -> Vec<Bus>) {
    every_subscriber_on_every_node_gets_it_in_order(&nodes().await).await;
    only_what_comes_after_subscribing(&nodes().await).await;
    a_full_queue_says_so(&nodes().await).await;
    signals_give_way(&nodes().await).await;
    every_notice_arrives_whole(&nodes().await).await;
    all_speak_at_once(&nodes().await).await;
    a_far_reader_that_is_slow_is_told(&nodes().await).await;
}

async fn every_subscriber_on_every_node_gets_it_in_order(nodes: &[Bus]) {
    let mut subscriptions: Vec<Subscription> =
        nodes.iter().flat_map(|n| [n.subscribe(), n.subscribe()]).collect();
    for seq in 1..=100 {
        nodes[0].publish(head(seq));
    }
    for subscription in &mut subscriptions {
        for seq in 1..=100 {
            assert_eq!(next_head(subscription).await, seq, "one order for all");
        }
    }
}

async fn only_what_comes_after_subscribing(nodes: &[Bus]) {
    nodes[0].publish(head(1));
    let mut late = nodes[0].subscribe();
    nodes[0].publish(head(2));
    assert_eq!(next_head(&mut late).await, 2, "nothing from before");
}

async fn a_full_queue_says_so(nodes: &[Bus]) {
    let mut slow = nodes[0].subscribe();
    let published = i64::try_from(QUEUE).expect("a queue is small") + 10;
    for seq in 1..=published {
        nodes[0].publish(head(seq));
    }
    let mut missed = false;
    let mut last = 0;
    while let Some(received) = slow.try_receive() {
        match received {
            Received::Missed => missed = true,
            Received::Notice(Notice::Head { position, .. }) => last = position.seq.get(),
            Received::Notice(other) => panic!("unexpected {other:?}"),
        }
    }
    assert!(missed, "a loss is told");
    assert!(last < published, "the queue has a bound");
    nodes[0].publish(head(published + 1));
    assert_eq!(next_head(&mut slow).await, published + 1, "it goes on after a loss");
}

async fn signals_give_way(nodes: &[Bus]) {
    let mut slow = nodes[0].subscribe();
    for _ in 0..QUEUE * 2 {
        nodes[0].publish(Notice::Signal(Arc::new(typing())));
    }
    nodes[0].publish(head(1));
    loop {
        match slow.receive().await.expect("the bus is there") {
            Received::Notice(Notice::Signal(_)) => {}
            Received::Notice(Notice::Head { .. }) => return,
            other => panic!("a flood of signals must not cost a head: {other:?}"),
        }
    }
}

async fn every_notice_arrives_whole(nodes: &[Bus]) {
    let mut subscription = nodes.last().expect("a cluster has a node").subscribe();
    for notice in samples::every_notice() {
        nodes[0].publish(notice);
    }
    for notice in samples::every_notice() {
        match subscription.receive().await {
            Some(Received::Notice(received)) => assert_eq!(samples::seen(&received), samples::seen(&notice)),
            other => panic!("expected {notice:?}, got {other:?}"),
        }
    }
}

async fn all_speak_at_once(nodes: &[Bus]) {
    const EACH: i64 = 500;
    let mut subscriptions: Vec<Subscription> = nodes.iter().map(Bus::subscribe).collect();
    for turn in 1..=EACH {
        for (place, node) in nodes.iter().enumerate() {
            node.publish(head(i64::try_from(place).expect("few") * 10_000 + turn));
        }
    }
    for subscription in &mut subscriptions {
        let mut last = vec![0; nodes.len()];
        while last.iter().any(|&turn| turn < EACH) {
            let number = next_head(subscription).await;
            let place = usize::try_from(number / 10_000).expect("small");
            assert_eq!(
                number % 10_000,
                last[place] + 1,
                "one order per publishing node, nothing lost or doubled"
            );
            last[place] += 1;
        }
    }
}

async fn a_far_reader_that_is_slow_is_told(nodes: &[Bus]) {
    let far = nodes.last().expect("a cluster has a node");
    let (mut slow, mut quick) = (far.subscribe(), far.subscribe());
    let published = i64::try_from(QUEUE).expect("a queue is small") * 2;
    for seq in 1..=published {
        nodes[0].publish(head(seq));
        // Portion by portion, so that the quick one is never behind.
        if seq % 1_000 == 0 || seq == published {
            while next_head(&mut quick).await != seq {}
        }
    }
    let (mut missed, mut last) = (false, 0);
    while let Some(received) = slow.try_receive() {
        match received {
            Received::Missed => missed = true,
            Received::Notice(Notice::Head { position, .. }) => last = position.seq.get(),
            Received::Notice(other) => panic!("unexpected {other:?}"),
        }
    }
    assert!(missed && last < published, "a loss is told");
}

async fn next_head(subscription: &mut Subscription) -> i64 {
    match subscription.receive().await {
        Some(Received::Notice(Notice::Head { position, .. })) => position.seq.get(),
        other => panic!("expected a head, got {other:?}"),
    }
}
