//! What somebody does with files.

use serde_json::json;

use crate::http::Answer;
use crate::person::{Group, Person};

impl Person {
    /// Announces a file, and is told its id.
    pub async fn announces(&self, group: &Group, name: &str, size: usize) -> i64 {
        let body = json!({ "name": name, "size": size });
        let answer = self.post(&format!("/groups/{}/uploads", group.id), &body).await.expect(201);
        answer["upload"]["id"].as_i64().expect("an upload has an id")
    }

    /// Sends a part of it.
    pub async fn sends_part(&self, group: &Group, upload: i64, offset: usize, bytes: &[u8]) -> Answer {
        let (bearer, offset) = (format!("Bearer {}", self.token), offset.to_string());
        let headers = [
            ("authorization", bearer.as_str()),
            ("tus-resumable", "1.0.0"),
            ("content-type", "application/offset+octet-stream"),
            ("upload-offset", offset.as_str()),
        ];
        let path = format!("/api/v1/groups/{}/uploads/{upload}", group.id);
        self.http.request("PATCH", &path, &headers, bytes).await
    }

    /// Announces a file and sends it as a whole.
    pub async fn brings(&self, group: &Group, name: &str, bytes: &[u8]) -> i64 {
        let upload = self.announces(group, name, bytes.len()).await;
        let answer = self.sends_part(group, upload, 0, bytes).await;
        assert_eq!(answer.status, 204, "{}", answer.text());
        upload
    }

    /// How many bytes of it the server has; it ends a part that still comes.
    pub async fn asks_offset(&self, group: &Group, upload: i64) -> usize {
        let answer = self.call("HEAD", &format!("/groups/{}/uploads/{upload}", group.id)).await;
        assert_eq!(answer.status, 200);
        answer.header("upload-offset").and_then(|offset| offset.parse().ok()).expect("it is a number")
    }

    /// Reads it, with these headers beside the token.
    pub async fn reads(&self, group: &Group, upload: i64, headers: &[(&str, &str)]) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let headers: Vec<_> = headers.iter().copied().chain([("authorization", bearer.as_str())]).collect();
        let path = format!("/api/v1/groups/{}/uploads/{upload}/content", group.id);
        self.http.request("GET", &path, &headers, b"").await
    }
}
