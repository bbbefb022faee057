//! Hostile cases of authorisation, by their numbers in the list of the project's safety notes. That a stranger learns
//! nothing (18) is a test of `every_call`.

use parlor_testkit::Node;
use serde_json::{Value, json};

/// 19: a message of group A below the path of group B.
#[tokio::test]
async fn a_message_is_found_in_its_own_group_only() {
    let node = Node::start().await;
    let ada = node.register("ada").await;
    let (first, second) = (ada.makes_group("First").await, ada.makes_group("Second").await);
    for number in 0..5 {
        ada.sends(&first, &format!("padding {number}")).await;
    }
    let seq = ada.sends(&first, "here").await;
    let path = format!("/groups/{}/messages/{seq}", second.id);
    ada.call_with("PATCH", &path, &json!({ "text": "there" })).await.problem(404, "not_found");
    ada.call("DELETE", &path).await.problem(404, "not_found");
    ada.call("PUT", &format!("{path}/reactions/%F0%9F%91%8D")).await.problem(404, "not_found");
    ada.get(&format!("{path}/edits")).await.problem(404, "not_found");
    let reply = json!({ "client_id": "r", "text": "?", "reply_to": seq });
    ada.post(&format!("/groups/{}/messages", second.id), &reply).await.problem(422, "invalid");
    assert_eq!(ada.sees(&first).await.last().map(String::as_str), Some("here"));
    // Neither is an event that is no message.
    ada.call("DELETE", &format!("/groups/{}/messages/1", second.id)).await.problem(404, "not_found");
}

/// 20, 21: what a body says of author, group, place or time counts for nothing.
#[tokio::test]
async fn the_path_and_the_session_decide() {
    let node = Node::start().await;
    let (ada, grace) = (node.register("ada").await, node.register("grace").await);
    let (here, there) = (ada.makes_group("Here").await, ada.makes_group("There").await);
    grace.joins(&here).await;
    let forged = json!({
        "client_id": "f", "text": "hello", "group": there.id, "group_id": there.id, "seq": 99, "epoch": 9,
        "at": "2001-01-01T00:00:00.000Z", "by": { "id": ada.id, "name": "Ada" }, "author": ada.id, "deleted": true,
    });
    let event =
        grace.post(&format!("/groups/{}/messages", here.id), &forged).await.expect(201)["event"].clone();
    assert_eq!((&event["group"], &event["by"]["id"]), (&json!(here.id), &json!(grace.id)));
    assert!(event["seq"].as_i64().unwrap() < 99 && !event["at"].as_str().unwrap().starts_with("2001"));
    assert!(ada.sees(&there).await.is_empty());

    let path = format!("/groups/{}/messages/{}", here.id, event["seq"]);
    let mut change = forged.clone();
    change["text"] = json!("edited");
    grace.call_with("PATCH", &path, &change).await.expect(200);
    let page = ada.get(&format!("/groups/{}/messages", here.id)).await.expect(200);
    let message = &page["messages"][0];
    assert_eq!(
        (&message["by"]["id"], &message["seq"], &message["at"]),
        (&json!(grace.id), &event["seq"], &event["at"])
    );
    assert_eq!((&message["text"], &message["deleted"]), (&json!("edited"), &json!(false)));
}

/// 22: nobody makes themselves more than they are.
#[tokio::test]
async fn no_role_comes_from_a_body() {
    let node = Node::start().await;
    let root = json!({ "username": "eve", "password": "long enough", "admin": true, "role": "owner", "guest": false, "id": 1 });
    node.http().json("POST", "/api/v1/accounts", &[], &root).await.expect(201);
    let (ada, grace) = (node.register("ada").await, node.register("grace").await);
    let group = ada.makes_group("Reading").await;
    let join = json!({ "access_code": group.code, "role": "owner", "admin": true, "account_id": ada.id });
    grace.post("/groups/join", &join).await.expect(200);
    grace
        .call_with("PATCH", "/me", &json!({ "display_name": "Grace", "admin": true, "id": ada.id }))
        .await
        .expect(200);
    let me = grace.get("/me").await.expect(200);
    assert_eq!((&me["admin"], &me["account"]["id"]), (&json!(false), &json!(grace.id)));
    assert_eq!(me["groups"][0]["role"], "member");

    let epoch = me["groups"][0]["group"]["epoch"].clone();
    let change = json!({ "owner_id": grace.id, "access_code": "open-sesame", "epoch": 7, "head": 0, "name": "Renamed" });
    let changed =
        ada.call_with("PATCH", &format!("/groups/{}", group.id), &change).await.expect(200)["group"].clone();
    assert_eq!((&changed["owner_id"], &changed["access_code"]), (&json!(ada.id), &json!(group.code)));
    assert_eq!((&changed["epoch"], &changed["name"]), (&epoch, &json!("Renamed")));
}

/// 28: owning a group is not running the server.
#[tokio::test]
async fn a_group_owner_is_no_admin() {
    let node = Node::start().await;
    let first = node.register("first").await;
    let owner = node.register("owner").await;
    owner.makes_group("Mine").await;
    for person in [&first, &owner] {
        assert_eq!(
            person.get("/me").await.expect(200)["admin"],
            false,
            "only the one-time link makes an admin"
        );
    }
}

