//! Hostile cases of identity and sessions, by their numbers in the list of the project's safety notes.

use std::time::Instant;

use parlor_app::PasswordCost;
use parlor_testkit::{Http, Node, Person};
use serde_json::json;

/// 2: no token, garbage, one that has ended: the same answer.
#[tokio::test]
async fn whoever_has_no_session_is_told_the_same() {
    let node = Node::start().await;
    let ada = node.register("ada").await;
    let ended = ada.signs_in_again().await;
    assert_eq!(ended.call("DELETE", "/sessions/current").await.status, 204);
    let with =
        async |value: &str| node.http().request("GET", "/api/v1/me", &[("authorization", value)], b"").await;
    let nothing = node.http().get("/api/v1/me").await;
    nothing.problem(401, "unauthorized");
    let never_there = "0".repeat(64);
    for value in [
        format!("Bearer {}", ended.token),
        format!("Bearer {never_there}"),
        "Bearer garbage".to_owned(),
        "Bearer ".to_owned(),
        "Basic YTpi".to_owned(),
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.".to_owned(),
        format!("Bearer {}", "x".repeat(8_000)),
        "Bearer \u{1F600}".to_owned(),
    ] {
        let answer = with(&value).await;
        assert_eq!((answer.status, answer.text()), (401, nothing.text()), "{value}");
    }
    for cookie in [format!("parlor_session={}", ended.token), "parlor_session=garbage".to_owned()] {
        let answer = node.http().request("GET", "/api/v1/me", &[("cookie", &cookie)], b"").await;
        assert_eq!((answer.status, answer.text()), (401, nothing.text()));
    }
}

/// 6: signing out ends the token.
#[tokio::test]
async fn a_session_that_ended_is_nobody() {
    let node = Node::start().await;
    let ada = node.register("ada").await;
    let (phone, laptop) = (ada.signs_in_again().await, ada.signs_in_again().await);
    let out = phone.call("DELETE", "/sessions/current").await;
    assert_eq!(out.status, 204);
    assert!(
        out.header("set-cookie")
            .is_some_and(|cookie| cookie.starts_with("parlor_session=;") && cookie.contains("Max-Age=0"))
    );
    phone.get("/me").await.problem(401, "unauthorized");
    laptop.get("/me").await.expect(200);
    assert_eq!(laptop.call("DELETE", "/sessions").await.status, 204);
    laptop.get("/me").await.problem(401, "unauthorized");
    ada.get("/me").await.problem(401, "unauthorized");
}

/// 7: a new password ends every other session.
#[tokio::test]
async fn a_new_password_ends_the_others() {
    let node = Node::start().await;
    let ada = node.register("ada").await;
    let thief = ada.signs_in_again().await;
    let wrong = json!({ "current": "not this one", "password": "a brand new one" });
    ada.call_with("PUT", "/me/password", &wrong).await.problem(403, "forbidden");
    thief.get("/me").await.expect(200);
    let right = json!({ "current": ada.password, "password": "a brand new one" });
    assert_eq!(ada.call_with("PUT", "/me/password", &right).await.status, 204);
    thief.get("/me").await.problem(401, "unauthorized");
    ada.get("/me").await.expect(200);
    let sign_in = |password: &str| json!({ "username": "ada", "password": password });
    node.http()
        .json("POST", "/api/v1/sessions", &[], &sign_in(&ada.password))
        .await
        .problem(401, "unauthorized");
    node.http().json("POST", "/api/v1/sessions", &[], &sign_in("a brand new one")).await.expect(201);
}

/// 8: a cookie that was there before signing in is not the one after it.
#[tokio::test]
async fn a_planted_cookie_is_replaced() {
    let node = Node::start().await;
    let ada = node.register("ada").await;
    let planted = node.guest("Mallory").await.token;
    let body = json!({ "username": ada.username, "password": ada.password });
    let cookie = format!("parlor_session={planted}");
    let answer = node.http().json("POST", "/api/v1/sessions", &[("cookie", &cookie)], &body).await;
    let set = answer.header("set-cookie").expect("a new one is set").to_owned();
    let token = answer.expect(201)["token"].as_str().unwrap().to_owned();
    assert_ne!(token, planted);
    assert!(set.starts_with(&format!("parlor_session={token};")));
}

