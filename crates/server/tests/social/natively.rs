//! The same group in Parlor's own interface, and what is not shared.

use parlor_testkit::{Node, YouTube};
use serde_json::{Value, json};

use crate::user::{User, data, refused};

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
