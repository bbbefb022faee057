//! The load generator: one thread that is a room full of Socket.IO clients.
//!
//! `load fanout|idle|stalled|paired --addr 127.0.0.1:PORT --pid SERVER [--conns 1000] [--loads W1,W64,R20]
//! [--seconds 3] [--bytes 128] [--namespace /x] [--pin CORE] [--spin] [--rounds 9]`; `paired` takes
//! `--floor-addr` and `--floor-pid` too, `stalled` takes `--stalled 1` and `--fill-mib 3`. One line of JSON per result.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool")]

use std::process::ExitCode;
use std::time::Duration;

use parlor_bench::args::Args;
use parlor_bench::client::Target;
use parlor_bench::fleet::{Fleet, Plan};
use parlor_bench::phase::{self, Load};
use parlor_bench::stalled::Trial;
use parlor_bench::{proc, report, sys};
use serde_json::json;

/// Connections that are open before the memory per connection is counted.
const WARM_CONNECTIONS: usize = 64;

fn main() -> ExitCode {
    let args = Args::from_env();
    let result = match args.positional().first() {
        Some(&"fanout") => fanout(&args),
        Some(&"idle") => idle(&args),
        Some(&"stalled") => stalled(&args),
        Some(&"paired") => paired(&args),
        _ => Err("say fanout, idle, stalled or paired; the head of load.rs has the flags".to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("load: {why}");
            ExitCode::FAILURE
        }
    }
}

fn stalled(args: &Args) -> Result<(), String> {
    let count = args.value("stalled", 1)?;
    let (plan, server) = prepare(args, 1000, count)?;
    let trial = Trial {
        loads: loads(args, "W1,B64")?,
        seconds: args.value("seconds", 1.5)?,
        rounds: args.value("rounds", 9)?,
        fill_bytes: args.value("fill-mib", 3)? << 20,
        stalled: count,
        server,
        spin: args.has("spin"),
    };
    for line in trial.run(&plan)? {
        println!("{line}");
    }
    Ok(())
}

fn prepare(args: &Args, default_connections: usize, slow: usize) -> Result<(Plan, u32), String> {
    if args.has("pin") {
        sys::pin(args.value("pin", 0)?).map_err(|e| format!("pin: {e}"))?;
    }
    let connections = args.value("conns", default_connections)?;
    sys::raise_open_files(connections as u64 + 100);
    let address =
        args.text("addr").ok_or("--addr is missing")?.parse().map_err(|e| format!("--addr: {e}"))?;
    let namespace = args.text("namespace").unwrap_or_default().to_owned();
    let target = Target { address, namespace };
    let plan = Plan { target, connections, message_bytes: args.value("bytes", 128)?, slow };
    Ok((plan, args.value("pid", 0)?))
}

fn fanout(args: &Args) -> Result<(), String> {
    let (plan, server) = prepare(args, 1000, 0)?;
    let loads = loads(args, "W1,W64,R20")?;
    let seconds: f64 = args.value("seconds", 3.0)?;
    let mut fleet = Fleet::open(&plan, |_| ())?;
    for load in loads {
        println!("{}", phase::run(&mut fleet, load, seconds, server, args.has("spin"))?.to_json());
    }
    Ok(())
}

/// Two servers at the same time, in turns of a second or less: what the machine does in the meantime (other work,
/// a hypervisor's clock) then hits both alike, and the ratio of their costs is steadier than the costs.
fn paired(args: &Args) -> Result<(), String> {
    let (plan, server) = prepare(args, 1000, 0)?;
    let mut floor_plan = plan.clone();
    floor_plan.target.address = args
        .text("floor-addr")
        .ok_or("--floor-addr is missing")?
        .parse()
        .map_err(|e| format!("--floor-addr: {e}"))?;
    sys::raise_open_files(2 * plan.connections as u64 + 100);
    let floor = args.value("floor-pid", 0)?;
    let (seconds, rounds): (f64, usize) = (args.value("seconds", 0.5)?, args.value("rounds", 10)?);
    let mut fleets = [(Fleet::open(&plan, |_| ())?, server), (Fleet::open(&floor_plan, |_| ())?, floor)];
    for load in loads(args, "W1,R20")? {
        // At 20 a second, half a second is too few messages.
        let seconds = if matches!(load, Load::Rate(_)) { seconds * 2.0 } else { seconds };
        let mut costs = [Vec::new(), Vec::new()];
        for _ in 0..rounds {
            // Strictly in turns, so that each follows the other: a server that goes on where it has just stopped
            // was measured up to a quarter cheaper for half a second than one that was idle.
            for i in [0, 1] {
                let (fleet, pid) = &mut fleets[i];
                let outcome = phase::run(fleet, load, seconds, *pid, args.has("spin"))?;
                costs[i].push(outcome.us_per_delivery());
                for (fleet, _) in &mut fleets {
                    fleet.turn(Some(Duration::ZERO))?;
                }
            }
        }
        let ratios: Vec<f64> = costs[0].iter().zip(&costs[1]).map(|(mine, floor)| mine / floor).collect();
        let [quarter, three_quarters] = [0.25, 0.75].map(|q| report::quantile(&ratios, q));
        println!(
            "{}",
            json!({ "load": format!("paired {load}"), "rounds": rounds, "cpu_us": report::median(&costs[0]),
                    "floor_cpu_us": report::median(&costs[1]), "ratio": report::median(&ratios), "ratios": ratios, "ratio_q1": quarter,
                    "ratio_q3": three_quarters })
        );
    }
    Ok(())
}

fn loads(args: &Args, default: &str) -> Result<Vec<Load>, String> {
    args.text("loads").unwrap_or(default).split(',').map(str::parse).collect()
}

/// Memory that a connection costs: the growth from 64 connections to all, after everything has settled.
fn idle(args: &Args) -> Result<(), String> {
    let (plan, server) = prepare(args, 5000, 0)?;
    let counted =
        plan.connections.checked_sub(WARM_CONNECTIONS).filter(|&n| n > 0).ok_or("too few --conns")?;
    let mut before = 0;
    let mut fleet = Fleet::open(&plan, |open| {
        if open == WARM_CONNECTIONS {
            before = proc::resident_kib(server);
        }
    })?;
    settle(&mut fleet, 2.0)?;
    let after = proc::resident_kib(server);
    let per_connection = (after as f64 - before as f64) / counted as f64;
    println!(
        "{}",
        json!({ "load": "idle", "connections": plan.connections, "before_kib": before, "after_kib": after,
                "kib_per_connection": per_connection, "closed": fleet.ledger.take().closed })
    );
    Ok(())
}

fn settle(fleet: &mut Fleet, seconds: f64) -> Result<(), String> {
    let end = sys::now_ns() + (seconds * 1e9) as u64;
    while sys::now_ns() < end {
        fleet.turn(Some(Duration::from_millis(100)))?;
    }
    Ok(())
}
