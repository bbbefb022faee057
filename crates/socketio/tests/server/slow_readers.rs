//! One reader stalls: the others lose nothing, it gets the slow-reader policy, volatile events are
//! dropped first, and what waits for it is bounded.

use parlor_socketio::{Config, DisconnectReason, Namespace, SlowReader, Socket, Values};
use tokio::sync::mpsc;

use crate::support::client::Client;
use crate::support::http::Polling;
use crate::support::websocket::Frame;
use crate::support::{PATIENCE, Server, echoing, within};

const BOUND: usize = 128 * 1024;
/// What the server keeps beyond the bound for acknowledgements and the words to a slow reader.
const RESERVE: usize = 64 * 1024;

fn config() -> Config {
    Config { max_queue_bytes: BOUND, ..Server::config() }
}

fn reporting(namespace: Namespace) -> (Namespace, mpsc::UnboundedReceiver<&'static str>) {
    let (gone, reasons) = mpsc::unbounded_channel();
    let namespace = namespace.disconnected(move |_: Socket, reason: DisconnectReason| {
        let _ = gone.send(reason.as_str());
        async {}
    });
    (namespace, reasons)
}

fn leaving(namespace: Namespace) -> Namespace {
    namespace.slow_reader(|_, room| SlowReader::LeaveRoom(Some(("resume", Values::one(room)))))
}

/// A number with a long tail.
fn message(number: u64) -> Values {
    let mut values = Values::one(&number);
    values.push(&"x".repeat(8 * 1024));
    values
}

fn number_of(packet: &str) -> u64 {
    let number = packet.strip_prefix(r#"42["n","#).and_then(|rest| rest.split(',').next());
    number.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("{packet:.100}"))
}

