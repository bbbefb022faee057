//! Hostile cases 45 to 52 on a websocket: each is closed or harmless, and the next client is served
//! within a second.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parlor_socketio::{Event, Namespace, Socket};

use crate::support::client::{Client, V3, V4};
use crate::support::websocket::{Websocket, frame, header};
use crate::support::{PATIENCE, Server, echoing, within};

/// What a hostile client sends, and the code that it is closed with.
type Case = (&'static str, Vec<u8>, u16);

fn text(packet: &str) -> Vec<u8> {
    frame(0x81, packet.as_bytes())
}

fn closing(packets: &'static [&'static str]) -> Vec<Case> {
    packets.iter().map(|packet| (*packet, text(packet), 1002)).collect()
}

/// Sends each to a fresh connection, which must be closed for it.
async fn all_are_closed(cases: Vec<Case>) {
    let server = Server::start(Server::config(), [echoing("/"), echoing("/other")]).await;
    let mut bystander = Client::connect(server.address).await;
    let count = cases.len() as u64;
    for (name, bytes, code) in cases {
        let mut client = Client::connect(server.address).await;
        client.websocket.writer.raw(&bytes).await;
        assert_eq!(client.closed().await, Some(code), "{name:.80}");
    }
    server.still_serves().await;
    assert_eq!(bystander.ask("ask", "1").await, "[1]");
    server
        .counts("all counted and gone", |metrics| {
            metrics.protocol_errors == count && metrics.sockets_open == 1 && metrics.queue_bytes == 0
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_45_packets_that_are_none() {
    let mut cases = closing(&[
        "",
        "7",
        "0",
        "x",
        "🎉",
        "\0",
        "4",
        "4abc",
        "42",
        "42{}",
        "42[1]",
        "42[]",
        "42[null]",
        "42[[]]",
        "42[\"a\"",
        "42[\"a\"]]",
        "42[\"a\",]",
        "42[\"a\"\u{0}]",
        "42/other[\"a\"]",
        "42/other,",
        "42,[\"a\"]",
        "421.5[\"a\"]",
        "42-1[\"a\"]",
        "43[]",
        "430",
        "430{}",
        "40[]",
        "40{",
        "40{]",
        "401{}",
        "401",
        "41{}",
        "411",
        "44{}",
        "44",
        "45[\"a\"]",
        "45-[\"a\"]",
        "45-1-[\"a\"]",
        "451[\"a\"]",
        "451-",
        "47",
        "49",
        "2",
        "5",
        "6x",
        "1x",
        "b",
        "bAQID",
        "42[\"a\"]\u{1e}42[\"b\"]",
    ]);
    cases.push(("binary that nothing announced", frame(0x82, b"x"), 1002));
    cases.push(("a packet among attachments", [text(r#"451-["a"]"#), text(r#"42["a"]"#)].concat(), 1002));
    cases.push(("attachments of attachments", [text(r#"451-["a"]"#), text(r#"451-["a"]"#)].concat(), 1002));
    all_are_closed(cases).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_46_placeholders() {
    let mut cases = Vec::new();
    for num in ["1", "-1", "\"0\"", "0.5", "1e3", "null", "[0]", "18446744073709551616", "9007199254740993"] {
        let event = format!(r#"451-["ask",{{"_placeholder":true,"num":{num}}}]"#);
        cases.push(("a placeholder", [text(&event), frame(0x82, b"x")].concat(), 1002));
    }
    for json in [r#"{"_placeholder":true}"#, r#"{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}"#]
    {
        cases.push((
            "a placeholder",
            [text(&format!(r#"451-["ask",{json}]"#)), frame(0x82, b"x")].concat(),
            1002,
        ));
        cases.push(("in an ack", [text(&format!("461-0[{json}]")), frame(0x82, b"x")].concat(), 1002));
    }
    all_are_closed(cases).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_47_attachments_without_end() {
    let mut cases = closing(&[
        r#"451000000000-["a"]"#,
        r#"4511-["a"]"#,
        r#"4599999999999999999999-["a"]"#,
        r#"4520000-["a"]"#,
        r#"45-1-["a"]"#,
        r#"4611-0[]"#,
    ]);
    let flood: Vec<u8> = (0..20_000).flat_map(|_| frame(0x82, b"x")).collect();
    cases.push(("20,000 sent, ten announced", [text(r#"4510-["a"]"#), flood].concat(), 1002));
    all_are_closed(cases).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_48_json() {
    let deep = |depth: usize| format!(r#"42["ask",{}{}]"#, "[".repeat(depth), "]".repeat(depth));
    let objects = format!(r#"42["ask",{}1{}]"#, r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
    let cases = vec![
        ("depth 10,000", text(&deep(10_000)), 1002),
        ("depth 100,000", text(&deep(100_000)), 1002),
        ("depth 10,000 of objects", text(&objects), 1002),
        ("a megabyte of [", text(&format!("42{}", "[".repeat(900_000))), 1002),
        ("deep auth", text(&format!("40/other,{{\"a\":{}", "[".repeat(100_000))), 1002),
        ("a deep ack", text(&format!("430{}{}", "[".repeat(10_000), "]".repeat(10_000))), 1002),
        ("1e400 beside binary", [text(r#"451-["ask",1e400]"#), frame(0x82, b"x")].concat(), 1002),
        ("a lone surrogate as a name", text(r#"42["\ud800"]"#), 1002),
        ("a raw control character", text("42[\"a\n\"]"), 1002),
    ];
    all_are_closed(cases).await;
    // Strange but JSON: it is passed on as it came.
    let server = Server::echo().await;
    let mut client = Client::connect(server.address).await;
    for json in [
        "1e400",
        "-0",
        r#"{"a":1,"a":2}"#,
        r#"{"__proto__":{"x":1}}"#,
        "123456789012345678901234567890",
        r#""\ud800""#,
    ] {
        assert_eq!(client.ask("ask", json).await, format!("[{json}]"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_49_reserved_names() {
    let ran = Arc::new(AtomicUsize::new(0));
    let reserved = [
        "connect",
        "connect_error",
        "disconnect",
        "disconnecting",
        "error",
        "newListener",
        "removeListener",
        "__proto__",
    ];
    let count = |namespace: Namespace, name: &str| {
        let ran = ran.clone();
        namespace.on(name, move |_: Socket, _: Event| {
            ran.fetch_add(1, Ordering::SeqCst);
            async {}
        })
    };
    let mut namespace = echoing("/").fallback(|_, _| async {});
    for name in reserved {
        namespace = count(namespace, name);
    }
    let server = Server::start(Server::config(), [namespace]).await;
    for name in reserved {
        for event in [
            format!("42[{name:?}]"),
            format!("42[{name:?},{{}}]"),
            format!("42[\"\\u00{:x}{}\"]", name.as_bytes()[0], &name[1..]),
        ] {
            let mut client = Client::connect(server.address).await;
            client.send(&event).await;
            assert_eq!(client.closed().await, Some(1002), "{event}");
        }
    }
    assert_eq!(ran.load(Ordering::SeqCst), 0);
    server.still_serves().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_50_ack_ids() {
    all_are_closed(closing(&[
        r#"4212345678901234567890["ask"]"#,
        r#"4218446744073709551616["ask"]"#,
        "4318446744073709551616[]",
        r#"429007199254740993["ask"]"#,
    ]))
    .await;
    let server = Server::echo().await;
    let mut client = Client::connect(server.address).await;
    for _ in 0..1000 {
        client.send("437[]").await;
    }
    assert_eq!(client.ask("ask", "1").await, "[1]");
    assert_eq!(server.metrics().unknown_acks, 1000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_51_namespaces_and_rooms_without_end() {
    let server = Server::echo().await;
    let mut client = Client::connect(server.address).await;
    for number in 0..5000 {
        client.send(&format!("40/{number},")).await;
        assert_eq!(client.packet().await, format!(r#"44/{number},{{"message":"Invalid namespace"}}"#));
    }
    let mut joined = 0;
    for number in 0..10_000 {
        joined += u32::from(client.ask("join", &format!(r#""{number}""#)).await == "[true]");
    }
    assert_eq!(joined, 1024);
    // Asking without reading the refusals is reading slowly.
    let mut deaf = Client::connect_narrow(server.address).await;
    let refused = within(PATIENCE, async {
        let packets: Vec<u8> = (0..100).flat_map(|_| text(&format!("40/{},", "x".repeat(1000)))).collect();
        while server.metrics().slow_readers == 0 {
            deaf.websocket.writer.raw(&packets).await;
        }
    });
    refused.await.expect("it is closed");
    server.still_serves().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_52_frames() {
    let unmasked = [vec![0x81, 9], br#"42["ask"]"#.to_vec()].concat();
    let flood: Vec<u8> =
        std::iter::once(frame(0x01, b"")).chain((0..100_000).map(|_| frame(0x00, b""))).flatten().collect();
    // What a client would send that thinks it may compress: the bit, and a bomb behind it.
    let bomb =
        frame(0xC1, &[0xEC, 0xC1, 0x01, 0x01, 0x00, 0x00, 0x00, 0x80, 0x90, 0xFE, 0xAF, 0xEE, 0x08, 0x0A]);
    let mut cases = vec![
        ("over the limit", frame(0x81, &vec![b'4'; 1_000_001]), 1009),
        ("5 MB", frame(0x82, &vec![0; 5_000_000]), 1009),
        ("a length of 63 bits", header(0x81, i64::MAX as u64), 1009),
        ("a length of 64 bits", header(0x81, u64::MAX), 1009),
        ("not masked", unmasked, 1002),
        ("compressed", bomb, 1002),
        ("a flood of empty fragments", flood, 1009),
        ("a continuation of nothing", frame(0x80, b"x"), 1002),
        ("a message within a message", [frame(0x01, b"42"), frame(0x81, b"42")].concat(), 1002),
        ("a long ping", [header(0x89, 126), vec![0; 200]].concat(), 1002),
        ("a ping in parts", frame(0x09, b"x"), 1002),
        ("bad UTF-8", frame(0x81, b"42[\"ask\",\"\xC3\x28\"]"), 1007),
        ("half a character at the end", frame(0x81, b"42[\"ask\"]\xF0\x9F\x8E"), 1007),
        ("a surrogate", frame(0x81, b"\xED\xA0\x80"), 1007),
    ];
    cases.extend([0x90, 0xA0, 0xC0].map(|bits| ("a reserved bit", frame(bits | 0x01, b"42"), 1002)));
    cases.extend(
        [0x03, 0x07, 0x0B, 0x0F].map(|opcode| ("a reserved opcode", frame(0x80 | opcode, b"x"), 1002)),
    );
    all_are_closed(cases).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wrong_version_is_not_understood() {
    let server = Server::echo().await;
    // Binary frames of version 3 begin with the packet type, and its clients ping.
    for bytes in [frame(0x82, b""), frame(0x82, b"\x05x"), text("3"), text("8"), frame(0x82, b"\x04x")] {
        let mut websocket = Websocket::open(server.address, V3).await;
        websocket.writer.raw(&bytes).await;
        assert_eq!(websocket.closed().await, Some(1002));
    }
    let mut websocket = Websocket::open(server.address, V4).await;
    websocket.text("2probe").await;
    assert_eq!(websocket.closed().await, Some(1002));
    server.still_serves().await;
}
