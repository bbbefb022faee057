//! Durable messages end to end: 1,000 members, each in a group of its own, send over Socket.IO and wait for the ack.
//!
//! `chat [--quick] [--senders 1000] [--rate 1000] [--seconds 5] [--runs 3] [--only parlor,node] [--registered]
//! [--two-cores] [--peers DIR] [--raw FILE]`; `parlor` is the one
//! beside this program.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use parlor_bench::args::Args;
use parlor_bench::book::Book;
use parlor_bench::chat_servers::Kind;
use parlor_bench::client::Target;
use parlor_bench::proc::{self, Cpu};
use parlor_bench::report::{self, table};
use parlor_bench::senders::{Pace, Senders};
use parlor_bench::suite::Places;
use parlor_bench::{disk, sys};
use serde_json::{Value, json};

/// Starts per server whose median is the cold start.
const STARTS: usize = 5;

fn main() -> ExitCode {
    match work(&Args::from_env()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("chat: {why}");
            ExitCode::FAILURE
        }
    }
}

/// What every run of this program has in common.
struct Plan {
    places: Places,
    data: PathBuf,
    senders: usize,
    rate: f64,
    seconds: f64,
    registered: bool,
    pinned: bool,
}

fn work(args: &Args) -> Result<(), String> {
    let quick = args.has("quick");
    let runs: usize = args.value("runs", if quick { 1 } else { 3 })?;
    let places = Places::from_args(args)?;
    let plan = Plan {
        data: places.logs.join(format!("chat-data-{}", std::process::id())),
        places,
        senders: args.value("senders", 1000)?,
        rate: args.value("rate", 1000.0)?,
        seconds: args.value("seconds", if quick { 2.0 } else { 5.0 })?,
        registered: args.has("registered"),
        pinned: !args.has("two-cores"),
    };
    let raw_path = args.text("raw").map_or_else(|| plan.places.logs.join("chat.jsonl"), PathBuf::from);
    let mut raw = fs::File::create(&raw_path).map_err(|e| format!("{}: {e}", raw_path.display()))?;
    sys::raise_open_files(65_536);
    if plan.pinned {
        sys::pin(1).map_err(|e| format!("pin: {e}"))?;
    }
    let only = args.text("only").map(str::to_lowercase);
    let chosen = |kind: &Kind| {
        only.as_ref().is_none_or(|only| only.split(',').any(|w| kind.name().to_lowercase().contains(w)))
    };
    let (kinds, missing): (Vec<Kind>, Vec<Kind>) =
        Kind::ALL.into_iter().filter(chosen).partition(|kind| kind.is_there(&plan.places));
    for kind in missing {
        eprintln!("not there, left out: {}", kind.name());
    }
    let layout = if plan.pinned { "server on core 0, generator on core 1" } else { "nothing pinned" };
    println!("{}; {} senders, {layout}, {runs} run(s).\n", report::machine(), plan.senders);
    let mut book = Book::default();
    for run in 0..runs {
        for i in 0..kinds.len() {
            let kind = kinds[(i + run) % kinds.len()];
            eprintln!("run {} of {runs}: {}", run + 1, kind.name());
            let lines = measure(&plan, kind).unwrap_or_else(|why| {
                eprintln!("FAILED {}: {why}", kind.name());
                Vec::new()
            });
            for line in lines {
                let entry = json!({ "server": kind.name(), "run": run, "result": line });
                writeln!(raw, "{entry}").map_err(|e| e.to_string())?;
                book.enter(run, kind.name(), &line);
            }
        }
    }
    // It was made by this process, under its own name.
    let _ = fs::remove_dir_all(&plan.data);
    print_tables(&kinds, &book, plan.rate);
    println!("raw figures: {}", raw_path.display());
    Ok(())
}

