//! Who may what: nobody, a stranger, a member, the owner.

use parlor_testkit::Node;
use serde_json::json;

use crate::user::{User, data, refused};

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
