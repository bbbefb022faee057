//! One run: start everything, talk under faults, heal, look.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use fastrand::Rng;

use crate::cast::Cast;
use crate::checker::{Violation, check};
use crate::engines::BusKind;
use crate::faults::{Planned, plan};
use crate::record::Record;
use crate::talker::{Phase, Progress};
use crate::town::Town;

/// What a run is like.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Faults and talk come from it.
    pub seed: u64,
    /// What the nodes tell each other by.
    pub bus: BusKind,
    /// How many nodes there are.
    pub nodes: usize,
    /// How many talk.
    pub clients: usize,
    /// In how many groups.
    pub groups: usize,
    /// How many of them are in each group, by chance; without it all are in the first and most in each other one.
    pub members: Option<usize>,
    /// How long.
    pub talk: Duration,
    /// A client writes about once in this time.
    pub pace: Duration,
    /// Whether anything breaks.
    pub with_faults: bool,
}

impl Setup {
    /// Three nodes, eight people in four groups, half a minute.
    #[must_use]
    pub fn usual(seed: u64, bus: BusKind) -> Self {
        Self {
            seed,
            bus,
            nodes: 3,
            clients: 8,
            groups: 4,
            members: None,
            talk: Duration::from_secs(30),
            pace: Duration::from_millis(100),
            with_faults: true,
        }
    }
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// Broken promises; none in a good run.
    pub violations: Vec<Violation>,
    /// What broke, and when.
    pub faults: Vec<Planned>,
    /// Messages that were acknowledged.
    pub acknowledged: usize,
    /// Messages that were written and never acknowledged.
    pub unacknowledged: usize,
    /// From sent to heard by another client: 50, 99 and 100 in a hundred.
    pub latency: [Duration; 3],
    /// From heal to everything being heard by everybody.
    pub seen_after: Duration,
    /// From a node's death to everybody knowing that its client is gone.
    pub absence_known_after: Duration,
    /// Refusals that clients got, by code.
    pub refused: BTreeMap<String, u64>,
    /// Connections that clients lost.
    pub lost_connections: u64,
}

/// Does it.
///
/// # Errors
/// Something that the run stands on could not be started or asked.
pub async fn run(setup: &Setup) -> Result<Outcome, String> {
    let mut rng = Rng::with_seed(setup.seed);
    let mut town = Town::build(setup).await?;
    let cast = Cast::assemble(setup, &town, &mut rng).await?;
    let faults = if setup.with_faults { plan(&mut rng, setup.nodes, setup.talk) } else { Vec::new() };
    let mut crowd = cast.begin(setup, &town, &mut rng);
    let mut found = Vec::new();

    let removal = tokio::spawn(cast.clone().remove_one(town.addresses(), setup.talk / 2));
    town.suffer(&faults, setup.talk, &mut found).await?;
    removal.await.map_err(|error| error.to_string())??;
    town.heal().await?;
    crowd.enter(Phase::Finish);
    let seen_after = crowd.hear_everything(&town, &cast, &mut found).await?;
    let unread = cast.counts(&town).await?;
    let absence_known_after = crowd.lose_one(&mut town, &cast, &mut found).await?;
    let (clients, progress) = crowd.end().await?;

    // Condition 7: what was acknowledged survives everything dying at once.
    for node in &mut town.nodes {
        node.kill().await;
    }
    town.postgres.crash_and_restart().await?;
    town.heal().await?;
    let (histories, removals) = cast.histories(&town).await?;
    let record = Record { clients, histories, unread, removals };
    found.extend(check(&record));
    Ok(Outcome::of(found, faults, &record, &progress, seen_after, absence_known_after))
}

impl Outcome {
    fn of(
        violations: Vec<Violation>,
        faults: Vec<Planned>,
        record: &Record,
        progress: &[Progress],
        seen_after: Duration,
        absence_known_after: Duration,
    ) -> Self {
        let sent = || record.clients.iter().flat_map(|client| client.groups.values()).flat_map(|at| &at.sent);
        let times: BTreeMap<&str, Instant> =
            sent().map(|message| (message.client_id.as_str(), message.at)).collect();
        let mut latencies: Vec<Duration> = record
            .clients
            .iter()
            .flat_map(|client| client.groups.values().map(move |stay| (client.account, stay)))
            .flat_map(|(account, stay)| stay.heard.iter().map(move |heard| (account, heard)))
            .filter_map(|(account, heard)| {
                let (by, client_id) = heard.message.as_ref()?;
                let sent = times.get(client_id.as_str())?;
                (*by != account).then(|| heard.at.saturating_duration_since(*sent))
            })
            .collect();
        latencies.sort_unstable();
        let percentile = |share: usize| {
            let index = (latencies.len() * share / 100).min(latencies.len().saturating_sub(1));
            latencies.get(index).copied().unwrap_or_default()
        };
        let mut refused: BTreeMap<String, u64> = BTreeMap::new();
        for (code, count) in progress.iter().flat_map(|progress| &progress.refused) {
            *refused.entry(code.clone()).or_default() += count;
        }
        Self {
            violations,
            faults,
            acknowledged: sent().filter(|message| message.acked.is_some()).count(),
            unacknowledged: sent().filter(|message| message.acked.is_none()).count(),
            latency: [percentile(50), percentile(99), percentile(100)],
            seen_after,
            absence_known_after,
            refused,
            lost_connections: progress.iter().map(|progress| progress.lost).sum(),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for planned in &self.faults {
            writeln!(
                f,
                "  {:>6.1?} s  {:?} for {:?}",
                planned.at.as_secs_f32(),
                planned.fault,
                planned.lasts
            )?;
        }
        let [p50, p99, most] = self.latency;
        writeln!(
            f,
            "  {} acknowledged, {} not; {} connections lost; refused {:?}",
            self.acknowledged, self.unacknowledged, self.lost_connections, self.refused
        )?;
        writeln!(f, "  sent to heard by another: p50 {p50:.1?}, p99 {p99:.1?}, most {most:.1?}")?;
        writeln!(
            f,
            "  everything heard {:.1?} after heal; an absence known after {:.1?}",
            self.seen_after, self.absence_known_after
        )?;
        for violation in &self.violations {
            writeln!(f, "  VIOLATION {violation}")?;
        }
        Ok(())
    }
}
