//! Hostile cases 52 to 59 over HTTP: bodies, heads, silence, floods. Each ends in a refusal, and the
//! next client is served within a second.

use std::time::Instant;

use parlor_socketio::{Config, ListenerConfig};

use crate::support::client::{Client, V4};
use crate::support::http::{Answer, Http, Polling};
use crate::support::websocket::{Websocket, handshake};
use crate::support::{SHORT, Server, echoing};

async fn answer(server: &Server, request: &[u8]) -> Option<Answer> {
    let mut http = Http::connect(server.address).await;
    http.raw(request).await;
    http.answer().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_52_53_bodies_that_lie() {
    let server = Server::echo().await;
    let long = "99999999999999999999:40".to_owned();
    let cases: [(u8, &str, &[u8]); 20] = [
        (4, "text/plain", b""),
        (4, "text/plain", b"\x1e"),
        (4, "text/plain", b"42[\"ask\"]\x1e"),
        (4, "text/plain", b"\x1e42[\"ask\"]"),
        (4, "text/plain", b"b***"),
        (4, "text/plain", b"42[\"ask\",\"\xFF\"]"),
        (4, "application/octet-stream", b"42[\"ask\"]"),
        (3, "text/plain", b""),
        (3, "text/plain", b"40"),
        (3, "text/plain", b":40"),
        (3, "text/plain", b"-1:40"),
        (3, "text/plain", b"3:40"),
        (3, "text/plain", b"1:40"),
        (3, "text/plain", b"0:"),
        (3, "text/plain", long.as_bytes()),
        (3, "text/plain", "1:\u{1F389}".as_bytes()),
        (3, "application/octet-stream", &[0, 255]),
        (3, "application/octet-stream", &[0, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 255, 52]),
        (3, "application/octet-stream", &[2, 1, 255, 52]),
        (3, "application/octet-stream", &[1, 2, 255, 5, 1]),
    ];
    for (version, content_type, body) in cases {
        let mut polling = Polling::open(server.address, version).await;
        polling.posts.send_post(&polling.query, content_type, body).await;
        let answer = polling.posts.answer().await.unwrap();
        assert_eq!(answer.status, 400, "{version} {:?}", String::from_utf8_lossy(body));
    }
    server.still_serves().await;
    server.counts("all gone", |metrics| metrics.polling_open == 0).await;
    assert_eq!(server.metrics().protocol_errors, cases.len() as u64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_53_two_hundred_thousand_packets_in_one_body() {
    let server = Server::echo().await;
    let mut polling = Polling::open(server.address, 3).await;
    let started = Instant::now();
    polling.posts.send_post(&polling.query, "text/plain", "1:6".repeat(200_000).as_bytes()).await;
    assert_eq!(polling.posts.answer().await.unwrap().status, 200);
    let mut polling = Polling::open(server.address, 4).await;
    polling.post(&["6"; 200_000].join("\x1e")).await;
    // Each of these is answered; nobody polls, so the answers are what ends it.
    let mut noisy = Polling::open(server.address, 3).await;
    noisy.posts.send_post(&noisy.query, "text/plain", "1:2".repeat(200_000).as_bytes()).await;
    noisy.posts.answer().await.unwrap();
    assert!(started.elapsed().as_secs() < 5, "three bodies took {:?}", started.elapsed());
    server.still_serves().await;
    assert!(server.metrics().queue_bytes < 2 << 20, "{:?}", server.metrics());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_54_many_that_stop_reading() {
    let server =
        Server::start(Config { max_queue_bytes: 64 * 1024, ..Server::config() }, [echoing("/")]).await;
    let mut stalled = Vec::new();
    for _ in 0..100 {
        stalled.push(Client::connect_narrow(server.address).await);
    }
    let mut fast = Client::connect(server.address).await;
    let namespace = server.io.namespace("/").unwrap();
    let payload = "x".repeat(256 * 1024);
    let mut number = 0;
    while server.metrics().websocket_open > 1 {
        assert!(number < 60, "{:?}", server.metrics());
        namespace.emit("n", &payload);
        assert_eq!(fast.event("n").await.len(), payload.len() + 2);
        let queued = server.metrics().queue_bytes;
        // One message may be larger than the bound; beside it there is room for no other.
        assert!(queued <= 101 * (payload.len() as u64 + 200_000), "{queued} bytes wait");
        number += 1;
    }
    assert_eq!(server.metrics().slow_readers, 100);
    server.still_serves().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_55_56_hundreds_that_do_nothing() {
    let config =
        Config { connect_timeout: SHORT, ping_interval: 2 * SHORT, ping_timeout: SHORT, ..Server::config() };
    let listener = ListenerConfig { header_timeout: SHORT, ..ListenerConfig::default() };
    let server = Server::listen(config, listener, [echoing("/")]).await;
    let mut silent = Vec::new();
    let mut half = Vec::new();
    for number in 0..150 {
        let mut http = Http::connect(server.address).await;
        http.raw(&handshake(V4).as_bytes()[..number]).await;
        half.push(http);
        silent.push(Websocket::open(server.address, V4).await);
    }
    let mut mute = Vec::new();
    for _ in 0..150 {
        mute.push(Client::connect(server.address).await);
    }
    for mut http in half {
        http.closed().await;
    }
    for mut websocket in silent {
        websocket.closed().await;
    }
    for mut client in mute {
        client.closed().await;
    }
    let metrics = server.metrics();
    assert_eq!((metrics.deadlines_missed, metrics.ping_timeouts), (150, 150));
    server.still_serves().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_57_heads() {
    let server = Server::echo().await;
    let get = "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: t\r\n";
    let many: String = (0..2000).map(|number| format!("X-{number}: x\r\n")).collect();
    let large = format!("X: {}\r\n", "x".repeat(1_000_000));
    for (name, head) in [("2000 headers", &many), ("a megabyte of header", &large)] {
        // The stream may be reset while the rest is still being sent; an answer is 431.
        if let Some(answer) = answer(&server, format!("{get}{head}\r\n").as_bytes()).await {
            assert_eq!(answer.status, 431, "{name}");
        }
    }
    for bad in [
        "GET / HTTP/9.9\r\n\r\n",
        "\0\0\0\0\r\n\r\n",
        "GET /\u{e9} HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nA B: x\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        if let Some(answer) = answer(&server, bad.as_bytes()).await {
            assert!((400..600).contains(&answer.status), "{bad:?} {answer:?}");
        }
    }
    // Two lengths: the body must not be taken for the next request.
    let polling = Polling::connect(server.address).await;
    let smuggled = format!(
        "POST /socket.io/?{} HTTP/1.1\r\nHost: t\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nHost: t\r\n\r\n",
        polling.query
    );
    if let Some(answer) = answer(&server, smuggled.as_bytes()).await {
        assert_eq!(answer.status, 400, "{answer:?}");
    }
    server.still_serves().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_57_websocket_headers() {
    let server = Server::echo().await;
    let good = handshake(V4);
    let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    let refused = [
        good.replace(key, "X: y"),
        good.replace(key, "Sec-WebSocket-Key: "),
        good.replace(key, "Sec-WebSocket-Key: dG9vIHNob3J0"),
        good.replace(key, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZÄ=="),
        good.replace(key, &format!("Sec-WebSocket-Key: {}", "A".repeat(4000))),
        good.replace("Version: 13", "Version: 12"),
        good.replace("Version: 13", "Version: \u{e9}"),
        good.replace("Upgrade: websocket", "Upgrade: h2c"),
        good.replace("Upgrade: websocket", "Upgrade: \u{e9}"),
        good.replace("Connection: Upgrade", "Connection: close"),
        good.replace("HTTP/1.1", "HTTP/1.0"),
    ];
    for request in refused {
        let answer = answer(&server, request.as_bytes()).await.expect("an answer");
        assert_eq!(answer.status, 400, "{request}");
    }
    // Headers that mean nothing here are let be.
    for strange in [
        "Sec-WebSocket-Protocol: \u{e9}, \u{1F389}",
        "Sec-WebSocket-Extensions: \u{e9}; x=\u{fc}",
        "Cookie: \u{1F36A}",
    ] {
        let request = good.replace(key, &format!("{key}\r\n{strange}"));
        let answer = answer(&server, request.as_bytes()).await.expect("an answer");
        assert_eq!(answer.status, 101, "{strange}");
        assert!(
            !answer.head.contains("sec-websocket-protocol")
                && !answer.head.contains("sec-websocket-extensions")
        );
    }
    let slow = format!("Sec-WebSocket-Protocol: {}", ",".repeat(50_000));
    let started = Instant::now();
    answer(&server, good.replace(key, &format!("{key}\r\n{slow}")).as_bytes()).await;
    assert!(started.elapsed().as_secs() < 1);
    server.still_serves().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_58_a_flood_of_events_and_joins() {
    let server = Server::echo().await;
    let mut bystander = Client::connect(server.address).await;
    let mut flood = Vec::new();
    for number in 0..20_000 {
        let packet = format!(r#"42["{}","{}"]"#, ["join", "leave", "nothing"][number % 3], number % 100);
        flood.extend(crate::support::websocket::frame(0x81, packet.as_bytes()));
    }
    let mut noisy = Client::connect(server.address).await;
    let sending = tokio::spawn(async move {
        noisy.websocket.writer.raw(&flood).await;
        noisy.ask("ask", "1").await
    });
    for number in 0..100 {
        assert_eq!(bystander.ask("ask", &number.to_string()).await, format!("[{number}]"));
    }
    server.still_serves().await;
    assert_eq!(sending.await.unwrap(), "[1]");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_59_other_protocols() {
    let server = Server::echo().await;
    let hello = [22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3];
    for bytes in [&[0xFF; 4][..], &[0; 4], &hello, b"SSH-2.0-x\r\n", b"\x00\x00\x00\x0Cabc"] {
        let mut http = Http::connect(server.address).await;
        http.raw(bytes).await;
        // Told off or not, it comes to an end: at once, or when the client ends it.
        let _ = tokio::io::AsyncWriteExt::shutdown(&mut http.stream).await;
        http.closed().await;
    }
    server.still_serves().await;
}
