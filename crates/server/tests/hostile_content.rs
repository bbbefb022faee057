//! Hostile cases of what people write, by their numbers in the list of the project's safety notes.

use parlor_testkit::{Group, Node, Person};
use serde_json::{Value, json};

async fn stage() -> (Node, Person, Group) {
    let node = Node::start().await;
    let ada = node.register("ada").await;
    let group = ada.makes_group("Reading").await;
    (node, ada, group)
}

async fn send(person: &Person, group: &Group, id: &str, text: &str) -> parlor_testkit::Answer {
    person.post(&format!("/groups/{}/messages", group.id), &json!({ "client_id": id, "text": text })).await
}

/// 41: strange characters are stored as they are, or refused by a rule; never an error of ours.
#[tokio::test]
async fn strange_text_is_kept_or_refused() {
    let (_node, ada, group) = stage().await;
    for (number, text) in [
        "e\u{301}".repeat(100),
        format!("a{}", "\u{301}".repeat(5_000)),
        "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽".to_owned(),
        "שלום עולם".to_owned(),
        "a\u{200D}b\u{200C}c".to_owned(),
        "line one\nline two\ttabbed".to_owned(),
        "\u{202E}evil\u{202C}".to_owned(),
        "\u{2066}isolate\u{2069}".to_owned(),
        "nul \u{0} inside".to_owned(),
        "bell \u{7}".to_owned(),
        "\u{FEFF}bom".to_owned(),
        "\u{10FFFF}".to_owned(),
        " \u{200B} \u{2060} ".to_owned(),
    ]
    .iter()
    .enumerate()
    {
        let answer = send(&ada, &group, &format!("s{number}"), text).await;
        match answer.status {
            201 => assert_eq!(answer.json()["event"]["data"]["text"], **text, "stored exactly"),
            422 => assert_eq!(answer.problem(422, "invalid")["field"], "text"),
            other => panic!("{other} for {text:?}: {}", answer.text()),
        }
    }
    for text in ["", " ", "\n\t\r\n", "\u{a0}\u{3000}\u{2003}"] {
        assert_eq!(
            send(&ada, &group, "blank", text).await.problem(422, "invalid")["field"],
            "text",
            "{text:?}"
        );
    }
    let huge = format!("a{}", "\u{301}".repeat(100_000));
    let answer = send(&ada, &group, "huge", &huge).await;
    assert!([413, 422].contains(&answer.status), "{}", answer.status);

    let lone = br#"{"client_id": "lone", "text": "\ud800"}"#;
    let bearer = format!("Bearer {}", ada.token);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let path = format!("/api/v1/groups/{}/messages", group.id);
    ada.http.request("POST", &path, &headers, lone).await.problem(400, "malformed");
    let not_utf8 = b"{\"client_id\": \"x\", \"text\": \"\xff\xfe\"}";
    ada.http.request("POST", &path, &headers, not_utf8).await.problem(400, "malformed");
}

