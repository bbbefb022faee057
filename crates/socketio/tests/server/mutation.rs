//! A million packets, each broken a little, through the whole path of a POST: payload, packet, JSON,
//! placeholders, inbox, handler, answer. The server must refuse or handle each, and be as new afterwards.

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use parlor_socketio::{Config, SocketIo};

use crate::support::client::{Client, V3, V4};
use crate::support::websocket::{Websocket, frame};
use crate::support::{Random, Server, echoing};

/// Mutated packets in all; a mistake in the count of either path would show in the sum.
const PACKETS: u64 = 1_000_000;

/// What the protocol allows, to begin with.
const SEEDS: &[&str] = &[
    "40",
    "40/other,",
    r#"40/other,{"token":"x"}"#,
    "41/other,",
    r#"42["ask"]"#,
    r#"42["echo",1,"two",[3],{"four":4.5e1}]"#,
    r#"42/other,12["ask",{"a":[true,false,null]}]"#,
    r#"427["join","room"]"#,
    r#"428["leave","room"]"#,
    r#"429["say",["room","text"]]"#,
    "430[]",
    r#"43/other,1["answer"]"#,
    r#"451-["echo",{"_placeholder":true,"num":0}]"#,
    "bAQID",
    r#"452-3["ask",[{"_placeholder":true,"num":1}],{"_placeholder":true,"num":0}]"#,
    "bAA==",
    "bBBBB",
    r#"461-0[{"_placeholder":true,"num":0}]"#,
    "3",
    "6",
    r#"42["echo","🎉 ñ \ud83d\ude00 \u0000"]"#,
    "2",
    "5",
    "1",
];

/// Bytes that mean something somewhere.
const TELLING: &[u8] = b"0123456789[]{}\",:-/?b\\ue+._\x1e\x00\xff\x80\xc3 ";

fn mutate(packet: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(3) {
        let at = random.below(packet.len() + 1);
        match random.below(8) {
            0 if at < packet.len() => packet[at] = TELLING[random.below(TELLING.len())],
            1 if at < packet.len() => packet[at] ^= 1 << random.below(8),
            2 => packet.insert(at, TELLING[random.below(TELLING.len())]),
            3 if at < packet.len() => drop(packet.remove(at)),
            4 => packet.truncate(at),
            5 => {
                let copy = packet[at..].to_vec();
                packet.extend_from_slice(&copy);
            }
            6 => {
                let other = SEEDS[random.below(SEEDS.len())].as_bytes();
                packet.splice(at.., other[random.below(other.len())..].iter().copied());
            }
            _ => packet.extend(std::iter::repeat_n(TELLING[random.below(TELLING.len())], random.below(40))),
        }
    }
}

/// A payload of mutated packets in the format of one of the versions; the number of packets.
fn payload(random: &mut Random, version: u8, binary: bool) -> (Vec<u8>, u64) {
    let mut body = Vec::new();
    let count = 1 + random.below(8);
    for index in 0..count {
        let mut packet = SEEDS[random.below(SEEDS.len())].as_bytes().to_vec();
        mutate(&mut packet, random);
        match (version, binary) {
            (4, _) if index > 0 => body.push(0x1e),
            (4, _) => {}
            (_, false) => {
                let length = String::from_utf8_lossy(&packet).encode_utf16().count();
                body.extend_from_slice(format!("{length}:").as_bytes());
            }
            (_, true) => {
                body.push(u8::from(random.below(4) == 0));
                body.extend(packet.len().to_string().bytes().map(|digit| digit - b'0'));
                body.push(255);
            }
        }
        body.extend_from_slice(&packet);
    }
    // Now and then the frame around them too.
    if random.below(16) == 0 {
        mutate(&mut body, random);
    }
    (body, count as u64)
}

