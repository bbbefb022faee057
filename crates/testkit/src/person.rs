//! Somebody who is signed in, and what they do, in the words of a story.

use serde_json::{Value, json};

use crate::http::{Answer, Http};

/// Somebody with a token.
#[derive(Debug, Clone)]
pub struct Person {
    /// The server that they are on.
    pub http: Http,
    /// Their account.
    pub id: i64,
    /// What they sign in with.
    pub username: String,
    /// Their password.
    pub password: String,
    /// Their session.
    pub token: String,
}

/// A group that somebody made.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its id.
    pub id: i64,
    /// Its code.
    pub code: String,
}

impl Person {
    /// Makes an account, `username` and a password of its own.
    pub async fn register(http: Http, username: &str) -> Self {
        let password = format!("the password of {username}");
        let body = json!({ "username": username, "password": password });
        let answer = http.json("POST", "/api/v1/accounts", &[], &body).await.expect(201);
        Self::of(http, &answer, username, &password)
    }

    /// Comes in with a name, and with a code straight into its group.
    pub async fn guest(http: Http, name: &str, code: Option<&str>) -> Self {
        let body = json!({ "display_name": name, "access_code": code });
        let answer = http.json("POST", "/api/v1/guests", &[], &body).await.expect(201);
        Self::of(http, &answer, name, "")
    }

    fn of(http: Http, answer: &Value, username: &str, password: &str) -> Self {
        let id = answer["account"]["id"].as_i64().expect("an account has an id");
        let token = answer["token"].as_str().expect("whoever signs in gets a token").to_owned();
        Self { http, id, username: username.to_owned(), password: password.to_owned(), token }
    }

    /// The same person, signed in once more.
    pub async fn signs_in_again(&self) -> Self {
        let body = json!({ "username": self.username, "password": self.password });
        let answer = self.http.json("POST", "/api/v1/sessions", &[], &body).await.expect(201);
        Self::of(self.http, &answer, &self.username, &self.password)
    }

    /// A call without a body. `path` begins after `/api/v1`.
    pub async fn call(&self, method: &str, path: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        self.http.request(method, &format!("/api/v1{path}"), &[("authorization", &bearer)], b"").await
    }

    /// A call with a body.
    pub async fn call_with(&self, method: &str, path: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        self.http.json(method, &format!("/api/v1{path}"), &[("authorization", &bearer)], body).await
    }

    /// `GET`
    pub async fn get(&self, path: &str) -> Answer {
        self.call("GET", path).await
    }

    /// `POST` with a body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call_with("POST", path, body).await
    }

    /// Makes a group.
    pub async fn makes_group(&self, name: &str) -> Group {
        let answer = self.post("/groups", &json!({ "name": name })).await.expect(201);
        let group = &answer["group"];
        let code = group["access_code"].as_str().expect("its owner sees the code").to_owned();
        Group { id: group["id"].as_i64().expect("a group has an id"), code }
    }

    /// Becomes a member.
    pub async fn joins(&self, group: &Group) {
        self.post("/groups/join", &json!({ "access_code": group.code })).await.expect(200);
    }

    /// Writes, and is told the position.
    pub async fn sends(&self, group: &Group, text: &str) -> i64 {
        let body = json!({ "client_id": unique(), "text": text });
        let answer = self.post(&format!("/groups/{}/messages", group.id), &body).await.expect(201);
        answer["event"]["seq"].as_i64().expect("an event has a position")
    }

    /// What the newest page of the group shows, the oldest first, without the deleted ones.
    pub async fn sees(&self, group: &Group) -> Vec<String> {
        let page = self.get(&format!("/groups/{}/messages", group.id)).await.expect(200);
        let messages = page["messages"].as_array().expect("a page has messages").iter().rev();
        let there = messages.filter(|message| message["deleted"] == false);
        there.map(|message| message["text"].as_str().expect("a message has a text").to_owned()).collect()
    }

    /// Unread messages in the group.
    pub async fn unread(&self, group: &Group) -> i64 {
        let me = self.get("/me").await.expect(200);
        let groups = me["groups"].as_array().expect("there are groups");
        let mine = groups.iter().find(|mine| mine["group"]["id"] == group.id).expect("they are a member");
        mine["unread"].as_i64().expect("it is a number")
    }

    /// Makes somebody a moderator or a member.
    pub async fn makes(&self, other: &Self, role: &str, group: &Group) {
        let path = format!("/groups/{}/members/{}", group.id, other.id);
        self.call_with("PATCH", &path, &json!({ "role": role })).await.expect(200);
    }

    /// Sends somebody away.
    pub async fn kicks(&self, other: &Self, group: &Group) {
        self.call("DELETE", &format!("/groups/{}/members/{}", group.id, other.id)).await.expect(200);
    }
}

/// A `client_id` that no other message of this process has.
fn unique() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("c-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
