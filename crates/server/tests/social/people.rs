//! People: coming, being found, changing, going for good.

use parlor_testkit::Node;
use serde_json::{Value, json};

use crate::user::{User, cookie_of, data, log_in, refused};

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
