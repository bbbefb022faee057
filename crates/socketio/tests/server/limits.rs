//! Every limit of the configuration: refused as the protocol says, and counted.

use parlor_socketio::{Config, Event, InboxFull, ListenerConfig, Namespace, Socket};
use serde_json::json;
use tokio::io::AsyncReadExt;

use crate::support::client::{Client, V4};
use crate::support::http::{Http, Polling};
use crate::support::websocket::{Websocket, frame, handshake, header};
use crate::support::{PATIENCE, SHORT, Server, echoing, within};

async fn errors(server: &Server, count: u64) {
    server.counts("the error", |metrics| metrics.protocol_errors == count).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_size_of_a_message() {
    let server = Server::start(Config { max_payload: 1000, ..Server::config() }, [echoing("/")]).await;
    let fits = format!(r#"420["ask","{}"]"#, "x".repeat(1000 - r#"420["ask",""]"#.len()));
    assert_eq!(fits.len(), 1000);
    let mut client = Client::connect(server.address).await;
    client.send(&fits).await;
    assert!(client.packet().await.starts_with("430["));
    client.send(&format!("{fits} ")).await;
    assert_eq!(client.closed().await, Some(1009));
    errors(&server, 1).await;
    // Refused by its header, before anything of it has come.
    let mut client = Client::connect(server.address).await;
    client.websocket.writer.raw(&header(0x82, u64::MAX / 2)).await;
    assert_eq!(client.closed().await, Some(1009));
    // In parts.
    let mut client = Client::connect(server.address).await;
    client.websocket.writer.raw(&[frame(0x01, &[b'4'; 600]), frame(0x80, &[b'4'; 600])].concat()).await;
    assert_eq!(client.closed().await, Some(1009));
    errors(&server, 3).await;
    // As attachments.
    let mut client = Client::connect(server.address).await;
    client.send(r#"452-["ask"]"#).await;
    client.websocket.binary(&[0; 600]).await;
    client.websocket.binary(&[0; 600]).await;
    assert_eq!(client.closed().await, Some(1002));
    errors(&server, 4).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_size_of_a_body() {
    let server = Server::start(Config { max_payload: 1000, ..Server::config() }, [echoing("/")]).await;
    let mut polling = Polling::connect(server.address).await;
    polling.post(&format!(r#"42["ask","{}"]"#, "x".repeat(1000 - r#"42["ask",""]"#.len()))).await;
    let answer = polling.posts.post(&polling.query, &[b'4'; 1001]).await;
    assert_eq!(answer.status, 413);
    polling.posts.closed().await;
    assert_eq!(polling.poll().await, ["1"], "the session is over");
    errors(&server, 1).await;
    // Without a length.
    let mut polling = Polling::connect(server.address).await;
    let head = format!(
        "POST /socket.io/?{} HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n",
        polling.query
    );
    let chunk = format!("1f4\r\n{}\r\n", "4".repeat(500));
    polling.posts.raw(format!("{head}{}", chunk.repeat(3)).as_bytes()).await;
    assert_eq!(polling.posts.answer().await.expect("an answer").status, 413);
    errors(&server, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attachments_and_depth() {
    let config = Config { max_attachments: 2, max_json_depth: 3, ..Server::config() };
    let server = Server::start(config, [echoing("/")]).await;
    let mut client = Client::connect(server.address).await;
    client.send(r#"452-0["ask",{"_placeholder":true,"num":0}]"#).await;
    client.websocket.binary(b"").await;
    client.websocket.binary(b"").await;
    assert!(client.packet().await.starts_with("46"));
    client.websocket.next().await;
    client.websocket.next().await;
    assert_eq!(client.ask("ask", "[[1]]").await, "[[[1]]]");
    client.send("453-[\"ask\"]").await;
    assert_eq!(client.closed().await, Some(1002));
    let mut client = Client::connect(server.address).await;
    client.send(r#"42["ask",[[[1]]]]"#).await;
    assert_eq!(client.closed().await, Some(1002));
    errors(&server, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn namespaces_and_rooms() {
    let config = Config { max_namespaces: 2, max_rooms: 3, ..Server::config() };
    let server = Server::start(config, ["/", "/a", "/b"].map(echoing)).await;
    let mut client = Client::connect(server.address).await;
    client.join_namespace("/a,").await;
    client.send("40/b,").await;
    assert_eq!(client.packet().await, r#"44/b,{"message":"Too many namespaces"}"#);
    assert_eq!(server.metrics().connects_refused, 1);
    client.send("41/a,").await;
    client.join_namespace("/b,").await;
    for (room, joined) in [("1", true), ("2", true), ("3", true), ("4", false), ("3", true)] {
        assert_eq!(client.ask("join", &format!("{room:?}")).await, format!("[{joined}]"));
    }
    client.ask("leave", r#""1""#).await;
    assert_eq!(client.ask("join", r#""4""#).await, "[true]");
    // A room that was refused is not heard.
    client.ask("join", r#""5""#).await;
    client.emit("say", r#"["5","not heard"]"#).await;
    client.emit("say", r#"["4","heard"]"#).await;
    assert_eq!(client.event("said").await, r#""heard""#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_in_all_and_from_one_address() {
    let by_address = Config { max_connections_per_address: 2, ..Server::config() };
    let in_all = Config { max_connections: 2, ..Server::config() };
    for config in [by_address, in_all] {
        let server = Server::start(config, [echoing("/")]).await;
        let first = Client::connect(server.address).await;
        let _second = Polling::connect(server.address).await;
        let mut http = Http::connect(server.address).await;
        let answer = http.get("EIO=4&transport=polling").await;
        assert_eq!((answer.status, answer.text()), (429, r#"{"code":4,"message":"Too many connections"}"#));
        let mut http = Http::connect(server.address).await;
        http.raw(handshake(V4).as_bytes()).await;
        assert_eq!(http.answer().await.unwrap().status, 429);
        assert_eq!(server.metrics().handshakes_refused, 2);
        drop(first);
        server.counts("a free place", |metrics| metrics.websocket_open == 0).await;
        server.still_serves().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_from_one_address() {
    let listener = ListenerConfig { max_streams_per_address: 2, ..ListenerConfig::default() };
    let server = Server::listen(Server::config(), listener, [echoing("/")]).await;
    // Upgraded ones do not count.
    let _clients = [Client::connect(server.address).await, Client::connect(server.address).await];
    let mut open = [Http::connect(server.address).await, Http::connect(server.address).await];
    for http in &mut open {
        assert_eq!(http.get("EIO=4&transport=x").await.status, 400);
    }
    let mut third = Http::connect(server.address).await;
    third.closed().await;
    drop(open);
    let served = within(PATIENCE, async {
        let mut byte = [0];
        loop {
            let mut http = Http::connect(server.address).await;
            http.send_get("EIO=4&transport=x").await;
            if matches!(http.stream.read(&mut byte).await, Ok(1)) {
                return;
            }
        }
    });
    served.await.expect("a place comes back");
}

/// `stay` never ends.
fn staying() -> Namespace {
    echoing("/").on("stay", |_: Socket, _: Event| std::future::pending::<()>())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_inbox_closes() {
    let by_events = Config { inbox_events: 4, ..Server::config() };
    let by_bytes = Config { inbox_bytes: 400, ..Server::config() };
    for config in [by_events, by_bytes] {
        let server = Server::start(config, [staying()]).await;
        let mut client = Client::connect(server.address).await;
        client.emit("stay", "").await;
        for _ in 0..4 {
            client.emit("ask", &format!("{:?}", "x".repeat(100))).await;
        }
        assert_eq!(client.closed().await, Some(1008));
        assert_eq!(server.metrics().inbox_refused, 1);
        server.still_serves().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_inbox_refuses_with_an_answer() {
    let answer = json!({"error": "slow down"});
    let config = Config { inbox_events: 2, inbox_full: InboxFull::Refuse(answer), ..Server::config() };
    let server = Server::start(config, [staying()]).await;
    let mut client = Client::connect(server.address).await;
    client.emit("stay", "").await;
    client.emit("stay", "").await;
    client.emit("ask", "1").await;
    client.send(r#"427["ask",2]"#).await;
    assert_eq!(client.packet().await, r#"437[{"error":"slow down"}]"#);
    assert_eq!(server.metrics().inbox_refused, 2);
    // Another socket of the same client has an inbox of its own, and so has everybody else.
    server.still_serves().await;
    drop(client);
    server.counts("the end", |metrics| metrics.sockets_open == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_event_larger_than_the_inbox_fits_an_empty_one() {
    let server = Server::start(Config { inbox_bytes: 10, ..Server::config() }, [echoing("/")]).await;
    let mut client = Client::connect(server.address).await;
    assert_eq!(client.ask("ask", r#""longer than ten bytes""#).await, r#"["longer than ten bytes"]"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transports_that_are_off() {
    let server = Server::start(Config { websocket: false, ..Server::config() }, [echoing("/")]).await;
    let mut http = Http::connect(server.address).await;
    assert!(http.get("EIO=4&transport=polling").await.text().contains(r#""upgrades":[]"#));
    http.raw(handshake(V4).as_bytes()).await;
    assert_eq!(http.answer().await.unwrap().status, 400);
    let server = Server::start(Config { polling: false, ..Server::config() }, [echoing("/")]).await;
    let answer = Http::connect(server.address).await.get("EIO=4&transport=polling").await;
    assert_eq!((answer.status, answer.text()), (400, r#"{"code":0,"message":"Transport unknown"}"#));
    drop(Websocket::open(server.address, V4).await);
    assert_eq!(server.metrics().handshakes_refused, 1);
    assert!(SHORT < PATIENCE);
}
