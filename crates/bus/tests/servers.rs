//! The buses of several nodes against real servers: what every backend must keep, and what happens when a server hangs,
//! goes, comes back, or refuses.
//!
//! `scripts/throwaway-redis.sh scripts/throwaway-nats.sh cargo test -p parlor-bus` starts what is needed.

#[path = "servers/own.rs"]
mod own;

use own::{Server, free_port, until};
use parlor_bus::{Address, Bus, Notice, Received, Subscription, contract};
use parlor_core::{Epoch, GroupId, Position, Seq};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

const DEADLINE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn redis_keeps_the_contract() {
    keeps_the_contract(&given("PARLOR_TEST_REDIS")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nats_keeps_the_contract() {
    keeps_the_contract(&given("PARLOR_TEST_NATS")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_cluster_keeps_the_contract_over_a_sharded_channel() {
    // Two of them, each with half of the slots: one of the two sends us to the other.
    let (one, other) = (free_port(), free_port());
    let servers = [one, other].map(|port| async move {
        Server::redis(port, &["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1"]).await
    });
    let [one, other] = servers;
    let (one, other) = (one.await, other.await);
    redis_cli(one.port, &["cluster", "addslotsrange", "0", "8191"]);
    redis_cli(other.port, &["cluster", "addslotsrange", "8192", "16383"]);
    redis_cli(one.port, &["cluster", "meet", "127.0.0.1", &other.port.to_string()]);
    for server in [&one, &other] {
        until("the cluster is whole", async || {
            redis_cli(server.port, &["cluster", "info"]).contains("cluster_state:ok")
        })
        .await;
    }
    keeps_the_contract(&format!("redis://127.0.0.1:{}", one.port)).await;
    let channels =
        [&one, &other].map(|server| redis_cli(server.port, &["publish", "parlor:1", "x"]).trim().to_owned());
    assert_eq!(channels, ["0", "0"], "nobody is subscribed to a channel that every node copies");
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_that_hangs_and_restarts_loses_nothing_after_its_return() {
    survives_an_outage(async |port| Server::redis(port, &[]).await, "redis").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nats_that_hangs_and_restarts_loses_nothing_after_its_return() {
    survives_an_outage(async |port| Server::nats(port, "").await, "nats").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_at_the_start_is_found_later() {
    for kind in ["redis", "nats"] {
        let port = free_port();
        let bus = open(&format!("{kind}://127.0.0.1:{port}"), 1).await.expect("away is no refusal");
        assert!(!bus.is_connected());
        let mut own = bus.subscribe();
        bus.publish(head(1));
        assert_eq!(next_head(&mut own).await, 1, "one's own people hear it at once");
        let _server = match kind {
            "redis" => Server::redis(port, &[]).await,
            _ => Server::nats(port, "").await,
        };
        until("it is found", async || bus.is_connected()).await;
        assert!(matches!(own.receive().await, Some(Received::Missed)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_are_asked_for_and_never_repeated() {
    let redis = Server::redis(free_port(), &["--requirepass", "hunter2/"]).await;
    let nats =
        Server::nats(free_port(), "authorization: { users: [ { user: ada, password: \"hunter2/\" } ] }")
            .await;
    for (address, fine) in [
        (format!("redis://:hunter2%2F@127.0.0.1:{}/2", redis.port), true),
        (format!("redis://:hunter3@127.0.0.1:{}", redis.port), false),
        (format!("redis://127.0.0.1:{}", redis.port), false),
        (format!("nats://ada:hunter2%2F@127.0.0.1:{}", nats.port), true),
        (format!("nats://ada:hunter3@127.0.0.1:{}", nats.port), false),
        (format!("nats://127.0.0.1:{}", nats.port), false),
    ] {
        match open(&address, 1).await {
            Ok(bus) => assert!(fine && bus.is_connected(), "{address}"),
            Err(sentence) => {
                assert!(!fine, "{address}: {sentence}");
                assert!(sentence.contains("password") && !sentence.contains("hunter"), "{sentence}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_permission_is_named() {
    let redis =
        Server::redis(free_port(), &["--user", "ada", "on", ">secret", "+@all", "resetchannels", "&other"])
            .await;
    let may = "permissions: { publish: \"other\", subscribe: \"parlor.>\" }";
    let nats = Server::nats(
        free_port(),
        &format!("authorization: {{ users: [ {{ user: ada, password: secret, {may} }} ] }}"),
    )
    .await;
    for (address, named) in [
        (format!("redis://ada:secret@127.0.0.1:{}", redis.port), "parlor:*"),
        (format!("nats://ada:secret@127.0.0.1:{}", nats.port), "parlor.*"),
    ] {
        let sentence = open(&address, 1).await.err().expect("it is not permitted");
        assert!(sentence.contains(named), "{sentence}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_families_on_one_server_hear_nothing_of_each_other() {
    for address in [given("PARLOR_TEST_REDIS"), given("PARLOR_TEST_NATS")] {
        let family = new_number();
        let ours = [connected(&address, family).await, connected(&address, family).await];
        let theirs = connected(&address, new_number()).await;
        let (mut here, mut there) = (ours[1].subscribe(), theirs.subscribe());
        ours[0].publish(head(1));
        assert_eq!(next_head(&mut here).await, 1);
        theirs.publish(head(2));
        assert_eq!(next_head(&mut there).await, 2, "only their own");
    }
}

async fn keeps_the_contract(address: &str) {
    for count in [1, 3] {
        let nodes = async || {
            let family = new_number();
            let mut nodes = Vec::new();
            for _ in 0..count {
                nodes.push(connected(address, family).await);
            }
            nodes
        };
        tokio::time::timeout(DEADLINE, contract::check(nodes)).await.expect("in time");
    }
}

/// It hangs for ten seconds, goes on; later it is replaced by another that knows nothing.
async fn survives_an_outage(start: impl AsyncFn(u16) -> Server, scheme: &str) {
    let port = free_port();
    let server = start(port).await;
    let (address, family) = (format!("{scheme}://127.0.0.1:{port}"), new_number());
    let nodes = [connected(&address, family).await, connected(&address, family).await];
    let (mut near, mut far) = (nodes[0].subscribe(), nodes[1].subscribe());
    nodes[0].publish(head(1));
    assert_eq!((next_head(&mut near).await, next_head(&mut far).await), (1, 1));

    server.pause();
    let paused = Instant::now();
    until("it is noticed", async || nodes.iter().all(|node| !node.is_connected())).await;
    assert!(paused.elapsed() < Duration::from_secs(6), "within five seconds: {:?}", paused.elapsed());
    nodes[0].publish(head(2));
    assert_eq!(next_head(&mut near).await, 2, "one's own people do not wait");
    tokio::time::sleep_until((paused + Duration::from_secs(10)).into()).await;
    server.go_on();
    comes_back(&nodes, &mut far, 3).await;

    drop(server);
    until("it is noticed", async || nodes.iter().all(|node| !node.is_connected())).await;
    let _another = start(port).await;
    comes_back(&nodes, &mut far, 1_000).await;
    assert!(nodes[0].counters().connections >= 3);
}

/// After the return of the server: what was lost is told, and everything published from now on arrives.
async fn comes_back(nodes: &[Bus], far: &mut Subscription, first: i64) {
    until("all are back", async || nodes.iter().all(Bus::is_connected)).await;
    for seq in first..first + 100 {
        nodes[0].publish(head(seq));
    }
    let (mut missed, mut next) = (false, first);
    while next < first + 100 {
        match tokio::time::timeout(DEADLINE, far.receive()).await.expect("in time") {
            Some(Received::Missed) => missed = true,
            Some(Received::Notice(Notice::Head { position, .. })) if position.seq.get() < first => {}
            Some(Received::Notice(Notice::Head { position, .. })) => {
                assert_eq!(position.seq.get(), next);
                next += 1;
            }
            other => panic!("unexpected {other:?}"),
        }
    }
    assert!(missed, "whoever listens is told to read the log");
}

async fn connected(address: &str, family: i64) -> Bus {
    let bus = open(address, family).await.expect("the server takes us");
    until("the bus is connected", async || bus.is_connected()).await;
    bus
}

async fn open(address: &str, family: i64) -> Result<Bus, String> {
    let address = Address::parse(address).expect("it is an address");
    address.open(family, new_number()).await.map_err(|refused| refused.to_string())
}

fn given(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| {
        panic!(
            "{variable} is not set: run this beside scripts/throwaway-redis.sh and scripts/throwaway-nats.sh"
        )
    })
}

/// Another one each time, in this process and beside others.
fn new_number() -> i64 {
    static NEXT: AtomicI64 = AtomicI64::new(1);
    i64::from(std::process::id()) * 1_000_000 + NEXT.fetch_add(1, Ordering::Relaxed)
}

fn redis_cli(port: u16, arguments: &[&str]) -> String {
    let output =
        std::process::Command::new("redis-cli").args(["-p", &port.to_string()]).args(arguments).output();
    let output = output.expect("these tests need redis-cli; it comes with redis-tools");
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

async fn next_head(subscription: &mut Subscription) -> i64 {
    loop {
        match tokio::time::timeout(DEADLINE, subscription.receive()).await.expect("in time") {
            Some(Received::Notice(Notice::Head { position, .. })) => return position.seq.get(),
            // Another node connected meanwhile, or this one did.
            Some(Received::Missed) => {}
            other => panic!("expected a head, got {other:?}"),
        }
    }
}

fn head(seq: i64) -> Notice {
    let position = Position { epoch: Epoch::new(1).expect("an epoch"), seq: Seq::new(seq).expect("a place") };
    Notice::Head { group: GroupId::new(7).expect("an id"), position }
}
