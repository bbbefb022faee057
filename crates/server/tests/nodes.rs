//! Several nodes over one database, told as stories, over Redis and over NATS. Run by `scripts/throwaway-postgres.sh
//! scripts/throwaway-redis.sh scripts/throwaway-nats.sh cargo test -p parlor-server --test nodes`.

use std::time::{Duration, Instant};

use parlor_app::Caller;
use parlor_bus::{Notice, Received, Subscription};
use parlor_core::{EventBody, GroupId};
use parlor_testkit::{Group, Node, Person, Schema, until};

/// DESIGN section 7: what a dead node had expires within this time; and a second for the test's own asking.
const DEAD_WITHIN: Duration = Duration::from_secs(16);

fn buses() -> [String; 2] {
    ["PARLOR_TEST_REDIS", "PARLOR_TEST_NATS"].map(|variable| {
        std::env::var(variable).unwrap_or_else(|_| {
            panic!(
                "{variable} is not set: run this by scripts/throwaway-redis.sh and scripts/throwaway-nats.sh"
            )
        })
    })
}

async fn two_nodes(bus: &str) -> (Node, Node) {
    let schema = Schema::fresh().await;
    (Node::among_others(&schema, bus).await, Node::among_others(&schema, bus).await)
}

async fn caller(node: &Node, person: &Person) -> Caller {
    node.deps.app.authenticate(&person.token).await.expect("they are signed in")
}

fn id(group: &Group) -> GroupId {
    GroupId::new(group.id).expect("it is an id")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_on_one_node_is_heard_on_the_other() {
    for bus in buses() {
        let (one, two) = two_nodes(&bus).await;
        let ready = one.http().get("/readyz").await.expect(200);
        assert_eq!(ready["bus"], "ok");
        let ada = one.register("ada").await;
        let group = ada.makes_group("Reading").await;
        let mut heard = two.deps.app.subscribe();
        for n in 0..50 {
            ada.sends(&group, &format!("message {n}")).await;
        }
        for n in 0..50 {
            assert_eq!(next_text(&mut heard).await, format!("message {n}"));
        }
    }
}

/// The next message; of everything else nothing is said here.
async fn next_text(heard: &mut Subscription) -> String {
    loop {
        let received = tokio::time::timeout(Duration::from_secs(20), heard.receive()).await.expect("in time");
        let Some(Received::Notice(Notice::Events(events))) = received else { continue };
        for event in events.iter() {
            if let EventBody::Message { text: Some(text), .. } = &event.body {
                assert_eq!(events.len(), 1, "they were sent one after the other");
                return text.as_str().to_owned();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn presence_and_places_of_a_dead_node_end_in_time() {
    let [redis, _] = buses();
    let (one, two) = two_nodes(&redis).await;
    let (ada, grace) = (one.register("ada").await, two.register("grace").await);
    let group = ada.makes_group("Reading").await;
    grace.joins(&group).await;
    let (of_ada, of_grace) = (caller(&one, &ada).await, caller(&two, &grace).await);
    let both = vec![of_ada.account.id, of_grace.account.id];
    two.deps.app.presence(&of_grace, id(&group), true);
    one.deps.app.presence(&of_ada, id(&group), true);
    for node in [&one, &two] {
        until("each sees both", async || (node.deps.app.present(id(&group)) == both).then_some(())).await;
    }
    one.deps.app.enter_lobby(&of_ada, id(&group), "a socket").await.expect("she may");
    let waiting = async || {
        let state = two.deps.app.lobby_state(&of_grace, id(&group)).await.expect("she is a member");
        state.waiting
    };
    assert_eq!(waiting().await, 1);

    one.dies().await;
    let died = Instant::now();
    let gone = async || {
        while waiting().await != 0 || two.deps.app.present(id(&group)) != [of_grace.account.id] {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(DEAD_WITHIN, gone()).await.expect("what a dead node had ends in time");
    assert!(died.elapsed() > Duration::from_secs(5), "a pause is no death");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_stops_gives_up_its_places_at_once() {
    let [_, nats] = buses();
    let (one, two) = two_nodes(&nats).await;
    let ada = one.register("ada").await;
    let group = ada.makes_group("Reading").await;
    let of_ada = caller(&one, &ada).await;
    one.deps.app.enter_lobby(&of_ada, id(&group), "a socket").await.expect("she may");
    let one = one.restart().await;
    let of_ada = caller(&two, &ada).await;
    let state = two.deps.app.lobby_state(&of_ada, id(&group)).await.expect("she is a member");
    assert_eq!(state.waiting, 0);
    drop(one);
}
