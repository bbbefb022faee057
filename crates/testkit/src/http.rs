//! HTTP/1.1 by hand: exactly the bytes that a test wants, one connection a request.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const DEADLINE: Duration = Duration::from_secs(60);

/// A server to speak to.
#[derive(Debug, Clone, Copy)]
pub struct Http {
    /// Where it is.
    pub address: SocketAddr,
}

/// What it said.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status; 0 where the server closed the connection without a word.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as it came.
    pub body: Vec<u8>,
}

impl Http {
    /// Sends a request with these headers and, unless it is empty, this body.
    pub async fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.raw(&self.written(method, path, headers, body)).await
    }

    /// `GET` without anything.
    pub async fn get(&self, path: &str) -> Answer {
        self.request("GET", path, &[], b"").await
    }

    /// A JSON body with these headers.
    pub async fn json(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let headers: Vec<_> = headers.iter().copied().chain([("content-type", "application/json")]).collect();
        self.request(method, path, &headers, body.to_string().as_bytes()).await
    }

    /// Sends these bytes and reads until the server closes.
    pub async fn raw(&self, bytes: &[u8]) -> Answer {
        self.exchange(bytes).await.expect("the server listens and answers in time")
    }

    /// As [`Http::request`], of a server that may be away.
    ///
    /// # Errors
    /// Nobody listens, or there is no answer in time.
    pub async fn attempt(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        self.exchange(&self.written(method, path, headers, body)).await
    }

    fn written(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
        let mut head = format!("{method} {path} HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            head.push_str(&format!("host: {}\r\n", self.address));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        head.push_str("connection: close\r\n\r\n");
        [head.as_bytes(), body].concat()
    }

    async fn exchange(&self, bytes: &[u8]) -> io::Result<Answer> {
        let exchanged = tokio::time::timeout(DEADLINE, self.exchange_at_leisure(bytes)).await;
        exchanged.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    async fn exchange_at_leisure(&self, bytes: &[u8]) -> io::Result<Answer> {
        let stream = TcpStream::connect(self.address).await?;
        let (mut read, mut write) = stream.into_split();
        let bytes = bytes.to_vec();
        // A server that refuses early does not read the rest: writing fails then, and what it said is still there.
        let writing = tokio::spawn(async move {
            let _ = write.write_all(&bytes).await;
            write
        });
        let mut said = Vec::new();
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(length @ 1..) = read.read(&mut buffer).await {
            said.extend_from_slice(&buffer[..length]);
        }
        writing.abort();
        Ok(Answer::read(&said))
    }
}

impl Answer {
    fn read(said: &[u8]) -> Self {
        let end = said.windows(4).position(|window| window == b"\r\n\r\n");
        let Some(end) = end else { return Self { status: 0, headers: Vec::new(), body: said.to_vec() } };
        let head = String::from_utf8_lossy(&said[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect();
        let mut answer = Self { status: status.unwrap_or(0), headers, body: said[end + 4..].to_vec() };
        if answer.header("transfer-encoding") == Some("chunked") {
            answer.body = joined(&answer.body).expect("a body in chunks comes whole");
        }
        answer
    }

    /// The first header of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null where it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The body, which must have come with this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        self.json()
    }

    /// The problem, which must have this status and code and be one in every other way.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        let body = self.expect(status);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(
            (body["code"].as_str(), body["status"].as_u64()),
            (Some(code), Some(status.into())),
            "{body}"
        );
        assert!(
            body["title"].is_string() && body["detail"].is_string() && body["type"].is_string(),
            "{body}"
        );
        body
    }
}

/// What came in chunks; `None` where the last one is missing.
fn joined(mut chunks: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = chunks.windows(2).position(|window| window == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&chunks[..line]).ok()?, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(chunks.get(line + 2..line + 2 + size)?);
        chunks = chunks.get(line + 4 + size..)?;
    }
}
