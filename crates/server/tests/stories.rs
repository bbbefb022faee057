//! What people do over REST, told as stories against a real server.

use parlor_testkit::{Node, Person};
use serde_json::json;

#[tokio::test]
async fn two_people_talk_in_a_group() {
    let node = Node::start().await;
    let (ada, grace) = (node.register("ada").await, node.register("grace").await);
    let group = ada.makes_group("Reading").await;
    grace.joins(&group).await;

    ada.sends(&group, "hello").await;
    let question = grace.sends(&group, "what do we read?").await;
    assert_eq!(ada.sees(&group).await, ["hello", "what do we read?"]);
    assert_eq!(grace.sees(&group).await, ada.sees(&group).await);
    assert_eq!((ada.unread(&group).await, grace.unread(&group).await), (1, 0), "sending reads up to it");

    let path = format!("/groups/{}/read", group.id);
    let read = ada.call_with("PUT", &path, &json!({ "seq": question })).await.expect(200);
    assert_eq!(read["unread"], 0);
    assert_eq!(ada.unread(&group).await, 0);
    let back = ada.call_with("PUT", &path, &json!({ "seq": 0 })).await.expect(200);
    assert_eq!(
        (&back["unread"], &back["last_read"]),
        (&json!(0), &json!(question)),
        "a read position never goes back"
    );
    let far = ada.call_with("PUT", &path, &json!({ "seq": 9_007_199_254_740_000_i64 })).await.expect(200);
    assert_eq!(far["last_read"], question, "past the head means the head");
}

