//! The chat servers that are compared: how each is started, and how it is given members and groups.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::child::{self, Server};
use crate::rest::Rest;
use crate::senders::Member;
use crate::suite::Places;

/// A chat server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `parlor serve`.
    Parlor,
    /// npm socket.io with a SQLite table.
    SocketIo,
    /// Flask-SocketIO with a SQLite table.
    Flask,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Parlor, Self::SocketIo, Self::Flask];

    /// Its name in the tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parlor => "Parlor",
            Self::SocketIo => "socket.io + better-sqlite3 (Node)",
            Self::Flask => "Flask-SocketIO + sqlite3 (gevent)",
        }
    }

    fn command(self, places: &Places, port: u16, folder: &Path) -> Vec<String> {
        let word = |path: &Path| path.to_string_lossy().into_owned();
        let peer = |program: String, script: &str| {
            vec![program, word(&places.peers.join(script)), port.to_string(), word(folder)]
        };
        match self {
            Self::Parlor => vec![word(&places.release.join("parlor")), "serve".to_owned()],
            Self::SocketIo => peer("node".to_owned(), "npm/chat.js"),
            Self::Flask => peer(word(&places.peers.join("flask/venv/bin/python")), "flask/chat.py"),
        }
    }

    /// Whether its program is there.
    pub fn is_there(self, places: &Places) -> bool {
        let command = self.command(places, 0, Path::new("/"));
        command.iter().take(2).all(|word| !word.contains('/') || Path::new(word).exists())
    }

    /// Starts it on a data folder and waits until it is ready; returns how long that took, too.
    pub fn start(
        self,
        places: &Places,
        folder: &Path,
        core: Option<usize>,
    ) -> Result<(Server, Duration), String> {
        let port = child::free_port()?;
        let environment = match self {
            Self::Parlor => vec![
                ("PARLOR_BIND".to_owned(), format!("127.0.0.1:{port}")),
                ("PARLOR_DATA".to_owned(), folder.to_string_lossy().into_owned()),
                ("PARLOR_TCP_BIND".to_owned(), String::new()),
                ("PARLOR_RATE_LIMITS".to_owned(), "off".to_owned()),
                ("PARLOR_LOG".to_owned(), "warn".to_owned()),
            ],
            Self::SocketIo | Self::Flask => Vec::new(),
        };
        let log = places.logs.join(format!("chat-{self:?}.log"));
        let started = Instant::now();
        let mut server = Server::spawn(&self.command(places, port, folder), &environment, port, core, &log)?;
        let see_log = |e: String| format!("{}: {e}; see {}", self.name(), log.display());
        server.wait_port(Duration::from_secs(20)).map_err(see_log)?;
        while self == Self::Parlor && !is_ready(&server) {
            if started.elapsed() > Duration::from_secs(20) {
                return Err(see_log("does not become ready".to_owned()));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok((server, started.elapsed()))
    }

    /// Members who each may write into a group of their own. Parlor's are guests of one account's groups, or
    /// (`registered`) accounts with a password and a group each, which takes an argon2 hash each to set up.
    pub fn members(self, server: &Server, count: usize, registered: bool) -> Result<Vec<Member>, String> {
        if self != Self::Parlor {
            let member = |i| Member { token: format!("member-{i}"), group: i };
            return Ok((1..=count as u64).map(member).collect());
        }
        let mut rest = Rest::connect(server.address)?;
        let owner = create_account(&mut rest, "bench-owner")?;
        let mut members = Vec::with_capacity(count);
        for i in 0..count {
            if registered {
                let token = create_account(&mut rest, &format!("bench-{i}"))?;
                let (group, _) = create_group(&mut rest, &token, i)?;
                members.push(Member { token, group });
            } else {
                let (group, code) = create_group(&mut rest, &owner, i)?;
                let guest = json!({ "display_name": format!("Bench {i}"), "access_code": code });
                let token = text(&rest.post("/api/v1/guests", None, &guest)?, "/token")?;
                members.push(Member { token, group });
            }
        }
        Ok(members)
    }
}

fn is_ready(server: &Server) -> bool {
    Rest::connect(server.address)
        .and_then(|mut rest| rest.status("/readyz"))
        .is_ok_and(|status| status == 200)
}

/// The token of a new account.
pub fn create_account(rest: &mut Rest, username: &str) -> Result<String, String> {
    let body = json!({ "username": username, "password": "a long bench password" });
    text(&rest.post("/api/v1/accounts", None, &body)?, "/token")
}

/// A new group's id and its access code.
pub fn create_group(rest: &mut Rest, token: &str, i: usize) -> Result<(u64, String), String> {
    let answer = rest.post("/api/v1/groups", Some(token), &json!({ "name": format!("Bench group {i}") }))?;
    let id = answer.pointer("/group/id").and_then(Value::as_u64).ok_or_else(|| format!("no id: {answer}"))?;
    if let Ok(code) = text(&answer, "/group/access_code") {
        return Ok((id, code));
    }
    let rotated = rest.post(&format!("/api/v1/groups/{id}/access_code"), Some(token), &json!({}))?;
    Ok((id, text(&rotated, "/group/access_code")?))
}

fn text(answer: &Value, pointer: &str) -> Result<String, String> {
    let found = answer.pointer(pointer).and_then(Value::as_str);
    found.map(str::to_owned).ok_or_else(|| format!("no {pointer} in {answer}"))
}