/// 9: many passwords for one account, and one password over many accounts. 13: with another forged address each time.
#[tokio::test]
async fn guessing_is_slowed_down() {
    let node = Node::with(&[]).await;
    let ada = node.register("ada").await;
    let guess = async |http: Http, name: &str, password: &str, forged: &str| {
        let body = json!({ "username": name, "password": password });
        http.json("POST", "/api/v1/sessions", &[("x-forwarded-for", forged)], &body).await
    };
    let mut limited = None;
    for number in 0..40 {
        let answer =
            guess(node.http(), "ada", &format!("guess number {number}"), &format!("203.0.113.{number}"))
                .await;
        if answer.status == 429 {
            limited = Some(answer);
            break;
        }
        answer.problem(401, "unauthorized");
    }
    let limited = limited.expect("forty guesses are too many");
    let wait =
        limited.problem(429, "rate_limited")["retry_after"].as_u64().expect("it says how long to wait");
    assert!(wait >= 1);
    assert_eq!(limited.header("retry-after"), Some(wait.to_string().as_str()));
    ada.get("/me").await.expect(200);

    let mut statuses = Vec::new();
    for number in 0..200 {
        statuses.push(
            guess(node.http(), &format!("nobody{number}"), "password1", &format!("198.51.100.{number}"))
                .await
                .status,
        );
        if statuses.last() == Some(&429) {
            break;
        }
    }
    assert_eq!(statuses.last(), Some(&429), "one password over many accounts");
}

/// 9, behind a trusted proxy: the one who guesses is slowed down, the owner elsewhere is not.
#[tokio::test]
async fn the_right_one_elsewhere_is_not_locked_out() {
    let node = Node::with(&["--trusted-proxies=127.0.0.1"]).await;
    let ada = node.register("ada").await;
    let sign_in = async |password: &str, from: &str| {
        let body = json!({ "username": "ada", "password": password });
        node.http().json("POST", "/api/v1/sessions", &[("x-forwarded-for", from)], &body).await.status
    };
    let mut last = 0;
    for number in 0..40 {
        last = sign_in(&format!("guess number {number}"), "203.0.113.9").await;
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429);
    assert_eq!(sign_in(&ada.password, "198.51.100.7").await, 201);
}

/// 10: an unknown name and a wrong password look alike and take alike.
#[tokio::test]
async fn names_cannot_be_probed() {
    let node = Node::with_password_cost(&["--rate-limits=off"], PasswordCost::default()).await;
    node.register("ada").await;
    let attempt = async |name: &str| {
        let began = Instant::now();
        let body = json!({ "username": name, "password": "wrong password" });
        let answer = node.http().json("POST", "/api/v1/sessions", &[], &body).await;
        (answer.status, answer.text(), began.elapsed())
    };
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for number in 0..15 {
        let (a, b) = (attempt("ada").await, attempt(&format!("nobody{number}")).await);
        assert_eq!((a.0, &a.1), (401, &b.1));
        assert_eq!(b.0, 401);
        known.push(a.2);
        unknown.push(b.2);
    }
    known.sort();
    unknown.sort();
    let ratio = known[7].as_secs_f64() / unknown[7].as_secs_f64();
    assert!((0.5..2.0).contains(&ratio), "medians differ by {ratio}: {:?} and {:?}", known[7], unknown[7]);
}

