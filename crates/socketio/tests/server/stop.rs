//! A stop tells everybody, delivers what is queued, refuses who is new, and ends within its deadline also
//! where readers are slow.

use std::time::{Duration, Instant};

use parlor_socketio::{Config, DisconnectReason, Socket};
use tokio::sync::mpsc;

use crate::support::client::{Client, V4};
use crate::support::http::{Http, Polling};
use crate::support::websocket::{Frame, handshake};
use crate::support::{PATIENCE, SHORT, Server, echoing, within};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_is_told_after_what_was_emitted() {
    let (gone, mut reasons) = mpsc::unbounded_channel();
    let namespace = echoing("/").disconnected(move |_: Socket, reason: DisconnectReason| {
        let _ = gone.send(reason.as_str());
        async {}
    });
    let server = Server::start(Server::config(), [namespace]).await;
    let mut clients = Vec::new();
    for _ in 0..10 {
        clients.push(Client::connect(server.address).await);
    }
    let mut waiting = Polling::connect(server.address).await;
    let mut idle = Polling::connect(server.address).await;
    waiting.polls.send_get(&waiting.query).await;
    server.io.namespace("/").unwrap().emit("last", &"words");
    let reader = tokio::spawn(async move {
        for client in &mut clients {
            assert_eq!(client.event("last").await, r#""words""#);
            assert_eq!(client.closed().await, Some(1001));
        }
        // The polls: what was emitted, then the packet `close`.
        let mut packets = waiting.polls.answer().await.unwrap().text().to_owned();
        if !packets.contains('\x1e') {
            packets = format!("{packets}\x1e{}", waiting.poll().await.join("\x1e"));
        }
        assert_eq!(packets, "42[\"last\",\"words\"]\x1e1");
        assert_eq!(idle.poll().await, ["42[\"last\",\"words\"]", "1"]);
    });
    let started = Instant::now();
    assert!(server.io.stop(PATIENCE).await, "all were closed in time");
    assert!(started.elapsed() < PATIENCE / 2);
    within(PATIENCE, reader).await.unwrap().unwrap();
    for _ in 0..12 {
        assert_eq!(within(PATIENCE, reasons.recv()).await, Some(Some("server shutting down")));
    }
    let metrics = server.metrics();
    assert_eq!((metrics.websocket_open, metrics.polling_open, metrics.sockets_open), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_new_is_refused() {
    let server = Server::echo().await;
    let mut old = Client::connect(server.address).await;
    server.io.refuse_new();
    let mut http = Http::connect(server.address).await;
    let answer = http.get("EIO=4&transport=polling").await;
    assert_eq!((answer.status, answer.text()), (503, r#"{"code":4,"message":"The server is stopping"}"#));
    http.raw(handshake(V4).as_bytes()).await;
    assert_eq!(http.answer().await.unwrap().status, 503);
    assert_eq!(old.ask("ask", "1").await, "[1]", "who was there before goes on");
    assert_eq!(server.metrics().handshakes_refused, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_readers_do_not_hold_it_up() {
    let config = Config { close_timeout: PATIENCE, max_queue_bytes: 64 << 20, ..Server::config() };
    let server = Server::start(config, [echoing("/")]).await;
    let mut fast = Client::connect(server.address).await;
    let mut stalled = Vec::new();
    for _ in 0..5 {
        stalled.push(Client::connect_narrow(server.address).await);
    }
    let namespace = server.io.namespace("/").unwrap();
    let payload = "x".repeat(512 * 1024);
    let mut sent = 0;
    while server.metrics().queue_bytes < 5 * 1024 * 1024 {
        assert!(sent < 100);
        namespace.emit("n", &payload);
        sent += 1;
        fast.event("n").await;
    }
    let stopping = tokio::spawn({
        let io = server.io.clone();
        async move {
            let started = Instant::now();
            (io.stop(2 * SHORT).await, started.elapsed())
        }
    });
    assert_eq!(fast.closed().await, Some(1001));
    let (all_gone, took) = stopping.await.unwrap();
    assert!(!all_gone && took >= 2 * SHORT && took < 2 * SHORT + Duration::from_secs(1), "{took:?}");
    let metrics = server.metrics();
    assert_eq!((metrics.websocket_open, metrics.sockets_open, metrics.queue_bytes), (0, 0, 0));
    for client in &mut stalled {
        client.closed().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_that_reads_on_gets_everything() {
    let config = Config { max_queue_bytes: 64 << 20, close_timeout: PATIENCE, ..Server::config() };
    let server = Server::start(config, [echoing("/")]).await;
    let mut stalled = Client::connect_narrow(server.address).await;
    let namespace = server.io.namespace("/").unwrap();
    let payload = "x".repeat(512 * 1024);
    let mut sent = 0;
    while server.metrics().queue_bytes < 1024 * 1024 {
        namespace.emit("n", &payload);
        sent += 1;
        server.settled().await;
    }
    let io = server.io.clone();
    let stopping = tokio::spawn(async move { io.stop(PATIENCE).await });
    for _ in 0..sent {
        assert_eq!(stalled.event("n").await.len(), payload.len() + 2);
    }
    assert_eq!(stalled.websocket.next().await, Some(Frame::Close(Some(1001))));
    drop(stalled);
    assert!(stopping.await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_polls_hears_more_than_one_answer_holds() {
    let server = Server::echo().await;
    let mut polling = Polling::connect(server.address).await;
    let namespace = server.io.namespace("/").unwrap();
    for number in 0..40 {
        namespace.emit("n", &number);
    }
    let io = server.io.clone();
    let stopping = tokio::spawn(async move { io.stop(PATIENCE).await });
    let mut packets = Vec::new();
    while packets.last().is_none_or(|packet| packet != "1") {
        packets.extend(polling.poll().await);
    }
    let expected = (0..40).map(|number| format!(r#"42["n",{number}]"#)).chain(["1".to_owned()]);
    assert!(packets.iter().cloned().eq(expected), "{packets:?}");
    assert!(stopping.await.unwrap());
}
