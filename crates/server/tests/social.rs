//! Social Community over plain HTTP: every row of its table with its shape, who may what, and that it is the same group
//! as natively.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing has failed, also in its helpers")]

use parlor_testkit::{Answer, Http, Node, YouTube};
use serde_json::{Value, json};

/// Somebody with the cookie of this face.
struct User {
    http: Http,
    prefix: &'static str,
    id: i64,
    cookie: String,
}

impl User {
    async fn register(node: &Node, first_name: &str) -> Self {
        Self::register_at(node, "/social", first_name).await
    }

    async fn register_at(node: &Node, prefix: &'static str, first_name: &str) -> Self {
        let email = format!("{first_name}@Example.ORG");
        let body = json!({
            "first_name": first_name, "last_name": "L", "email": email, "password": "secret",
        });
        let answer = node.http().json("POST", &format!("{prefix}/users/register"), &[], &body).await;
        let user = data(&answer);
        let http = node.http();
        Self { http, prefix, id: user["id"].as_i64().unwrap(), cookie: cookie_of(&answer) }
    }

    async fn call(&self, method: &str, path: &str) -> Answer {
        let path = format!("{}{path}", self.prefix);
        self.http.request(method, &path, &[("cookie", &self.cookie)], b"").await
    }

    async fn call_with(&self, method: &str, path: &str, body: &Value) -> Answer {
        let path = format!("{}{path}", self.prefix);
        self.http.json(method, &path, &[("cookie", &self.cookie)], body).await
    }

    async fn get(&self, path: &str) -> Value {
        data(&self.call("GET", path).await)
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        data(&self.call_with("POST", path, body).await)
    }

    async fn put(&self, path: &str, body: &Value) -> Value {
        data(&self.call_with("PUT", path, body).await)
    }

    async fn makes_group(&self, name: &str) -> i64 {
        self.post("/groups", &json!({ "name": name })).await["id"].as_i64().unwrap()
    }

    /// The number of the new member.
    async fn adds(&self, group: i64, other: &Self) -> i64 {
        let member = self.post("/members", &json!({ "group_fk": group, "member_fk": other.id })).await;
        member["id"].as_i64().unwrap()
    }

    async fn says(&self, group: i64, text: &str) -> i64 {
        let message = self.post("/messages", &json!({ "group_fk": group, "message": text })).await;
        message["id"].as_i64().unwrap()
    }

    /// The texts of a group's messages.
    async fn reads(&self, group: i64) -> Vec<String> {
        let messages = self.get(&format!("/messages?group_fk={group}")).await;
        let texts = messages.as_array().unwrap().iter();
        texts.map(|message| message["message"].as_str().unwrap().to_owned()).collect()
    }

    /// The same person in Parlor's own interface: the session is one.
    async fn native(&self, method: &str, path: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.cookie.split_once('=').unwrap().1);
        let (path, authorization) = (format!("/api/v1{path}"), ("authorization", bearer.as_str()));
        match body {
            Value::Null => self.http.request(method, &path, &[authorization], b"").await,
            body => self.http.json(method, &path, &[authorization], body).await,
        }
    }
}

async fn log_in(node: &Node, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    node.http().json("POST", "/social/users/login", &[], &body).await
}

fn cookie_of(answer: &Answer) -> String {
    answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

/// What a success holds: the envelope says 200, as the answer does.
#[track_caller]
fn data(answer: &Answer) -> Value {
    let body = answer.expect(200);
    let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["data", "message", "status"]);
    assert!(body["status"] == 200 && body["message"].is_string(), "{body}");
    body["data"].clone()
}

