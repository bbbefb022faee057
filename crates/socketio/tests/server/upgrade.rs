//! From long-polling to websocket under traffic in both directions, as the JavaScript client does it:
//! probe, pause, wait for the poll and the POST under way, upgrade, go on. Nothing is lost, doubled or
//! out of order.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parlor_socketio::{Event, Namespace, Socket};
use tokio::sync::{mpsc, watch};

use crate::support::http::{Http, Polling};
use crate::support::websocket::{Frame, Websocket};
use crate::support::{PATIENCE, Random, Server, echoing, within};

/// Checks that `up` comes in order and answers each with `down`.
fn mirror() -> Namespace {
    Namespace::new("/").authorize(|_| async { Ok(AtomicU64::new(0)) }).on(
        "up",
        |socket: Socket, event: Event| async move {
            let number: u64 = event.parse().unwrap();
            if number.is_multiple_of(2) {
                tokio::task::yield_now().await;
            }
            let expected = socket.state::<AtomicU64>().unwrap().fetch_add(1, Ordering::SeqCst);
            if number == expected {
                socket.emit("down", &number);
            } else {
                socket.emit("disorder", &format!("{number} instead of {expected}"));
            }
        },
    )
}

/// What one client has heard, checked as it comes.
#[derive(Default)]
struct Heard {
    downs: u64,
    tick: Option<u64>,
}

impl Heard {
    fn packet(&mut self, packet: &str) {
        let Some(event) = packet.strip_prefix("42[") else {
            assert!(matches!(packet, "6" | "2"), "{packet}");
            return;
        };
        let (name, number) = event.trim_end_matches(']').split_once(',').expect("a name and a number");
        let number: u64 = number.parse().unwrap_or_else(|_| panic!("{packet}"));
        match name {
            r#""down""# => {
                assert_eq!(number, self.downs, "an answer was lost, doubled or moved");
                self.downs += 1;
            }
            _ => {
                assert!(self.tick.is_none_or(|last| number == last + 1), "{number} after {:?}", self.tick);
                self.tick = Some(number);
            }
        }
    }
}

/// Polls until it is told to pause and the poll under way has ended; hands on every packet.
async fn poll_until(
    mut polls: Http,
    query: String,
    pause: watch::Receiver<bool>,
    to: mpsc::UnboundedSender<String>,
) {
    while !*pause.borrow() {
        let answer = polls.get(&query).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.text().split('\x1e').for_each(|packet| to.send(packet.to_owned()).unwrap());
    }
}