#[tokio::test]
async fn an_account_lives() {
    let node = Node::start().await;
    let body = json!({ "username": "Ada.L", "password": "correct horse", "display_name": "Ada Lovelace" });
    let made = node.http().json("POST", "/api/v1/accounts", &[], &body).await;
    let cookie = made.header("set-cookie").expect("a browser is remembered").to_owned();
    let answer = made.expect(201);
    assert_eq!(answer["account"]["username"], "Ada.L");
    assert_eq!(
        (&answer["account"]["display_name"], &answer["account"]["guest"]),
        (&json!("Ada Lovelace"), &json!(false))
    );
    let token = answer["token"].as_str().unwrap();
    assert!(cookie.starts_with(&format!("parlor_session={token};")));
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "plain HTTP would never send it back");

    let again = json!({ "username": "ada.l", "password": "another one" });
    node.http().json("POST", "/api/v1/accounts", &[], &again).await.problem(409, "conflict");

    let sign_in = json!({ "username": "ADA.L", "password": "correct horse" });
    let second = node.http().json("POST", "/api/v1/sessions", &[], &sign_in).await.expect(201);
    assert_ne!(second["token"], answer["token"]);
    let ada = Person {
        http: node.http(),
        id: answer["account"]["id"].as_i64().unwrap(),
        username: "Ada.L".to_owned(),
        password: "correct horse".to_owned(),
        token: token.to_owned(),
    };
    let renamed = ada.call_with("PATCH", "/me", &json!({ "display_name": "  Countess  " })).await.expect(200);
    assert_eq!(renamed["account"]["display_name"], "Countess");

    let sessions = ada.get("/sessions").await.expect(200);
    let sessions = sessions["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    let other = sessions.iter().find(|session| session["current"] == false).unwrap();
    let path = format!("/sessions/{}", other["id"]);
    assert_eq!(ada.call("DELETE", &path).await.status, 204);
    ada.call("DELETE", &path).await.problem(404, "not_found");
    assert_eq!(ada.get("/sessions").await.expect(200)["sessions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_guest_comes_in_by_a_code() {
    let node = Node::start().await;
    let ada = node.register("ada").await;
    let group = ada.makes_group("Reading").await;
    let body = json!({ "display_name": "Grace", "access_code": group.code });
    let answer = node.http().json("POST", "/api/v1/guests", &[], &body).await.expect(201);
    assert_eq!(answer["group"]["id"], group.id);
    assert!(answer["group"].get("access_code").is_none(), "a guest does not hand the code on");
    assert_eq!((&answer["account"]["guest"], &answer["account"]["username"]), (&json!(true), &json!(null)));

    let grace = Person::guest(node.http(), "Grace", Some(&group.code)).await;
    grace.sends(&group, "hello from a guest").await;
    grace.post("/groups", &json!({ "name": "Mine" })).await.problem(403, "forbidden");

    let nobody = json!({ "display_name": "Eve", "access_code": "no-such-code-there-is" });
    node.http().json("POST", "/api/v1/guests", &[], &nobody).await.problem(404, "not_found");
    let alone = node.guest("Lone").await;
    assert_eq!(alone.get("/me").await.expect(200)["groups"], json!([]));
}

#[tokio::test]
async fn a_group_is_kept_in_order() {
    let node = Node::start().await;
    let (ada, grace, mallory) =
        (node.register("ada").await, node.register("grace").await, node.register("mallory").await);
    let group = ada.makes_group("Reading").await;
    let path = format!("/groups/{}", group.id);
    grace.joins(&group).await;
    mallory.joins(&group).await;
    ada.makes(&grace, "moderator", &group).await;

    let change =
        json!({ "description": "Books", "rules": "Be kind.", "slow_mode_s": 30, "expires_in_s": 3600 });
    let changed = grace.call_with("PATCH", &path, &change).await.expect(200);
    assert_eq!(changed["group"]["name"], "Reading", "what is not named stays");
    assert_eq!(
        (&changed["group"]["rules"], &changed["group"]["slow_mode_s"]),
        (&json!("Be kind."), &json!(30))
    );
    assert!(changed["group"]["expires_at"].as_str().unwrap().ends_with('Z'));
    let never = grace.call_with("PATCH", &path, &json!({ "expires_in_s": null })).await.expect(200);
    assert_eq!(never["group"]["expires_at"], json!(null));

    mallory.sends(&group, "first").await;
    let second = json!({ "client_id": "second", "text": "second" });
    let slow = mallory.post(&format!("{path}/messages"), &second).await;
    let wait = slow.problem(429, "rate_limited")["retry_after"].as_u64().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    assert_eq!(slow.header("retry-after"), Some(wait.to_string().as_str()));
    grace.sends(&group, "moderators do not wait").await;

    grace.kicks(&mallory, &group).await;
    mallory.get(&path).await.problem(404, "not_found");
    mallory.joins(&group).await;
    let ban = json!({ "account_id": mallory.id, "reason": "spam" });
    let banned = grace.post(&format!("{path}/bans"), &ban).await.expect(200);
    assert_eq!(
        (&banned["ban"]["reason"], &banned["ban"]["account"]["id"]),
        (&json!("spam"), &json!(mallory.id))
    );
    mallory.post("/groups/join", &json!({ "access_code": group.code })).await.problem(403, "forbidden");
    assert_eq!(grace.get(&format!("{path}/bans")).await.expect(200)["bans"].as_array().unwrap().len(), 1);
    grace.call("DELETE", &format!("{path}/bans/{}", mallory.id)).await.expect(200);
    mallory.joins(&group).await;

    let rotated = grace.call("POST", &format!("{path}/access_code")).await.expect(200);
    assert_ne!(rotated["group"]["access_code"], group.code);
    let late = node.register("late").await;
    late.post("/groups/join", &json!({ "access_code": group.code })).await.problem(404, "not_found");
    let off = grace.call("DELETE", &format!("{path}/access_code")).await.expect(200);
    assert_eq!(off["group"]["access_code"], json!(null));
    assert!(mallory.get(&path).await.expect(200)["group"].get("access_code").is_none());

    let me = format!("{path}/members/{}", ada.id);
    ada.call("DELETE", &me).await.problem(409, "conflict");
    let handed = ada.post(&format!("{path}/owner"), &json!({ "account_id": grace.id })).await.expect(200);
    assert_eq!(handed["group"]["owner_id"], grace.id);
    ada.call("DELETE", &me).await.expect(200);
    ada.get(&path).await.problem(404, "not_found");
    grace.call("DELETE", &path).await.expect(200);
    grace.get(&path).await.problem(404, "not_found");
    mallory.get(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_message_changes_and_goes() {
    let node = Node::start().await;
    let (ada, grace) = (node.register("ada").await, node.register("grace").await);
    let group = ada.makes_group("Reading").await;
    grace.joins(&group).await;
    let seq = ada.sends(&group, "frist").await;
    let path = format!("/groups/{}/messages/{seq}", group.id);

    let edited = ada.call_with("PATCH", &path, &json!({ "text": "first" })).await.expect(200);
    assert_eq!(edited["event"]["type"], "edit");
    assert_eq!(edited["event"]["data"], json!({ "seq": seq, "text": "first" }));
    grace.call_with("PATCH", &path, &json!({ "text": "mine" })).await.problem(403, "forbidden");
    let edits = ada.get(&format!("{path}/edits")).await.expect(200);
    let texts: Vec<_> = edits["edits"].as_array().unwrap().iter().map(|edit| edit["text"].clone()).collect();
    assert_eq!(texts, ["frist", "first"]);

    let heart = format!("{path}/reactions/%E2%9D%A4%EF%B8%8F");
    let put = grace.call("PUT", &heart).await.expect(200);
    assert_eq!(put["event"]["data"], json!({ "seq": seq, "emoji": "❤️", "on": true }));
    assert_eq!(grace.call("PUT", &heart).await.expect(200)["event"], json!(null), "it is there already");
    grace.call("PUT", &format!("{path}/reactions/abc")).await.problem(422, "invalid");
    let page = grace.get(&format!("/groups/{}/messages", group.id)).await.expect(200);
    let message = &page["messages"][0];
    assert_eq!(message["reactions"], json!([{ "emoji": "❤️", "count": 1, "me": true }]));
    assert!(message["edited_at"].is_string());
    let head = &put["event"]["seq"];
    assert_eq!((&page["epoch"], &page["head"]), (&put["event"]["epoch"], head), "folded up to the reaction");
    grace.call("DELETE", &heart).await.expect(200);
    let on = format!("/groups/{}/events?after={}:{head}", group.id, page["epoch"]);
    let since = grace.get(&on).await.expect(200)["events"].clone();
    assert_eq!(
        since[0]["data"],
        json!({ "seq": seq, "emoji": "❤️", "on": false }),
        "nothing twice, nothing left out"
    );
    assert_eq!(since.as_array().unwrap().len(), 1);

    let reply = json!({ "client_id": "r", "text": "yes", "reply_to": seq });
    let reply = grace.post(&format!("/groups/{}/messages", group.id), &reply).await.expect(201);
    assert_eq!(reply["event"]["data"]["reply_to"], seq);
    let dangling = json!({ "client_id": "d", "text": "what", "reply_to": 4_000_000 });
    let dangling = grace.post(&format!("/groups/{}/messages", group.id), &dangling).await;
    assert_eq!(dangling.problem(422, "invalid")["field"], "reply_to");

    assert_eq!(ada.call("DELETE", &path).await.expect(200)["event"]["type"], "delete");
    let page = grace.get(&format!("/groups/{}/messages", group.id)).await.expect(200);
    let gone = page["messages"].as_array().unwrap().iter().find(|message| message["seq"] == seq).unwrap();
    assert_eq!((&gone["deleted"], &gone["text"]), (&json!(true), &json!("")));
    let log = grace.get(&format!("/groups/{}/events?limit=200", group.id)).await;
    assert!(!log.text().contains("frist") && !log.text().contains("\"first\""), "{}", log.text());
    let seqs: Vec<_> =
        log.json()["events"].as_array().unwrap().iter().map(|event| event["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs, (1..=seqs.len() as i64).collect::<Vec<_>>(), "its place is left");
    ada.call_with("PATCH", &path, &json!({ "text": "back" })).await.problem(409, "conflict");
}

#[tokio::test]
async fn lists_are_paged_to_their_end() {
    let node = Node::start().await;
    let ada = node.register("ada").await;
    let group = ada.makes_group("Long").await;
    for number in 0..25 {
        ada.sends(&group, &format!("number {number}")).await;
    }
    let mut texts = Vec::new();
    let mut query = "?limit=10".to_owned();
    loop {
        let page = ada.get(&format!("/groups/{}/messages{query}", group.id)).await.expect(200);
        let messages = page["messages"].as_array().unwrap().clone();
        assert!(messages.len() <= 10);
        texts.extend(messages.iter().map(|message| message["text"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => query = format!("?limit=10&cursor={next}"),
            None => break,
        }
    }
    let expected: Vec<_> = (0..25).rev().map(|number| format!("number {number}")).collect();
    assert_eq!(texts, expected);

    let mut after = String::new();
    let mut seqs = Vec::new();
    loop {
        let page = ada.get(&format!("/groups/{}/events?limit=7{after}", group.id)).await.expect(200);
        let events = page["events"].as_array().unwrap().clone();
        seqs.extend(events.iter().map(|event| event["seq"].as_i64().unwrap()));
        match seqs.last() {
            Some(last) if *last < page["head"].as_i64().unwrap() => {
                after = format!("&after={}:{last}", page["epoch"]);
            }
            _ => break,
        }
    }
    assert_eq!(seqs, (1..=seqs.len() as i64).collect::<Vec<_>>());
    assert!(seqs.len() >= 26);

    for strange in ["1:9999999", "77:1", "0:0", "9007199254740991:1"] {
        let page = ada.get(&format!("/groups/{}/events?after={strange}", group.id)).await.expect(200);
        assert_eq!((&page["reload"], &page["events"]), (&json!(true), &json!([])), "{strange}");
    }
    for number in 0..7 {
        ada.makes_group(&format!("More {number}")).await;
    }
    let first = ada.get("/groups?limit=5").await.expect(200);
    let rest =
        ada.get(&format!("/groups?limit=5&cursor={}", first["next"].as_str().unwrap())).await.expect(200);
    assert_eq!((first["groups"].as_array().unwrap().len(), rest["groups"].as_array().unwrap().len()), (5, 3));
    assert_eq!(rest["next"], json!(null));
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let node = Node::start().await;
    let ada = node.register("ada").await;
    let group = ada.makes_group("Reading").await;
    ada.sends(&group, "hello").await;
    let node = node.restart().await;
    let ada = Person { http: node.http(), ..ada };
    assert_eq!(ada.sees(&group).await, ["hello"]);
    ada.sends(&group, "again").await;
    assert_eq!(ada.sees(&group).await, ["hello", "again"]);
}

#[tokio::test]
async fn the_first_admin_is_made_once() {
    let node = Node::with(&["--open-registration=off", "--rate-limits=off"]).await;
    let server = node.http().get("/api/v1/server").await.expect(200);
    assert_eq!((&server["needs_admin"], &server["open_registration"]), (&json!(true), &json!(false)));
    let account = |name: &str, token: Option<&str>| json!({ "username": name, "password": "long enough", "admin_token": token });
    let token = node.deps.app.first_admin_token().await.unwrap().expect("nobody runs it yet");

    let without = node.http().json("POST", "/api/v1/accounts", &[], &account("eve", None)).await;
    without.problem(403, "forbidden");
    let wrong = node.http().json("POST", "/api/v1/accounts", &[], &account("eve", Some("guess"))).await;
    wrong.problem(403, "forbidden");
    let made = node.http().json("POST", "/api/v1/accounts", &[], &account("ada", Some(token.reveal()))).await;
    let made = made.expect(201);
    let bearer = format!("Bearer {}", made["token"].as_str().unwrap());
    let me = node.http().request("GET", "/api/v1/me", &[("authorization", &bearer)], b"").await.expect(200);
    assert_eq!(me["admin"], true);
    assert_eq!(node.http().get("/api/v1/server").await.expect(200)["needs_admin"], false);
    let late = node.http().json("POST", "/api/v1/accounts", &[], &account("eve", Some(token.reveal()))).await;
    late.problem(403, "forbidden");
}
