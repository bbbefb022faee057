//! YouTube as the tests need it: the Data API v3 and oEmbed on this machine, answering in the form and with the
//! failures of the real ones, and counting what it is asked.
//!
//! [`YouTube::flags`] are the settings of a node that asks it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The key that it takes.
pub const KEY: &str = "the-key-of-the-tests";

/// How it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// As it should.
    Well,
    /// 403 `quotaExceeded`.
    QuotaSpent,
    /// 500 `backendError`.
    Broken,
    /// 200 with half a document.
    Malformed,
    /// Nothing, for longer than anybody waits.
    Slow,
    /// A document of 64 MiB.
    Huge,
}

/// A video of its catalogue.
struct Video {
    id: &'static str,
    title: &'static str,
    channel: &'static str,
    category: &'static str,
    duration: &'static str,
    broadcast: &'static str,
    embeddable: bool,
    private: bool,
    for_adults: bool,
}

const PLAIN: Video = Video {
    id: "",
    title: "",
    channel: "Open Films",
    category: "1",
    duration: "PT9M56S",
    broadcast: "none",
    embeddable: true,
    private: false,
    for_adults: false,
};

/// Its videos; a search finds those that have all words of it in their title.
const CATALOGUE: &[Video] = &[
    Video { id: "bunny000001", title: "Big Bunny", ..PLAIN },
    Video { id: "bunny000002", title: "Big Bunny & the <b>Bird</b> 🐦", duration: "PT12H", ..PLAIN },
    Video { id: "bunny000003", title: "Big Bunny: three seconds", duration: "PT3S", ..PLAIN },
    Video { id: "bunny000004", title: "Big Bunny, not elsewhere", embeddable: false, ..PLAIN },
    Video { id: "bunny000005", title: "Big Bunny, for adults", for_adults: true, ..PLAIN },
    Video {
        id: "bunny000006",
        title: "Big Bunny, tomorrow",
        duration: "P0D",
        broadcast: "upcoming",
        ..PLAIN
    },
    Video { id: "bunny000007", title: "Big Bunny, right now", duration: "P0D", broadcast: "live", ..PLAIN },
    Video { id: "bunny000008", title: "Big Bunny, not for you", private: true, ..PLAIN },
    Video {
        id: "song0000001",
        title: "A song",
        channel: "A Choir",
        category: "10",
        duration: "PT4M13S",
        ..PLAIN
    },
    Video { id: "tricks00001", title: "A\nline\u{202E}that tricks\u{200B}", ..PLAIN },
];

/// A running stand-in.
pub struct YouTube {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    running: JoinHandle<()>,
}

struct State {
    mood: Mood,
    asked: Vec<String>,
}

impl YouTube {
    /// On a free port, in a good mood.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let state = Arc::new(Mutex::new(State { mood: Mood::Well, asked: Vec::new() }));
        let shared = state.clone();
        let running = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, shared.clone()));
            }
        });
        Self { address, state, running }
    }

    /// The flags of a node that has its key.
    #[must_use]
    pub fn flags(&self) -> Vec<String> {
        let mut flags = self.flags_without_key();
        flags.push(format!("--youtube-key={KEY}"));
        flags
    }

    /// The flags of a node that has none.
    #[must_use]
    pub fn flags_without_key(&self) -> Vec<String> {
        let address = self.address;
        vec![
            format!("--youtube-api-base=http://{address}/youtube/v3"),
            format!("--youtube-oembed-base=http://{address}/oembed"),
        ]
    }

    /// How it answers from now on.
    pub fn is(&self, mood: Mood) {
        self.state.lock().expect("nobody panicked").mood = mood;
    }

    /// What it was asked since the last call: `search`, `videos` or `oembed`.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().expect("nobody panicked").asked)
    }
}

