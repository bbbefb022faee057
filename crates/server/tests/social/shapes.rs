//! What is sent, and the shape of what is answered.

use parlor_testkit::Node;
use serde_json::{Value, json};

use crate::user::{User, data, refused};

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

/// The names of an object's fields, in alphabetical order.
fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}
