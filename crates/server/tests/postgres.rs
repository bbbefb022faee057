//! Nodes over PostgreSQL, told as stories. Run by `scripts/throwaway-postgres.sh cargo test -p parlor-server --test postgres`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use parlor_testkit::{Group, Node, Person, Schema, until};
use serde_json::json;

#[allow(dead_code, reason = "the stories of that face use all of it")]
#[path = "social/user.rs"]
mod user;

use user::{User, data, refused};

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_share_a_database_and_one_of_them_starts_anew() {
    let schema = Schema::fresh().await;
    let (one, two) = tokio::join!(Node::on_postgres(&schema), Node::on_postgres(&schema));
    let ada = one.register("ada").await;
    let group = ada.makes_group("Reading").await;
    let grace = two.register("grace").await;
    grace.joins(&group).await;
    for n in 0..5 {
        ada.sends(&group, &format!("from one {n}")).await;
        grace.sends(&group, &format!("from two {n}")).await;
    }
    let seen = ada.sees(&group).await;
    assert_eq!(seen.len(), 10);
    assert_eq!(grace.sees(&group).await, seen);
    let one = one.restart().await;
    let ada = Person { http: one.http(), ..ada };
    assert_eq!(ada.sees(&group).await, seen);
    assert_eq!(ada.unread(&group).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_cut_under_load_lose_and_double_nothing() {
    let schema = Schema::fresh().await;
    let (one, two) = (Node::on_postgres(&schema).await, Node::on_postgres(&schema).await);
    let ada = one.register("ada").await;
    let mut groups = Vec::new();
    for n in 0..4 {
        groups.push(ada.makes_group(&format!("Group {n}")).await);
    }
    let (stop, progress) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut writers = tokio::task::JoinSet::new();
    for number in 0..8 {
        let node = if number % 2 == 0 { &one } else { &two };
        let person = node.register(&format!("writer{number}")).await;
        let group = groups[number % groups.len()].clone();
        person.joins(&group).await;
        writers.spawn(writes(person, group, number, stop.clone(), progress.clone()));
    }
    for _ in 0..8 {
        let before = progress.load(Ordering::SeqCst);
        until("more is acknowledged", async || (progress.load(Ordering::SeqCst) > before + 20).then_some(()))
            .await;
        schema.cuts_all().await;
    }
    stop.store(true, Ordering::SeqCst);
    let (mut acknowledged, mut refusals) = (BTreeSet::new(), 0);
    while let Some(writer) = writers.join_next().await {
        let (mine, refused) = writer.expect("a writer does not panic");
        acknowledged.extend(mine);
        refusals += refused;
    }
    assert!(refusals > 0, "a cut was noticed by somebody");
    until("both are ready again", async || {
        let ready = [one.http().get("/readyz").await, two.http().get("/readyz").await];
        ready.iter().all(|answer| answer.status == 200).then_some(())
    })
    .await;
    let mut stored = Vec::new();
    for group in &groups {
        stored.extend(every_text(&ada, group).await);
    }
    let once: BTreeSet<String> = stored.iter().cloned().collect();
    assert_eq!(once.len(), stored.len(), "nothing is there twice");
    let lost: Vec<_> = acknowledged.difference(&once).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn social_community_is_the_same_on_both_nodes() {
    let schema = Schema::fresh().await;
    let (one, two) = (Node::on_postgres(&schema).await, Node::on_postgres(&schema).await);
    let (ada, bob) = (User::register(&one, "ada").await, User::register(&two, "bob").await);
    let group = ada.makes_group("Reading").await;
    let place = ada.adds(group, &bob).await;
    let message = ada.says(group, "from one").await;
    bob.says(group, "from two").await;
    assert_eq!(bob.reads(group).await, ["from one", "from two"]);
    let film = json!({ "group_fk": group, "name": "https://a.example/film.mp4" });
    bob.post("/players", &film).await;
    assert_eq!(ada.get("/players").await[0]["name"], film["name"]);
    ada.put(&format!("/messages/{message}"), &json!({ "message": "changed" })).await;
    ada.put(&format!("/groups/{group}"), &json!({ "name": "Writing", "secondary_user_fk": "7" })).await;
    assert_eq!(bob.get("/messages").await[0]["group_fk"]["secondary_user_fk"], "7");
    let found = bob.get("/users?email=ADA@example.org").await;
    assert_eq!((&found[0]["id"], &found[0]["email"]), (&json!(ada.id), &json!("ada@example.org")));
    let eve = User::register(&two, "eve").await;
    let moved = ada.put(&format!("/members/{place}"), &json!({ "member_fk": eve.id })).await;
    assert_eq!((&moved["id"], &moved["member_fk"]["id"]), (&json!(place), &json!(eve.id)));
    let taken = json!({ "email": "bob@example.org" });
    refused(&eve.call_with("PUT", &format!("/users/{}", eve.id), &taken).await, 409);
    ada.put(&format!("/users/{}", ada.id), &json!({ "picture": "https://a.example/p.png" })).await;
    data(&ada.call("DELETE", &format!("/users/{}", ada.id)).await);
    let left = eve.get(&format!("/groups/{group}")).await;
    assert_eq!(left["owner_fk"]["id"], eve.id);
    assert_eq!(eve.get("/messages").await[0]["owner_fk"], json!(null));
    data(&eve.call("DELETE", &format!("/members/{place}")).await);
    assert_eq!(eve.get("/members").await, json!([]));
}

/// Sends one message after the other, each until it is acknowledged; answers which were, and how often one was refused.
async fn writes(
    person: Person,
    group: Group,
    number: usize,
    stop: Arc<AtomicBool>,
    progress: Arc<AtomicUsize>,
) -> (Vec<String>, usize) {
    let (mut acknowledged, mut refused) = (Vec::new(), 0);
    let path = format!("/groups/{}/messages", group.id);
    for n in 0.. {
        let text = format!("message {n} of writer {number}");
        let body = json!({ "client_id": format!("w{number}-{n}"), "text": text });
        loop {
            let answer = person.post(&path, &body).await;
            match answer.status {
                200 | 201 => break,
                503 => refused += 1,
                other => panic!("{other}: {}", answer.text()),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        acknowledged.push(text);
        progress.fetch_add(1, Ordering::SeqCst);
        if stop.load(Ordering::SeqCst) {
            return (acknowledged, refused);
        }
    }
    unreachable!("the loop above has no end of its own")
}

/// Every text of a group, page by page.
async fn every_text(person: &Person, group: &Group) -> Vec<String> {
    let (mut texts, mut before) = (Vec::new(), String::new());
    loop {
        let page = person.get(&format!("/groups/{}/messages?limit=100{before}", group.id)).await.expect(200);
        let messages = page["messages"].as_array().expect("a page has messages");
        texts.extend(messages.iter().map(|message| message["text"].as_str().unwrap_or_default().to_owned()));
        let Some(oldest) = messages.last() else { return texts };
        before = format!("&before={}", oldest["seq"]);
    }
}