/// 15: a cookie that a foreign page sends, or nobody knows who, changes nothing; forms are not JSON.
#[tokio::test]
async fn a_foreign_page_cannot_use_the_cookie() {
    let node = Node::start().await;
    let ada = node.register("ada").await;
    let cookie = format!("parlor_session={}", ada.token);
    let host = node.address.to_string();
    let own = format!("http://{host}");
    let body = json!({ "name": "Made by a page" });
    let post = async |headers: &[(&str, &str)]| {
        let headers: Vec<_> = headers.iter().copied().chain([("cookie", cookie.as_str())]).collect();
        node.http().json("POST", "/api/v1/groups", &headers, &body).await
    };
    for foreign in [
        vec![],
        vec![("origin", "https://evil.example")],
        vec![("origin", "null")],
        vec![("origin", own.as_str()), ("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site")],
        vec![("origin", "http://127.0.0.1")],
    ] {
        post(&foreign).await.problem(403, "forbidden");
    }
    post(&[("origin", &own)]).await.expect(201);
    post(&[("sec-fetch-site", "same-origin")]).await.expect(201);
    let read = node.http().request("GET", "/api/v1/me", &[("cookie", &cookie)], b"").await;
    assert_eq!(read.expect(200)["groups"].as_array().unwrap().len(), 2);
    let bearer = format!("Bearer {}", ada.token);
    post(&[("origin", "https://evil.example"), ("authorization", &bearer)]).await.expect(201);
    post(&[("sec-fetch-site", "same-origin"), ("authorization", "Bearer garbage")])
        .await
        .problem(401, "unauthorized");

    for kind in ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data", ""] {
        let headers = [("authorization", bearer.as_str()), ("content-type", kind)];
        let answer = node.http().request("POST", "/api/v1/groups", &headers, b"{\"name\":\"x\"}").await;
        answer.problem(415, "unsupported");
    }
    let foreign_sign_in = json!({ "username": ada.username, "password": ada.password });
    let answer = node
        .http()
        .json("POST", "/api/v1/sessions", &[("sec-fetch-site", "cross-site")], &foreign_sign_in)
        .await;
    assert_eq!(
        (answer.status, answer.header("set-cookie")),
        (201, None),
        "no page plants a session of its own"
    );
}

/// 17: no other origin is ever allowed.
#[tokio::test]
async fn there_is_no_cors() {
    let node = Node::start().await;
    let host = node.address.to_string();
    for origin in [
        "https://evil.example",
        "null",
        &format!("http://{host}.evil.example"),
        &format!("http://evil{host}"),
    ] {
        for path in ["/api/v1/me", "/api/v1/sessions", "/", "/healthz", "/api/v1/openapi.json"] {
            let headers = [("origin", origin), ("access-control-request-method", "POST")];
            for method in ["OPTIONS", "GET"] {
                let answer = node.http().request(method, path, &headers, b"").await;
                let allowed = answer.headers.iter().find(|(name, _)| name.starts_with("access-control-"));
                assert_eq!(allowed, None, "{method} {path} from {origin}");
            }
        }
    }
}

/// Behind TLS the cookie is for TLS only, and the browser is told to stay there.
#[tokio::test]
async fn behind_a_trusted_proxy_with_tls_everything_is_secure() {
    let node = Node::with(&["--trusted-proxies=127.0.0.1", "--rate-limits=off"]).await;
    let body = json!({ "display_name": "Grace" });
    let over = async |http: Http, proto: &str| {
        http.json("POST", "/api/v1/guests", &[("x-forwarded-proto", proto)], &body).await
    };
    let secure = over(node.http(), "https").await;
    assert!(secure.header("set-cookie").is_some_and(|cookie| cookie.contains("; Secure")));
    assert!(secure.header("strict-transport-security").is_some());
    let plain = over(node.http(), "http").await;
    assert!(plain.header("set-cookie").is_some_and(|cookie| !cookie.contains("Secure")));
    assert_eq!(plain.header("strict-transport-security"), None);
    let untrusting = Node::start().await;
    assert_eq!(over(untrusting.http(), "https").await.header("strict-transport-security"), None);
    let _: Person = node.guest("Ada").await;
}
