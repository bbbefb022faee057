//! People who come into one lobby at once, over real sockets: how long until all are placed, and whether each is in
//! exactly one room of two.
//!
//! `lobby [--joiners 1001,10000] [--faces native,circle] [--runs 3] [--pinned]`; `parlor` is the one beside this program.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool")]

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use parlor_bench::args::Args;
use parlor_bench::chat_servers::Kind;
use parlor_bench::child::Server;
use parlor_bench::client::Target;
use parlor_bench::joiners::{Face, Joiner, Outcome, enter_all};
use parlor_bench::proc::Cpu;
use parlor_bench::report::{self, table};
use parlor_bench::rest::Rest;
use parlor_bench::suite::Places;
use parlor_bench::{chat_servers, sys};
use serde_json::{Value, json};

/// After this nobody is waited for any more.
const PATIENCE: Duration = Duration::from_secs(30);

fn main() -> ExitCode {
    match work(&Args::from_env()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("lobby: somebody was placed wrongly");
            ExitCode::FAILURE
        }
        Err(why) => {
            eprintln!("lobby: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everybody was placed rightly in every run.
fn work(args: &Args) -> Result<bool, String> {
    let places = Places::from_args(args)?;
    let runs: usize = args.value("runs", 3)?;
    let joiners = args.text("joiners").unwrap_or("1001,10000");
    let faces = args.text("faces").unwrap_or("native,circle");
    let pinned = args.has("pinned");
    sys::raise_open_files(65_536);
    if pinned {
        sys::pin(1).map_err(|e| format!("pin: {e}"))?;
    }
    let layout = if pinned { "server on core 0, joiners on core 1" } else { "nothing pinned" };
    println!("{}; {layout}, median of {runs} run(s).\n", report::machine());
    let mut rows = Vec::new();
    let mut all_right = true;
    for face in faces.split(',') {
        for count in joiners.split(',') {
            let count: usize = count.trim().parse().map_err(|_| format!("--joiners: {count}?"))?;
            let mut outcomes = Vec::new();
            for run in 0..runs {
                eprintln!("{face}, {count} joiners, run {} of {runs}", run + 1);
                outcomes.push(one_run(&places, face, count, pinned)?);
            }
            all_right &= outcomes.iter().all(|(outcome, _)| is_right(outcome, count));
            rows.push(row(face, count, outcomes));
        }
    }
    let heads = [
        "face",
        "joiners",
        "all placed, ms",
        "p50, ms",
        "p99, ms",
        "server CPU per joiner, µs",
        "pairs",
        "waiting",
        "wrong rooms",
        "in two rooms",
    ];
    println!("{}", table(&heads, &rows));
    Ok(all_right)
}

fn is_right(outcome: &Outcome, count: usize) -> bool {
    outcome.pairs == count / 2
        && outcome.waiting == count % 2
        && outcome.wrong_rooms == 0
        && outcome.in_two_rooms == 0
}

fn row(face: &str, count: usize, mut outcomes: Vec<(Outcome, f64)>) -> Vec<String> {
    outcomes.sort_by(|a, b| a.0.placed_ms.total_cmp(&b.0.placed_ms));
    let worst =
        |of: fn(&Outcome) -> usize| outcomes.iter().map(|(outcome, _)| of(outcome)).max().unwrap_or(0);
    let (outcome, cpu_us) = &outcomes[outcomes.len() / 2];
    vec![
        face.to_owned(),
        count.to_string(),
        format!("{:.0}", outcome.placed_ms),
        format!("{:.0}", outcome.p50_ms),
        format!("{:.0}", outcome.p99_ms),
        format!("{cpu_us:.0}"),
        outcome.pairs.to_string(),
        outcome.waiting.to_string(),
        worst(|outcome| outcome.wrong_rooms).to_string(),
        worst(|outcome| outcome.in_two_rooms).to_string(),
    ]
}

/// A fresh server, a fresh group, everybody at once; with the server's CPU for each of them.
fn one_run(places: &Places, face: &str, count: usize, pinned: bool) -> Result<(Outcome, f64), String> {
    let folder: PathBuf = places.logs.join(format!("lobby-data-{}", std::process::id()));
    // It was made by this process, under its own name.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let (server, _) = Kind::Parlor.start(places, &folder, pinned.then_some(0))?;
    let (namespace, shape, joiners) = match face {
        "native" => ("/v1", Face { event: "[\"room\",", room: "\"room\":" }, native(&server, count)?),
        "circle" => {
            ("/circle", Face { event: "[\"join_room\",", room: "\"room\":" }, circle(&server, count)?)
        }
        other => return Err(format!("--faces: {other}?")),
    };
    let target = Target { address: server.address, namespace: namespace.to_owned() };
    let before = Cpu::read(server.pid());
    let outcome = enter_all(&target, &joiners, shape, PATIENCE)?;
    let cpu_us = Cpu::read(server.pid()).since(&before).us / count as f64;
    drop(server);
    let _ = fs::remove_dir_all(&folder);
    Ok((outcome, cpu_us))
}

/// Guests of one group.
fn native(server: &Server, count: usize) -> Result<Vec<Joiner>, String> {
    let mut rest = Rest::connect(server.address)?;
    let owner = chat_servers::create_account(&mut rest, "bench-owner")?;
    let (group, code) = chat_servers::create_group(&mut rest, &owner, 0)?;
    let enter = json!(["lobby_enter", { "group": group }]).to_string();
    (0..count)
        .map(|i| {
            let guest = json!({ "display_name": format!("Joiner {i}"), "access_code": code });
            let answer = rest.post("/api/v1/guests", None, &guest)?;
            let token = answer.pointer("/token").and_then(Value::as_str).ok_or("no token")?;
            Ok(Joiner { auth: json!({ "token": token }).to_string(), enter: enter.clone() })
        })
        .collect()
}

/// People without an account, with a code.
fn circle(server: &Server, count: usize) -> Result<Vec<Joiner>, String> {
    let mut rest = Rest::connect(server.address)?;
    let new = json!({ "name": "Bench", "description": "A lobby" });
    let group = rest.post("/circle/groups", None, &new)?;
    let code = group.pointer("/access_code").and_then(Value::as_str).ok_or("no code")?;
    let joiner = |i| {
        let enter = json!(["join_group", { "access_code": code, "name": format!("Joiner {i}") }]).to_string();
        Joiner { auth: String::new(), enter }
    };
    Ok((0..count).map(joiner).collect())
}