impl Drop for YouTube {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) if head.len() < 16 * 1024 => head.push(byte),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let target = head.split(' ').nth(1).unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let parameter = |name: &str| {
        query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let what = path.rsplit('/').next().unwrap_or_default().to_owned();
    let mood = {
        let mut state = state.lock().expect("nobody panicked");
        state.asked.push(what.clone());
        state.mood
    };
    let (status, body) = match (mood, what.as_str()) {
        (Mood::Slow, _) => return tokio::time::sleep(Duration::from_secs(600)).await,
        (Mood::Huge, _) => (200, format!("{{\"items\": [\"{}\"]}}", "x".repeat(64 * 1024 * 1024))),
        (Mood::Malformed, _) => {
            (200, "{\"kind\": \"youtube#searchListResponse\", \"items\": [{\"id\"".to_owned())
        }
        (Mood::Broken, _) => refusal(500, "backendError", "global"),
        (Mood::QuotaSpent, "search" | "videos") => refusal(403, "quotaExceeded", "youtube.quota"),
        (_, "oembed") => oembed(parameter("url")),
        _ if parameter("key") != KEY => refusal(400, "keyInvalid", "usageLimits"),
        (_, "search") => (200, search(parameter("q")).to_string()),
        (_, "videos") => (200, videos(parameter("id")).to_string()),
        _ => refusal(404, "notFound", "global"),
    };
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    // Who asked may have gone away, as they should from a huge answer.
    let _ = stream.write_all(answer.as_bytes()).await;
}

/// `search.list`: HTML-escaped titles, no lengths; videos that are not public are not found.
fn search(q: &str) -> Value {
    let words: Vec<String> = q.to_lowercase().split(' ').map(str::to_owned).collect();
    let found = CATALOGUE.iter().filter(|video| {
        let title = video.title.to_lowercase();
        !video.private && words.iter().all(|word| title.contains(word))
    });
    let items: Vec<Value> = found
        .map(|video| {
            json!({
                "kind": "youtube#searchResult",
                "etag": "x",
                "id": { "kind": "youtube#video", "videoId": video.id },
                "snippet": {
                    "title": video.title.replace('&', "&amp;").replace('<', "&lt;"),
                    "channelTitle": video.channel,
                    "liveBroadcastContent": video.broadcast,
                },
            })
        })
        .collect();
    let page = json!({ "totalResults": items.len(), "resultsPerPage": 20 });
    json!({ "kind": "youtube#searchListResponse", "etag": "x", "regionCode": "DE", "pageInfo": page, "items": items })
}

/// `videos.list`: in an order of its own, without those that are private or do not exist.
fn videos(ids: &str) -> Value {
    let asked: Vec<&str> = ids.split(',').collect();
    let found = CATALOGUE.iter().rev().filter(|video| !video.private && asked.contains(&video.id));
    let items: Vec<Value> = found
        .map(|video| {
            let rating = if video.for_adults { json!({ "ytRating": "ytAgeRestricted" }) } else { json!({}) };
            json!({
                "kind": "youtube#video",
                "etag": "x",
                "id": video.id,
                "snippet": {
                    "title": video.title,
                    "description": "A description.",
                    "channelTitle": video.channel,
                    "categoryId": video.category,
                    "liveBroadcastContent": video.broadcast,
                },
                "contentDetails": { "duration": video.duration, "definition": "hd", "contentRating": rating },
                "status": { "uploadStatus": "processed", "privacyStatus": "public", "embeddable": video.embeddable },
            })
        })
        .collect();
    let page = json!({ "totalResults": items.len(), "resultsPerPage": items.len() });
    json!({ "kind": "youtube#videoListResponse", "etag": "x", "pageInfo": page, "items": items })
}

/// oEmbed, whose refusals are plain text.
fn oembed(url: &str) -> (u16, String) {
    let Some(id) = url.strip_prefix("https://www.youtube.com/watch?v=") else {
        return (400, "Bad Request".to_owned());
    };
    match CATALOGUE.iter().find(|video| video.id == id) {
        None => (404, "Not Found".to_owned()),
        Some(video) if video.private || !video.embeddable => (401, "Unauthorized".to_owned()),
        Some(video) => {
            let body = json!({
                "title": video.title,
                "author_name": video.channel,
                "type": "video",
                "version": "1.0",
                "provider_name": "YouTube",
                "thumbnail_url": format!("https://i.ytimg.com/vi/{id}/hqdefault.jpg"),
                "html": "<iframe src=\"https://www.youtube.com/embed/\"></iframe>",
            });
            (200, body.to_string())
        }
    }
}

fn refusal(status: u16, reason: &str, domain: &str) -> (u16, String) {
    let error = json!({
        "code": status,
        "message": "In words.",
        "errors": [{ "message": "In words.", "domain": domain, "reason": reason }],
    });
    (status, json!({ "error": error }).to_string())
}
