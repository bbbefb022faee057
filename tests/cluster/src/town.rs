//! What runs: engines and nodes, and the faults that come over them.

use std::time::Duration;

use crate::checker::Violation;
use crate::engines::{BusEngine, Postgres};
use crate::faults::{Fault, Planned};
use crate::node::Node;
use crate::run::Setup;

/// How far the clock of the last node is ahead.
const CLOCK_AHEAD_S: i32 = 4;

/// What runs: engines and nodes.
pub(crate) struct Town {
    // Dropped in this order: the nodes before what they stand on.
    pub(crate) nodes: Vec<Node>,
    pub(crate) bus: BusEngine,
    pub(crate) bus_is_up: bool,
    pub(crate) postgres: Postgres,
}

impl Town {
    pub(crate) async fn build(setup: &Setup) -> Result<Self, String> {
        let postgres = Postgres::start().await?;
        let bus = BusEngine::start(setup.bus).await?;
        let mut nodes = Vec::new();
        for number in 0..setup.nodes {
            let ahead = if number + 1 == setup.nodes && number > 0 { CLOCK_AHEAD_S } else { 0 };
            nodes.push(Node::start(&postgres, &bus, ahead).await?);
        }
        Ok(Self { nodes, bus, bus_is_up: true, postgres })
    }

    pub(crate) fn addresses(&self) -> Vec<std::net::SocketAddr> {
        self.nodes.iter().map(|node| node.address).collect()
    }

    /// Lets the planned faults come and go until the talk is over.
    pub(crate) async fn suffer(
        &mut self,
        faults: &[Planned],
        talk: Duration,
        found: &mut Vec<Violation>,
    ) -> Result<(), String> {
        let begun = tokio::time::Instant::now();
        let mut steps: Vec<(Duration, bool, Fault)> = faults
            .iter()
            .flat_map(|planned| {
                [(planned.at, true, planned.fault), (planned.at + planned.lasts, false, planned.fault)]
            })
            .collect();
        steps.sort_by_key(|(at, begins, _)| (*at, *begins));
        for (at, begins, fault) in steps {
            tokio::time::sleep_until(begun + at).await;
            if begins {
                self.begin(fault, found).await?;
            } else {
                self.end(fault).await?;
            }
        }
        tokio::time::sleep_until(begun + talk).await;
        Ok(())
    }

    pub(crate) async fn begin(&mut self, fault: Fault, found: &mut Vec<Violation>) -> Result<(), String> {
        match fault {
            Fault::KillNode(node) => self.nodes[node].kill().await,
            Fault::DrainNode(node) => {
                if let Err(why) = self.nodes[node].drain().await {
                    found.push(Violation::Other(why));
                }
            }
            Fault::FreezeNode(node) => self.nodes[node].freeze(),
            Fault::CrashPostgres => self.postgres.crash_and_restart().await?,
            Fault::KillBus => {
                self.bus.kill().await;
                self.bus_is_up = false;
            }
            Fault::FreezeBus => self.bus.freeze(),
            Fault::CutDatabase(node, cut) => self.nodes[node].database.cut(cut),
            Fault::CutBus(node, cut) => self.nodes[node].bus.cut(cut),
            Fault::CutClients(node, cut) => self.nodes[node].front.cut(cut),
            Fault::BreakDatabase(node) => self.nodes[node].database.break_connections(),
            Fault::BreakBus(node) => self.nodes[node].bus.break_connections(),
        }
        Ok(())
    }

    pub(crate) async fn end(&mut self, fault: Fault) -> Result<(), String> {
        match fault {
            Fault::KillNode(node) | Fault::DrainNode(node) => self.nodes[node].launch()?,
            Fault::FreezeNode(node) => self.nodes[node].thaw(),
            Fault::KillBus => self.start_bus().await?,
            Fault::FreezeBus => self.bus.thaw(),
            Fault::CutDatabase(node, _) => self.nodes[node].database.mend(),
            Fault::CutBus(node, _) => self.nodes[node].bus.mend(),
            Fault::CutClients(node, _) => self.nodes[node].front.mend(),
            Fault::CrashPostgres | Fault::BreakDatabase(_) | Fault::BreakBus(_) => {}
        }
        Ok(())
    }

    pub(crate) async fn start_bus(&mut self) -> Result<(), String> {
        if !self.bus_is_up {
            self.bus.start_anew().await?;
            self.bus_is_up = true;
        }
        Ok(())
    }

    /// Makes everything whole.
    pub(crate) async fn heal(&mut self) -> Result<(), String> {
        self.bus.thaw();
        self.start_bus().await?;
        for node in &mut self.nodes {
            node.thaw();
            [&node.front, &node.database, &node.bus].into_iter().for_each(crate::proxy::Proxy::mend);
        }
        for node in &mut self.nodes {
            node.becomes_ready().await?;
        }
        Ok(())
    }
}
