//! The cookie, and the pages that may send it.

use parlor_testkit::{Answer, Node};
use serde_json::json;

use crate::user::{User, data, refused};

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
    let given = async |headers: &[(&str, &str)]| {
        let answer = node.http().json("POST", "/users/login", headers, &body).await;
        data(&answer);
        answer.header("set-cookie").map(|set| set.split_once("; ").unwrap().1.to_owned())
    };
    let without_tls = "Path=/; HttpOnly; SameSite=Lax; Max-Age=34560000";
    assert_eq!(given(&[]).await.as_deref(), Some(without_tls));
    assert_eq!(given(&[("origin", "http://localhost:3000")]).await.as_deref(), Some(without_tls));
    let with_tls = "Path=/; HttpOnly; SameSite=None; Secure; Max-Age=34560000";
    assert_eq!(given(&[("x-forwarded-proto", "https")]).await.as_deref(), Some(with_tls));
    assert_eq!(given(&[("origin", "https://evil.example")]).await, None);
    let bob = User::register(&node, "bob").await;
    let out = bob.call("GET", "/users/logout").await;
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
