//! Long-polling out of turn: overlapping polls, two POSTs at once, JSONP, foreign ids, wrong methods; and
//! the payloads of both versions.

use crate::support::client::V4;
use crate::support::http::{Http, Polling};
use crate::support::websocket::Websocket;
use crate::support::{Server, echoing};

const HANDSHAKE: &str = "EIO=4&transport=polling";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_handshake_is_refused_and_counted() {
    let server = Server::echo().await;
    let mut http = Http::connect(server.address).await;
    let refused = [
        ("", r#"{"code":0,"message":"Transport unknown"}"#),
        ("EIO=4", r#"{"code":0,"message":"Transport unknown"}"#),
        ("EIO=4&transport=smoke", r#"{"code":0,"message":"Transport unknown"}"#),
        ("transport=polling", r#"{"code":5,"message":"Unsupported protocol version"}"#),
        ("EIO=2&transport=polling", r#"{"code":5,"message":"Unsupported protocol version"}"#),
        ("EIO=44&transport=polling", r#"{"code":5,"message":"Unsupported protocol version"}"#),
        ("EIO=4&transport=polling&j=0", r#"{"code":3,"message":"JSONP polling is not supported"}"#),
        ("EIO=3&transport=polling&j=0", r#"{"code":3,"message":"JSONP polling is not supported"}"#),
        ("EIO=4&transport=websocket", r#"{"code":3,"message":"Bad request"}"#),
    ];
    for (query, body) in refused {
        let answer = http.get(query).await;
        assert_eq!((answer.status, answer.text()), (400, body), "{query}");
    }
    let answer = http.post(HANDSHAKE, b"40").await;
    assert_eq!((answer.status, answer.text()), (400, r#"{"code":2,"message":"Bad handshake method"}"#));
    let metrics = server.metrics();
    assert_eq!((metrics.handshakes_refused, metrics.connections), (refused.len() as u64 + 1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_session_is_unknown() {
    let server = Server::echo().await;
    let mut mine = Polling::connect(server.address).await;
    let websocket = Websocket::open(server.address, V4).await;
    let mut reader = websocket.reader;
    let open = reader.text().await;
    let websocket_sid = open.split('"').nth(3).unwrap().to_owned();
    let long = "x".repeat(10_000);
    let mut http = Http::connect(server.address).await;
    for sid in
        ["", "AAAAAAAAAAAAAAAAAAAA", "%00", "../../../etc/passwd", &long, &websocket_sid, &mine.sid[1..]]
    {
        for query in [format!("{HANDSHAKE}&sid={sid}"), format!("EIO=4&transport=websocket&sid={sid}")] {
            let answer = http.get(&query).await;
            assert_eq!((answer.status, answer.text()), (400, r#"{"code":1,"message":"Session ID unknown"}"#));
        }
        assert_eq!(http.post(&format!("{HANDSHAKE}&sid={sid}"), b"41").await.status, 400);
    }
    // The right one under the wrong version, or with a wrong method.
    let other_version = mine.query.replace("EIO=4", "EIO=3");
    assert_eq!(http.get(&other_version).await.status, 400);
    http.raw(format!("DELETE /socket.io/?{} HTTP/1.1\r\nHost: t\r\n\r\n", mine.query).as_bytes()).await;
    assert_eq!(http.answer().await.unwrap().status, 400);
    // Nobody was disturbed.
    mine.post(r#"420["ask",1]"#).await;
    assert_eq!(mine.poll().await, ["430[1]"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn overlapping_polls_end_the_session() {
    let server = Server::echo().await;
    let mut polling = Polling::connect(server.address).await;
    polling.polls.send_get(&polling.query).await;
    let mut second = Http::connect(server.address).await;
    // Which of the two the server sees first is open; one of them gets 400, the other the goodbye.
    let answer = second.get(&polling.query).await;
    let other = polling.polls.answer().await.unwrap();
    let mut statuses = [answer.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
    assert_eq!(if answer.status == 200 { answer.text() } else { other.text() }, "1");
    server.counts("the end", |metrics| metrics.protocol_errors == 1 && metrics.polling_open == 0).await;
    assert_eq!(second.get(&polling.query).await.status, 400);
    server.still_serves().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_posts_at_once_end_the_session() {
    let server = Server::echo().await;
    let mut polling = Polling::connect(server.address).await;
    let head =
        format!("POST /socket.io/?{} HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\n4", polling.query);
    polling.posts.raw(head.as_bytes()).await;
    let mut second = Http::connect(server.address).await;
    // Until the first has been seen the second may be handled whole: then another one is second.
    while second.post(&polling.query, b"42[\"echo\"]").await.status == 200 {}
    server.counts("the end", |metrics| metrics.protocol_errors == 1 && metrics.sockets_open == 0).await;
    assert_eq!(second.post(&polling.query, b"2").await.status, 400);
    server.still_serves().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_hangs_up_its_poll_is_gone() {
    let server = Server::echo().await;
    let mut polling = Polling::connect(server.address).await;
    polling.polls.send_get(&polling.query).await;
    polling.post("42[\"echo\",1]").await;
    let answer = polling.polls.answer().await.unwrap();
    assert_eq!(answer.text(), r#"42["echoed",1]"#);
    polling.polls.send_get(&polling.query).await;
    // After these the poll has arrived; none of them answers it.
    for _ in 0..20 {
        polling.post("3").await;
    }
    drop(polling.polls);
    let mut posts = polling.posts;
    server.counts("the end", |metrics| metrics.polling_open == 0 && metrics.sockets_open == 0).await;
    assert_eq!(posts.post(&polling.query, b"3").await.status, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn close_by_post_ends_the_poll() {
    let server = Server::echo().await;
    let mut polling = Polling::connect(server.address).await;
    polling.polls.send_get(&polling.query).await;
    polling.post("1").await;
    assert_eq!(polling.polls.answer().await.unwrap().text(), "6");
    server.counts("the end", |metrics| metrics.polling_open == 0).await;
    assert_eq!(server.metrics().protocol_errors, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_packets_in_one_payload_keep_their_order() {
    let server = Server::start(Server::config(), [echoing("/")]).await;
    let mut polling = Polling::connect(server.address).await;
    let packets: Vec<String> = (0..500).map(|number| format!(r#"42["echo",{number}]"#)).collect();
    polling.post(&packets.join("\x1e")).await;
    let mut seen = Vec::new();
    while seen.len() < packets.len() {
        seen.extend(polling.poll().await);
    }
    let expected: Vec<String> = (0..500).map(|number| format!(r#"42["echoed",{number}]"#)).collect();
    assert_eq!(seen, expected);
    // Binary is base64 behind a `b`.
    polling.post("451-[\"echo\",{\"_placeholder\":true,\"num\":0}]\x1ebAQID").await;
    assert_eq!(polling.poll().await, [r#"451-["echoed",{"_placeholder":true,"num":0}]"#, "bAQID"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_payload_is_more_than_python_clients_read() {
    // python-engineio, every version, gives up the connection over a payload of more than 16 packets.
    let server = Server::start(Server::config(), [echoing("/")]).await;
    let mut polling = Polling::connect(server.address).await;
    let burst: Vec<String> = (0..40).map(|number| format!(r#"42["echo",{number}]"#)).collect();
    polling.post(&burst.join("\x1e")).await;
    server.settled().await;
    let mut seen = 0;
    while seen < 40 {
        let packets = polling.poll().await;
        assert!(packets.len() <= 16, "{} packets in one payload", packets.len());
        seen += packets.len();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payloads_of_version_3() {
    let server = Server::echo().await;
    // Its CONNECT is in the answer to the handshake already.
    let mut polling = Polling::open(server.address, 3).await;
    // Lengths count as JavaScript does: the first of these is two units long.
    polling.post("16:42[\"echo\",\"🎉ü\"]2:2x").await;
    let answer = polling.polls.get(&polling.query).await;
    assert_eq!(answer.text(), "18:42[\"echoed\",\"🎉ü\"]2:3x");
    // Binary payloads both ways.
    let event = br#"451-["echo",{"_placeholder":true,"num":0}]"#;
    let mut body = vec![0, (event.len() / 10) as u8, (event.len() % 10) as u8, 255];
    body.extend_from_slice(event);
    body.extend_from_slice(&[1, 4, 255, 4, 1, 2, 3]);
    polling.posts.send_post(&polling.query, "application/octet-stream", &body).await;
    assert_eq!(polling.posts.answer().await.unwrap().status, 200);
    let answer = polling.polls.get(&polling.query).await;
    assert!(answer.head.contains("application/octet-stream"));
    assert!(answer.body.ends_with(&[1, 4, 255, 4, 1, 2, 3]), "{answer:?}");
    // Where the client cannot take them, base64.
    let mut http = Http::connect(server.address).await;
    let answer = http.get("EIO=3&transport=polling&b64=1").await;
    let sid = answer.text().split('"').nth(3).unwrap().to_owned();
    assert!(answer.text().ends_with("2:40"), "{answer:?}");
    let query = format!("EIO=3&transport=polling&b64=1&sid={sid}");
    let body = format!("{}:{}6:b4AQID", event.len(), std::str::from_utf8(event).unwrap());
    assert_eq!(http.post(&query, body.as_bytes()).await.status, 200);
    assert!(http.get(&query).await.text().ends_with("6:b4AQID"));
}
