//! ChatBackend over plain HTTP and plain TCP: every call to the letter, who is told which id, and what the push socket does
//! with those who are slow, rude or gone.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing has failed, also in its helpers")]

use std::time::Duration;

use parlor_server::config;
use parlor_server::start;
use parlor_testkit::{Answer, Node, until};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

const SOON: Duration = Duration::from_secs(20);
const FLAGS: [&str; 2] = ["--rate-limits=off", "--tcp-bind=127.0.0.1:0"];

/// Somebody with a key.
struct User<'n> {
    node: &'n Node,
    face: &'static str,
    uuid: String,
}

/// What a call answered; it is 200 whatever it says.
fn body(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.header("content-type").unwrap().starts_with("application/json"));
    serde_json::from_str(&answer.text()).unwrap()
}

fn refused(code: u16, message: &str) -> Value {
    json!({ "ok": false, "error": { "code": code, "message": message } })
}

async fn post(node: &Node, path: &str, uuid: Option<&str>, json: &Value) -> Value {
    let user = uuid.map(|uuid| ("user", uuid));
    body(&node.http().json("POST", path, user.as_slice(), json).await)
}

impl<'n> User<'n> {
    async fn register(node: &'n Node, face: &'static str, name: &str) -> Self {
        let wish = json!({ "login": format!("{name}@example.org"), "password": "pw", "username": name });
        assert_eq!(post(node, &format!("{face}/register"), None, &wish).await, json!({ "ok": true }));
        Self::sign_in(node, face, name).await
    }

    async fn sign_in(node: &'n Node, face: &'static str, name: &str) -> Self {
        let wish = json!({ "login": format!("{name}@example.org"), "password": "pw" });
        let answer = post(node, &format!("{face}/login"), None, &wish).await;
        let uuid = answer["data"]["uuid"].as_str().unwrap().to_owned();
        assert_eq!(answer, json!({ "ok": true, "data": { "username": name, "uuid": uuid } }));
        Self { node, face, uuid }
    }

    async fn post(&self, path: &str, json: &Value) -> Value {
        post(self.node, &format!("{}{path}", self.face), Some(&self.uuid), json).await
    }

    async fn makes_room(&self) -> String {
        let answer = self.post("/create-room", &json!({})).await;
        let gid = answer["data"]["room_gid"].as_str().unwrap().to_owned();
        assert_eq!(answer, json!({ "ok": true, "data": { "room_gid": gid } }));
        gid
    }

    async fn says(&self, room: &str, msg: &str) {
        let answer = self.post("/send-message", &json!({ "room_gid": room, "msg": msg })).await;
        assert_eq!(answer, json!({ "ok": true }));
    }

    async fn history(&self, room: &str) -> Vec<Value> {
        let path = format!("{}/get-room-history?room_gid={room}", self.face);
        let answer = body(&self.node.http().request("GET", &path, &[("user", &self.uuid)], b"").await);
        assert_eq!(answer["ok"], true, "{answer}");
        answer["data"].as_array().unwrap().clone()
    }

    async fn listens(&self, room: &str) -> Listener {
        let greeting = json!({ "uuid": self.uuid, "room_gid": room }).to_string();
        let listener = Listener::says(self.node, greeting.as_bytes()).await;
        // Nothing tells that one is in but what comes: somebody who says something is heard.
        listener.comes_in(self, room).await
    }
}

/// A push socket.
struct Listener(BufReader<TcpStream>);

impl Listener {
    async fn says(node: &Node, greeting: &[u8]) -> Self {
        let address = node.deps.dialects.push_address().unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(greeting).await.unwrap();
        Self(BufReader::new(stream))
    }

    async fn comes_in(mut self, user: &User<'_>, room: &str) -> Self {
        let mark = format!("is {} in?", self.0.get_ref().local_addr().unwrap());
        until("the socket to be in", async || {
            user.says(room, &mark).await;
            let heard = timeout(Duration::from_millis(100), self.0.fill_buf()).await;
            heard.ok().map(|heard| assert!(!heard.unwrap().is_empty(), "it was closed"))
        })
        .await;
        // The marks that were heard, and one more that ends them.
        user.says(room, "in").await;
        while self.hears().await["msg"]["txt"] != "in" {}
        self
    }

    async fn hears(&mut self) -> Value {
        let mut line = String::new();
        timeout(SOON, self.0.read_line(&mut line)).await.expect("something is pushed").unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }

