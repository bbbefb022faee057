//! Hostile cases of the protocol and its surroundings, by their numbers in the list of the project's safety notes.

use std::time::{Duration, Instant};

use parlor_testkit::{Node, until};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// 57: headers that are too many, too large, not text, or contradict each other.
#[tokio::test]
async fn broken_requests_are_refused() {
    let node = Node::start().await;
    let http = node.http();
    let many: String = (0..2_000).map(|number| format!("x-{number}: y\r\n")).collect();
    let large = format!("x-large: {}\r\n", "y".repeat(1_000_000));
    let smuggled = "content-type: application/json\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /x";
    let cases: [(&str, Vec<u8>); 8] = [
        ("many headers", format!("GET / HTTP/1.1\r\nhost: x\r\n{many}\r\n").into_bytes()),
        ("a large header", format!("GET / HTTP/1.1\r\nhost: x\r\n{large}\r\n").into_bytes()),
        ("two lengths", format!("POST /api/v1/guests HTTP/1.1\r\nhost: x\r\n{smuggled}").into_bytes()),
        (
            "two different lengths",
            b"POST /api/v1/guests HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{} "
                .to_vec(),
        ),
        (
            "a length below zero",
            b"POST /api/v1/guests HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n{}".to_vec(),
        ),
        ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec()),
        ("a folded header", b"GET / HTTP/1.1\r\nhost: x\r\na: b\r\n c\r\n\r\n".to_vec()),
        ("a long path", format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(1_000_000)).into_bytes()),
    ];
    for (what, bytes) in cases {
        let answer = http.raw(&bytes).await;
        assert!(answer.status == 0 || (400..500).contains(&answer.status), "{what}: {}", answer.status);
        assert_eq!(http.get("/healthz").await.status, 200, "alive after {what}");
    }
    for name in [
        "sec-websocket-protocol",
        "sec-websocket-key",
        "sec-websocket-extensions",
        "cookie",
        "user-agent",
        "origin",
    ] {
        let mut bytes = format!("GET /api/v1/me HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade, close\r\n{name}: ").into_bytes();
        bytes.extend_from_slice(b"caf\xc3\xa9 \xff\xfe\r\n\r\n");
        let answer = http.raw(&bytes).await;
        assert!((400..500).contains(&answer.status), "{name}: {}", answer.status);
    }
    let metrics = http.get("/metrics").await.text();
    assert!(metrics.contains("\nparlor_http_panics_total 0\n"), "{metrics}");
}

