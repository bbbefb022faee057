//! One connection's misfortune is its own: handlers that panic, streams that break in the worst moment,
//! queues that overflow. Every other client, also of the same shard, is served on.

use std::time::Duration;

use parlor_socketio::{Config, Event, Namespace, SlowReader, Socket};

use crate::support::client::{Client, V3, V4};
use crate::support::http::Polling;
use crate::support::websocket::{Websocket, frame};
use crate::support::{PATIENCE, Server, echoing, within};

/// One shard: whatever ends its flusher ends the test.
fn one_shard() -> Config {
    Config { shards: 1, ..Server::config() }
}

async fn reset(websocket: Websocket) {
    let stream = websocket.into_stream();
    socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
}

fn panicking(name: &str) -> Namespace {
    echoing(name)
        .on("panic", |_: Socket, event: Event| async move { panic!("{}", event.name()) })
        .on("panic later", |_: Socket, _: Event| async move {
            tokio::task::yield_now().await;
            panic!("later");
        })
        .on("panic at once", |_: Socket, event: Event| {
            assert!(event.name().is_empty(), "before there is a future");
            async {}
        })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_that_panics_ends_its_socket_alone() {
    let server = Server::start(one_shard(), [panicking("/"), panicking("/other")]).await;
    let mut bystander = Client::connect(server.address).await;
    for (index, event) in ["panic", "panic later", "panic at once"].into_iter().enumerate() {
        let mut client = Client::connect(server.address).await;
        client.join_namespace("/other,").await;
        client.emit(event, "").await;
        assert_eq!(client.packet().await, "41");
        client.send(r#"42/other,0["ask",1]"#).await;
        assert_eq!(client.packet().await, "43/other,0[1]", "the other namespace goes on");
        client.join_namespace("").await;
        assert_eq!(client.ask("ask", "1").await, "[1]");
        assert_eq!(server.metrics().handler_panics, index as u64 + 1);
    }
    assert_eq!(bystander.ask("ask", "1").await, "[1]");
    server.still_serves().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn panics_when_sockets_come_and_go() {
    let coming = Namespace::new("/").connected(|_: Socket| async { panic!("at the door") });
    let going = echoing("/going").disconnected(|_: Socket, _| async { panic!("on the way out") });
    let server = Server::start(one_shard(), [coming, going]).await;
    let mut client = Websocket::open(server.address, V4).await;
    client.text("40/going,").await;
    client.text("40").await;
    for start in ["0{", "40/going,{", "40{", "41"] {
        let packet = client.reader.text().await;
        assert!(packet.starts_with(start), "{packet}");
    }
    client.text("41/going,").await;
    server.counts("two panics", |metrics| metrics.handler_panics == 2).await;
    // The other way out, from within delivery.
    client.text("40/going,").await;
    assert!(client.reader.text().await.starts_with("40/going,{"));
    drop(client);
    server.counts("three panics", |metrics| metrics.handler_panics == 3 && metrics.sockets_open == 0).await;
    let mut next = Websocket::open(server.address, V4).await;
    next.text("40/going,").await;
    next.reader.text().await;
    assert!(next.reader.text().await.starts_with("40/going,{"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_that_panics_over_a_connect() {
    let at_once = Namespace::new("/at-once").authorize(|request| {
        assert_eq!(request.auth_json(), "{}", "before there is a future");
        async { Ok(()) }
    });
    let first = Namespace::new("/first").authorize(|_| async {
        assert!(PATIENCE.is_zero(), "in the first poll");
        Ok(())
    });
    let later = Namespace::new("/later").authorize(|_| async {
        tokio::task::yield_now().await;
        assert!(PATIENCE.is_zero(), "in a later poll");
        Ok(())
    });
    let server = Server::start(one_shard(), [echoing("/"), at_once, first, later]).await;
    for connect in [r#"40/at-once,{"a":1}"#, "40/first,", "40/later,"] {
        let mut websocket = Websocket::open(server.address, V4).await;
        websocket.reader.text().await;
        websocket.text(connect).await;
        // Refused or closed: it must not wait for ever.
        let told = within(Duration::from_secs(2), websocket.reader.frame()).await;
        assert!(told.is_some(), "the client of {connect} heard nothing for 2 s");
        let mut polling = Polling::connect(server.address).await;
        let _ = polling.posts.post_or_end(&polling.query, connect.as_bytes()).await;
        polling.polls.send_get(&polling.query).await;
        let told = within(Duration::from_secs(2), polling.polls.read_answer()).await;
        assert!(told.is_some(), "the polling client of {connect} heard nothing for 2 s");
    }
    server.still_serves().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_that_panics_over_a_version_3_client() {
    let namespace = Namespace::new("/").authorize(|_| async {
        assert!(PATIENCE.is_zero(), "nobody may come in");
        Ok(())
    });
    let server = Server::start(one_shard(), [namespace, echoing("/other")]).await;
    let mut websocket = Websocket::open(server.address, V3).await;
    let ended = within(Duration::from_secs(2), async {
        while let Some(frame) = websocket.reader.frame().await {
            if matches!(&frame, crate::support::websocket::Frame::Text(text) if text.starts_with("44")) {
                return;
            }
        }
    });
    ended.await.expect("it is refused or closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_policy_that_panics() {
    let namespace = echoing("/").slow_reader(|_, room| -> SlowReader { panic!("{room:?}") });
    let server = Server::start(Config { max_queue_bytes: 1000, ..one_shard() }, [namespace]).await;
    let mut polling = Polling::connect(server.address).await;
    polling.post(r#"420["join","room"]"#).await;
    let namespace = server.io.namespace("/").unwrap();
    for _ in 0..10 {
        namespace.to("room").emit("n", &"x".repeat(500));
        // Each on its own: several in one tick are one piece, and one piece always fits an empty queue.
        server.settled().await;
    }
    server.still_serves().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_polling_reader_that_is_too_slow() {
    let server = Server::start(Config { max_queue_bytes: 1000, ..one_shard() }, [echoing("/")]).await;
    let mut polling = Polling::connect(server.address).await;
    polling.post(r#"42["join","room"]"#).await;
    let namespace = server.io.namespace("/").unwrap();
    for _ in 0..10 {
        namespace.to("room").emit("n", &"x".repeat(500));
        // Each on its own: several in one tick are one piece, and one piece always fits an empty queue.
        server.settled().await;
    }
    server.still_serves().await;
    assert_eq!((server.metrics().slow_readers, server.metrics().polling_open), (1, 0));
    // Its own doing: it asks for more answers than it fetches.
    let mut greedy = Polling::connect(server.address).await;
    let ask = format!(r#"420["ask","{}"]"#, "x".repeat(4000));
    greedy.post(&vec![ask; 40].join("\x1e")).await;
    server.still_serves().await;
    assert_eq!((server.metrics().slow_readers, server.metrics().polling_open), (2, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_breaks_while_it_is_closed() {
    let namespace = echoing("/").on("burst and close", |socket: Socket, _: Event| async move {
        socket.emit("one", &1);
        socket.close();
    });
    let server = Server::start(one_shard(), [namespace]).await;
    for round in 0..40 {
        let mut client = Client::connect(server.address).await;
        match round % 2 {
            // The server's own goodbye.
            0 => client.emit("burst and close", "").await,
            // A stranger's: something to answer, and then nonsense.
            _ => {
                let nonsense = [frame(0x89, b"ping"), frame(0x81, b"nonsense")].concat();
                client.websocket.writer.raw(&nonsense).await;
            }
        }
        reset(client.websocket).await;
    }
    server.still_serves().await;
    server.counts("all gone", |metrics| metrics.websocket_open == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_that_break_anywhere() {
    let server = Server::start(Server::config(), [echoing("/")]).await;
    let namespace = server.io.namespace("/").unwrap();
    let broadcasting = tokio::spawn(async move {
        loop {
            namespace.emit("n", &"x".repeat(100));
            tokio::task::yield_now().await;
        }
    });
    for round in 0..100_usize {
        let mut client = Client::connect(server.address).await;
        client.emit("echo", "1").await;
        match round % 4 {
            0 => reset(client.websocket).await,
            1 => client.websocket.writer.end().await,
            2 => client.websocket.writer.raw(&frame(0x81, b"42[\"echo\"]")[..round % 12]).await,
            _ => {
                let polling = Polling::connect(server.address).await;
                let query = polling.query.replace("polling", "websocket");
                let mut websocket = Websocket::open(server.address, &query).await;
                websocket.text("2probe").await;
                if round % 8 == 3 {
                    websocket.text("5").await;
                }
                reset(websocket).await;
            }
        }
    }
    broadcasting.abort();
    let _ = broadcasting.await;
    server.still_serves().await;
    server.counts("all websockets gone", |metrics| metrics.websocket_open == 0).await;
}
