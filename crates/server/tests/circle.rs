//! The Circle over plain HTTP: its documents, which pages may call it, and that what is said leaves no trace.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing has failed, also in its helpers")]

use std::collections::HashSet;
use std::path::Path;

use parlor_app::lobby::Standing;
use parlor_app::lobby::room::Utterance;
use parlor_core::MessageText;
use parlor_testkit::{Answer, Http, Node, Person, until};
use serde_json::{Value, json};

async fn post(node: &Node, path: &str, body: &Value) -> Answer {
    node.http().json("POST", path, &[], body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_a_document_as_the_old_database_had_it() {
    let node = Node::start().await;
    let mut codes = HashSet::new();
    for path in ["/groups", "/groups/", "/circle/groups", "/circle/groups/"] {
        let body = json!({ "name": " Owls ", "description": "Who is awake?", "rules": "[\"Be kind.\"] " });
        let made = post(&node, path, &body).await.expect(200);
        let keys: Vec<&String> = made.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["_id", "access_code", "created", "description", "name", "rules"]);
        assert_eq!(
            (made["name"].as_str(), made["description"].as_str()),
            (Some("Owls"), Some("Who is awake?"))
        );
        assert_eq!(made["rules"], "[\"Be kind.\"] ", "as it came");
        let is_hex = |field: &Value, digits: usize| {
            let text = field.as_str().unwrap();
            text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        assert!(is_hex(&made["access_code"], 8) && is_hex(&made["_id"]["$oid"], 24), "{made}");
        let seconds = i64::from_str_radix(&made["_id"]["$oid"].as_str().unwrap()[..8], 16).unwrap();
        assert_eq!(seconds, made["created"]["$date"].as_i64().unwrap() / 1_000);
        assert!(codes.insert(made["access_code"].as_str().unwrap().to_owned()));
        for listed in ["/groups", "/circle/groups", "/circle/groups/"] {
            let all = node.http().get(listed).await.expect(200);
            assert_eq!(all.as_array().unwrap().last(), Some(&made));
        }
        let code = made["access_code"].as_str().unwrap();
        let narrowed = node.http().get(&format!("/groups?access_code={code}")).await.expect(200);
        assert_eq!(narrowed, json!([made]));
    }
    for nothing in ["/groups?access_code=00000000", "/groups?access_code=", "/groups?access_code=%00"] {
        assert_eq!(node.http().get(nothing).await.expect(200), json!([]), "{nothing}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_one_string_whatever_came() {
    let node = Node::start().await;
    for (sent, expected) in [
        (json!(null), "[]"),
        (json!("Be kind."), "Be kind."),
        (json!(""), ""),
        (json!(" \n "), " \n "),
        (json!(["Be kind.", { "n": 1 }]), "[\"Be kind.\",{\"n\":1}]"),
    ] {
        let body = json!({ "name": "a", "description": "b", "rules": sent });
        assert_eq!(post(&node, "/groups", &body).await.expect(200)["rules"], expected, "{sent}");
    }
    let without = post(&node, "/groups", &json!({ "name": "a", "description": "b" })).await.expect(200);
    assert_eq!(without["rules"], "[]");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_a_sentence() {
    let node = Node::start().await;
    let missing = "Please enter a group name and description.";
    for body in [
        "",
        "nonsense",
        "[]",
        "null",
        r#"{}"#,
        r#"{"name": "a"}"#,
        r#"{"description": "b"}"#,
        r#"{"name": "", "description": "b"}"#,
        r#"{"name": "a", "description": "  "}"#,
        r#"{"name": 1, "description": "b"}"#,
        r#"{"name": null, "description": null}"#,
    ] {
        let answer = node.http().request("POST", "/circle/groups", &[], body.as_bytes()).await;
        assert_eq!((answer.status, answer.text().as_str()), (400, missing), "{body}");
    }
    let long = |length: usize| "x".repeat(length);
    for (body, said) in [
        (json!({ "name": long(81), "description": "b" }), "The name is too long."),
        (json!({ "name": "a", "description": long(1_001) }), "The description is too long."),
        (json!({ "name": "a", "description": "b", "rules": long(8_001) }), "The rules are too long."),
        (json!({ "name": "a", "description": "b", "rules": 7 }), "The rules must be text or a list."),
        (
            json!({ "name": "a", "description": "b", "rules": "a\u{0}" }),
            "The rules hold a character that no text may hold.",
        ),
    ] {
        let answer = post(&node, "/groups", &body).await;
        assert_eq!((answer.status, answer.text().as_str()), (400, said));
        assert!(answer.header("content-type").unwrap().starts_with("text/plain"));
    }
    let large = json!({ "name": "a", "description": "b", "more": long(64 * 1024) });
    assert_eq!(post(&node, "/groups", &large).await.status, 413);
    let answer = node.http().request("DELETE", "/groups", &[], b"").await;
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET,HEAD,POST")));
    assert_eq!(node.http().get("/groups").await.expect(200), json!([]), "nothing was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_asked_for_is_there() {
    let node = Node::with(&["--rate-limits=off", "--compat-root=off"]).await;
    assert_eq!(node.http().get("/groups").await.status, 404);
    assert_eq!(node.http().get("/circle/groups").await.expect(200), json!([]));
    let node = Node::with(&["--rate-limits=off", "--compat-dialects="]).await;
    for path in ["/groups", "/circle/groups"] {
        assert_eq!(node.http().get(path).await.status, 404);
    }
    let polling = Polling::open(&node, "/circle").await;
    assert!(polling.is_refused, "there is no such namespace");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_native_group_is_in_no_list_of_the_old_face() {
    let node = Node::start().await;
    let ada = node.register("ada").await;
    let group = ada.makes_group("Reading").await;
    assert_eq!(node.http().get("/groups").await.expect(200), json!([]));
    let narrowed = node.http().get(&format!("/circle/groups?access_code={}", group.code)).await;
    assert_eq!(narrowed.expect(200), json!([]));
    // And nobody with an account is in one of the old face.
    let made = post(&node, "/groups", &json!({ "name": "a", "description": "b" })).await.expect(200);
    assert_eq!(ada.get("/me").await.expect(200)["groups"].as_array().unwrap().len(), 1);
    let code = made["access_code"].as_str().unwrap();
    let mut stranger = Polling::open(&node, "/circle").await;
    stranger.emit("join_group", &json!({ "access_code": code })).await;
    stranger.emit("join_group", &json!({ "access_code": group.code, "name": "Stranger" })).await;
    stranger.emit("message", &json!({ "room": group.code, "message": "anybody?" })).await;
    assert_eq!(stranger.hears("message").await["message"], "anybody?", "a code is an invitation");
}

const PREFLIGHT: [(&str, &str); 2] =
    [("access-control-request-method", "POST"), ("access-control-request-headers", "content-type")];

#[tokio::test(flavor = "multi_thread")]
async fn pages_from_anywhere_may_call_without_credentials() {
    let node = Node::start().await;
    let origin = ("origin", "https://old.example");
    for path in ["/groups", "/circle/groups"] {
        let asked = node.http().request("OPTIONS", path, &[origin, PREFLIGHT[0], PREFLIGHT[1]], b"").await;
        assert_eq!(asked.status, 204);
        assert_eq!(asked.header("access-control-allow-origin"), Some("*"));
        assert_eq!(asked.header("access-control-allow-headers"), Some("authorization, content-type, user"));
        assert!(asked.header("access-control-allow-methods").unwrap().contains("POST"));
        let body = json!({ "name": "a", "description": "b" });
        for answer in [
            node.http().json("POST", path, &[origin], &body).await,
            node.http().json("POST", path, &[origin], &json!({})).await,
            node.http().request("GET", path, &[origin], b"").await,
            asked,
        ] {
            assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
            assert_eq!(answer.header("access-control-allow-credentials"), None);
        }
    }
    // The native interface answers nobody's page but its own.
    let native = node.http().request("GET", "/api/v1/server", &[origin], b"").await;
    assert_eq!(native.header("access-control-allow-origin"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn origins_may_be_named() {
    let node =
        Node::with(&["--rate-limits=off", "--compat-cors-origins=https://old.example, https://x.example"])
            .await;
    let get = async |origin: &str| node.http().request("GET", "/groups", &[("origin", origin)], b"").await;
    let named = get("https://old.example").await;
    assert_eq!(named.header("access-control-allow-origin"), Some("https://old.example"));
    assert_eq!(named.header("vary"), Some("origin"));
    for foreign in ["https://evil.example", "http://old.example", "https://old.example.evil", "null"] {
        let answer = get(foreign).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, None), "{foreign}");
    }
}

const HANDSHAKE: &str = "/socket.io/?EIO=3&transport=polling";

#[tokio::test(flavor = "multi_thread")]
async fn sockets_are_for_our_pages_and_for_those_that_are_named() {
    let node = Node::with(&["--rate-limits=off", "--compat-cors-origins=https://old.example"]).await;
    let ask = async |method: &str, headers: &[(&str, &str)]| {
        node.http().request(method, HANDSHAKE, headers, b"").await
    };
    // No browser, or a page of ours.
    let plain = ask("GET", &[]).await;
    assert_eq!((plain.status, plain.header("access-control-allow-origin")), (200, None));
    let own = format!("http://{}", node.address);
    assert_eq!(ask("GET", &[("origin", &own)]).await.status, 200);
    let fetched = [("origin", "https://proxied.example"), ("sec-fetch-site", "same-origin")];
    assert_eq!(ask("GET", &fetched).await.status, 200);
    // A page that is named is told so, with credentials, also before it asks.
    let named = ("origin", "https://old.example");
    for answer in [ask("GET", &[named]).await, ask("OPTIONS", &[named, PREFLIGHT[0], PREFLIGHT[1]]).await] {
        assert!(matches!(answer.status, 200 | 204), "{}", answer.text());
        assert_eq!(answer.header("access-control-allow-origin"), Some("https://old.example"));
        assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
        assert_eq!(answer.header("vary"), Some("origin"));
    }
    // Anybody else's is not.
    for foreign in ["https://evil.example", "null", "", "https://old.example:8443"] {
        for method in ["GET", "POST", "OPTIONS"] {
            let answer = ask(method, &[("origin", foreign), PREFLIGHT[0]]).await;
            assert_eq!(
                (answer.status, answer.header("access-control-allow-origin")),
                (403, None),
                "{foreign}"
            );
        }
    }
    let upgrade = HANDSHAKE.replace("polling", "websocket");
    let websocket = [
        ("origin", "https://evil.example"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    assert_eq!(node.http().request("GET", &upgrade, &websocket, b"").await.status, 403);
    // Unless all are.
    let open = Node::start().await;
    let answer = open.http().request("GET", HANDSHAKE, &[("origin", "https://any.example")], b"").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://any.example"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_said_in_a_room_is_in_a_file() {
    let node = Node::start().await;
    let words: Vec<String> =
        ["owl", "fox", "elk"].iter().map(|word| format!("unheard-of-{word}-9f3a")).collect();

    // Two of The Circle, and aloud in the lobby.
    let made = post(&node, "/groups", &json!({ "name": "Stored", "description": "b" })).await.expect(200);
    let code = made["access_code"].as_str().unwrap();
    let mut people = [Polling::open(&node, "/circle").await, Polling::open(&node, "/").await];
    for person in &mut people {
        person.emit("join_group", &json!({ "access_code": code, "name": "Somebody" })).await;
    }
    let room = people[0].hears("join_room").await["room"].as_str().unwrap().to_owned();
    people[1].hears("join_room").await;
    people[0].emit("message", &json!({ "room": room, "message": words[0] })).await;
    for person in &mut people {
        while person.hears("message").await["message"] != words[0].as_str() {}
    }
    let mut waiting = Polling::open(&node, "/circle").await;
    waiting.emit("join_group", &json!({ "access_code": code })).await;
    waiting.emit("message", &json!({ "room": code, "message": words[1] })).await;
    assert_eq!(waiting.hears("message").await["message"], words[1].as_str());

    // Two members.
    let (ada, bob) = (node.register("ada").await, node.register("bob").await);
    let group = ada.makes_group("Reading").await;
    bob.joins(&group).await;
    say_natively(&node, [&ada, &bob], group.id, &words[2]).await;

    // As a kill leaves them: what is in a file now is what a process that ends without a word has written.
    assert_eq!(found(node.folder(), "Stored"), 1, "what is stored is not found, so nothing would be");
    for word in &words {
        assert_eq!(found(node.folder(), word), 0, "{word}");
    }
    // And as a stop does.
    let node = node.restart().await;
    for word in &words {
        assert_eq!(found(node.folder(), word), 0, "{word}");
    }
}

async fn say_natively(node: &Node, people: [&Person; 2], group: i64, word: &str) {
    let app = &node.deps.app;
    let group = parlor_core::GroupId::new(group).unwrap();
    let mut last = None;
    for person in people {
        let caller = app.authenticate(&person.token).await.unwrap();
        last = Some(app.enter_lobby(&caller, group, &person.username).await.unwrap());
    }
    let entered = last.unwrap();
    let Standing::InRoom(room) = entered.standing else { panic!("the two were not put together") };
    let said = Utterance::Text(MessageText::parse(word).unwrap());
    // The room is known to this node a moment after the database knows it.
    until("the room to be here", async || app.say_in_room(entered.who, room.id, said.clone()).ok()).await;
}

/// How many files of a folder hold the word.
fn found(folder: &Path, word: &str) -> usize {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let holds = |path: &Path| {
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(word.len()).any(|window| window == word.as_bytes())
    };
    files.filter(|path| if path.is_dir() { found(path, word) > 0 } else { holds(path) }).count()
}

/// A client of Engine.IO 4 on long-polling, in one namespace.
struct Polling {
    http: Http,
    path: String,
    namespace: String,
    is_refused: bool,
    heard: Vec<(String, Value)>,
}

impl Polling {
    async fn open(node: &Node, namespace: &str) -> Self {
        let http = node.http();
        let path = "/socket.io/?EIO=4&transport=polling";
        let open = http.get(path).await;
        let session: Value = serde_json::from_str(&open.text()[1..]).unwrap();
        let path = format!("{path}&sid={}", session["sid"].as_str().unwrap());
        let namespace = if namespace == "/" { String::new() } else { format!("{namespace},") };
        let mut polling = Self { http, path, namespace, is_refused: false, heard: Vec::new() };
        polling.post(&format!("40{}", polling.namespace)).await;
        let connected = polling.http.get(&polling.path).await.text();
        polling.is_refused = !connected.starts_with("40");
        polling
    }

    async fn post(&self, packet: &str) {
        let answer = self.http.request("POST", &self.path, &[], packet.as_bytes()).await;
        assert_eq!((answer.status, answer.text().as_str()), (200, "ok"));
    }

    async fn emit(&self, event: &str, payload: &Value) {
        self.post(&format!("42{}{}", self.namespace, json!([event, payload]))).await;
    }

    /// The next of that name, with others left for later.
    async fn hears(&mut self, event: &str) -> Value {
        loop {
            if let Some(at) = self.heard.iter().position(|(name, _)| name == event) {
                return self.heard.remove(at).1;
            }
            let polled = self.http.get(&self.path).await;
            assert_eq!(polled.status, 200, "{}", polled.text());
            for packet in polled.text().split('\u{1e}') {
                let begin = format!("42{}", self.namespace);
                let Some(json) = packet.strip_prefix(&begin) else { continue };
                let (name, payload) = serde_json::from_str(json).unwrap();
                self.heard.push((name, payload));
            }
        }
    }
}
