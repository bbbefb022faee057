//! Somebody of Social Community in a test, and what they are answered.

#![allow(clippy::unwrap_used, reason = "a helper that unwraps nothing has failed its test")]

use parlor_testkit::{Answer, Http, Node};
use serde_json::{Value, json};

/// Somebody with the cookie of this face.
pub struct User {
    pub http: Http,
    prefix: &'static str,
    pub id: i64,
    pub cookie: String,
}

impl User {
    pub async fn register(node: &Node, first_name: &str) -> Self {
        Self::register_at(node, "/social", first_name).await
    }

    pub async fn register_at(node: &Node, prefix: &'static str, first_name: &str) -> Self {
        let email = format!("{first_name}@Example.ORG");
        let body = json!({
            "first_name": first_name, "last_name": "L", "email": email, "password": "secret",
        });
        let answer = node.http().json("POST", &format!("{prefix}/users/register"), &[], &body).await;
        let user = data(&answer);
        let http = node.http();
        Self { http, prefix, id: user["id"].as_i64().unwrap(), cookie: cookie_of(&answer) }
    }

    pub async fn call(&self, method: &str, path: &str) -> Answer {
        let path = format!("{}{path}", self.prefix);
        self.http.request(method, &path, &[("cookie", &self.cookie)], b"").await
    }

    pub async fn call_with(&self, method: &str, path: &str, body: &Value) -> Answer {
        let path = format!("{}{path}", self.prefix);
        self.http.json(method, &path, &[("cookie", &self.cookie)], body).await
    }

    pub async fn get(&self, path: &str) -> Value {
        data(&self.call("GET", path).await)
    }

    pub async fn post(&self, path: &str, body: &Value) -> Value {
        data(&self.call_with("POST", path, body).await)
    }

    pub async fn put(&self, path: &str, body: &Value) -> Value {
        data(&self.call_with("PUT", path, body).await)
    }

    pub async fn makes_group(&self, name: &str) -> i64 {
        self.post("/groups", &json!({ "name": name })).await["id"].as_i64().unwrap()
    }

    /// The number of the new member.
    pub async fn adds(&self, group: i64, other: &Self) -> i64 {
        let member = self.post("/members", &json!({ "group_fk": group, "member_fk": other.id })).await;
        member["id"].as_i64().unwrap()
    }

    pub async fn says(&self, group: i64, text: &str) -> i64 {
        let message = self.post("/messages", &json!({ "group_fk": group, "message": text })).await;
        message["id"].as_i64().unwrap()
    }

    /// The texts of a group's messages.
    pub async fn reads(&self, group: i64) -> Vec<String> {
        let messages = self.get(&format!("/messages?group_fk={group}")).await;
        let texts = messages.as_array().unwrap().iter();
        texts.map(|message| message["message"].as_str().unwrap().to_owned()).collect()
    }

    /// The same person in Parlor's own interface: the session is one.
    pub async fn native(&self, method: &str, path: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.cookie.split_once('=').unwrap().1);
        let (path, authorization) = (format!("/api/v1{path}"), ("authorization", bearer.as_str()));
        match body {
            Value::Null => self.http.request(method, &path, &[authorization], b"").await,
            body => self.http.json(method, &path, &[authorization], body).await,
        }
    }
}

pub async fn log_in(node: &Node, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    node.http().json("POST", "/social/users/login", &[], &body).await
}

pub fn cookie_of(answer: &Answer) -> String {
    answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

/// What a success holds: the envelope says 200, as the answer does.
#[track_caller]
pub fn data(answer: &Answer) -> Value {
    let body = answer.expect(200);
    let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["data", "message", "status"]);
    assert!(body["status"] == 200 && body["message"].is_string(), "{body}");
    body["data"].clone()
}

/// A refusal has the same envelope with its own status.
#[track_caller]
pub fn refused(answer: &Answer, status: u16) {
    let body = answer.expect(status);
    assert_eq!(body["data"], json!({}), "{body}");
    assert!(body["status"] == status && !body["message"].as_str().unwrap().is_empty(), "{body}");
}