/// 55, for HTTP: headers that never end close the connection, and others are served meanwhile.
#[tokio::test]
async fn slow_headers_have_a_deadline() {
    let node = Node::start().await;
    let mut slow = Vec::new();
    for _ in 0..50 {
        let mut stream = TcpStream::connect(node.address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ").await.unwrap();
        slow.push(stream);
    }
    let began = Instant::now();
    assert_eq!(node.http().get("/healthz").await.status, 200);
    assert!(began.elapsed() < Duration::from_secs(1));
    let mut first = slow.swap_remove(0);
    let ended = tokio::time::timeout(Duration::from_secs(15), async {
        let mut rest = Vec::new();
        // A byte now and then must not keep it open.
        let mut buffer = [0; 256];
        loop {
            tokio::select! {
                read = first.read(&mut buffer) => match read {
                    Ok(0) | Err(_) => break,
                    Ok(length) => rest.extend_from_slice(&buffer[..length]),
                },
                () = tokio::time::sleep(Duration::from_millis(500)) => {}
            }
            if first.write_all(b"y").await.is_err() {
                break;
            }
        }
    });
    ended.await.expect("the server closes it after ten seconds");
}

/// 62: sizes and cursors that make no sense are refused or cut.
#[tokio::test]
async fn pages_have_a_limit() {
    let node = Node::start().await;
    let ada = node.register("ada").await;
    let group = ada.makes_group("Reading").await;
    for number in 0..3 {
        ada.sends(&group, &format!("number {number}")).await;
    }
    let base = format!("/groups/{}", group.id);
    for list in ["/messages", "/events", "/members", "/bans"] {
        for limit in ["0", "-1", "abc", "", "1.5"] {
            let answer = ada.get(&format!("{base}{list}?limit={limit}")).await;
            assert_eq!(answer.problem(422, "invalid")["field"], "limit", "{list} {limit}");
        }
        for limit in ["200", "1000000000", "99999999999999999999999999"] {
            ada.get(&format!("{base}{list}?limit={limit}")).await.expect(200);
        }
    }
    for (path, field) in [
        ("/messages?cursor=abc", "cursor"),
        ("/messages?cursor=-5", "cursor"),
        ("/messages?before=abc", "before"),
        ("/members?cursor=abc", "cursor"),
        ("/events?after=abc", "after"),
        ("/events?after=1", "after"),
        ("/events?after=1:-1", "after"),
    ] {
        assert_eq!(ada.get(&format!("{base}{path}")).await.problem(422, "invalid")["field"], field, "{path}");
    }
    for beyond in [
        "/members?cursor=9007199254740991",
        "/members?cursor=99999999999999999999",
        "/messages?before=0",
        "/messages?before=1",
    ] {
        ada.get(&format!("{base}{beyond}")).await.expect(200);
    }
    for large in ["before=9007199254740992", "cursor=99999999999999999999"] {
        let page = ada.get(&format!("{base}/messages?{large}")).await.expect(200);
        assert_eq!(
            page["messages"].as_array().map(Vec::len),
            Some(3),
            "past the head means the head: {large}"
        );
    }
    let read = async |body: &str| {
        let bearer = format!("Bearer {}", ada.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        node.http().request("PUT", &format!("/api/v1{base}/read"), &headers, body.as_bytes()).await
    };
    for seq in ["2.0", "1e30", "99999999999999999999"] {
        read(&format!("{{\"seq\": {seq}}}")).await.expect(200);
    }
    for seq in ["-1", "2.5", "-1e30", "null"] {
        let refused = read(&format!("{{\"seq\": {seq}}}")).await.problem(422, "invalid");
        assert_eq!(refused["field"], "seq", "{seq}");
    }
    for field in ["name", "description", "rules", "slow_mode_s"] {
        let refused = ada.call_with("PATCH", &base, &json!({ field: null })).await.problem(422, "invalid");
        assert_eq!(refused["field"], field);
    }
    ada.call_with("PATCH", &base, &json!({ "expires_in_s": null })).await.expect(200);
    for id in ["0", "-1", "abc", "1.0", "01", "9007199254740992", "99999999999999999999", "%31%00", "1e3"] {
        ada.get(&format!("/groups/{id}")).await.problem(404, "not_found");
        ada.call("DELETE", &format!("{base}/members/{id}")).await.problem(404, "not_found");
        if id != "0" {
            ada.call("DELETE", &format!("{base}/messages/{id}")).await.problem(404, "not_found");
        }
    }
    ada.post(&format!("{base}/bans"), &json!({ "account_id": u64::MAX })).await.problem(404, "not_found");
    ada.post(&format!("{base}/bans"), &json!({ "account_id": "7" })).await.problem(422, "invalid");
}

/// 63: nothing is taken from a path or the `Host` header into an address or a page.
#[tokio::test]
async fn there_is_no_open_redirect() {
    let node = Node::start().await;
    for path in [
        "//evil.example",
        "//evil.example/%2e%2e",
        "/\\evil.example",
        "/g//evil.example",
        "/welcome?next=//evil.example",
        "/.well-known/x",
    ] {
        let answer = node.http().request("GET", path, &[("host", "evil.example")], b"").await;
        assert!([200, 404].contains(&answer.status), "{path}: {}", answer.status);
        assert_eq!(answer.header("location"), None);
        assert!(!answer.text().contains("evil.example"), "{path}");
    }
}

/// 64: what is told to everybody holds no secret, and the numbers are for this machine only.
#[tokio::test]
async fn nothing_leaks() {
    let node = Node::start().await;
    let ada = node.register("ada-who-writes").await;
    let group = ada.makes_group("A secret name").await;
    ada.sends(&group, "a secret message").await;
    let secrets = [
        ada.token.as_str(),
        "a secret message",
        "A secret name",
        &ada.password,
        &group.code,
        "ada-who-writes",
    ];
    for path in [
        "/metrics",
        "/healthz",
        "/readyz",
        "/api/v1/openapi.json",
        "/api/v1/docs",
        "/api/v1/server",
        "/debug",
        "/debug/pprof",
        "/.env",
        "/parlor.toml",
        "/parlor.db",
    ] {
        let text = node.http().get(path).await.text();
        for secret in secrets {
            assert!(!text.contains(secret), "{path}");
        }
    }
    let metrics = node.http().get("/metrics").await;
    assert!(metrics.header("content-type").is_some_and(|kind| kind.starts_with("text/plain")));
    assert!(metrics.text().contains("parlor_http_requests_total{class=\"2xx\"}"));
    let proxied = node.http().request("GET", "/metrics", &[("x-forwarded-for", "203.0.113.5")], b"").await;
    proxied.problem(404, "not_found");

    let bearer = format!("Bearer {}", ada.token);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    for body in [
        r#"{"current": "hunter2", "password": 7}"#,
        r#"{"current": "hunter2""#,
        r#"{"current": 1, "password": "hunter2"}"#,
    ] {
        let answer = node.http().request("PUT", "/api/v1/me/password", &headers, body.as_bytes()).await;
        assert!(
            (400..500).contains(&answer.status) && !answer.text().contains("hunter2"),
            "{}",
            answer.text()
        );
    }
}

/// Every answer has the headers that keep a browser from doing harm with it.
#[tokio::test]
async fn every_answer_is_hardened() {
    let node = Node::start().await;
    for path in ["/", "/api/v1/me", "/api/v1/docs", "/nothing", "/assets/nothing.js", "/healthz"] {
        let answer = node.http().get(path).await;
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(
            policy.contains("frame-ancestors 'none'") && policy.contains("default-src"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe-eval") && !policy.contains("script-src 'self' 'unsafe-inline'"));
    }
}

/// Reads and writes that stop are counted and forgotten; a scrape shows nothing under way.
#[tokio::test]
async fn an_abandoned_body_is_forgotten() {
    let node = Node::start().await;
    let mut stream = TcpStream::connect(node.address).await.unwrap();
    let head = "POST /api/v1/guests HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{\"dis";
    stream.write_all(head.as_bytes()).await.unwrap();
    let in_flight = async || {
        let text = node.http().get("/metrics").await.text();
        text.lines()
            .find_map(|line| line.strip_prefix("parlor_http_in_flight "))
            .and_then(|n| n.parse::<u32>().ok())
    };
    until("the request has begun", async || in_flight().await.filter(|count| *count == 2)).await;
    drop(stream);
    until("the request is forgotten", async || in_flight().await.filter(|count| *count == 1)).await;
}