async fn call(io: &SocketIo, method: &str, query: &str, content_type: &str, body: Vec<u8>) -> (u16, Bytes) {
    let request = Request::builder()
        .method(method)
        .uri(format!("/socket.io/?{query}"))
        .header("content-type", content_type)
        .body(Full::new(Bytes::from(body)))
        .unwrap();
    let response = io.handle(request).await;
    let status = response.status().as_u16();
    (status, response.into_body().collect().await.unwrap().to_bytes())
}

/// One worker's share: a session lives until a packet ends it.
async fn post_mutated(io: SocketIo, seed: u64, share: u64) {
    let mut random = Random(seed);
    let mut sent = 0;
    while sent < share {
        let version = if random.below(3) == 0 { 3 } else { 4 };
        let (_, open) = call(&io, "GET", &format!("EIO={version}&transport=polling"), "", Vec::new()).await;
        let open = String::from_utf8_lossy(&open).into_owned();
        let sid = open.split('"').nth(3).unwrap_or_else(|| panic!("{open}"));
        let query = format!("EIO={version}&transport=polling&sid={sid}");
        if version == 4 {
            call(&io, "POST", &query, "text/plain", b"40".to_vec()).await;
        }
        for _ in 0..100 {
            let binary = version == 3 && random.below(2) == 0;
            let (body, count) = payload(&mut random, version, binary);
            let content_type = if binary { "application/octet-stream" } else { "text/plain" };
            let (status, answer) = call(&io, "POST", &query, content_type, body).await;
            sent += count;
            match status {
                200 => assert_eq!(&answer[..], b"ok"),
                400 => break,
                other => panic!("{other} for a POST"),
            }
        }
        // Whoever was not thrown out leaves.
        call(&io, "POST", &query, "text/plain", if version == 4 { b"1".to_vec() } else { b"1:1".to_vec() })
            .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_million_mutated_packets() {
    let config = Config { max_connections_per_address: usize::MAX, ..Server::config() };
    let server = Server::start(config, [echoing("/"), echoing("/other")]).await;
    let mut bystander = Client::connect(server.address).await;
    let mut workers = tokio::task::JoinSet::new();
    for worker in 1..=4 {
        workers.spawn(post_mutated(server.io.clone(), worker * 0x9E37_79B9, PACKETS / 4));
    }
    workers.join_all().await;
    assert_eq!(bystander.ask("ask", "1").await, "[1]");
    server.still_serves().await;
    server
        .counts("nothing left", |metrics| {
            metrics.polling_open == 0 && metrics.sockets_open == 1 && metrics.queue_bytes == 0
        })
        .await;
    let metrics = server.metrics();
    assert_eq!(metrics.handler_panics, 0);
    assert!(metrics.packets_in > PACKETS / 4, "most are thrown out too early: {metrics:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mutated_frames() {
    let server = Server::start(Server::config(), [echoing("/"), echoing("/other")]).await;
    let mut bystander = Client::connect(server.address).await;
    let mut workers = tokio::task::JoinSet::new();
    for worker in 1..=2_u64 {
        let address = server.address;
        workers.spawn(async move {
            let mut random = Random(worker * 0x51_7CC1);
            for round in 0..400 {
                let mut websocket = Websocket::open(address, if round % 3 == 0 { V3 } else { V4 }).await;
                let mut stream = frame(0x81, b"40");
                for _ in 0..20 {
                    let packet = SEEDS[random.below(SEEDS.len())].as_bytes();
                    let mut frame = match packet.strip_prefix(b"b") {
                        Some(data) => frame(0x82, data),
                        None => frame(0x81, packet),
                    };
                    if random.below(4) == 0 {
                        mutate(&mut frame, &mut random);
                    }
                    stream.extend_from_slice(&frame);
                }
                websocket.writer.raw(&stream).await;
                websocket.writer.end().await;
                websocket.closed().await;
            }
        });
    }
    workers.join_all().await;
    assert_eq!(bystander.ask("ask", "1").await, "[1]");
    server.still_serves().await;
    server.counts("nothing left", |metrics| metrics.websocket_open == 1 && metrics.queue_bytes == 0).await;
    assert_eq!(server.metrics().handler_panics, 0);
}
