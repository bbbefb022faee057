//! Whatever a client begins and does not end is closed in time and counted.

use std::time::Duration;

use parlor_socketio::{Config, ListenerConfig};
use tokio::io::AsyncReadExt;

use crate::support::client::{Client, V3, V4};
use crate::support::http::{Http, Polling};
use crate::support::websocket::{Frame, Websocket, frame, header};
use crate::support::{PATIENCE, SHORT, Server, echoing, within};

/// Any one of these is far from the others, so that a test sees the deadline it is about.
fn long() -> Config {
    Config { connect_timeout: 100 * SHORT, receive_timeout: 100 * SHORT, ..Server::config() }
}

async fn start(config: Config) -> Server {
    Server::start(config, [echoing("/")]).await
}

async fn missed(server: &Server, count: u64) {
    server.counts("the deadline", |metrics| metrics.deadlines_missed == count).await;
    server.still_serves().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_connect() {
    let server = start(Config { connect_timeout: SHORT, ..long() }).await;
    let mut websocket = Websocket::open(server.address, V4).await;
    assert_eq!(websocket.closed().await, Some(1000));
    missed(&server, 1).await;
    let mut polling = Polling::open(server.address, 4).await;
    assert_eq!(polling.poll().await, ["1"]);
    missed(&server, 2).await;
    // Asking for what does not exist is no CONNECT.
    let mut busy = Websocket::open(server.address, V4).await;
    busy.text("40/nowhere,").await;
    assert_eq!(busy.closed().await, Some(1000));
    missed(&server, 3).await;
    // Nor is one that was left again.
    let mut client = Client::connect(server.address).await;
    client.send("41").await;
    assert_eq!(client.closed().await, Some(1000));
    missed(&server, 4).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_pong() {
    let config = Config { ping_interval: SHORT, ping_timeout: SHORT, ..long() };
    let server = start(config).await;
    let mut silent = Client::connect(server.address).await;
    let mut alive = Client::connect(server.address).await;
    for _ in 0..5 {
        assert_eq!(alive.websocket.next().await, Some(Frame::Text("2".to_owned())));
        alive.send("3").await;
    }
    assert_eq!(server.metrics().ping_timeouts, 1);
    assert_eq!(silent.websocket.next().await, Some(Frame::Text("2".to_owned())));
    assert_eq!(silent.closed().await, None);
    // Messages are no sign of life, pongs are.
    let mut chatty = Client::connect(server.address).await;
    let ended = within(PATIENCE, async {
        loop {
            chatty.emit("echo", "1").await;
            if chatty.websocket.next().await.is_none() {
                return;
            }
        }
    });
    ended.await.expect("who only talks is closed");
    // Version 3: the client pings, or is gone.
    let mut old = Websocket::open(server.address, V3).await;
    for _ in 0..3 {
        old.text("2").await;
        while old.next().await != Some(Frame::Text("3".to_owned())) {}
    }
    assert_eq!(old.closed().await, None);
    server.counts("three timeouts", |metrics| metrics.ping_timeouts >= 3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_poll() {
    let config = Config { ping_interval: SHORT, ping_timeout: SHORT, ..long() };
    let server = start(config).await;
    let polling = Polling::connect(server.address).await;
    server.counts("a timeout", |metrics| metrics.ping_timeouts == 1 && metrics.polling_open == 0).await;
    assert_eq!(Http::connect(server.address).await.get(&polling.query).await.status, 400);
    // A poll that waits is answered, one way or the other.
    let mut polling = Polling::connect(server.address).await;
    assert_eq!(polling.poll().await, ["2"]);
    let answer = polling.polls.get(&polling.query).await;
    assert_eq!(answer.status, 400, "{answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_frame() {
    let server = start(Config { receive_timeout: SHORT, ..long() }).await;
    let halves = [
        vec![0x81],
        header(0x81, 100),
        [header(0x82, 70_000), vec![1, 2, 3, 4, 5]].concat(),
        frame(0x01, b"42[\"as"),
        [frame(0x81, b"42[\"ask\"]"), vec![0x81, 0x80]].concat(),
    ];
    for (index, half) in halves.into_iter().enumerate() {
        let mut client = Client::connect(server.address).await;
        client.websocket.writer.raw(&half).await;
        assert_eq!(client.closed().await, Some(1002));
        missed(&server, index as u64 + 1).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frame_that_comes_byte_by_byte() {
    let server = start(Config { receive_timeout: SHORT, ..long() }).await;
    let Client { websocket, .. } = Client::connect(server.address).await;
    let (mut reader, mut writer) = (websocket.reader, websocket.writer);
    let trickle = tokio::spawn(async move {
        writer.raw(&header(0x81, 1000)).await;
        loop {
            writer.raw(b"x").await;
            tokio::time::sleep(SHORT / 5).await;
        }
    });
    let closed = within(10 * SHORT, async { while reader.frame().await.is_some() {} }).await;
    trickle.abort();
    assert!(closed.is_some(), "the deadline is from the first byte to the last, not between two");
    missed(&server, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_body() {
    let server = start(Config { receive_timeout: SHORT, ..long() }).await;
    for (index, trickles) in [false, true].into_iter().enumerate() {
        let mut polling = Polling::connect(server.address).await;
        let head = format!(
            "POST /socket.io/?{} HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\n42",
            polling.query
        );
        polling.posts.raw(head.as_bytes()).await;
        let answer = within(10 * SHORT, async {
            loop {
                match within(SHORT / 5, polling.posts.read_answer()).await {
                    Some(answer) => return answer,
                    None if trickles => polling.posts.raw(b"x").await,
                    None => {}
                }
            }
        });
        let answer = answer.await.expect("a body has a deadline").expect("an answer");
        assert_eq!(answer.status, 408);
        polling.posts.closed().await;
        missed(&server, index as u64 + 1).await;
        assert_eq!(polling.polls.get(&polling.query).await.status, 400);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_head() {
    let listener = ListenerConfig { header_timeout: SHORT, ..ListenerConfig::default() };
    let server = Server::listen(long(), listener, [echoing("/")]).await;
    for half in ["", "GET", "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\nX-A"] {
        let mut http = Http::connect(server.address).await;
        http.raw(half.as_bytes()).await;
        http.closed().await;
    }
    let mut http = Http::connect(server.address).await;
    let mut byte = [0];
    http.raw(b"GET / HTTP/1.1\r\nX: ").await;
    let closed = within(10 * SHORT, async {
        while within(SHORT / 5, http.stream.read(&mut byte)).await.is_none() {
            http.raw(b"x").await;
        }
    });
    closed.await.expect("the deadline is from the first byte to the last, not between two");
    // Between two requests of one stream as well.
    let mut http = Http::connect(server.address).await;
    assert_eq!(http.get("EIO=4&transport=polling").await.status, 200);
    http.closed().await;
    server.still_serves().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upgrade_that_does_not_end() {
    let server = start(Config { upgrade_timeout: SHORT, ..long() }).await;
    let mut polling = Polling::connect(server.address).await;
    let query = polling.query.replace("polling", "websocket");
    for (index, probe) in [None, Some("2probe")].into_iter().enumerate() {
        let mut websocket = Websocket::open(server.address, &query).await;
        if let Some(probe) = probe {
            websocket.text(probe).await;
        }
        websocket.closed().await;
        missed(&server, index as u64 + 1).await;
    }
    // The session itself is as good as before.
    polling.post(r#"420["ask",1]"#).await;
    let packets = polling.poll().await;
    assert_eq!(packets.last().map(String::as_str), Some("430[1]"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attachments_that_do_not_come() {
    let config = Config { receive_timeout: SHORT, ping_interval: SHORT / 4, ..long() };
    let server = start(config).await;
    let counted = async |count| {
        let seen = |metrics: &parlor_socketio::MetricsSnapshot| {
            metrics.deadlines_missed + metrics.protocol_errors == count
        };
        server.counts("the deadline", seen).await;
    };
    // One that is silent otherwise, one that answers every ping, one on long-polling that does so.
    let mut silent = Client::connect(server.address).await;
    silent.send(r#"452-["ask",{"_placeholder":true,"num":0}]"#).await;
    silent.websocket.binary(b"one of two").await;
    assert_eq!(silent.closed().await, Some(1002));
    counted(1).await;
    let mut lively = Client::connect(server.address).await;
    lively.send(r#"451-["ask",{"_placeholder":true,"num":0}]"#).await;
    let closed = within(10 * SHORT, async {
        while lively.websocket.reader.frame().await != Some(Frame::Close(Some(1002))) {
            lively.send("3").await;
        }
    });
    closed.await.expect("pongs are no attachments");
    counted(2).await;
    let mut polling = Polling::connect(server.address).await;
    polling.post(r#"451-["ask",{"_placeholder":true,"num":0}]"#).await;
    let closed = within(10 * SHORT, async {
        loop {
            polling.polls.get(&polling.query).await;
            if polling.posts.post(&polling.query, b"3").await.status == 400 {
                return;
            }
        }
    });
    closed.await.expect("pongs are no attachments on polling either");
    counted(3).await;
    server.still_serves().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_that_is_not_answered() {
    let config = Config { close_timeout: SHORT, ..long() };
    let server = start(config).await;
    let mut client = Client::connect(server.address).await;
    server.io.namespace("/").unwrap().sockets()[0].close();
    assert_eq!(client.websocket.next().await, Some(Frame::Close(Some(1000))));
    // The client says nothing; the server waits for `close_timeout` and then cuts the stream.
    server.counts("the cut", |metrics| metrics.websocket_open == 0).await;
    let started = std::time::Instant::now();
    let mut violent = Client::connect(server.address).await;
    violent.websocket.writer.raw(&[0xFF; 10]).await;
    assert_eq!(violent.websocket.next().await, Some(Frame::Close(Some(1002))));
    server.counts("the other cut", |metrics| metrics.websocket_open == 0).await;
    assert!(started.elapsed() < PATIENCE / 2 + Duration::from_secs(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poll_answer_that_is_not_read() {
    // Small buffers on both sides, as on a real network: the answer does not fit into them.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_send_buffer_size(4096).unwrap();
    socket.bind((std::net::Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let config =
        Config { ping_interval: SHORT, ping_timeout: SHORT, receive_timeout: SHORT, ..Server::config() };
    let listener =
        ListenerConfig { write_timeout: SHORT, max_streams_per_address: 3, ..ListenerConfig::default() };
    let server = Server::listen_on(socket.listen(64).unwrap(), config, listener, [echoing("/")]);
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut polling = Polling::connect(server.address).await;
    polling.polls.stream = socket.connect(server.address).await.unwrap();
    server.io.namespace("/").unwrap().emit("large", &"x".repeat(900_000));
    polling.polls.send_get(&polling.query).await;
    server.counts("the session's end", |metrics| metrics.polling_open == 0).await;
    drop(polling.posts);
    // Its session is over; its stream must not hold its place for ever.
    let all_places = within(40 * SHORT, async {
        loop {
            let mut open = Vec::new();
            while open.len() < 3 {
                let mut http = Http::connect(server.address).await;
                http.send_get("EIO=4&transport=none").await;
                if http.answer().await.is_none() {
                    break;
                }
                open.push(http);
            }
            if open.len() == 3 {
                return;
            }
        }
    });
    all_places.await.expect("an answer that nobody reads has a deadline too");
}
