//! Codemaze over plain HTTP: accounts, tokens, avatars, problems, and what is refused. What needs the judge is told by
//! `codemaze_clients`.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing has failed, also in its helpers")]

use parlor_app::duel::JudgeState;
use parlor_testkit::{Answer, Node, until};
use serde_json::{Value, json};

/// A server with neither problems nor a judge, which knows that.
async fn start() -> Node {
    let node = Node::with(&["--rate-limits=off"]).await;
    let is_off = || matches!(node.deps.app.judge_state(), JudgeState::Off(_)).then_some(());
    until("duels are off", async || is_off()).await;
    node
}

async fn call(node: &Node, method: &str, path: &str, token: Option<&str>, body: &Value) -> Answer {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let headers: Vec<(&str, &str)> = bearer.iter().map(|bearer| ("authorization", bearer.as_str())).collect();
    node.http().json(method, path, &headers, body).await
}

/// Somebody who is registered and signed in.
async fn player(node: &Node, name: &str) -> String {
    let body = json!({ "username": name, "password": "maze" });
    call(node, "POST", "/auth/register", None, &body).await.expect(201);
    let welcome = call(node, "POST", "/auth/login", None, &body).await.expect(200);
    welcome["access_token"].as_str().unwrap().to_owned()
}

fn failed(answer: &Answer, status: u16) -> String {
    let said = answer.json();
    assert_eq!((answer.status, said["status"].as_str()), (status, Some("fail")), "{said}");
    assert_eq!(said.as_object().unwrap().len(), 2);
    said["message"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_come_and_go_at_both_faces() {
    let node = start().await;
    for (base, name) in [("", "ada"), ("/codemaze", "bob")] {
        let at = |path: &str| format!("{base}{path}");
        let body = json!({ "username": name, "password": "1" });
        let made = call(&node, "POST", &at("/auth/register"), None, &body).await.expect(201);
        assert_eq!(made, json!({ "status": "success", "message": "User successfully registered" }));
        failed(&call(&node, "POST", &at("/auth/register/"), None, &body).await, 409);

        let welcome = call(&node, "POST", &at("/auth/login"), None, &body).await.expect(200);
        let token = welcome["access_token"].as_str().unwrap();
        assert_eq!(
            welcome,
            json!({
                "status": "success", "message": "Login succeeded", "username": name,
                "access_token": token, "token_type": "bearer",
            })
        );
        let wrong = json!({ "username": name, "password": "2" });
        failed(&call(&node, "POST", &at("/auth/login"), None, &wrong).await, 401);
        for nobody in ["nobody", "no such name", "x"] {
            let body = json!({ "username": nobody, "password": "1" });
            let answer = call(&node, "POST", &at("/auth/login"), None, &body).await;
            assert_eq!(failed(&answer, 400), "User not found");
        }

        let left = call(&node, "POST", &at("/auth/logout"), Some(token), &json!({})).await.expect(200);
        assert_eq!(left, json!({ "status": "success", "message": "Successfully logged out" }));
        let void = call(&node, "GET", &at("/users/profile"), Some(token), &json!({})).await;
        assert_eq!((void.status, void.json()["msg"].is_string()), (401, true));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_native_account_is_one_of_this_face_too() {
    let node = start().await;
    let ada = node.register("ada").await;
    let profile = call(&node, "GET", "/users/profile", Some(&ada.token), &json!({})).await.expect(200);
    assert_eq!(profile["username"], "ada");
    let token = player(&node, "bob").await;
    let me =
        node.http().request("GET", "/api/v1/me", &[("authorization", &format!("Bearer {token}"))], b"").await;
    me.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_shown_as_the_old_service_did() {
    let node = start().await;
    let (ada, bob) = (player(&node, "ada").await, player(&node, "bob").await);
    let profile = call(&node, "GET", "/users/profile", Some(&ada), &json!({})).await.expect(200);
    let bronze = json!([{ "id": 1, "name": "Bronze", "min_xp": 0, "max_xp": 250 }]);
    let id = profile["id"].as_i64().unwrap();
    assert_eq!(
        profile,
        json!({
            "id": id, "username": "ada", "xp": 0, "avatar": "", "wins": 0, "losses": 0, "rank": bronze, "sessions": [],
        })
    );
    let changed = json!({ "avatar": "https://a.example/ada.png" });
    let changed = call(&node, "PATCH", "/codemaze/users/update", Some(&ada), &changed).await.expect(200);
    assert_eq!(changed, json!({ "id": id, "username": "ada", "avatar": "https://a.example/ada.png" }));

    let asked = json!({ "username_one": "bob", "username_two": "ADA" });
    let found = call(&node, "POST", "/users/avatars", Some(&bob), &asked).await.expect(200);
    assert_eq!((found[0]["username"].as_str(), &found[1]), (Some("bob"), &changed));
    assert_eq!(found.as_array().unwrap().len(), 2);
    let asked = json!({ "username_one": "nobody", "username_two": "no body" });
    failed(&call(&node, "POST", "/users/avatars", Some(&bob), &asked).await, 400);

    let board = call(&node, "GET", "/users/leaderboard", Some(&bob), &json!({})).await.expect(200);
    assert_eq!(
        board[0],
        json!({
            "id": id, "username": "ada", "avatar": "https://a.example/ada.png",
            "xp": 0, "wins": 0, "losses": 0, "rank": bronze,
        })
    );
    assert_eq!(board.as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_let_in_without_a_token() {
    let node = start().await;
    for (method, path) in [
        ("POST", "/auth/logout"),
        ("GET", "/users/profile"),
        ("GET", "/users/leaderboard"),
        ("PATCH", "/users/update"),
        ("POST", "/users/avatars"),
        ("GET", "/problems/random"),
        ("POST", "/problems/generate"),
        ("POST", "/sessions"),
    ] {
        for base in ["", "/codemaze"] {
            let path = format!("{base}{path}");
            for token in [None, Some("void"), Some(&*"ab".repeat(32))] {
                let answer = call(&node, method, &path, token, &json!({})).await;
                let said = answer.json();
                assert_eq!((answer.status, said["msg"].is_string()), (401, true), "{method} {path} {said}");
                assert_eq!(said.as_object().unwrap().len(), 1);
            }
            failed(&call(&node, "DELETE", &path, None, &json!({})).await, 405);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_named() {
    let node = start().await;
    let ada = player(&node, "ada").await;
    for (method, path, body) in [
        ("POST", "/auth/register", json!({ "username": "eve" })),
        ("POST", "/auth/register", json!({ "password": "1" })),
        ("POST", "/auth/register", json!({ "username": "", "password": "1" })),
        ("POST", "/auth/register", json!({ "username": "eve", "password": "" })),
        ("POST", "/auth/register", json!({ "username": 7, "password": "1" })),
        ("POST", "/auth/register", json!({ "username": "two words", "password": "1" })),
        ("POST", "/auth/register", json!([])),
        ("POST", "/auth/login", json!({ "username": "ada" })),
        ("PATCH", "/users/update", json!({})),
        ("PATCH", "/users/update", json!({ "avatar": 7 })),
        ("PATCH", "/users/update", json!({ "avatar": "x".repeat(2_049) })),
        ("POST", "/users/avatars", json!({ "username_one": "ada" })),
        ("POST", "/sessions", json!({ "problem_id": 1, "user_one_id": 1, "user_two_id": 2 })),
        ("POST", "/sessions", json!({ "problem_id": 1, "user_one_id": 1, "user_two_id": 2, "winner_id": 3 })),
        (
            "POST",
            "/sessions",
            json!({ "problem_id": "x", "user_one_id": 1, "user_two_id": 2, "winner_id": 1 }),
        ),
    ] {
        let message = failed(&call(&node, method, path, Some(&ada), &body).await, 400);
        assert!(!message.is_empty(), "{path} {body}");
    }
    // What the server did not judge.
    let claim = json!({ "problem_id": 1, "user_one_id": "1", "user_two_id": 2, "winner_id": "1" });
    failed(&call(&node, "POST", "/sessions", Some(&ada), &claim).await, 409);
    let large = json!({ "avatar": "x".repeat(70_000) });
    failed(&call(&node, "PATCH", "/users/update", Some(&ada), &large).await, 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_said_so() {
    let node = start().await;
    let ada = player(&node, "ada").await;
    let nothing = json!({});
    let generated = call(&node, "POST", "/problems/generate", Some(&ada), &nothing).await;
    assert!(failed(&generated, 503).contains("no service"), "and says what is missing");
    // This server has neither problems nor a judge.
    failed(&call(&node, "GET", "/problems/random", Some(&ada), &nothing).await, 503);
    let program = json!({ "code": "print(1)", "language": "py" });
    assert!(failed(&call(&node, "POST", "/run", None, &program).await, 503).contains("turned off"));

    let node = Node::with(&["--rate-limits=off", "--compat-root=off"]).await;
    assert_eq!(call(&node, "POST", "/auth/login", None, &nothing).await.status, 404);
    assert_eq!(call(&node, "POST", "/codemaze/auth/login", None, &nothing).await.status, 400);
    let node = Node::with(&["--rate-limits=off", "--compat-dialects=circle,social"]).await;
    assert_eq!(call(&node, "POST", "/codemaze/auth/login", None, &nothing).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_origins_may_call_it() {
    let node = start().await;
    let origin = [("origin", "https://maze.example")];
    let answer = node.http().request("GET", "/users/profile", &origin, b"").await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (401, Some("*")));
    let ask = [origin[0], ("access-control-request-method", "PATCH")];
    let answer = node.http().request("OPTIONS", "/codemaze/users/update", &ask, b"").await;
    assert_eq!(answer.status, 204);
    assert!(answer.header("access-control-allow-headers").unwrap().contains("authorization"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
}
