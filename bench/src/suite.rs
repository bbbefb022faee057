//! The servers that are compared, and one run of the load generator against one of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use crate::args::Args;
use crate::child::{self, Server};

/// A server with its command line.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Its name in the tables.
    pub name: &'static str,
    /// Its program and arguments before the port.
    pub words: Vec<String>,
    /// The words after the port, but for the number of workers.
    pub tail: Vec<String>,
    /// Whether it takes a number of workers after the port.
    pub has_workers: bool,
}

/// The name of the floor with one `send()` per message.
pub const FLOOR_WRITE: &str = "floor: write";
/// The name of the floor with one `send()` per tick.
pub const FLOOR_COALESCE: &str = "floor: coalesce";
/// The server under test.
pub const PARLOR: &str = "Parlor";

/// Where the programs are.
#[derive(Debug, Clone)]
pub struct Places {
    /// `target/release`.
    pub release: PathBuf,
    /// What `peers/install.sh` made.
    pub peers: PathBuf,
    /// Logs of the servers.
    pub logs: PathBuf,
}

impl Places {
    /// Beside this program, where `--peers DIR` says nothing else.
    pub fn from_args(args: &Args) -> Result<Self, String> {
        let program = std::env::current_exe().map_err(|e| e.to_string())?;
        let release = program.parent().ok_or("this program is in no folder")?.to_path_buf();
        let target = release.parent().map(PathBuf::from).unwrap_or_default();
        let peers = args.text("peers").map_or_else(|| target.join("peers"), PathBuf::from);
        let logs = target.join("bench-logs");
        fs::create_dir_all(&logs).map_err(|e| format!("{}: {e}", logs.display()))?;
        Ok(Self { release, peers, logs })
    }
}

/// How the processes share the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Server on core 0 with one worker, generator on core 1 without sleeping.
    Pinned,
    /// Both on any core, server with two workers, generator sleeping between events.
    TwoCores,
}

/// The servers whose programs are there; the others are named in the second list.
pub fn subjects(places: &Places) -> (Vec<Subject>, Vec<&'static str>) {
    let word = |path: PathBuf| path.to_string_lossy().into_owned();
    let floor = word(places.release.join("floor"));
    let subject = |name, words: Vec<String>, tail: &[&str], has_workers| Subject {
        name,
        words,
        tail: tail.iter().map(|t| (*t).to_owned()).collect(),
        has_workers,
    };
    let peers = &places.peers;
    let all = [
        subject(FLOOR_WRITE, vec![floor.clone()], &["write"], false),
        subject(FLOOR_COALESCE, vec![floor], &["coalesce"], false),
        subject(PARLOR, vec![word(places.release.join("examples/fanout"))], &[], true),
        subject("socketioxide", vec![word(peers.join("socketioxide/release/peer-socketioxide"))], &[], true),
        subject("socket.io (Node)", vec!["node".into(), word(peers.join("npm/fanout.js"))], &[], false),
        subject(
            "Flask-SocketIO (gevent)",
            vec![word(peers.join("flask/venv/bin/python")), word(peers.join("flask/fanout.py"))],
            &[],
            false,
        ),
    ];
    let is_there = |s: &Subject| s.words.iter().all(|w| !w.contains('/') || Path::new(w).exists());
    let missing = all.iter().filter(|s| !is_there(s)).map(|s| s.name).collect();
    (all.into_iter().filter(is_there).collect(), missing)
}

/// Measures up to `tries` times, until everything else on the machine used less than a quarter of a core under
/// every load, and returns the quietest. What the figures say plays no part in the choice.
pub fn measure_quietly(
    places: &Places,
    subject: &Subject,
    layout: Layout,
    load: &[String],
    tries: usize,
) -> Result<Vec<Value>, String> {
    let mut best = measure(places, subject, layout, load)?;
    for _ in 1..tries {
        if other_cores(&best) < QUIET {
            break;
        }
        let again = measure(places, subject, layout, load)?;
        if other_cores(&again) < other_cores(&best) {
            best = again;
        }
    }
    Ok(best)
}

/// Cores that others may use in a run that counts as quiet.
pub const QUIET: f64 = 0.25;

/// The most that others used under any load of a run.
fn other_cores(lines: &[Value]) -> f64 {
    lines.iter().filter_map(|line| line["other_cores"].as_f64()).fold(0.0, f64::max)
}

/// Starts a server, runs `load` with these words against it, stops it, and returns its lines.
pub fn measure(
    places: &Places,
    subject: &Subject,
    layout: Layout,
    load: &[String],
) -> Result<Vec<Value>, String> {
    let server = start(places, subject, layout)?;
    run_load(places, &server, layout, load.to_vec()).map_err(|e| format!("{}: {e}", subject.name))
}

/// Starts a server and a floor in the same layout, measures them in turns, stops both.
pub fn measure_paired(
    places: &Places,
    subject: &Subject,
    floor: &Subject,
    layout: Layout,
    load: &[String],
) -> Result<Vec<Value>, String> {
    let server = start(places, subject, layout)?;
    let floor = start(places, floor, layout)?;
    let mut words = load.to_vec();
    words.extend(["--floor-addr".into(), floor.address.to_string()]);
    words.extend(["--floor-pid".into(), floor.pid().to_string()]);
    run_load(places, &server, layout, words).map_err(|e| format!("{}: {e}", subject.name))
}

fn start(places: &Places, subject: &Subject, layout: Layout) -> Result<Server, String> {
    let port = child::free_port()?;
    let mut words = subject.words.clone();
    words.push(port.to_string());
    words.extend(subject.tail.iter().cloned());
    if subject.has_workers {
        words.push(if layout == Layout::Pinned { "1" } else { "2" }.to_owned());
    }
    let name = subject.name.replace(|c: char| !c.is_alphanumeric(), "-");
    let log = places.logs.join(format!("{name}.log"));
    Server::start(&words, &[], port, (layout == Layout::Pinned).then_some(0), &log)
}

fn run_load(
    places: &Places,
    server: &Server,
    layout: Layout,
    words: Vec<String>,
) -> Result<Vec<Value>, String> {
    let mut command = vec![places.release.join("load").to_string_lossy().into_owned()];
    command.extend(words);
    command.extend(["--addr".into(), server.address.to_string(), "--pid".into(), server.pid().to_string()]);
    if layout == Layout::Pinned {
        command.extend(["--pin", "1", "--spin"].map(str::to_owned));
    }
    let printed = child::run(&command, Duration::from_secs(900))?;
    let lines = printed.lines().map(|line| serde_json::from_str(line).map_err(|e| format!("{line}: {e}")));
    lines.collect()
}