/// A refusal has the same envelope with its own status.
#[track_caller]
fn refused(answer: &Answer, status: u16) {
    let body = answer.expect(status);
    assert_eq!(body["data"], json!({}), "{body}");
    assert!(body["status"] == status && !body["message"].as_str().unwrap().is_empty(), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_registration_to_a_message() {
    let node = Node::start().await;
    for prefix in ["/social", "", "/social/api/v1"] {
        let name = format!("ada{}", prefix.len());
        let ada = User::register_at(&node, prefix, &name).await;
        let group = ada.makes_group("Reading").await;
        ada.says(group, "hello").await;
        assert_eq!(ada.reads(group).await, ["hello"], "at {prefix}");
    }
}

/// The names of an object's fields, in alphabetical order.
fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_has_its_shape() {
    let node = Node::start().await;
    let (ada, bob) = (User::register(&node, "ada").await, User::register(&node, "bob").await);
    let group = ada.makes_group("Reading").await;
    let user = json!({ "id": ada.id, "first_name": "ada", "last_name": "L", "email": "ada@example.org" });
    let other = json!({ "id": bob.id, "first_name": "bob", "last_name": "L", "email": "bob@example.org" });
    let own = json!({ "id": group, "name": "Reading", "owner_fk": user, "secondary_user_fk": null });
    assert_eq!(ada.get(&format!("/groups/{group}")).await, own);
    assert_eq!(ada.get("/groups").await, json!([own]));

    let member = ada.post("/members", &json!({ "group_fk": group, "member_fk": bob.id })).await;
    assert_eq!(member, json!({ "id": member["id"], "group_fk": own, "member_fk": other }));
    let again = ada.post("/members", &json!({ "group_fk": group.to_string(), "member_fk": bob.id })).await;
    assert_eq!(again, member, "who is a member stays one");
    let members = ada.get(&format!("/members?group_fk={group}")).await;
    assert_eq!((members[0]["member_fk"]["id"].as_i64(), &members[1]), (Some(ada.id), &member));

    let message = bob.post("/messages", &json!({ "group_fk": group, "message": "hello" })).await;
    assert_eq!(keys(&message), ["created_at", "group_fk", "id", "message", "owner_fk"]);
    let parts = (&message["message"], &message["owner_fk"], &message["group_fk"]);
    assert_eq!(parts, (&json!("hello"), &other, &own));
    assert!(message["id"].is_i64() && message["created_at"].as_str().unwrap().ends_with('Z'));
    let changed = bob.put(&format!("/messages/{}", message["id"]), &json!({ "message": "hi" })).await;
    assert_eq!((&changed["id"], &changed["message"]), (&message["id"], &json!("hi")));
    assert_eq!(ada.get(&format!("/messages?group_fk={group}")).await, json!([changed]));

    let player = bob.post("/players", &json!({ "group_fk": group, "name": "https://a.example/f.mp4" })).await;
    assert_eq!(player, json!({ "id": group, "name": "https://a.example/f.mp4", "group_fk": own }));
    assert_eq!(ada.get(&format!("/players?group_fk={group}")).await, json!([player]));
    assert_eq!(ada.get("/players").await, json!([player]));

    // What a later front end asks, and what goes without a body.
    for (path, expected) in
        [("members", members), ("messages", json!([changed])), ("players", json!([player]))]
    {
        let cookie = [("cookie", ada.cookie.as_str())];
        let path_of_later = format!("/social/api/v1/{path}/{group}");
        let later = node.http().request("GET", &path_of_later, &cookie, b"").await;
        assert_eq!(data(&later), expected, "{path}");
        assert_eq!(ada.get(&format!("/{path}")).await, expected, "of all groups");
    }
    for path in [
        format!("/messages/{}", message["id"]),
        format!("/players/{group}"),
        format!("/members/{}", member["id"]),
        format!("/groups/{group}"),
        format!("/users/{}", ada.id),
    ] {
        assert_eq!(data(&ada.call("DELETE", &path).await), json!({}), "{path}");
    }
    assert_eq!(data(&bob.call("GET", "/users/logout").await), json!({}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slash_at_the_end_changes_nothing() {
    let node = Node::start().await;
    let ada = User::register_at(&node, "", "ada").await;
    let group = ada.makes_group("Reading").await;
    for path in ["/users", "/groups", &format!("/groups/{group}"), "/members", "/messages", "/players"] {
        assert_eq!(ada.get(path).await, ada.get(&format!("{path}/")).await, "{path}");
    }
    let body = json!({ "email": "ada@example.org", "password": "secret" });
    data(&node.http().json("POST", "/social/users/login/", &[], &body).await);
    refused(&ada.call("PATCH", "/users").await, 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_email_is_one_however_it_is_written() {
    let node = Node::start().await;
    let ada = User::register(&node, "Ada").await;
    let bob = User::register(&node, "bob").await;
    let taken =
        json!({ "first_name": "x", "last_name": "", "email": " ADA@example.org ", "password": "secret" });
    refused(&node.http().json("POST", "/social/users/register", &[], &taken).await, 409);
    refused(
        &bob.call_with("PUT", &format!("/users/{}", bob.id), &json!({ "email": "Ada@Example.org" })).await,
        409,
    );
    let signed_in = log_in(&node, "aDA@EXAMPLE.org", "secret").await;
    assert_eq!(data(&signed_in)["id"], ada.id);
    for (email, password) in
        [("ada@example.org", "Secret"), ("eve@example.org", "secret"), ("ada", ""), ("", "")]
    {
        let body = json!({ "email": email, "password": password });
        refused(&node.http().json("POST", "/social/users/login", &[], &body).await, 401);
    }
    // Nobody signs in natively by an email, nor by a name that nobody told them.
    let native = json!({ "username": "ada@example.org", "password": "secret" });
    node.http().json("POST", "/api/v1/sessions", &[], &native).await.problem(401, "unauthorized");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_is_read_as_old_clients_write_it() {
    let node = Node::start().await;
    let ada = User::register(&node, "ada").await;
    let as_text = json!(json!({ "name": "Reading", "secondary_user_fk": "7" }).to_string());
    let made = ada.post("/groups", &as_text).await;
    assert_eq!(made["secondary_user_fk"], "7");
    let path = format!("/groups/{}", made["id"]);
    for (sent, kept) in [(json!({}), json!("7")), (json!({ "secondary_user_fk": 8 }), json!(8))] {
        assert_eq!(ada.put(&path, &sent).await["secondary_user_fk"], kept, "{sent}");
    }
    let changed = ada.put(&path, &json!({ "name": "Writing", "secondary_user_fk": null })).await;
    assert_eq!((&changed["name"], &changed["secondary_user_fk"]), (&json!("Writing"), &json!(null)));
    for body in [
        "",
        "nonsense",
        "[]",
        "7",
        "\"text\"",
        "{}",
        r#"{"name": 7}"#,
        r#"{"name": ""}"#,
        r#"{"name": null}"#,
    ] {
        let headers = [("cookie", ada.cookie.as_str())];
        refused(&node.http().request("POST", "/social/groups", &headers, body.as_bytes()).await, 400);
    }
    for (field, wrong) in [
        ("first_name", json!("")),
        ("first_name", json!(1)),
        ("email", json!("nobody")),
        ("email", json!(null)),
        ("password", json!("")),
        ("last_name", json!("x".repeat(81))),
        ("picture", json!("x".repeat(2_049))),
    ] {
        let mut body = json!({ "first_name": "a", "last_name": "b", "email": "c@d", "password": "secret" });
        body[field] = wrong;
        refused(&node.http().json("POST", "/users/register", &[], &body).await, 400);
    }
    let group = made["id"].as_i64().unwrap();
    for body in
        [json!({ "group_fk": group }), json!({ "message": "x" }), json!({ "group_fk": [], "message": "x" })]
    {
        refused(&ada.call_with("POST", "/messages", &body).await, 400);
    }
    let large = json!({ "group_fk": group, "message": "x".repeat(64 * 1024) });
    refused(&ada.call_with("POST", "/messages", &large).await, 413);
    assert_eq!(ada.reads(group).await, [""; 0], "nothing was stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_told_without_a_session() {
    let node = Node::start().await;
    let ada = User::register(&node, "ada").await;
    let group = ada.makes_group("Reading").await;
    data(&ada.call("GET", "/users/logout").await);
    let calls = [
        ("GET", "/users".to_owned()),
        ("GET", "/users/logout".to_owned()),
        ("PUT", format!("/users/{}", ada.id)),
        ("DELETE", format!("/users/{}", ada.id)),
        ("GET", "/groups".to_owned()),
        ("POST", "/groups".to_owned()),
        ("GET", format!("/groups/{group}")),
        ("PUT", format!("/groups/{group}")),
        ("DELETE", format!("/groups/{group}")),
        ("GET", "/members".to_owned()),
        ("POST", "/members".to_owned()),
        ("PUT", "/members/1".to_owned()),
        ("DELETE", "/members/x".to_owned()),
        ("GET", "/messages".to_owned()),
        ("POST", "/messages".to_owned()),
        ("PUT", "/messages/1".to_owned()),
        ("DELETE", "/messages/1".to_owned()),
        ("GET", "/players".to_owned()),
        ("POST", "/players".to_owned()),
        ("PUT", format!("/players/{group}")),
        ("DELETE", format!("/players/{group}")),
        ("GET", format!("/messages/{group}")),
        ("POST", format!("/messages/{group}")),
    ];
    let native = node.register("grace").await;
    let natives = format!("social_session={}", native.token);
    for (method, path) in &calls {
        for cookie in ["", "social_session=", "social_session=nonsense", &ada.cookie, &natives] {
            let headers = [("cookie", cookie)];
            for prefix in ["/social", "/social/api/v1"] {
                let answer = node.http().request(method, &format!("{prefix}{path}"), &headers, b"").await;
                refused(&answer, 401);
            }
            // At the root a group without a cookie is one of circle's.
            if !cookie.is_empty() || !path.starts_with("/groups") {
                refused(&node.http().request(method, path, &headers, b"").await, 401);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_root_knows_the_two_kinds_of_groups_by_the_cookie() {
    let node = Node::start().await;
    let ada = User::register_at(&node, "", "ada").await;
    ada.makes_group("Reading").await;
    let body = json!({ "name": "Owls", "description": "Who is awake?" });
    let circle = node.http().json("POST", "/groups", &[], &body).await.expect(200);
    assert!(circle["access_code"].is_string());
    assert_eq!(node.http().get("/groups").await.expect(200), json!([circle]));
    assert_eq!(ada.get("/groups").await[0]["name"], "Reading");
    assert_eq!(ada.get("/groups").await.as_array().unwrap().len(), 1);
    let without = Node::with(&["--rate-limits=off", "--compat-dialects=circle"]).await;
    let cookie = [("cookie", "social_session=x")];
    assert_eq!(without.http().request("GET", "/groups", &cookie, b"").await.expect(200), json!([]));
    assert_eq!(without.http().request("GET", "/users", &cookie, b"").await.status, 404);
    let alone = Node::with(&["--rate-limits=off", "--compat-dialects=social"]).await;
    refused(&alone.http().get("/groups").await, 401);
}

/// Who may: the owner, a member, a stranger. A stranger may not know that there is such a thing.
#[tokio::test(flavor = "multi_thread")]
async fn who_may_what() {
    let node = Node::start().await;
    let [ada, bob, eve, dan] = [
        User::register(&node, "ada").await,
        User::register(&node, "bob").await,
        User::register(&node, "eve").await,
        User::register(&node, "dan").await,
    ];
    let group = ada.makes_group("Reading").await;
    let bobs_place = ada.adds(group, &bob).await;
    let adas_place = ada.get(&format!("/members?group_fk={group}")).await[0]["id"].as_i64().unwrap();
    let said = ada.says(group, "by the owner").await;
    let of = |path: &str| path.replace("{g}", &group.to_string());
    let nothing = json!({});
    // Columns: member, stranger. What the owner and the author may is told elsewhere.
    for (method, path, body, [member, stranger]) in [
        ("GET", of("/groups/{g}"), &nothing, [200, 404]),
        ("PUT", of("/groups/{g}"), &json!({ "name": "Mine" }), [403, 404]),
        ("DELETE", of("/groups/{g}"), &nothing, [403, 404]),
        ("GET", of("/members?group_fk={g}"), &nothing, [200, 404]),
        ("GET", of("/members/{g}"), &nothing, [200, 404]),
        ("POST", "/members".into(), &json!({ "group_fk": group, "member_fk": dan.id }), [403, 404]),
        ("PUT", format!("/members/{bobs_place}"), &json!({ "member_fk": dan.id }), [403, 404]),
        ("DELETE", format!("/members/{adas_place}"), &nothing, [403, 404]),
        ("GET", of("/messages?group_fk={g}"), &nothing, [200, 404]),
        ("GET", of("/messages/{g}"), &nothing, [200, 404]),
        ("POST", "/messages".into(), &json!({ "group_fk": group, "message": "x" }), [200, 404]),
        ("POST", of("/messages/{g}"), &json!({ "message": "x" }), [200, 404]),
        (
            "POST",
            "/messages".into(),
            &json!({ "group_fk": group, "message": "x", "owner_fk": ada.id }),
            [403, 403],
        ),
        ("PUT", format!("/messages/{said}"), &json!({ "message": "mine" }), [403, 404]),
        ("DELETE", format!("/messages/{said}"), &nothing, [403, 404]),
        ("GET", of("/players?group_fk={g}"), &nothing, [200, 404]),
        ("GET", of("/players/{g}"), &nothing, [200, 404]),
        ("POST", "/players".into(), &json!({ "group_fk": group, "name": "A film" }), [200, 404]),
        ("PUT", of("/players/{g}"), &json!({ "name": "Another" }), [200, 404]),
        ("DELETE", of("/players/{g}"), &nothing, [200, 404]),
        ("PUT", format!("/users/{}", ada.id), &json!({ "first_name": "Eve" }), [403, 403]),
        ("DELETE", format!("/users/{}", ada.id), &nothing, [403, 403]),
        ("PUT", "/users/999999".into(), &json!({ "first_name": "Eve" }), [404, 404]),
        ("DELETE", "/users/x".into(), &nothing, [404, 404]),
        ("GET", "/groups/999999".into(), &nothing, [404, 404]),
        ("GET", "/messages?group_fk=x".into(), &nothing, [404, 404]),
        ("PUT", "/messages/9007199254740993".into(), &json!({ "message": "x" }), [404, 404]),
    ] {
        for (who, status) in [(&bob, member), (&eve, stranger)] {
            let answer = who.call_with(method, &path, body).await;
            match status {
                200 => drop(data(&answer)),
                status => refused(&answer, status),
            }
        }
    }
    assert_eq!(ada.reads(group).await, ["by the owner", "x", "x"]);
    assert_eq!(ada.get(&format!("/groups/{group}")).await["name"], "Reading");
    // The owner deletes anybody's message, and nobody's twice; and there is nobody to be added who is nobody.
    let bobs = bob.says(group, "by a member").await;
    refused(&ada.call_with("PUT", &format!("/messages/{bobs}"), &json!({ "message": "mine" })).await, 403);
    data(&ada.call("DELETE", &format!("/messages/{bobs}")).await);
    refused(&bob.call("DELETE", &format!("/messages/{bobs}")).await, 404);
    refused(
        &ada.call_with("POST", "/members", &json!({ "group_fk": group, "member_fk": 999_999 })).await,
        404,
    );
    let grace = node.register("grace").await;
    let native = json!({ "group_fk": group, "member_fk": grace.id });
    refused(&ada.call_with("POST", "/members", &native).await, 404);
    // Anybody removes themselves; what they said stays.
    data(&bob.call("DELETE", &format!("/members/{bobs_place}")).await);
    refused(&bob.call("GET", &format!("/groups/{group}")).await, 404);
    assert_eq!(ada.reads(group).await, ["by the owner", "x", "x"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_may_be_anothers() {
    let node = Node::start().await;
    let [ada, bob, dan] = [
        User::register(&node, "ada").await,
        User::register(&node, "bob").await,
        User::register(&node, "dan").await,
    ];
    let (reading, writing) = (ada.makes_group("Reading").await, ada.makes_group("Writing").await);
    let place = ada.adds(reading, &bob).await;
    let path = format!("/members/{place}");
    let moved = ada.put(&path, &json!({ "member_fk": dan.id })).await;
    assert_eq!((moved["id"].as_i64(), moved["member_fk"]["id"].as_i64()), (Some(place), Some(dan.id)));
    let moved = ada.put(&path, &json!({ "group_fk": writing })).await;
    assert_eq!((moved["id"].as_i64(), moved["group_fk"]["id"].as_i64()), (Some(place), Some(writing)));
    refused(&ada.call_with("PUT", &path, &json!({ "member_fk": ada.id })).await, 409);
    assert_eq!(ada.put(&path, &json!({})).await, moved);
    let bobs = bob.makes_group("Bob's").await;
    refused(&ada.call_with("PUT", &path, &json!({ "group_fk": bobs })).await, 404);
    assert_eq!(bob.get("/groups").await.as_array().unwrap().len(), 1);
    assert_eq!(dan.get("/groups").await[0]["name"], "Writing");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_email_is_shown_to_those_one_shares_a_group_with() {
    let node = Node::start().await;
    let [ada, bob, eve] = [
        User::register(&node, "ada").await,
        User::register(&node, "bob").await,
        User::register(&node, "eve").await,
    ];
    let group = ada.makes_group("Reading").await;
    ada.adds(group, &bob).await;
    let emails = async |who: &User| -> Vec<Value> {
        who.get("/users").await.as_array().unwrap().iter().map(|user| user["email"].clone()).collect()
    };
    assert_eq!(emails(&ada).await, [json!("ada@example.org"), json!("bob@example.org"), json!(null)]);
    assert_eq!(emails(&eve).await, [json!(null), json!(null), json!("eve@example.org")]);
    assert!(eve.get("/users").await[0].get("email").is_none(), "it is not there at all");
    let found = eve.get("/users?email=BOB%40example.org").await;
    assert_eq!(found, json!([{ "id": bob.id, "first_name": "bob", "last_name": "L" }]));
    for nobody in ["zoe%40example.org", "bob", "%00"] {
        assert_eq!(eve.get(&format!("/users?email={nobody}")).await, json!([]));
    }
    // Who has no account of this face is not among them.
    node.register("grace").await;
    assert_eq!(emails(&ada).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_changes_oneself() {
    let node = Node::start().await;
    let ada = User::register(&node, "ada").await;
    let path = format!("/users/{}", ada.id);
    let edit = json!({ "first_name": "Augusta", "last_name": "", "email": "Augusta@example.org",
        "picture": "https://a.example/p.png", "password": "another" });
    let other = log_in(&node, "ada@example.org", "secret").await;
    let other = cookie_of(&other);
    let changed = ada.put(&path, &edit).await;
    let expected = json!({ "id": ada.id, "first_name": "Augusta", "last_name": "",
        "email": "augusta@example.org", "picture": "https://a.example/p.png" });
    assert_eq!(changed, expected);
    assert_eq!(ada.get("/users").await, json!([expected]), "the session goes on");
    let elsewhere = node.http().request("GET", "/social/users", &[("cookie", &other)], b"").await;
    refused(&elsewhere, 401);
    for (password, status) in [("secret", 401), ("another", 200)] {
        let body = json!({ "email": "augusta@example.org", "password": password });
        node.http().json("POST", "/social/users/login", &[], &body).await.expect(status);
    }
    assert_eq!(
        ada.native("GET", "/me", &Value::Null).await.expect(200)["account"]["display_name"],
        "Augusta"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_for_good_leaves_their_groups_to_others() {
    let node = Node::start().await;
    let [ada, bob, dan] = [
        User::register(&node, "ada").await,
        User::register(&node, "bob").await,
        User::register(&node, "dan").await,
    ];
    let (shared, alone) = (ada.makes_group("Shared").await, ada.makes_group("Alone").await);
    ada.adds(shared, &dan).await;
    ada.adds(shared, &bob).await;
    ada.says(shared, "remember me").await;
    data(&ada.call("DELETE", &format!("/users/{}", ada.id)).await);
    refused(&ada.call("GET", "/groups").await, 401);
    let body = json!({ "email": "ada@example.org", "password": "secret" });
    refused(&node.http().json("POST", "/social/users/login", &[], &body).await, 401);
    let group = bob.get(&format!("/groups/{shared}")).await;
    assert_eq!(group["owner_fk"]["id"], dan.id, "the member of longest standing");
    let messages = bob.get(&format!("/messages?group_fk={shared}")).await;
    assert_eq!((&messages[0]["message"], &messages[0]["owner_fk"]), (&json!("remember me"), &json!(null)));
    assert_eq!(bob.get("/users").await.as_array().unwrap().len(), 2);
    data(&dan.call_with("PUT", &format!("/groups/{shared}"), &json!({ "name": "Dan's" })).await);
    let group = parlor_core::GroupId::new(alone).unwrap();
    let heads = node.deps.app.heads(vec![group]).await.unwrap();
    assert_eq!(heads, [], "there was nobody to have it");
    // The email is free again.
    User::register(&node, "ada").await;
    // An owner who leaves does the same.
    let places = bob.get(&format!("/members?group_fk={shared}")).await;
    data(&dan.call("DELETE", &format!("/members/{}", places[0]["id"])).await);
    assert_eq!(bob.get(&format!("/groups/{shared}")).await["owner_fk"]["id"], bob.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_natively_is_not_there() {
    let node = Node::start().await;
    let ada = User::register(&node, "ada").await;
    let made = ada.native("POST", "/groups", &json!({ "name": "Native" })).await.expect(201);
    let group = made["group"]["id"].as_i64().unwrap();
    let sent = json!({ "client_id": "1", "text": "natively" });
    let seq = ada.native("POST", &format!("/groups/{group}/messages"), &sent).await.expect(201);
    let seq = seq["event"]["seq"].as_i64().unwrap();
    let message = parlor_core::social::MessageNumber::of(
        parlor_core::GroupId::new(group).unwrap(),
        parlor_core::Seq::new(seq).unwrap(),
    );
    let message = message.unwrap().get();
    for list in ["groups", "members", "messages", "players"] {
        assert_eq!(ada.get(&format!("/{list}")).await, json!([]));
    }
    for (method, path, body) in [
        ("GET", format!("/groups/{group}"), json!({})),
        ("PUT", format!("/groups/{group}"), json!({ "name": "x" })),
        ("DELETE", format!("/groups/{group}"), json!({})),
        ("GET", format!("/members?group_fk={group}"), json!({})),
        ("POST", "/members".into(), json!({ "group_fk": group, "member_fk": ada.id })),
        ("GET", format!("/messages?group_fk={group}"), json!({})),
        ("POST", "/messages".into(), json!({ "group_fk": group, "message": "x" })),
        ("PUT", format!("/messages/{message}"), json!({ "message": "x" })),
        ("DELETE", format!("/messages/{message}"), json!({})),
        ("POST", "/players".into(), json!({ "group_fk": group, "name": "x" })),
        ("DELETE", format!("/players/{group}"), json!({})),
    ] {
        refused(&ada.call_with(method, &path, &body).await, 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_the_same_group_natively() {
    let node = Node::start().await;
    let (ada, grace) = (User::register(&node, "ada").await, node.register("grace").await);
    let group = ada.makes_group("Reading").await;
    let native = ada.native("GET", &format!("/groups/{group}"), &Value::Null).await.expect(200);
    let code = native["group"]["access_code"].as_str().unwrap().to_owned();
    let shared = parlor_testkit::Group { id: group, code };
    grace.joins(&shared).await;
    ada.says(group, "from there").await;
    grace.sends(&shared, "from here").await;
    assert_eq!(grace.sees(&shared).await, ["from there", "from here"]);
    assert_eq!(ada.reads(group).await, ["from there", "from here"]);
    let messages = ada.get("/messages").await;
    let by = json!({ "id": grace.id, "first_name": "grace", "last_name": "" });
    assert_eq!(messages[1]["owner_fk"], by, "who came natively has the name that others see");
    let members = ada.get("/members").await;
    assert_eq!(members[1]["member_fk"], by);
    // A deletion is the native one, and has no way back.
    data(&ada.call("DELETE", &format!("/messages/{}", messages[1]["id"])).await);
    assert_eq!(grace.sees(&shared).await, ["from there"]);
    data(&ada.call("DELETE", &format!("/members/{}", members[1]["id"])).await);
    assert_eq!(grace.get(&format!("/groups/{group}")).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_player_is_the_native_one() {
    let node = Node::start().await;
    let ada = User::register(&node, "ada").await;
    let group = ada.makes_group("Cinema").await;
    let path = format!("/players?group_fk={group}");
    let watch = async || ada.native("GET", &format!("/groups/{group}/watch"), &Value::Null).await.expect(200);
    let name = async || ada.get(&path).await[0]["name"].clone();
    assert_eq!(ada.get(&path).await, json!([]));

    let film = "https://a.example/film.mp4";
    ada.post("/players", &json!({ "group_fk": group, "name": film })).await;
    let seen = watch().await;
    assert!(seen.to_string().contains(film), "{seen}");
    let youtube = "https://youtu.be/dQw4w9WgXcQ?t=5";
    ada.put(&format!("/players/{group}"), &json!({ "name": youtube, "group_fk": group })).await;
    assert_eq!(name().await, youtube, "as it was written");
    assert!(watch().await.to_string().contains("dQw4w9WgXcQ"));

    // Something else is put on natively.
    let caller = node.deps.app.authenticate(ada.cookie.split_once('=').unwrap().1).await.unwrap();
    let id = parlor_core::GroupId::new(group).unwrap();
    let load = async |address: &str| {
        use parlor_core::watch::{Ask, Command, Kind, Length, Media, MediaTime, Source, Title};
        let state = node.deps.app.watch(&caller, id).await.unwrap().watch;
        let source = Source::parse(address).unwrap().source;
        let media = Media { title: Title::of(&source), source, kind: Kind::Video, length: Length::Unknown };
        let command = Command { seen: state.play.rev, ask: Ask::Load { media, start: MediaTime::START } };
        let client_id = parlor_core::ClientId::parse(&state.play.rev.get().to_string()).unwrap();
        node.deps.app.command_player(&caller, id, &client_id, command).await.unwrap();
    };
    load("https://a.example/other.mp4").await;
    assert_eq!(name().await, "https://a.example/other.mp4");
    load("youtube:dQw4w9WgXcQ").await;
    assert_eq!(name().await, "https://www.youtube.com/watch?v=dQw4w9WgXcQ");

    // A name that is no address is kept, and nothing plays.
    ada.post("/players", &json!({ "group_fk": group, "name": "The long film" })).await;
    assert_eq!(name().await, "The long film");
    let state = node.deps.app.watch(&caller, id).await.unwrap().watch;
    assert_eq!(state.play.phase.as_str(), "paused");
    data(&ada.call("DELETE", &format!("/players/{group}")).await);
    assert_eq!(ada.get(&path).await, json!([]));
    refused(&ada.call("DELETE", &format!("/players/{group}")).await, 404);
    load("https://a.example/again.mp4").await;
    assert_eq!(name().await, "https://a.example/again.mp4");
    for wrong in [json!(""), json!(7), json!("a\nb"), json!("x".repeat(2_049)), json!("upload:7")] {
        refused(&ada.call_with("POST", "/players", &json!({ "group_fk": group, "name": wrong })).await, 400);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_on_by_an_address_has_its_title_natively() {
    let youtube = YouTube::start().await;
    let flags = youtube.flags();
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let node = Node::with(&flags).await;
    let ada = User::register(&node, "ada").await;
    let group = ada.makes_group("Cinema").await;
    let name = "https://youtu.be/bunny000001";
    let player = ada.post("/players", &json!({ "group_fk": group, "name": name })).await;
    assert_eq!(player["name"], name);
    assert_eq!(youtube.asked(), ["videos"]);
    let watch = ada.native("GET", &format!("/groups/{group}/watch"), &Value::Null).await.expect(200);
    assert_ne!(watch["item"]["title"], "YouTube bunny000001");
    assert!(watch["item"]["length_ms"].is_i64(), "{watch}");
}

const PREFLIGHT: [(&str, &str); 2] =
    [("access-control-request-method", "POST"), ("access-control-request-headers", "content-type")];

/// What an answer grants to the page that asked: the origin, and whether with its cookie.
fn granted(answer: &Answer) -> (Option<&str>, bool) {
    let with_cookie = answer.header("access-control-allow-credentials");
    (answer.header("access-control-allow-origin"), with_cookie == Some("true"))
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_are_named_may_call_with_the_cookie() {
    let node = Node::start().await;
    let ada = User::register(&node, "ada").await;
    let (named, foreign) = ("http://localhost:3000", "https://evil.example");
    // Rows: path, what the page that is named is granted, what any other is.
    for (path, for_named, for_others) in [
        ("/social/groups", (Some(named), true), (None, false)),
        ("/social/api/v1/users", (Some(named), true), (None, false)),
        ("/users/login", (Some(named), true), (None, false)),
        ("/messages", (Some(named), true), (None, false)),
        // Circle's too, and a preflight carries no cookie that would tell.
        ("/groups", (Some(named), true), (Some("*"), false)),
        ("/circle/groups", (Some("*"), false), (Some("*"), false)),
    ] {
        for (origin, expected) in [(named, for_named), (foreign, for_others), ("null", for_others)] {
            let asked = [("origin", origin), PREFLIGHT[0], PREFLIGHT[1]];
            let preflight = node.http().request("OPTIONS", path, &asked, b"").await;
            assert_eq!(preflight.status, 204);
            let asked = [("origin", origin), ("cookie", ada.cookie.as_str())];
            for answer in [preflight, node.http().request("GET", path, &asked, b"").await] {
                assert_eq!(granted(&answer), expected, "{path} {origin}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_counts_for_pages_of_ours_and_for_those_that_are_named() {
    let node = Node::start().await;
    let ada = User::register(&node, "ada").await;
    let own = format!("http://{}", node.address);
    for (headers, status) in [
        (vec![], 200),
        (vec![("origin", own.as_str())], 200),
        (vec![("origin", "http://localhost:3000")], 200),
        (vec![("origin", "http://localhost:3000"), ("sec-fetch-site", "same-site")], 200),
        (vec![("sec-fetch-site", "same-origin")], 200),
        (vec![("origin", "https://evil.example")], 401),
        (vec![("origin", "null")], 401),
        (vec![("origin", "http://localhost:3001")], 401),
        (vec![("sec-fetch-site", "cross-site")], 401),
    ] {
        for (method, path) in [("GET", "/groups"), ("POST", "/groups"), ("GET", "/social/users")] {
            let all = [vec![("cookie", ada.cookie.as_str())], headers.clone()].concat();
            let body = json!({ "name": "Reading" }).to_string();
            let body = if method == "POST" { body.as_bytes() } else { b"" };
            let answer = node.http().request(method, path, &all, body).await;
            assert_eq!(answer.status, status, "{method} {path} {headers:?}");
        }
    }
    assert_eq!(ada.get("/groups").await.as_array().unwrap().len(), 5);
    // Natively it counts for nobody.
    let native = node.http().request("GET", "/api/v1/me", &[("cookie", &ada.cookie)], b"").await;
    native.problem(401, "unauthorized");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_for_no_script_and_for_no_foreign_page() {
    let node = Node::with(&["--rate-limits=off", "--trusted-proxies=127.0.0.1"]).await;
    User::register(&node, "ada").await;
    let body = json!({ "email": "ada@example.org", "password": "secret" });
    let log_in = async |headers: &[(&str, &str)]| {
        let answer = node.http().json("POST", "/users/login", headers, &body).await;
        data(&answer);
        answer.header("set-cookie").map(|set| set.split_once("; ").unwrap().1.to_owned())
    };
    let without_tls = "Path=/; HttpOnly; SameSite=Lax; Max-Age=34560000";
    assert_eq!(log_in(&[]).await.as_deref(), Some(without_tls));
    assert_eq!(log_in(&[("origin", "http://localhost:3000")]).await.as_deref(), Some(without_tls));
    let with_tls = "Path=/; HttpOnly; SameSite=None; Secure; Max-Age=34560000";
    assert_eq!(log_in(&[("x-forwarded-proto", "https")]).await.as_deref(), Some(with_tls));
    assert_eq!(log_in(&[("origin", "https://evil.example")]).await, None);
    let ada = User {
        cookie: cookie_of(&self::log_in(&node, "ada@example.org", "secret").await),
        ..User::register(&node, "bob").await
    };
    let out = ada.call("GET", "/users/logout").await;
    assert_eq!(out.header("set-cookie"), Some("social_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_are_for_the_pages_of_both_lists() {
    let node = Node::with(&["--rate-limits=off", "--compat-cors-origins=https://old.example"]).await;
    for (origin, status) in [
        ("https://old.example", 200),
        ("http://localhost:3000", 200),
        ("http://localhost:3001", 403),
        ("https://evil.example", 403),
    ] {
        let path = "/socket.io/?EIO=3&transport=polling";
        let answer = node.http().request("GET", path, &[("origin", origin)], b"").await;
        assert_eq!(answer.status, status, "{origin}");
        let expected = if status == 200 { (Some(origin), true) } else { (None, false) };
        assert_eq!(granted(&answer), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_are_counted() {
    let node = Node::with(&[]).await;
    let ada = User::register(&node, "ada").await;
    let mut statuses = Vec::new();
    while statuses.len() < 20 && !statuses.contains(&429) {
        statuses.push(log_in(&node, "ada@example.org", "wrong").await.status);
    }
    assert_eq!(statuses.last(), Some(&429));
    let answer = log_in(&node, "ada@example.org", "secret").await;
    refused(&answer, 429);
    assert!(answer.header("retry-after").is_some());
    assert_eq!(ada.get("/groups").await, json!([]), "who is in stays in");
}
