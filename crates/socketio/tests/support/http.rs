//! HTTP/1.1 by hand, and long-polling on top of it.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{PATIENCE, within};

pub struct Http {
    pub stream: TcpStream,
    buffer: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is text")
    }
}

impl Http {
    pub async fn connect(address: SocketAddr) -> Http {
        Http { stream: TcpStream::connect(address).await.unwrap(), buffer: Vec::new() }
    }

    pub async fn raw(&mut self, bytes: &[u8]) {
        let written = within(PATIENCE, self.stream.write_all(bytes)).await;
        let _ = written.expect("the server reads, or closes");
    }

    pub async fn get(&mut self, query: &str) -> Answer {
        self.send_get(query).await;
        self.answer().await.expect("a GET is answered")
    }

    pub async fn send_get(&mut self, query: &str) {
        self.raw(format!("GET /socket.io/?{query} HTTP/1.1\r\nHost: test\r\n\r\n").as_bytes()).await;
    }

    pub async fn post(&mut self, query: &str, body: &[u8]) -> Answer {
        self.send_post(query, "text/plain;charset=UTF-8", body).await;
        self.answer().await.expect("a POST is answered")
    }

    /// The same where the server may end the stream instead.
    pub async fn post_or_end(&mut self, query: &str, body: &[u8]) -> Option<Answer> {
        self.send_post(query, "text/plain;charset=UTF-8", body).await;
        self.answer().await
    }

    pub async fn send_post(&mut self, query: &str, content_type: &str, body: &[u8]) {
        let head = format!(
            "POST /socket.io/?{query} HTTP/1.1\r\nHost: test\r\nContent-Type: {content_type}\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        );
        self.raw(&[head.as_bytes(), body].concat()).await;
    }

    /// The next answer; `None` if the stream ends before it.
    pub async fn answer(&mut self) -> Option<Answer> {
        within(PATIENCE, self.read_answer()).await.expect("an answer, or the end of the stream")
    }

    pub async fn read_answer(&mut self) -> Option<Answer> {
        let end = loop {
            match self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                Some(end) => break end,
                None => self.more().await?,
            }
        };
        let head = String::from_utf8_lossy(&self.buffer[..end]).to_ascii_lowercase();
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
        let length: usize = length.unwrap_or(0);
        while self.buffer.len() < end + 4 + length {
            self.more().await?;
        }
        let status = head.get(9..12).and_then(|status| status.parse().ok()).expect("a status");
        let body = self.buffer[end + 4..end + 4 + length].to_vec();
        self.buffer.drain(..end + 4 + length);
        Some(Answer { status, head, body })
    }

    /// Reads until the stream ends.
    pub async fn closed(&mut self) {
        let end = within(PATIENCE, async { while self.more().await.is_some() {} });
        end.await.expect("the stream is closed");
    }

    async fn more(&mut self) -> Option<()> {
        self.buffer.reserve(32 * 1024);
        matches!(self.stream.read_buf(&mut self.buffer).await, Ok(1..)).then_some(())
    }
}

/// A client on long-polling, with one stream for its polls and one for its POSTs.
pub struct Polling {
    pub polls: Http,
    pub posts: Http,
    /// With the session id.
    pub query: String,
    pub sid: String,
}

impl Polling {
    /// After the Engine.IO handshake.
    pub async fn open(address: SocketAddr, version: u8) -> Polling {
        let mut polls = Http::connect(address).await;
        let query = format!("EIO={version}&transport=polling");
        let answer = polls.get(&query).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let sid = answer.text().split(r#""sid":""#).nth(1).and_then(|rest| rest.split('"').next());
        let sid = sid.expect("a session id").to_owned();
        let query = format!("{query}&sid={sid}");
        Polling { polls, posts: Http::connect(address).await, query, sid }
    }

    /// In the main namespace.
    pub async fn connect(address: SocketAddr) -> Polling {
        let mut polling = Polling::open(address, 4).await;
        polling.post("40").await;
        let packets = polling.poll().await;
        assert!(packets[0].starts_with(r#"40{"sid":""#), "{packets:?}");
        polling
    }

    pub async fn post(&mut self, body: &str) {
        let answer = self.posts.post(&self.query, body.as_bytes()).await;
        assert_eq!((answer.status, answer.text()), (200, "ok"));
    }

    /// The packets of one poll.
    pub async fn poll(&mut self) -> Vec<String> {
        let answer = self.polls.get(&self.query).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.text().split('\x1e').map(str::to_owned).collect()
    }
}
