//! One measured stretch of a fan-out: a load, a time, and what the server spent in it.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde_json::{Value, json};

use crate::fleet::Fleet;
use crate::ledger::Counts;
use crate::proc::{self, Cpu};
use crate::sys;

/// After this long without a delivery, what is under way counts as lost.
const PATIENCE_NS: u64 = 2_000_000_000;

/// How the publisher sends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Load {
    /// `W64`: always this many messages under way; what has arrived everywhere is replaced at once.
    Window(usize),
    /// `B64`: this many in one write, the next when all have arrived everywhere.
    Burst(usize),
    /// `R20`: this many a second, whatever comes back.
    Rate(f64),
}

impl FromStr for Load {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let bad = || format!("{word}: a load is W<n>, B<n> or R<per second>");
        let number = word.get(1..).ok_or_else(bad)?;
        match word.as_bytes()[0] {
            b'W' => number.parse().map(Self::Window).map_err(|_| bad()),
            b'B' => number.parse().map(Self::Burst).map_err(|_| bad()),
            b'R' => number.parse().map(Self::Rate).map_err(|_| bad()),
            _ => Err(bad()),
        }
    }
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Window(n) => write!(f, "W{n}"),
            Self::Burst(n) => write!(f, "B{n}"),
            Self::Rate(n) => write!(f, "R{n}"),
        }
    }
}

/// What was measured.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The load.
    pub load: Load,
    /// Seconds from the first message to the last delivery.
    pub seconds: f64,
    /// What was sent and received.
    pub counts: Counts,
    /// CPU of the server in microseconds.
    pub server_us: f64,
    /// Share of it in user mode.
    pub user_share: f64,
    /// Cores that the generator kept busy (1.0 where it spins).
    pub generator_cores: f64,
    /// Cores that everything else on the machine kept busy.
    pub other_cores: f64,
}

impl Outcome {
    /// CPU of the server per delivery, in microseconds.
    pub fn us_per_delivery(&self) -> f64 {
        let all = self.counts.deliveries + self.counts.late_deliveries;
        self.server_us / all.max(1) as f64
    }

    /// As one line of JSON.
    pub fn to_json(&self) -> Value {
        let counts = &self.counts;
        json!({
            "load": self.load.to_string(),
            "seconds": self.seconds,
            "messages": counts.messages,
            "deliveries": counts.deliveries,
            "deliveries_per_s": counts.deliveries as f64 / self.seconds,
            "cpu_us": self.us_per_delivery(),
            "user_us": self.us_per_delivery() * self.user_share,
            "user_share": self.user_share,
            "p50_ms": counts.latency.quantile_ms(0.50),
            "p99_ms": counts.latency.quantile_ms(0.99),
            "lost": counts.lost,
            "out_of_order": counts.out_of_order,
            "closed": counts.closed,
            "late_deliveries": counts.late_deliveries,
            "server_cores": self.server_us / 1e6 / self.seconds,
            "generator_cores": self.generator_cores,
            "other_cores": self.other_cores,
        })
    }
}

/// Runs a load for a time (after half of it, at most half a second, unmeasured) and waits for what is under way.
pub fn run(fleet: &mut Fleet, load: Load, seconds: f64, server: u32, spin: bool) -> Result<Outcome, String> {
    drive(fleet, load, (seconds / 2.0).min(0.5), spin)?;
    let warm = fleet.ledger.take();
    let (server_before, mine_before) = (Cpu::read(server), Cpu::read(std::process::id()));
    let busy_before = proc::machine_busy_us();
    let start = sys::now_ns();
    drive(fleet, load, seconds, spin)?;
    let elapsed_us = (sys::now_ns() - start) as f64 / 1e3;
    let busy = proc::machine_busy_us() - busy_before;
    let spent = Cpu::read(server).since(&server_before);
    let mine = Cpu::read(std::process::id()).since(&mine_before);
    let mut counts = fleet.ledger.take();
    // A fault is a fault, measured or not.
    counts.lost += warm.lost;
    counts.out_of_order += warm.out_of_order;
    counts.closed += warm.closed;
    Ok(Outcome {
        load,
        seconds: elapsed_us / 1e6,
        counts,
        server_us: spent.us,
        user_share: spent.user_share,
        generator_cores: mine.us / elapsed_us,
        other_cores: ((busy - mine.us - spent.us) / elapsed_us).max(0.0),
    })
}

fn drive(fleet: &mut Fleet, load: Load, seconds: f64, spin: bool) -> Result<(), String> {
    let start = sys::now_ns();
    let end = start + (seconds * 1e9) as u64;
    let mut due = start;
    let (mut delivered, mut moved_at) = (fleet.ledger.counts.deliveries, start);
    loop {
        let now = sys::now_ns();
        if now < end {
            match load {
                Load::Window(n) if fleet.ledger.under_way() < n => {
                    fleet.publish(n - fleet.ledger.under_way(), now)?;
                }
                Load::Burst(n) if fleet.ledger.under_way() == 0 => fleet.publish(n, now)?,
                Load::Window(_) | Load::Burst(_) => {}
                Load::Rate(per_second) => {
                    while due <= now {
                        fleet.publish(1, due)?;
                        due += (1e9 / per_second) as u64;
                    }
                }
            }
        } else if fleet.ledger.under_way() == 0 {
            return Ok(());
        }
        let timeout = match load {
            _ if spin => 0,
            Load::Rate(_) if now < end => due.saturating_sub(now),
            _ => 50_000_000,
        };
        fleet.turn(Some(Duration::from_nanos(timeout)))?;
        if fleet.ledger.counts.deliveries != delivered || fleet.ledger.under_way() == 0 {
            (delivered, moved_at) = (fleet.ledger.counts.deliveries, sys::now_ns());
        } else if sys::now_ns() - moved_at > PATIENCE_NS {
            fleet.ledger.abandon();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loads_are_read_and_written_alike() {
        for word in ["W1", "W64", "B64", "R20"] {
            assert_eq!(word.parse::<Load>().unwrap().to_string(), word);
        }
        for bad in ["", "x", "W", "Q3", "R"] {
            assert!(bad.parse::<Load>().is_err(), "{bad}");
        }
    }
}