/// 42: the limit, and one more, in characters and in bytes.
#[tokio::test]
async fn the_limits_are_exact() {
    let (node, ada, group) = stage().await;
    send(&ada, &group, "most", &"x".repeat(8_000)).await.expect(201);
    send(&ada, &group, "wide", &"字".repeat(8_000)).await.expect(201);
    send(&ada, &group, "widest", &"😀".repeat(8_000)).await.expect(201);
    assert_eq!(send(&ada, &group, "over", &"x".repeat(8_001)).await.problem(422, "invalid")["field"], "text");
    assert_eq!(
        send(&ada, &group, "wide-over", &"字".repeat(8_001)).await.problem(422, "invalid")["field"],
        "text"
    );
    assert_eq!(send(&ada, &group, &"i".repeat(65), "x").await.problem(422, "invalid")["field"], "client_id");
    assert_eq!(send(&ada, &group, "a b", "x").await.problem(422, "invalid")["field"], "client_id");
    send(&ada, &group, &"i".repeat(64), "x").await.expect(201);

    let bearer = format!("Bearer {}", ada.token);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let sized = |bytes: usize| {
        let mut body = br#"{"name": "Sized", "padding": ""#.to_vec();
        body.resize(bytes - 2, b'x');
        body.extend_from_slice(b"\"}");
        body
    };
    ada.http.request("POST", "/api/v1/groups", &headers, &sized(64 * 1024)).await.expect(201);
    let over = ada.http.request("POST", "/api/v1/groups", &headers, &sized(64 * 1024 + 1)).await;
    over.problem(413, "too_large");
    let mut chunked = format!(
        "POST /api/v1/groups HTTP/1.1\r\nhost: x\r\nauthorization: {bearer}\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\n\r\n"
    )
    .into_bytes();
    for _ in 0..80 {
        chunked.extend_from_slice(b"400\r\n");
        chunked.extend(std::iter::repeat_n(b' ', 1024));
        chunked.extend_from_slice(b"\r\n");
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    ada.http.raw(&chunked).await.problem(413, "too_large");

    for (field, body) in [
        ("username", json!({ "username": "ab", "password": "long enough" })),
        ("username", json!({ "username": "a".repeat(33), "password": "long enough" })),
        ("username", json!({ "username": "a b", "password": "long enough" })),
        ("password", json!({ "username": "abc", "password": "short" })),
        ("password", json!({ "username": "abc", "password": "x".repeat(257) })),
        ("password", json!({ "username": "abc" })),
        ("display_name", json!({ "username": "abc", "password": "long enough", "display_name": " " })),
        (
            "display_name",
            json!({ "username": "abc", "password": "long enough", "display_name": "x".repeat(41) }),
        ),
        ("display_name", json!({ "username": "abc", "password": "long enough", "display_name": 7 })),
    ] {
        let answer = node.http().json("POST", "/api/v1/accounts", &[], &body).await;
        assert_eq!(answer.problem(422, "invalid")["field"], field, "{body}");
    }
    for (field, body) in [
        ("name", json!({})),
        ("name", json!({ "name": "" })),
        ("name", json!({ "name": "x".repeat(81) })),
        ("name", json!({ "name": ["x"] })),
        ("expires_in_s", json!({ "name": "x", "expires_in_s": 0 })),
        ("expires_in_s", json!({ "name": "x", "expires_in_s": "soon" })),
        ("expires_in_s", json!({ "name": "x", "expires_in_s": u64::MAX })),
    ] {
        assert_eq!(ada.post("/groups", &body).await.problem(422, "invalid")["field"], field, "{body}");
    }
    for body in ["", "[]", "7", "null", "{\"name\": \"x\"", "name=x"] {
        let answer = ada.http.request("POST", "/api/v1/groups", &headers, body.as_bytes()).await;
        answer.problem(400, "malformed");
    }
    let deep = format!("{{\"name\": \"x\", \"more\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    ada.http.request("POST", "/api/v1/groups", &headers, deep.as_bytes()).await.problem(400, "malformed");
}

/// 43: what means something to a database or a search means nothing here.
#[tokio::test]
async fn meta_characters_are_text() {
    let (node, ada, group) = stage().await;
    let texts = [
        "'; DROP TABLE messages; --",
        "\" OR 1=1 --",
        "NEAR(a b, 3) AND NOT c* OR \"d",
        "%_\\%",
        "(a+)+$",
        "$(reboot) `id` ${7*7} {{7*7}}",
        "=cmd|' /C calc'!A0",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
    ];
    for (number, text) in texts.iter().enumerate() {
        send(&ada, &group, &format!("m{number}"), text).await.expect(201);
    }
    assert_eq!(ada.sees(&group).await, texts);
    for meta in ["1%27%20OR%201=1", "%00", "1;2", "../../etc/passwd", "1%0d%0aSet-Cookie:%20a=b"] {
        for path in [
            format!("/groups/{}/messages?cursor={meta}", group.id),
            format!("/groups/{meta}"),
            format!("/groups?cursor={meta}"),
        ] {
            let answer = ada.get(&path).await;
            assert!([404, 422].contains(&answer.status), "{path}: {}", answer.status);
            assert!(!answer.text().contains("passwd") && answer.header("set-cookie").is_none());
        }
    }
    let named: Value = ada.post("/groups", &json!({ "name": texts[0] })).await.expect(201);
    assert_eq!(named["group"]["name"], texts[0]);
    assert_eq!(node.http().get("/healthz").await.status, 200);
}