fn ups(next: &mut u64, count: u64) -> Vec<String> {
    let range = *next..*next + count;
    *next += count;
    range.map(|number| format!(r#"42["up",{number}]"#)).collect()
}

/// One client's life: polling, upgrade in the midst of traffic, websocket.
async fn upgrade_once(address: SocketAddr, seed: u64) {
    let mut random = Random(seed * 2 + 1);
    let polling = Polling::connect(address).await;
    let (mut posts, query) = (polling.posts, polling.query);
    let (packets, mut arrived) = mpsc::unbounded_channel();
    let (pause, paused) = watch::channel(false);
    let polls = tokio::spawn(poll_until(polling.polls, query.clone(), paused, packets));
    let (mut next, mut heard) = (0, Heard::default());

    for _ in 0..random.below(3) {
        let batch = ups(&mut next, 1 + random.below(5) as u64).join("\x1e");
        assert_eq!(posts.post(&query, batch.as_bytes()).await.status, 200);
    }
    let websocket_query = query.replace("polling", "websocket");
    let mut websocket = Websocket::open(address, &websocket_query).await;
    // Traffic goes on while the probe is on its way.
    let batch = ups(&mut next, random.below(4) as u64).join("\x1e");
    if !batch.is_empty() {
        posts.send_post(&query, "text/plain", batch.as_bytes()).await;
    }
    websocket.text("2probe").await;
    assert_eq!(websocket.next().await, Some(Frame::Text("3probe".to_owned())));
    pause.send_replace(true);
    if !batch.is_empty() {
        assert_eq!(posts.answer().await.unwrap().status, 200);
    }
    within(PATIENCE, polls).await.expect("the poll under way is answered").unwrap();
    // The upgrade packet and what was held back leave together.
    let mut burst = crate::support::websocket::frame(0x81, b"5");
    for up in ups(&mut next, random.below(6) as u64) {
        burst.extend(crate::support::websocket::frame(0x81, up.as_bytes()));
    }
    websocket.writer.raw(&burst).await;
    for up in ups(&mut next, 3) {
        websocket.text(&up).await;
    }
    while let Some(packet) = arrived.recv().await {
        heard.packet(&packet);
    }
    let ticks = heard.tick.unwrap_or(0) + 3;
    while heard.downs < next || heard.tick.is_none_or(|tick| tick < ticks) {
        match websocket.next().await {
            Some(Frame::Text(packet)) => heard.packet(&packet),
            other => panic!("{other:?}"),
        }
    }
    // The polling side is over.
    let after = Http::connect(address).await.get(&query).await;
    assert_eq!(after.status, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_upgrades_under_traffic_lose_nothing() {
    let server = Server::start(Server::config(), [mirror()]).await;
    let namespace = server.io.namespace("/").unwrap();
    let ticker = tokio::spawn(async move {
        let mut interval = tokio::time::interval(Duration::from_millis(1));
        for number in 0_u64.. {
            interval.tick().await;
            namespace.emit("tick", &number);
        }
    });
    let address = server.address;
    let mut lines = tokio::task::JoinSet::new();
    for line in 0..4 {
        lines.spawn(async move {
            for round in 0..50 {
                upgrade_once(address, line * 50 + round).await;
            }
        });
    }
    lines.join_all().await;
    ticker.abort();
    let metrics = server.metrics();
    assert_eq!((metrics.upgrades, metrics.protocol_errors), (200, 0));
    server.counts("the end of all", |metrics| metrics.websocket_open + metrics.polling_open == 0).await;
    assert_eq!(server.metrics().queue_bytes, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_probe_leaves_polling_as_it_was() {
    let server = Server::echo().await;
    let mut polling = Polling::connect(server.address).await;
    let query = polling.query.replace("polling", "websocket");
    for wrong in ["2prob", "5", "3probe", "42[\"ask\"]", "x"] {
        let mut websocket = Websocket::open(server.address, &query).await;
        websocket.text(wrong).await;
        assert_eq!(websocket.closed().await, None, "{wrong}");
    }
    // One that goes away after its probe was answered.
    let mut websocket = Websocket::open(server.address, &query).await;
    websocket.text("2probe").await;
    assert_eq!(websocket.next().await, Some(Frame::Text("3probe".to_owned())));
    drop(websocket);
    polling.post(r#"420["ask",1]"#).await;
    assert!(polling.poll().await.contains(&"430[1]".to_owned()));
    // And then it works.
    let upgraded = within(PATIENCE, async {
        loop {
            let mut websocket = Websocket::open(server.address, &query).await;
            websocket.text("2probe").await;
            if websocket.next().await == Some(Frame::Text("3probe".to_owned())) {
                return websocket;
            }
        }
    });
    let mut websocket = upgraded.await.expect("another probe is answered");
    websocket.text("5").await;
    websocket.text(r#"421["ask",2]"#).await;
    assert_eq!(websocket.reader.text().await, "431[2]");
    assert_eq!((server.metrics().upgrades, server.metrics().websocket_open), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_probe_beside_the_first_is_turned_away() {
    let server = Server::echo().await;
    let polling = Polling::connect(server.address).await;
    let query = polling.query.replace("polling", "websocket");
    let mut first = Websocket::open(server.address, &query).await;
    first.text("2probe").await;
    assert_eq!(first.next().await, Some(Frame::Text("3probe".to_owned())));
    let mut second = Websocket::open(server.address, &query).await;
    second.text("2probe").await;
    assert_eq!(second.closed().await, Some(1002));
    first.text("5").await;
    first.text(r#"421["ask",2]"#).await;
    assert_eq!(first.reader.text().await, "431[2]");
    // Nor after it: not by websocket, not by poll, not by POST.
    let mut third = Websocket::open(server.address, &query).await;
    assert_eq!(third.closed().await, Some(1002));
    let mut http = Http::connect(server.address).await;
    assert_eq!(http.get(&polling.query).await.status, 400);
    assert_eq!(http.post(&polling.query, br#"425["ask","by POST"]"#).await.status, 400);
    first.text(r#"422["ask",3]"#).await;
    assert_eq!(first.reader.text().await, "432[3]", "the POST did nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_when_the_upgrade_ends_comes_first() {
    let server = Server::start(Server::config(), [echoing("/")]).await;
    let mut polling = Polling::connect(server.address).await;
    polling.post(r#"420["join","room"]"#).await;
    assert_eq!(polling.poll().await, ["430[true]"]);
    let mut websocket = Websocket::open(server.address, &polling.query.replace("polling", "websocket")).await;
    websocket.text("2probe").await;
    assert_eq!(websocket.next().await, Some(Frame::Text("3probe".to_owned())));
    let namespace = server.io.namespace("/").unwrap();
    for number in 0..1000 {
        namespace.to("room").emit("n", &number);
    }
    websocket.text("5").await;
    websocket.text(r#"421["ask",true]"#).await;
    for number in 0..1000 {
        assert_eq!(websocket.reader.text().await, format!(r#"42["n",{number}]"#));
    }
    assert_eq!(websocket.reader.text().await, "431[true]");
}