/// One server: starts, memory, then both paces on a fresh folder.
fn measure(plan: &Plan, kind: Kind) -> Result<Vec<Value>, String> {
    let core = plan.pinned.then_some(0);
    let mut starts = Vec::new();
    let mut idle_kib = 0;
    for _ in 0..STARTS {
        fresh(&plan.data)?;
        let (server, took) = kind.start(&plan.places, &plan.data, core)?;
        starts.push(took.as_secs_f64() * 1e3);
        if starts.len() == STARTS {
            std::thread::sleep(Duration::from_secs(1));
            idle_kib = proc::resident_kib(server.pid());
        }
    }
    let binary = plan.places.release.join("parlor");
    let binary_mb = match kind {
        Kind::Parlor => fs::metadata(&binary).map(|m| m.len() as f64 / 1e6).ok(),
        Kind::SocketIo | Kind::Flask => None,
    };
    let mut lines = vec![json!({ "load": "start", "start_ms": report::median(&starts),
        "idle_mb": idle_kib as f64 / 1024.0, "binary_mb": binary_mb })];

    fresh(&plan.data)?;
    let (server, _) = kind.start(&plan.places, &plan.data, core)?;
    let members = kind.members(&server, plan.senders, plan.registered)?;
    let target = Target { address: server.address, namespace: "/v1".to_owned() };
    let mut senders = Senders::connect(&target, &members, 128)?;
    for (name, pace) in [("saturated", Pace::Saturated), ("rate", Pace::PerSecond(plan.rate))] {
        senders.run(pace, plan.seconds / 5.0)?;
        // Before and after: the disk is shared, and its speed may change twentyfold within minutes.
        let probe = || disk::syncs_per_second(&plan.data, Duration::from_millis(500));
        let syncs_before = probe()?;
        let (before, mine_before) = (Cpu::read(server.pid()), Cpu::read(std::process::id()));
        let busy_before = proc::machine_busy_us();
        let start = sys::now_ns();
        let counts = senders.run(pace, plan.seconds)?;
        let elapsed = (sys::now_ns() - start) as f64 / 1e9;
        let busy = proc::machine_busy_us() - busy_before;
        let spent = Cpu::read(server.pid()).since(&before);
        let mine = Cpu::read(std::process::id()).since(&mine_before);
        let syncs = f64::midpoint(syncs_before, probe()?);
        if let Some(error) = &counts.first_error {
            eprintln!("{}: {} refused, the first: {error}", kind.name(), counts.refused);
        }
        lines.push(json!({
            "load": name, "seconds": elapsed, "acked": counts.acked, "refused": counts.refused,
            "unanswered": counts.sent - counts.acked - counts.refused, "gaps": counts.gaps,
            "missing_events": counts.acked.saturating_sub(counts.events),
            "acked_per_s": counts.acked as f64 / elapsed, "cpu_us": spent.us / counts.acked.max(1) as f64,
            "user_share": spent.user_share, "p50_ms": counts.latency.quantile_ms(0.5),
            "p99_ms": counts.latency.quantile_ms(0.99), "fsyncs_per_s": syncs,
            "other_cores": ((busy - spent.us - mine.us) / 1e6 / elapsed).max(0.0),
            "per_fsync": counts.acked as f64 / elapsed / syncs,
            "rss_mb": proc::resident_kib(server.pid()) as f64 / 1024.0,
        }));
    }
    Ok(lines)
}

fn fresh(folder: &Path) -> Result<(), String> {
    // Not there at the first call.
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))
}

fn print_tables(kinds: &[Kind], book: &Book, rate: f64) {
    let names = |columns: &[(&str, &str)], load: &str| {
        let head: Vec<&str> = ["server"].into_iter().chain(columns.iter().map(|(title, _)| *title)).collect();
        let row = |kind: &Kind| {
            let cells = columns.iter().map(|(_, name)| book.cell(kind.name(), load, name));
            [kind.name().to_owned()].into_iter().chain(cells).collect()
        };
        table(&head, &kinds.iter().map(row).collect::<Vec<_>>())
    };
    let columns = [
        ("acked/s", "acked_per_s"),
        ("CPU µs per acked", "cpu_us"),
        ("user share", "user_share"),
        ("p50 ms", "p50_ms"),
        ("p99 ms", "p99_ms"),
        ("fsyncs/s of the machine", "fsyncs_per_s"),
        ("acked per fsync", "per_fsync"),
        ("refused", "refused"),
        ("unanswered", "unanswered"),
        ("gaps", "gaps"),
        ("missing events", "missing_events"),
        ("RSS MB", "rss_mb"),
        ("cores of others", "other_cores"),
    ];
    println!("### Saturated: every sender has one message under way\n\n{}", names(&columns, "saturated"));
    println!("### {rate} messages a second\n\n{}", names(&columns, "rate"));
    let columns = [("cold start ms", "start_ms"), ("idle RSS MB", "idle_mb"), ("binary MB", "binary_mb")];
    println!("### Start, with an empty data folder\n\n{}", names(&columns, "start"));
}