    /// Waits for its end; how many bytes came before that.
    async fn ends(mut self) -> usize {
        let mut rest = Vec::new();
        // A reset is an end, too.
        let _ = timeout(SOON, self.0.read_to_end(&mut rest)).await.expect("it is closed");
        rest.len()
    }
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-'))
}

#[tokio::test(flavor = "multi_thread")]
async fn two_talk_as_the_old_clients_did() {
    let node = Node::start().await;
    for face in ["", "/chatbackend"] {
        let name = |name: &str| format!("{name}{}", face.len());
        let ada = User::register(&node, face, &name("Ada")).await;
        let bob = User::register(&node, face, &name("Bob")).await;
        let again = User::sign_in(&node, face, &name("Ada")).await;
        assert!(is_uuid(&ada.uuid) && ada.uuid != again.uuid, "a key is new for each login");

        let room = ada.makes_room().await;
        assert_eq!(room.len(), 8);
        assert!(room.bytes().all(|byte| byte.is_ascii_alphanumeric() && !b"lI10O".contains(&byte)));
        assert_eq!(bob.history(&room).await, Vec::<Value>::new());
        ada.says(&room, "hello").await;
        bob.says(&room, " <b>hi</b>\n").await;

        let seen = bob.history(&room).await;
        let (first, second) = (&seen[0], &seen[1]);
        let by = first["sender"]["uuid"].as_str().unwrap();
        let (id, at) = (&first["msg"]["msgId"], &first["msg"]["timestamp"]);
        let expected = json!({
            "sender": { "uuid": by, "username": name("Ada") },
            "msg": { "msgId": id, "txt": "hello", "timestamp": at },
        });
        assert_eq!(*first, expected);
        assert!(is_uuid(by) && by != ada.uuid && by != again.uuid);
        assert!(id.is_i64() && at.is_f64() && second["msg"]["msgId"].as_i64() > id.as_i64());
        assert_eq!(
            (&second["sender"]["uuid"], &second["msg"]["txt"]),
            (&json!(bob.uuid), &json!(" <b>hi</b>\n"))
        );
        // Each of one's keys is one's own; what others are told is never a key.
        for own in [&ada, &again] {
            assert_eq!(own.history(&room).await[0]["sender"]["uuid"], own.uuid);
        }
        let forged = post(&node, &format!("{face}/create-room"), Some(by), &json!({})).await;
        assert_eq!(forged, refused(404, "Unknown user"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_in_the_old_words() {
    let node = Node::start().await;
    for face in ["", "/chatbackend"] {
        let ada = User::register(&node, face, &format!("Ada{}", face.len())).await;
        let room = ada.makes_room().await;
        let login = format!("Ada{}@example.org", face.len());
        let at = |path: &str| format!("{face}{path}");

        let whole = json!({ "login": login, "password": "other", "username": "Eve" });
        assert_eq!(post(&node, &at("/register"), None, &whole).await, refused(400, "User already exists"));
        let wrong = refused(400, "Login or password is invalid");
        for (login, password) in
            [(login.as_str(), "wrong"), ("nobody", "pw"), ("Ada", "pw"), (&"x".repeat(999), "pw")]
        {
            let wish = json!({ "login": login, "password": password });
            assert_eq!(post(&node, &at("/login"), None, &wish).await, wrong);
        }
        for name in ["login", "password", "username"] {
            for value in [json!(""), json!(null), json!(7), json!(["x"])] {
                let mut wish = json!({ "login": "new", "password": "pw", "username": "New" });
                wish[name] = value;
                let missing = refused(400, &format!("Missing param: {name}"));
                assert_eq!(post(&node, &at("/register"), None, &wish).await, missing);
                if name != "username" {
                    assert_eq!(post(&node, &at("/login"), None, &wish).await, missing);
                }
            }
        }
        for (path, user) in
            [("/register", None), ("/login", None), ("/create-room", Some(())), ("/send-message", Some(()))]
        {
            for bytes in ["", "nonsense", "[]", "null", "\"{}\"", "{\"a\":", &"x".repeat(70_000)] {
                let header = user.map(|()| ("user", ada.uuid.as_str()));
                let request = node.http();
                let answer = request.request("POST", &at(path), header.as_slice(), bytes.as_bytes()).await;
                assert_eq!(body(&answer), refused(400, "Invalid data"), "{path} {}", bytes.len());
            }
        }
        let unknown = refused(404, "Unknown user");
        let native = node.register(&format!("native{}", face.len())).await.token;
        for key in
            [None, Some(""), Some("nonsense"), Some("00000000-0000-4000-8000-000000000000"), Some(&native)]
        {
            let said = json!({ "room_gid": room, "msg": "hello" });
            assert_eq!(post(&node, &at("/create-room"), key, &json!({})).await, unknown);
            assert_eq!(post(&node, &at("/send-message"), key, &said).await, unknown);
            let header = key.map(|key| ("user", key));
            let path = at(&format!("/get-room-history?room_gid={room}"));
            let answer = node.http().request("GET", &path, header.as_slice(), b"").await;
            assert_eq!(body(&answer), unknown);
        }
        for gid in ["S6VibswP", "nonsense!", "x", &"x".repeat(5_000), &room.to_lowercase()] {
            if gid == room {
                continue;
            }
            let said = json!({ "room_gid": gid, "msg": "hello" });
            assert_eq!(ada.post("/send-message", &said).await, refused(404, "Unknown room"));
            let path = at(&format!("/get-room-history?room_gid={gid}"));
            let answer = node.http().request("GET", &path, &[("user", &ada.uuid)], b"").await;
            assert_eq!(body(&answer), refused(404, "Unknown room"));
        }
        for (said, message) in [
            (json!({ "msg": "hello" }), "Missing param: room_gid"),
            (json!({ "room_gid": room }), "Missing param: msg"),
            (json!({ "room_gid": room, "msg": "" }), "Missing param: msg"),
            (json!({ "room_gid": room, "msg": "x".repeat(8_001) }), "Message is too long"),
            (json!({ "room_gid": room, "msg": "a\u{0}b" }), "Invalid param: msg"),
        ] {
            assert_eq!(ada.post("/send-message", &said).await, refused(400, message));
        }
        let answer = node.http().request("GET", &at("/get-room-history"), &[("user", &ada.uuid)], b"").await;
        assert_eq!(body(&answer), refused(400, "Missing param: room_gid"));
        ada.says(&room, &"🦊".repeat(8_000)).await;
        assert_eq!(ada.history(&room).await.len(), 1, "nothing that was refused is there");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_history_comes_whole_and_in_order() {
    let node = Node::start().await;
    let ada = User::register(&node, "", "Ada").await;
    let room = ada.makes_room().await;
    for number in 0..1_200 {
        ada.says(&room, &format!("{number}")).await;
    }
    let history = ada.history(&room).await;
    let texts: Vec<_> = history.iter().map(|message| message["msg"]["txt"].as_str().unwrap()).collect();
    assert_eq!(texts, (0..1_200).map(|number| number.to_string()).collect::<Vec<_>>());
    let ids: Vec<_> = history.iter().map(|message| message["msg"]["msgId"].as_i64().unwrap()).collect();
    assert!(ids.is_sorted_by(|one, other| one < other));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_is_pushed_to_everybody_who_listens() {
    let node = Node::with(&FLAGS).await;
    let ada = User::register(&node, "", "Ada").await;
    let bob = User::register(&node, "/chatbackend", "Bob").await;
    let again = User::sign_in(&node, "", "Ada").await;
    let (room, other) = (ada.makes_room().await, bob.makes_room().await);
    let mut listeners = [ada.listens(&room).await, again.listens(&room).await, bob.listens(&room).await];
    for listener in &mut listeners {
        // What was said while the others came in.
        ada.says(&room, "now").await;
        while listener.hears().await["msg"]["txt"] != "now" {}
    }
    let mut elsewhere = bob.listens(&other).await;
    ada.says(&room, "and now").await;
    for listener in &mut listeners {
        while listener.hears().await["msg"]["txt"] != "and now" {}
    }
    for number in 0..200 {
        let speaker = if number % 2 == 0 { &ada } else { &bob };
        speaker.says(&room, &number.to_string()).await;
    }
    for (listener, own) in listeners.iter_mut().zip([&ada, &again, &bob]) {
        let mut heard = Vec::new();
        for _ in 0..200 {
            heard.push(listener.hears().await);
        }
        // The same objects as in the history, with the same ids.
        assert_eq!(heard[..], own.history(&room).await[own.history(&room).await.len() - 200..]);
    }
    bob.says(&other, "only there").await;
    assert_eq!(elsewhere.hears().await["msg"]["txt"], "only there");
    ada.says(&room, "the last").await;
    assert_eq!(listeners[0].hears().await["msg"]["txt"], "the last");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_greeting_is_one_object_and_true() {
    let node = Node::with(&FLAGS).await;
    let ada = User::register(&node, "", "Ada").await;
    let bob = User::register(&node, "", "Bob").await;
    let room = ada.makes_room().await;
    let greeting = json!({ "uuid": ada.uuid, "room_gid": room }).to_string();
    // With a line break, in pieces, and with the key in capitals.
    let capitals = json!({ "uuid": ada.uuid.to_uppercase(), "room_gid": room }).to_string();
    for fine in [format!("{greeting}\n"), format!("\r\n{greeting}\r\n"), capitals] {
        Listener::says(&node, fine.as_bytes()).await.comes_in(&ada, &room).await;
    }
    let mut pieces = Listener::says(&node, b"").await;
    for byte in greeting.as_bytes() {
        pieces.0.get_mut().write_all(&[*byte]).await.unwrap();
    }
    pieces.comes_in(&ada, &room).await;

    let single = greeting.replace('"', "'");
    let uuid = |uuid: &str| json!({ "uuid": uuid, "room_gid": room }).to_string();
    let wrong = [
        single.clone(),
        "GET / HTTP/1.1\r\n\r\n".to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        uuid(""),
        uuid("00000000-0000-4000-8000-000000000000"),
        // What others know her by.
        uuid(bob.history(&room).await[0]["sender"]["uuid"].as_str().unwrap()),
        json!({ "uuid": ada.uuid, "room_gid": "S6VibswP" }).to_string(),
        json!({ "uuid": ada.uuid }).to_string(),
        json!({ "uuid": [ada.uuid], "room_gid": room }).to_string(),
        format!("{{\"uuid\": \"{}", "x".repeat(5_000)),
        format!("{greeting}{greeting}"),
    ];
    for said in wrong {
        assert_eq!(Listener::says(&node, said.as_bytes()).await.ends().await, 0, "{said:.80}");
    }
    // Bytes that are no text.
    assert_eq!(Listener::says(&node, b"{\"uuid\": \"\xff\xfe\"}").await.ends().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_nothing_for_ten_seconds_is_let_go() {
    let node = Node::with(&FLAGS).await;
    for said in [&b""[..], b"{\"uuid\": \""] {
        let began = tokio::time::Instant::now();
        assert_eq!(Listener::says(&node, said).await.ends().await, 0);
        assert!(began.elapsed() > Duration::from_secs(9), "{:?}", began.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_falls_behind_is_closed_and_others_are_not() {
    let node = Node::with(&FLAGS).await;
    let ada = User::register(&node, "", "Ada").await;
    let room = ada.makes_room().await;
    let (slow, mut quick) = (ada.listens(&room).await, ada.listens(&room).await);
    let text = "x".repeat(8_000);
    // The kernel takes some megabytes on loopback, then a megabyte waits here.
    let mut sent = 0;
    let reading = tokio::spawn(async move {
        let mut heard = 0;
        while quick.hears().await["msg"]["txt"] != "the end" {
            heard += 1;
        }
        heard
    });
    for _ in 0..1_500 {
        ada.says(&room, &text).await;
        sent += 1;
    }
    ada.says(&room, "the end").await;
    assert!(reading.await.unwrap() >= sent, "who reads gets everything");
    let bytes = slow.ends().await;
    assert!(bytes < sent * text.len(), "{bytes} bytes came to one who did not read");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_ends_its_sockets() {
    let node = Node::with(&FLAGS).await;
    let ada = User::register(&node, "", "Ada").await;
    let bob = User::register(&node, "", "Bob").await;
    let room = ada.makes_room().await;
    let (gone, mut stays) = (ada.listens(&room).await, bob.listens(&room).await);
    let caller = node.deps.app.authenticate_key(&ada.uuid).await.unwrap();
    node.deps.app.sign_out(&caller).await.unwrap();
    gone.ends().await;
    bob.says(&room, "still here").await;
    while stays.hears().await["msg"]["txt"] != "still here" {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_matters_where_it_was_asked_for() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let flag = format!("--tcp-bind={}", taken.local_addr().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let data = format!("--data={}", folder.path().display());
    let config = config::load([data, flag].into_iter(), std::iter::empty()).unwrap().config;
    let by_default = config::Config { tcp_bind_by_hand: false, ..config.clone() };
    let cost = parlor_app::PasswordCost { memory_kib: 64, passes: 1 };
    let error = start::open(config, cost).await.err().expect("it was asked for by hand");
    assert!(error.to_string().starts_with("cannot listen on 127.0.0.1:"), "{error}");
    let deps = start::open(by_default, cost).await.expect("nobody asked for it");
    assert_eq!(deps.dialects.push_address(), None);
}
