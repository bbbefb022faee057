//! Runs the checker on demand: `cargo run -p parlor-cluster --bin cluster -- --rounds 10 --seed 1 --bus nats`.
//!
//! `--seed` is that of the first round, each further round takes the next; `--seconds` is the talk of one round,
//! `--minutes` goes on with further rounds until they are over; `--calm` lets nothing break. `--nodes`, `--clients`, `--groups`,
//! `--members` (of each group) and `--pace-ms` (of each client) say how much there is. Ends with 1 where a promise was broken.

#![expect(clippy::print_stdout, reason = "a command line program speaks by it")]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use parlor_cluster::engines::BusKind;
use parlor_cluster::run::{Setup, run};

#[tokio::main]
async fn main() -> ExitCode {
    match rounds().await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(bad) => {
            println!("{bad} rounds with violations");
            ExitCode::FAILURE
        }
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn rounds() -> Result<u32, String> {
    let mut rounds = 1;
    let mut minutes = 0;
    let mut bus = None;
    let mut setup = Setup::usual(1, BusKind::Redis);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        let number = |text: String| text.parse::<u64>().map_err(|error| format!("{text}: {error}"));
        match word.as_str() {
            "--seed" => setup.seed = number(value()?)?,
            "--rounds" => rounds = number(value()?)?,
            "--minutes" => minutes = number(value()?)?,
            "--seconds" => setup.talk = Duration::from_secs(number(value()?)?),
            "--pace-ms" => setup.pace = Duration::from_millis(number(value()?)?),
            "--nodes" => setup.nodes = number(value()?)? as usize,
            "--clients" => setup.clients = number(value()?)? as usize,
            "--groups" => setup.groups = number(value()?)? as usize,
            "--members" => setup.members = Some(number(value()?)? as usize),
            "--calm" => setup.with_faults = false,
            "--bus" => {
                bus = Some(match value()?.as_str() {
                    "redis" => BusKind::Redis,
                    "nats" => BusKind::Nats,
                    other => return Err(format!("{other} is neither redis nor nats")),
                });
            }
            other => return Err(format!("{other} is not known")),
        }
    }
    let began = Instant::now();
    let mut bad = 0;
    for round in 0_u64.. {
        if round >= rounds && began.elapsed() >= Duration::from_secs(minutes * 60) {
            break;
        }
        // By turns, where none was named.
        setup.bus = bus.unwrap_or(if round.is_multiple_of(2) { BusKind::Redis } else { BusKind::Nats });
        println!("seed {} over {:?}", setup.seed, setup.bus);
        let outcome = run(&setup).await?;
        println!("{outcome}");
        bad += u32::from(!outcome.violations.is_empty());
        setup.seed += 1;
    }
    Ok(bad)
}
