//! What a reader that does not read costs the others: rounds with and without one, in turns.

use serde_json::{Value, json};

use crate::fleet::{Fleet, Plan};
use crate::ledger::Counts;
use crate::phase::{self, Load};
use crate::report::median;
use crate::suite::QUIET;

/// Length of the messages that fill the buffers of a connection that does not read.
const LARGE: usize = 8192;
/// Rounds are repeated until enough were undisturbed, at most this many times as many.
const PATIENCE: usize = 3;

/// The trial of one server.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The loads after the filling.
    pub loads: Vec<Load>,
    /// Seconds of each.
    pub seconds: f64,
    /// Undisturbed rounds wanted.
    pub rounds: usize,
    /// Bytes sent to each connection before the loads: more than the kernel buffers (about 2.6 MB on loopback).
    pub fill_bytes: u64,
    /// How many connections stop reading.
    pub stalled: usize,
    /// The server's process.
    pub server: u32,
    /// Whether the generator spins.
    pub spin: bool,
}

/// One load of half a round.
struct Stretch {
    name: String,
    p99_ms: f64,
    other_cores: f64,
    lost: u64,
    out_of_order: u64,
}

impl Trial {
    /// Runs it; one line of JSON per load, and one for the filling itself.
    pub fn run(&self, plan: &Plan) -> Result<Vec<Value>, String> {
        let mut fleet = Fleet::open(plan, |_| ())?;
        let mut rounds: Vec<Vec<[Stretch; 2]>> = Vec::new();
        let (mut missing, mut after) = (0, Counts::default());
        while rounds.len() < self.rounds * PATIENCE {
            let free = self.half(&mut fleet, plan)?;
            fleet.stall(self.stalled)?;
            let held = self.half(&mut fleet, plan)?;
            missing += fleet.resume(self.stalled)?;
            let counts = fleet.ledger.take();
            after.out_of_order += counts.out_of_order;
            after.late_deliveries += counts.late_deliveries;
            after.closed_stalled += counts.closed_stalled;
            rounds.push(free.into_iter().zip(held).map(|(free, held)| [free, held]).collect());
            if (0..=self.loads.len()).all(|load| quiet(&rounds, load).len() >= self.rounds) {
                break;
            }
        }
        let line = |load: usize| {
            let clean = quiet(&rounds, load);
            let all: Vec<&[Stretch; 2]> = rounds.iter().map(|round| &round[load]).collect();
            // Chosen by what others did, never by the outcome.
            let used = if clean.len() >= 3 { &clean } else { &all };
            let p99 = |i: usize| median(&used.iter().map(|pair| pair[i].p99_ms).collect::<Vec<_>>());
            let ratios: Vec<f64> = used.iter().map(|pair| pair[1].p99_ms / pair[0].p99_ms).collect();
            let sum =
                |count: fn(&Stretch) -> u64| all.iter().flat_map(|pair| pair.iter()).map(count).sum::<u64>();
            json!({
                "load": format!("stalled {}", all[0][0].name), "stalled": self.stalled, "rounds": all.len(),
                "undisturbed": clean.len(), "p99_ms_free": p99(0), "p99_ms_stalled": p99(1),
                "ratio": median(&ratios), "ratios": ratios, "lost": sum(|s| s.lost),
                "out_of_order": sum(|s| s.out_of_order) + after.out_of_order,
                "closed_stalled": after.closed_stalled, "late_deliveries": after.late_deliveries,
                "missing_after_resume": missing,
            })
        };
        Ok((0..=self.loads.len()).map(line).collect())
    }

    /// The filling, then every load.
    fn half(&self, fleet: &mut Fleet, plan: &Plan) -> Result<Vec<Stretch>, String> {
        let mut stretches = vec![self.fill(fleet)?];
        fleet.set_message_bytes(plan.message_bytes);
        for &load in &self.loads {
            let outcome = phase::run(fleet, load, self.seconds, self.server, self.spin)?;
            stretches.push(Stretch {
                name: load.to_string(),
                p99_ms: outcome.counts.latency.quantile_ms(0.99),
                other_cores: outcome.other_cores,
                lost: outcome.counts.lost,
                out_of_order: outcome.counts.out_of_order,
            });
        }
        Ok(stretches)
    }

    fn fill(&self, fleet: &mut Fleet) -> Result<Stretch, String> {
        fleet.set_message_bytes(LARGE);
        let mut all = Counts::default();
        let (mut other_us, mut elapsed) = (0.0, 0.0);
        while all.messages * (LARGE as u64) < self.fill_bytes {
            let outcome = phase::run(fleet, Load::Window(8), 0.2, self.server, self.spin)?;
            all.messages += outcome.counts.messages;
            all.lost += outcome.counts.lost;
            all.out_of_order += outcome.counts.out_of_order;
            all.latency.merge(&outcome.counts.latency);
            other_us += outcome.other_cores * outcome.seconds;
            elapsed += outcome.seconds;
        }
        Ok(Stretch {
            name: "fill".to_owned(),
            p99_ms: all.latency.quantile_ms(0.99),
            other_cores: other_us / elapsed,
            lost: all.lost,
            out_of_order: all.out_of_order,
        })
    }
}

/// The rounds in which nothing else used much of the machine during one load, with and without.
fn quiet(rounds: &[Vec<[Stretch; 2]>], load: usize) -> Vec<&[Stretch; 2]> {
    let is_quiet = |pair: &&[Stretch; 2]| pair.iter().all(|stretch| stretch.other_cores < QUIET);
    rounds.iter().map(|round| &round[load]).filter(is_quiet).collect()
}
