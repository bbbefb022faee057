//! A Parlor node as a process, with roads of its own to the database, to the bus and to its clients.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use parlor_testkit::Http;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use crate::engines::{BusEngine, Postgres, free_address};
use crate::process::Process;
use crate::proxy::Proxy;

/// How long a node may take to be ready.
const PATIENCE: Duration = Duration::from_secs(40);
/// How long it may say that it is not available after everything it stands on is whole again.
const AVAILABLE_WITHIN: Duration = Duration::from_secs(10);

/// A node.
#[derive(Debug)]
pub struct Node {
    /// Where it listens, also after it was started anew.
    pub address: SocketAddr,
    /// The road on which its clients come.
    pub front: Proxy,
    /// Its road to the database.
    pub database: Proxy,
    /// Its road to the bus.
    pub bus: Proxy,
    bus_url: String,
    clock_ahead_s: i32,
    folder: TempDir,
    process: Option<Process>,
}

impl Node {
    /// Starts it, with a clock that is so many seconds ahead.
    ///
    /// # Errors
    /// It does not start.
    pub async fn start(postgres: &Postgres, bus: &BusEngine, clock_ahead_s: i32) -> Result<Self, String> {
        let address = free_address()?;
        let database = Proxy::to(postgres.address).await?;
        let road = Proxy::to(bus.address).await?;
        let front = Proxy::to(address).await?;
        let bus_url = bus.url(road.address);
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mut node =
            Self { address, front, database, bus: road, bus_url, clock_ahead_s, folder, process: None };
        node.launch()?;
        node.becomes_ready().await?;
        Ok(node)
    }

    /// Starts it at the same address, if it does not run.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn launch(&mut self) -> Result<(), String> {
        if self.process.as_mut().is_some_and(|process| process.ended().is_none()) {
            return Ok(());
        }
        let mut command = Command::new(binary()?);
        if self.clock_ahead_s != 0 {
            // The clock of timers is left alone.
            command
                .env("LD_PRELOAD", false_clock()?)
                .env("FAKETIME", format!("{:+}s", self.clock_ahead_s))
                .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        }
        command
            .arg("serve")
            .current_dir(self.folder.path())
            .env("PARLOR_DATA", self.folder.path().join("data"))
            .env("PARLOR_BIND", self.address.to_string())
            .env("PARLOR_TCP_BIND", "")
            .env("PARLOR_RATE_LIMITS", "off")
            .env("PARLOR_DATABASE_URL", Postgres::url(self.database.address))
            .env("PARLOR_BUS_URL", &self.bus_url);
        let process = Process::start(command, &self.log());
        self.process = Some(process.map_err(|error| format!("a node cannot be started: {error}"))?);
        Ok(())
    }

    /// Starts it where it does not run, and waits until it answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn becomes_ready(&mut self) -> Result<(), String> {
        // It ended by itself where it was started while the database was away.
        self.launch()?;
        let began = Instant::now();
        loop {
            let http = Http { address: self.address };
            if http.attempt("GET", "/readyz", &[], b"").await.is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            if let Some(code) = self.process.as_mut().and_then(Process::ended) {
                return Err(format!("a node ended with {code:?}: {}", self.said()));
            }
            if began.elapsed() > PATIENCE {
                return Err(format!("a node does not become ready: {}", self.said()));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends it at once.
    pub async fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().await;
        }
    }

    /// Asks it to end, which it must do well.
    ///
    /// # Errors
    /// It does not, or says that something went wrong.
    pub async fn drain(&mut self) -> Result<(), String> {
        let Some(mut process) = self.process.take() else { return Ok(()) };
        match process.terminate().await? {
            Some(0) => Ok(()),
            code => Err(format!("a node that was asked to end ended with {code:?}: {}", self.said())),
        }
    }

    /// It stands still; its connections stay.
    pub fn freeze(&self) {
        self.process.iter().for_each(Process::freeze);
    }

    /// It goes on.
    pub fn thaw(&self) {
        self.process.iter().for_each(Process::thaw);
    }

    /// The end of its log.
    #[must_use]
    pub fn said(&self) -> String {
        let text = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }

    /// Asks it over REST, in somebody's name, and again while it is not available. `path` begins after `/api/v1`.
    ///
    /// # Errors
    /// It does not answer 200 in time.
    pub async fn ask(&self, token: &str, path: &str) -> Result<Value, String> {
        let began = Instant::now();
        loop {
            match ask(self.address, token, path).await {
                Err(why) if why.contains(": 503 ") && began.elapsed() < AVAILABLE_WITHIN => {}
                answer => return answer,
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

/// The library of Debian's package libfaketime. Its program would be a parent of the node, and take its signals.
fn false_clock() -> Result<PathBuf, String> {
    let folders = std::fs::read_dir("/usr/lib").map_err(|error| error.to_string())?;
    folders
        .filter_map(|folder| Some(folder.ok()?.path().join("faketime/libfaketimeMT.so.1")))
        .find(|path| path.is_file())
        .ok_or_else(|| "there is no libfaketime; install the Debian package faketime".to_owned())
}

/// Asks a node over REST, in somebody's name. `path` begins after `/api/v1`.
///
/// # Errors
/// It does not answer 200.
pub async fn ask(address: SocketAddr, token: &str, path: &str) -> Result<Value, String> {
    let bearer = format!("Bearer {token}");
    let path = format!("/api/v1{path}");
    let answer = Http { address }.attempt("GET", &path, &[("authorization", &bearer)], b"").await;
    match answer {
        Ok(answer) if answer.status == 200 => Ok(answer.json()),
        Ok(answer) => Err(format!("{path}: {} {}", answer.status, answer.text())),
        Err(error) => Err(format!("{path}: {error}")),
    }
}

/// The program under test: `PARLOR_BIN`, or the one that was built beside this one.
fn binary() -> Result<PathBuf, String> {
    if let Some(named) = std::env::var_os("PARLOR_BIN") {
        return Ok(named.into());
    }
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    own.ancestors()
        .skip(1)
        .map(|folder| folder.join("parlor"))
        .find(|path| path.is_file())
        .ok_or_else(|| "the server is not built; run: cargo build".to_owned())
}
