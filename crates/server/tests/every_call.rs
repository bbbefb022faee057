//! Every REST call as nobody, a stranger, a removed member, a member, a moderator and the owner: one table.
//!
//! A call that is not in the table fails the test, so nobody adds one without saying who may.

use parlor_testkit::{Answer, Group, Http, Node, Person};
use parlor_wire::routes::ROUTES;
use serde_json::{Value, json};

/// Columns: nobody, stranger, removed, member, moderator, owner.
type Row = (&'static str, &'static str, [u16; 6]);

#[rustfmt::skip]
const TABLE: &[Row] = &[
    //                                                         nobody strng remvd membr modrt owner
    ("GET",    "/server",                                       [200,  200,  200,  200,  200,  200]),
    ("POST",   "/accounts",                                     [201,  201,  201,  201,  201,  201]),
    ("POST",   "/sessions",                                     [401,  401,  401,  401,  401,  401]),
    ("GET",    "/sessions",                                     [401,  200,  200,  200,  200,  200]),
    ("DELETE", "/sessions",                                     [401,  204,  204,  204,  204,  204]),
    ("DELETE", "/sessions/current",                             [401,  204,  204,  204,  204,  204]),
    ("DELETE", "/sessions/{session_id}",                        [401,  404,  404,  404,  404,  404]),
    ("POST",   "/guests",                                       [201,  201,  201,  201,  201,  201]),
    ("GET",    "/me",                                           [401,  200,  200,  200,  200,  200]),
    ("PATCH",  "/me",                                           [401,  200,  200,  200,  200,  200]),
    ("PUT",    "/me/password",                                  [401,  403,  403,  403,  403,  403]),
    ("GET",    "/me/blocks",                                    [401,  200,  200,  200,  200,  200]),
    ("DELETE", "/me/blocks/{account_id}",                       [401,  404,  404,  404,  404,  404]),
    ("GET",    "/groups",                                       [401,  200,  200,  200,  200,  200]),
    ("POST",   "/groups",                                       [401,  201,  201,  201,  201,  201]),
    ("POST",   "/groups/join",                                  [401,  200,  200,  200,  200,  200]),
    ("GET",    "/groups/{id}",                                  [401,  404,  404,  200,  200,  200]),
    ("PATCH",  "/groups/{id}",                                  [401,  404,  404,  403,  200,  200]),
    ("DELETE", "/groups/{id}",                                  [401,  404,  404,  403,  403,  200]),
    ("GET",    "/groups/{id}/members",                          [401,  404,  404,  200,  200,  200]),
    ("PATCH",  "/groups/{id}/members/{account_id}",             [401,  404,  404,  403,  403,  200]),
    ("DELETE", "/groups/{id}/members/{account_id}",             [401,  404,  404,  403,  200,  200]),
    ("GET",    "/groups/{id}/bans",                             [401,  404,  404,  403,  200,  200]),
    ("POST",   "/groups/{id}/bans",                             [401,  404,  404,  403,  200,  200]),
    ("DELETE", "/groups/{id}/bans/{account_id}",                [401,  404,  404,  403,  404,  404]),
    ("POST",   "/groups/{id}/owner",                            [401,  404,  404,  403,  403,  200]),
    ("POST",   "/groups/{id}/access_code",                      [401,  404,  404,  403,  200,  200]),
    ("DELETE", "/groups/{id}/access_code",                      [401,  404,  404,  403,  200,  200]),
    ("POST",   "/groups/{id}/messages",                         [401,  404,  404,  201,  201,  201]),
    ("GET",    "/groups/{id}/messages",                         [401,  404,  404,  200,  200,  200]),
    // The message is somebody else's, who ranks below a moderator.
    ("PATCH",  "/groups/{id}/messages/{seq}",                   [401,  404,  404,  403,  403,  403]),
    ("DELETE", "/groups/{id}/messages/{seq}",                   [401,  404,  404,  403,  200,  200]),
    ("GET",    "/groups/{id}/messages/{seq}/edits",             [401,  404,  404,  403,  200,  200]),
    ("PUT",    "/groups/{id}/messages/{seq}/reactions/{emoji}", [401,  404,  404,  200,  200,  200]),
    ("DELETE", "/groups/{id}/messages/{seq}/reactions/{emoji}", [401,  404,  404,  200,  200,  200]),
    ("GET",    "/groups/{id}/events",                           [401,  404,  404,  200,  200,  200]),
    ("PUT",    "/groups/{id}/read",                             [401,  404,  404,  200,  200,  200]),
    ("GET",    "/groups/{id}/watch",                            [401,  404,  404,  200,  200,  200]),
    ("GET",    "/groups/{id}/watched",                          [401,  404,  404,  200,  200,  200]),
    ("GET",    "/groups/{id}/lobby",                            [401,  404,  404,  200,  200,  200]),
    ("POST",   "/groups/{id}/speed_chat",                       [401,  404,  404,  403,  403,  201]),
    ("DELETE", "/groups/{id}/speed_chat",                       [401,  404,  404,  403,  403,  409]),
    ("GET",    "/groups/{id}/reports",                          [401,  404,  404,  403,  200,  200]),
    ("DELETE", "/groups/{id}/reports/{report_id}",              [401,  404,  404,  403,  404,  404]),
    ("GET",    "/groups/{id}/uploads",                          [401,  404,  404,  200,  200,  200]),
    ("POST",   "/groups/{id}/uploads",                          [401,  404,  404,  201,  201,  201]),
    // The file is somebody else's, who ranks below a moderator.
    ("GET",    "/groups/{id}/uploads/{upload_id}",              [401,  404,  404,  200,  200,  200]),
    ("PATCH",  "/groups/{id}/uploads/{upload_id}",              [401,  404,  404,  415,  415,  415]),
    ("DELETE", "/groups/{id}/uploads/{upload_id}",              [401,  404,  404,  403,  204,  204]),
    ("GET",    "/groups/{id}/uploads/{upload_id}/content",      [401,  404,  404,  200,  200,  200]),
    ("GET",    "/groups/{id}/uploads/{upload_id}/thumbnail",    [401,  404,  404,  200,  200,  200]),
    // Without what is looked for; who may is in videos.rs.
    ("GET",    "/videos/search",                                [401,  422,  422,  422,  422,  422]),
    ("GET",    "/videos/lookup",                                [401,  422,  422,  422,  422,  422]),
    ("GET",    "/duels",                                        [401,  200,  200,  200,  200,  200]),
    ("GET",    "/duels/status",                                 [401,  200,  200,  200,  200,  200]),
    ("GET",    "/duels/{duel_id}",                              [401,  404,  404,  404,  404,  404]),
    ("GET",    "/duels/{duel_id}/replay",                       [401,  404,  404,  404,  404,  404]),
    // A draft that there is not; nobody here runs the server.
    ("POST",   "/problems/{problem_id}/promote",                [401,  403,  403,  403,  403,  403]),
    ("GET",    "/leaderboard",                                  [401,  200,  200,  200,  200,  200]),
    ("GET",    "/accounts/{account_id}/duels",                  [401,  200,  200,  200,  200,  200]),
];