async fn join(server: &Server, count: usize) -> Vec<Client> {
    let mut clients = Vec::new();
    for _ in 0..count {
        let mut client = Client::connect(server.address).await;
        client.ask("join", r#""room""#).await;
        clients.push(client);
    }
    clients
}

/// Emits to the room until `enough`; returns how many there were and the most bytes that waited.
async fn flood(server: &Server, enough: impl Fn() -> bool) -> (u64, u64) {
    let namespace = server.io.namespace("/").unwrap();
    let (mut sent, mut most) = (0, 0);
    while !enough() {
        assert!(sent < 5000, "40 MB went into the buffers of one connection: {:?}", server.metrics());
        namespace.to("room").emit_values("n", &message(sent));
        sent += 1;
        server.settled().await;
        most = most.max(server.metrics().queue_bytes);
    }
    (sent, most)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_fast_readers_lose_nothing_to_one_that_stalls() {
    let (namespace, mut reasons) = reporting(echoing("/"));
    let server = Server::start(config(), [namespace]).await;
    let fast = join(&server, 50).await;
    let mut stalled = Client::connect_narrow(server.address).await;
    stalled.ask("join", r#""room""#).await;

    let mut readers = tokio::task::JoinSet::new();
    for mut client in fast {
        readers.spawn(async move {
            let mut expected = 0;
            loop {
                let packet = client.packet().await;
                if packet.starts_with(r#"42["end""#) {
                    return (client, expected);
                }
                assert_eq!(number_of(&packet), expected);
                expected += 1;
            }
        });
    }
    // One after the other, so that only the stalled one ever has to wait.
    let (sent, most) = flood(&server, || server.metrics().websocket_open == 50).await;
    server.io.namespace("/").unwrap().emit("end", &0);
    let readers = readers.join_all().await;
    assert!(readers.iter().all(|(_, seen)| *seen == sent), "a fast reader lost something");
    assert_eq!(within(PATIENCE, reasons.recv()).await, Some(Some("slow reader")));
    let metrics = server.metrics();
    assert_eq!((metrics.slow_readers, metrics.queue_bytes), (1, 0));
    assert!(most > 0 && most <= (BOUND + RESERVE) as u64, "{most} bytes waited");
    // What the stalled one gets is the start of the same messages, whole and in order.
    let mut expected = 0;
    let mut partial_end = false;
    while !partial_end {
        match stalled.websocket.next().await {
            Some(Frame::Text(packet)) => {
                assert_eq!(number_of(&packet), expected);
                expected += 1;
            }
            None => partial_end = true,
            other => panic!("{other:?}"),
        }
    }
    assert!(expected < sent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_leaves_the_room_and_is_told() {
    let server = Server::start(config(), [leaving(echoing("/"))]).await;
    let mut fast = join(&server, 1).await.remove(0);
    let mut stalled = Client::connect_narrow(server.address).await;
    stalled.ask("join", r#""room""#).await;
    stalled.ask("join", r#""quiet room""#).await;
    let reading = tokio::spawn(async move {
        while number_of(&fast.packet().await) != 4_000_000 {}
        fast
    });
    let (sent, _) = flood(&server, || server.metrics().slow_readers == 1).await;
    let namespace = server.io.namespace("/").unwrap();
    // It is out of the room and still there for everything else.
    namespace.to("room").emit_values("n", &message(4_000_000));
    namespace.to("quiet room").emit("quiet", &1);
    server.settled().await;
    let metrics = server.metrics();
    assert_eq!((metrics.slow_readers, metrics.websocket_open), (1, 2));
    assert!(metrics.queue_bytes <= (BOUND + RESERVE) as u64);
    for socket in namespace.sockets() {
        let rooms: Vec<String> = socket.rooms().iter().map(ToString::to_string).collect();
        assert!(rooms == ["room"] || rooms == ["quiet room"], "{rooms:?}");
    }
    // Everything before the word `resume` is there, then nothing of the room any more.
    for expected in 0..sent - 1 {
        assert_eq!(number_of(&stalled.packet().await), expected);
    }
    assert_eq!(stalled.packet().await, r#"42["resume","room"]"#);
    assert_eq!(stalled.packet().await, r#"42["quiet",1]"#);
    // And it may come back.
    assert_eq!(stalled.ask("join", r#""room""#).await, "[true]");
    namespace.to("room").emit_values("n", &message(9));
    assert_eq!(number_of(&stalled.packet().await), 9);
    drop(within(PATIENCE, reading).await.unwrap().unwrap());
    server.counts("an empty queue", |metrics| metrics.queue_bytes == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_policy_is_asked_about_the_room_that_the_reader_is_in() {
    // A broadcast to two rooms meets a slow reader that is in the second alone.
    let server = Server::start(Config { shards: 1, ..config() }, [leaving(echoing("/"))]).await;
    let mut other = Client::connect(server.address).await;
    other.ask("join", r#""first""#).await;
    let mut stalled = Client::connect_narrow(server.address).await;
    stalled.ask("join", r#""room""#).await;
    let reading = tokio::spawn(async move { while other.websocket.next().await.is_some() {} });
    let namespace = server.io.namespace("/").unwrap();
    for number in 0..5000 {
        namespace.to("first").to("room").emit_values("n", &message(number));
        server.settled().await;
        if server.metrics().slow_readers > 0 {
            break;
        }
    }
    assert_eq!(server.metrics().slow_readers, 1);
    let stalled_reads = within(PATIENCE, async {
        loop {
            match stalled.websocket.next().await {
                Some(Frame::Text(packet)) if packet == r#"42["resume","room"]"# => return true,
                Some(_) => {}
                None => return false,
            }
        }
    });
    let told = stalled_reads.await.unwrap();
    reading.abort();
    assert!(told, "the reader was closed instead of leaving its room");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn volatile_events_are_dropped_first() {
    let server = Server::start(config(), [echoing("/")]).await;
    let mut stalled = Client::connect_narrow(server.address).await;
    stalled.ask("join", r#""room""#).await;
    let (sent, _) = flood(&server, || server.metrics().queue_bytes > 0).await;
    let namespace = server.io.namespace("/").unwrap();
    let before = server.metrics();
    assert_eq!(before.volatile_dropped, 0);
    for number in 0..100 {
        namespace.to("room").volatile().emit_values("n", &message(number));
        namespace.sockets()[0].emit_volatile("n", &message(number));
    }
    server.settled().await;
    let after = server.metrics();
    assert_eq!((after.volatile_dropped, after.queue_bytes), (200, before.queue_bytes));
    namespace.to("room").emit_values("n", &message(sent));
    for expected in 0..=sent {
        assert_eq!(number_of(&stalled.packet().await), expected);
    }
    // Ready again, it gets them.
    server.counts("an empty queue", |metrics| metrics.queue_bytes == 0).await;
    namespace.to("room").volatile().emit_values("n", &message(77));
    assert_eq!(number_of(&stalled.packet().await), 77);
    assert_eq!(server.metrics().slow_readers, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_beyond_the_bound_reaches_whoever_reads() {
    // Many messages in one tick are more than the queue may hold, but the kernel takes them.
    let server = Server::start(config(), [echoing("/")]).await;
    let readers = join(&server, 4).await;
    let mut tasks = tokio::task::JoinSet::new();
    for mut reader in readers {
        tasks.spawn(async move {
            for expected in 0..400 {
                assert_eq!(reader.number("small").await, expected);
            }
        });
    }
    let namespace = server.io.namespace("/").unwrap();
    for number in 0..400 {
        namespace.to("room").emit("small", &number);
    }
    tasks.join_all().await;
    assert_eq!(server.metrics().slow_readers, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_does_not_poll_is_a_slow_reader_too() {
    let (namespace, mut reasons) = reporting(echoing("/"));
    let server = Server::start(config(), [namespace]).await;
    let mut polling = Polling::connect(server.address).await;
    polling.post(r#"420["join","room"]"#).await;
    let (sent, most) = flood(&server, || server.metrics().slow_readers == 1).await;
    assert!(sent >= (BOUND / 9000) as u64 && most <= (BOUND + RESERVE) as u64);
    assert_eq!(within(PATIENCE, reasons.recv()).await, Some(Some("slow reader")));
    let answer = polling.polls.get(&polling.query).await;
    assert_eq!(answer.status, 400, "{answer:?}");
    assert_eq!((server.metrics().polling_open, server.metrics().queue_bytes), (0, 0));
}
