//! What every backend must keep, as a suite that each backend's tests run. No part of a running server.
//!
//! A backend gives a function that makes the nodes of one cluster (one for the in-process bus) and wraps the whole in a
//! deadline of its own: a notice that never comes would be waited for. Panics say what is broken.

use crate::{Bus, EndedSessions, Notice, QUEUE, Received, Signal, SignalKind, Subscription};
use parlor_core::{AccountId, Author, DisplayName, Epoch, GroupId, Position, Seq};
use std::sync::Arc;

/// Runs the whole suite; `nodes` makes a fresh cluster each time.
///
/// # Panics
/// When the backend breaks a promise.
pub async fn check(nodes: impl Fn() -> Vec<Bus>) {
    every_subscriber_on_every_node_gets_it_in_order(&nodes()).await;
    only_what_comes_after_subscribing(&nodes()).await;
    a_full_queue_says_so(&nodes()).await;
    signals_give_way(&nodes()).await;
    small_notices_arrive_whole(&nodes()).await;
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

async fn small_notices_arrive_whole(nodes: &[Bus]) {
    let mut subscription = nodes.last().expect("a cluster has a node").subscribe();
    let ended = EndedSessions { account: account(), only: None, except: None };
    nodes[0].publish(Notice::SessionsEnded(ended));
    nodes[0].publish(Notice::Signal(Arc::new(typing())));
    nodes[0].publish(Notice::Renamed { account: account(), name: DisplayName::from_stored("Countess") });
    match subscription.receive().await {
        Some(Received::Notice(Notice::SessionsEnded(received))) => assert_eq!(received, ended),
        other => panic!("unexpected {other:?}"),
    }
    match subscription.receive().await {
        Some(Received::Notice(Notice::Signal(received))) => assert_eq!(*received, typing()),
        other => panic!("unexpected {other:?}"),
    }
    match subscription.receive().await {
        Some(Received::Notice(Notice::Renamed { account: whose, name })) => {
            assert_eq!((whose, name.as_str()), (account(), "Countess"));
        }
        other => panic!("unexpected {other:?}"),
    }
}

fn account() -> AccountId {
    AccountId::new(3).expect("a small number is an id")
}

fn group() -> GroupId {
    GroupId::new(7).expect("a small number is an id")
}

fn typing() -> Signal {
    let by = Author { id: account(), name: DisplayName::from_stored("Ada") };
    Signal { group: group(), by, kind: SignalKind::Typing { on: true } }
}

fn head(seq: i64) -> Notice {
    let epoch = Epoch::new(1).expect("a small number is an epoch");
    let seq = Seq::new(seq).expect("a small number is a place");
    Notice::Head { group: group(), position: Position { epoch, seq } }
}

async fn next_head(subscription: &mut Subscription) -> i64 {
    match subscription.receive().await {
        Some(Received::Notice(Notice::Head { position, .. })) => position.seq.get(),
        other => panic!("expected a head, got {other:?}"),
    }
}