#[tokio::test]
async fn every_call_as_everybody() {
    let node = Node::start().await;
    let mut cast = Cast::of(&node).await;
    let mut wrong = Vec::new();
    for (number, (method, path, expected)) in TABLE.iter().enumerate() {
        for (column, expected) in expected.iter().enumerate() {
            let scene = cast.scene().await;
            let caller = cast.caller(column).await;
            let unique = format!("u{number}x{column}");
            let answer = call(node.http(), caller.as_ref(), method, &scene.fill(path), &unique, &scene).await;
            if (*method, *path) == ("DELETE", "/sessions") {
                cast = cast.signed_in_again().await;
            }
            if answer.status != *expected {
                let roles = ["nobody", "a stranger", "removed", "a member", "a moderator", "the owner"];
                wrong.push(format!("{method} {path} as {}: {} for {expected}", roles[column], answer.status));
            }
            if answer.status >= 400 {
                let code = answer.json()["code"].as_str().unwrap_or("none").to_owned();
                answer.problem(answer.status, &code);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_call_is_missing() {
    for route in ROUTES {
        assert!(
            TABLE.iter().any(|row| (row.0, row.1) == (route.method, route.path)),
            "{} {}",
            route.method,
            route.path
        );
    }
    assert_eq!(TABLE.len(), ROUTES.len());
}

/// What exists and what does not are told alike to everybody outside.
#[tokio::test]
async fn a_stranger_learns_nothing() {
    let node = Node::start().await;
    let cast = Cast::of(&node).await;
    let scene = cast.scene().await;
    let nowhere = Scene { group: Group { id: 4_000_000_000, code: String::new() }, ..scene.clone() };
    for (method, path, _) in TABLE.iter().filter(|row| row.1.starts_with("/groups/{id}")) {
        for caller in [&cast.stranger, &cast.removed] {
            let there = call(node.http(), Some(caller), method, &scene.fill(path), "same", &scene).await;
            let nothing = call(node.http(), Some(caller), method, &nowhere.fill(path), "same", &scene).await;
            assert_eq!((there.status, there.text()), (nothing.status, nothing.text()), "{method} {path}");
            assert_eq!(there.status, 404);
            assert_eq!(names(&there), names(&nothing));
        }
    }
}

fn names(answer: &Answer) -> Vec<&str> {
    answer.headers.iter().map(|(name, _)| name.as_str()).collect()
}

/// The people of the table. What a call may end is made anew for each.
struct Cast {
    stranger: Person,
    removed: Person,
    member: Person,
    moderator: Person,
    owner: Person,
    author: Person,
}

impl Cast {
    async fn of(node: &Node) -> Self {
        Self {
            stranger: node.register("stranger").await,
            removed: node.register("removed").await,
            member: node.register("member").await,
            moderator: node.register("moderator").await,
            owner: node.register("owner").await,
            author: node.register("author").await,
        }
    }

    /// The same people, after all of their sessions were ended.
    async fn signed_in_again(&self) -> Self {
        Self {
            stranger: self.stranger.signs_in_again().await,
            removed: self.removed.signs_in_again().await,
            member: self.member.signs_in_again().await,
            moderator: self.moderator.signs_in_again().await,
            owner: self.owner.signs_in_again().await,
            author: self.author.signs_in_again().await,
        }
    }

    /// A new group, with a message of the author.
    async fn scene(&self) -> Scene {
        let group = self.owner.makes_group("Scene").await;
        for person in [&self.removed, &self.member, &self.moderator, &self.author] {
            person.joins(&group).await;
        }
        self.owner.makes(&self.moderator, "moderator", &group).await;
        self.owner.kicks(&self.removed, &group).await;
        let seq = self.author.sends(&group, "a message").await;
        let upload = self.author.brings(&group, "cat.png", PICTURE).await;
        Scene { group, seq, target: self.author.id, upload }
    }

    /// With a session of their own, since some calls end it.
    async fn caller(&self, column: usize) -> Option<Person> {
        let people = [&self.stranger, &self.removed, &self.member, &self.moderator, &self.owner];
        match column.checked_sub(1) {
            Some(person) => Some(people[person].signs_in_again().await),
            None => None,
        }
    }
}

/// One white pixel.
const PICTURE: &[u8] =
    b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3A\x7E\x9B\x55\0\0\0\nIDAT\
      \x78\x9C\x63\xF8\x0F\0\x01\x01\x01\0\xB1\x38\xF6\x14\0\0\0\0IEND\xAE\x42\x60\x82";

#[derive(Clone)]
struct Scene {
    group: Group,
    seq: i64,
    target: i64,
    upload: i64,
}

impl Scene {
    fn fill(&self, path: &str) -> String {
        path.replace("{id}", &self.group.id.to_string())
            .replace("{account_id}", &self.target.to_string())
            .replace("{seq}", &self.seq.to_string())
            .replace("{upload_id}", &self.upload.to_string())
            .replace("{session_id}", "4000000000")
            .replace("{report_id}", "4000000000")
            .replace("{duel_id}", "4000000000")
            .replace("{problem_id}", "no-such-draft")
            .replace("{emoji}", "%F0%9F%91%8D")
    }
}

async fn call(
    http: Http,
    caller: Option<&Person>,
    method: &str,
    path: &str,
    unique: &str,
    scene: &Scene,
) -> Answer {
    let bearer = caller.map(|person| format!("Bearer {}", person.token));
    let headers: Vec<_> = bearer.iter().map(|bearer| ("authorization", bearer.as_str())).collect();
    let full = format!("/api/v1{path}");
    match body(method, path, unique, scene) {
        Some(body) => http.json(method, &full, &headers, &body).await,
        None => http.request(method, &full, &headers, b"").await,
    }
}

/// A body with which the call succeeds for whoever may.
fn body(method: &str, path: &str, unique: &str, scene: &Scene) -> Option<Value> {
    let last = path.rsplit('/').next().unwrap_or_default();
    let target = scene.target;
    Some(match (method, last) {
        ("POST", "accounts") => json!({ "username": unique, "password": "long enough" }),
        ("POST", "sessions") => json!({ "username": "stranger", "password": "a wrong one" }),
        ("POST", "guests") | ("PATCH", "me") => json!({ "display_name": unique }),
        ("PUT", "password") => json!({ "current": "a wrong one", "password": "long enough" }),
        ("POST", "groups") => json!({ "name": unique }),
        ("POST", "join") => json!({ "access_code": scene.group.code }),
        ("POST", "bans" | "owner") => json!({ "account_id": target }),
        ("POST", "speed_chat") => json!({ "rounds": 2, "minutes": 5 }),
        ("POST", "messages") => json!({ "client_id": unique, "text": "hello" }),
        ("POST", "uploads") => json!({ "name": "cat.png", "size": 70_123, "kind": "image" }),
        ("PUT", "read") => json!({ "seq": scene.seq }),
        ("PATCH", _) if path.contains("/members/") => json!({ "role": "moderator" }),
        ("PATCH", _) if path.contains("/messages/") => json!({ "text": "another text" }),
        ("PATCH", _) if path.contains("/uploads/") => return None,
        ("PATCH", _) => json!({ "description": "about something" }),
        _ => return None,
    })
}