/// 29: a group is never without its owner.
#[tokio::test]
async fn the_last_owner_stays_one() {
    let node = Node::start().await;
    let (ada, grace) = (node.register("ada").await, node.register("grace").await);
    let group = ada.makes_group("Reading").await;
    let guest = parlor_testkit::Person::guest(node.http(), "Guest", Some(&group.code)).await;
    grace.joins(&group).await;
    let member = |id: i64| format!("/groups/{}/members/{id}", group.id);
    ada.call("DELETE", &member(ada.id)).await.problem(409, "conflict");
    for role in ["member", "moderator", "guest"] {
        let answer = ada.call_with("PATCH", &member(ada.id), &json!({ "role": role })).await;
        assert!([403, 409].contains(&answer.status), "{role}: {}", answer.text());
    }
    ada.call_with("PATCH", &member(grace.id), &json!({ "role": "owner" })).await.problem(409, "conflict");
    let to_guest = ada.post(&format!("/groups/{}/owner", group.id), &json!({ "account_id": guest.id })).await;
    to_guest.problem(409, "conflict");
    ada.makes(&grace, "moderator", &group).await;
    assert_eq!(grace.call("DELETE", &member(ada.id)).await.status / 100, 4);
    let roles: Vec<Value> = ada.get(&format!("/groups/{}/members", group.id)).await.expect(200)["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member["role"].clone())
        .collect();
    assert_eq!(roles.iter().filter(|role| *role == "owner").count(), 1);
}

/// 60: the same `client_id` twice.
#[tokio::test]
async fn a_repeat_is_the_same_message() {
    let node = Node::start().await;
    let (ada, grace) = (node.register("ada").await, node.register("grace").await);
    let group = ada.makes_group("Reading").await;
    grace.joins(&group).await;
    let path = format!("/groups/{}/messages", group.id);
    let body = json!({ "client_id": "once", "text": "hello" });
    let first = ada.post(&path, &body).await.expect(201);
    let again = ada.post(&path, &body).await.expect(200);
    assert_eq!((&first["duplicate"], &again["duplicate"]), (&json!(false), &json!(true)));
    assert_eq!(first["event"], again["event"]);
    grace.post(&path, &body).await.expect(201);
    ada.post(&path, &json!({ "client_id": "once", "text": "other" })).await.problem(409, "client_id_reused");
    assert_eq!(ada.sees(&group).await, ["hello", "hello"]);

    let at_once = json!({ "client_id": "race", "text": "me" });
    let answers = futures(20, async || ada.post(&path, &at_once).await.status).await;
    assert_eq!(answers.iter().filter(|status| **status == 201).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|status| [200, 201].contains(status)), "{answers:?}");
}

/// 61: two at once on one message; a read position that goes back, or beyond the end.
#[tokio::test]
async fn contradicting_changes_have_one_outcome() {
    let node = Node::start().await;
    let (ada, grace) = (node.register("ada").await, node.register("grace").await);
    let group = ada.makes_group("Reading").await;
    grace.joins(&group).await;
    for round in 0..10 {
        let seq = ada.sends(&group, "draft").await;
        let path = format!("/groups/{}/messages/{seq}", group.id);
        let edit = json!({ "text": format!("round {round}") });
        let (edited, deleted) = tokio::join!(ada.call_with("PATCH", &path, &edit), ada.call("DELETE", &path));
        deleted.expect(200);
        assert!([200, 409].contains(&edited.status), "{}", edited.text());
        let page = grace.get(&format!("/groups/{}/messages?limit=1", group.id)).await.expect(200);
        assert_eq!(
            (&page["messages"][0]["deleted"], &page["messages"][0]["text"]),
            (&json!(true), &json!(""))
        );
    }
    let log = grace.get(&format!("/groups/{}/events?limit=200", group.id)).await.text();
    assert!(!log.contains("draft") && !log.contains("round "), "{log}");
    let read = format!("/groups/{}/read", group.id);
    let head = grace.get(&format!("/groups/{}", group.id)).await.expect(200)["group"]["head"].clone();
    let beyond = grace.call_with("PUT", &read, &json!({ "seq": u64::MAX })).await.expect(200);
    assert_eq!((&beyond["last_read"], &beyond["unread"]), (&head, &json!(0)));
    grace.call_with("PUT", &read, &json!({ "seq": -1 })).await.problem(422, "invalid");
}

/// The same call several times at once.
async fn futures<T: Send + 'static>(count: usize, call: impl AsyncFn() -> T) -> Vec<T> {
    let mut pending: Vec<_> = (0..count).map(|_| Box::pin(call())).collect();
    let mut answers = Vec::new();
    std::future::poll_fn(|context| {
        pending.retain_mut(|future| match future.as_mut().poll(context) {
            std::task::Poll::Ready(answer) => {
                answers.push(answer);
                false
            }
            std::task::Poll::Pending => true,
        });
        if pending.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    answers
}
