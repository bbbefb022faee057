//! What comes out of turn: CONNECT twice, events before CONNECT or after the end, several namespaces.

use std::sync::Arc;

use parlor_socketio::{ConnectError, ConnectRequest, DisconnectReason, Namespace, Socket};
use serde_json::json;
use tokio::sync::{Semaphore, mpsc};

use crate::support::client::{Client, V3, V4};
use crate::support::websocket::{Frame, Websocket};
use crate::support::{PATIENCE, SHORT, Server, echoing, within};

/// A namespace whose owner decides when there is a permit: not for `{"no":…}`.
fn slow_to_decide() -> (Namespace, Arc<Semaphore>) {
    let permits = Arc::new(Semaphore::new(0));
    let inner = permits.clone();
    let namespace = echoing("/").authorize(move |request: ConnectRequest| {
        let permits = inner.clone();
        async move {
            permits.acquire().await.unwrap().forget();
            if request.auth_json().contains("no") {
                return Err(ConnectError::with_data("no", json!([1])));
            }
            Ok(())
        }
    });
    (namespace, permits)
}

async fn opened(server: &Server, query: &str) -> Websocket {
    let mut websocket = Websocket::open(server.address, query).await;
    assert!(websocket.reader.text().await.starts_with('0'));
    websocket
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_connect_closes_the_connection() {
    let (namespace, permits) = slow_to_decide();
    let server = Server::start(Server::config(), [namespace]).await;
    let mut in_flight = opened(&server, V4).await;
    in_flight.text("40").await;
    in_flight.text("40").await;
    assert_eq!(in_flight.closed().await, Some(1002));
    // Decided when nobody is there any more: nothing comes of it.
    permits.add_permits(2);
    let mut client = Client::connect(server.address).await;
    assert_eq!(server.metrics().sockets_open, 1);
    client.send("40").await;
    assert_eq!(client.closed().await, Some(1002));
    server.counts("both closed", |metrics| metrics.sockets_open == 0 && metrics.protocol_errors == 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_heard_before_connect() {
    let (namespace, permits) = slow_to_decide();
    let server = Server::start(Server::config(), [namespace, echoing("/other")]).await;
    for packet in
        [r#"42["ask"]"#, r#"420["ask",1]"#, "430[]", "41", r#"42/other,["ask"]"#, "42/nowhere,[\"a\"]"]
    {
        let mut websocket = opened(&server, V4).await;
        websocket.text(packet).await;
        assert_eq!(websocket.closed().await, Some(1002), "{packet}");
    }
    let mut waiting = opened(&server, V4).await;
    waiting.text("40").await;
    waiting.text(r#"420["ask"]"#).await;
    assert_eq!(waiting.closed().await, Some(1002));
    permits.add_permits(1);
    server.counts("all counted", |metrics| metrics.protocol_errors == 7).await;
    assert_eq!(server.metrics().sockets_open, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_refused_may_ask_again() {
    let (namespace, permits) = slow_to_decide();
    let server = Server::start(Server::config(), [namespace]).await;
    permits.add_permits(10);
    let mut websocket = opened(&server, V4).await;
    for _ in 0..3 {
        websocket.text(r#"40{"no":1}"#).await;
        assert_eq!(websocket.reader.text().await, r#"44{"data":[1],"message":"no"}"#);
    }
    websocket.text("40/nowhere,").await;
    assert_eq!(websocket.reader.text().await, r#"44/nowhere,{"message":"Invalid namespace"}"#);
    websocket.text("40").await;
    assert!(websocket.reader.text().await.starts_with(r#"40{"sid":""#));
    assert_eq!((server.metrics().connects_refused, server.metrics().sockets_open), (4, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_3_client_is_asked_about_without_asking() {
    let (namespace, permits) = slow_to_decide();
    let server = Server::start(Server::config(), [namespace]).await;
    let mut websocket = opened(&server, V3).await;
    permits.add_permits(1);
    assert_eq!(websocket.reader.text().await, "40");
    websocket.text(r#"420["ask",true]"#).await;
    assert_eq!(websocket.reader.text().await, "430[true]");
    websocket.text("2probe").await;
    assert_eq!(websocket.reader.text().await, "3probe", "any ping is answered with its payload");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn namespaces_live_and_end_on_their_own() {
    let (gone, mut reasons) = mpsc::unbounded_channel();
    let namespaces = ["/", "/one", "/two"].map(|name| {
        let gone = gone.clone();
        echoing(name).disconnected(move |socket: Socket, reason: DisconnectReason| {
            let _ = gone.send((socket.namespace().to_owned(), reason.as_str()));
            async {}
        })
    });
    let server = Server::start(Server::config(), namespaces).await;
    let mut client = Client::connect(server.address).await;
    client.join_namespace("/one,").await;
    client.join_namespace("/two,").await;
    client.send(r#"42/one,0["ask",1]"#).await;
    assert_eq!(client.packet().await, "43/one,0[1]");
    let mut next = async || within(PATIENCE, reasons.recv()).await.flatten().unwrap();

    client.send("41/one,").await;
    assert_eq!(next().await, ("/one".to_owned(), "client namespace disconnect"));
    let socket = server.io.namespace("/two").unwrap().sockets().remove(0);
    socket.disconnect();
    socket.emit("nothing", &"is heard after the end");
    assert_eq!(client.packet().await, "41/two,");
    assert_eq!(next().await, ("/two".to_owned(), "server namespace disconnect"));
    // What was on its way when the server ended it is no fault of the client.
    client.send(r#"42/two,["ask"]"#).await;
    assert_eq!(client.ask("ask", "2").await, "[2]");
    // Both may be joined again.
    client.join_namespace("/one,").await;
    client.join_namespace("/two,").await;
    client.send("41").await;
    assert_eq!(next().await, ("/".to_owned(), "client namespace disconnect"));
    client.send(r#"42/one,0["ask",1]"#).await;
    assert_eq!(client.packet().await, "43/one,0[1]");
    // What the client itself has left, it may not use.
    client.send(r#"42["ask"]"#).await;
    assert_eq!(client.closed().await, Some(1002));
    let mut ends = [next().await, next().await];
    ends.sort();
    assert_eq!(ends, ["/one", "/two"].map(|name| (name.to_owned(), "parse error")));
    assert_eq!(server.metrics().sockets_open, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_websocket_itself_is_answered() {
    let server = Server::echo().await;
    let mut client = Client::connect(server.address).await;
    client.websocket.writer.raw(&crate::support::websocket::frame(0x89, b"are you there?")).await;
    assert_eq!(client.websocket.next().await, Some(Frame::Pong(b"are you there?".to_vec())));
    // A message in three parts with a ping between them.
    for (first, payload) in
        [(0x01, "420[\"as"), (0x00, "k\",\"g"), (0x89, "!"), (0x00, "r\u{fc}\u{df}"), (0x80, "e\"]")]
    {
        client.websocket.writer.raw(&crate::support::websocket::frame(first, payload.as_bytes())).await;
    }
    assert_eq!(client.websocket.next().await, Some(Frame::Pong(b"!".to_vec())));
    assert_eq!(client.packet().await, "430[\"gr\u{fc}\u{df}e\"]");
    client.websocket.writer.raw(&crate::support::websocket::frame(0x88, &1000_u16.to_be_bytes())).await;
    assert_eq!(client.closed().await, Some(1000));
    server.counts("the end", |metrics| metrics.websocket_open == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn packets_may_come_right_behind_the_handshake() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let server = Server::echo().await;
    let early =
        [crate::support::websocket::handshake(V4).into_bytes(), frames(&["40", r#"420["ask",1]"#])].concat();
    let mut stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    stream.write_all(&early).await.unwrap();
    let mut seen = Vec::new();
    let answered = within(PATIENCE, async {
        while !seen.ends_with(b"430[1]") {
            assert_ne!(stream.read_buf(&mut seen).await.unwrap(), 0, "{}", String::from_utf8_lossy(&seen));
        }
    });
    answered.await.expect("what came early is answered");
    // The same for an upgrade: probe, upgrade and an event in one breath.
    let mut polling = crate::support::http::Polling::connect(server.address).await;
    let query = polling.query.replace("polling", "websocket");
    let early = [
        crate::support::websocket::handshake(&query).into_bytes(),
        frames(&["2probe", "5", r#"421["ask",2]"#]),
    ];
    let mut stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    stream.write_all(&early.concat()).await.unwrap();
    let mut seen = Vec::new();
    let answered = within(PATIENCE, async {
        while !seen.ends_with(b"431[2]") {
            assert_ne!(stream.read_buf(&mut seen).await.unwrap(), 0, "{}", String::from_utf8_lossy(&seen));
        }
    });
    answered.await.expect("what came early is answered");
    assert_eq!(polling.polls.get(&polling.query).await.status, 400);
}

fn frames(packets: &[&str]) -> Vec<u8> {
    packets.iter().flat_map(|packet| crate::support::websocket::frame(0x81, packet.as_bytes())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn coming_is_told_before_going() {
    // The connection ends in the moment in which the owner of a second namespace lets it in.
    let (told, mut tales) = mpsc::unbounded_channel();
    let (came, went) = (told.clone(), told);
    let first = Arc::new(std::sync::Mutex::new(None::<Socket>));
    let (to_close, kept) = (first.clone(), first);
    let main = echoing("/").connected(move |socket: Socket| {
        *kept.lock().unwrap() = Some(socket);
        async {}
    });
    let second = Namespace::new("/second")
        .authorize(move |_| {
            let socket = to_close.lock().unwrap().take();
            async move {
                tokio::task::yield_now().await;
                socket.unwrap().close();
                Ok(())
            }
        })
        .connected(move |socket: Socket| {
            let _ = came.send((socket.id().to_owned(), "came"));
            async {}
        })
        .disconnected(move |socket: Socket, _| {
            let _ = went.send((socket.id().to_owned(), "went"));
            async {}
        });
    let server = Server::start(Server::config(), [main, second]).await;
    for _ in 0..600 {
        let mut client = Client::connect(server.address).await;
        client.send("40/second,").await;
        client.closed().await;
        drop(client);
        server.counts("the end", |metrics| metrics.sockets_open == 0 && metrics.websocket_open == 0).await;
    }
    drop(server);
    let mut here = Vec::new();
    while let Some(Some((id, tale))) = within(SHORT, tales.recv()).await {
        match tale {
            "came" => here.push(id),
            _ => here.retain(|other| *other != id),
        }
    }
    assert!(here.is_empty(), "{} sockets were told to have gone before they came", here.len());
}
