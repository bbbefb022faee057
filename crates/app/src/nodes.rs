//! A node among others that share its database: says that it lives, and ends what others that have died left behind.
//!
//! Each node counts its beats up in the database, every three seconds. Another whose count has stood still for nine
//! seconds **by one's own clock** is dead: so clocks that differ do no harm, and the places of its people in lobbies are
//! marked within fifteen seconds of its end. Whoever takes its row away does so; that is one node, without an election.

use crate::{App, Failure};
use parlor_bus::{LobbyNotice, Received};
use parlor_core::Timestamp;
use parlor_store::nodes::{self, Node};
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

/// How often a node says that it lives, and looks at the others.
const EVERY: Duration = Duration::from_secs(3);
/// A node whose beats stand still for as long is dead: three are missing. With a beat that was seen late and a look that
/// comes late that is twelve seconds and a moment.
const DEAD_AFTER: Duration = Duration::from_secs(9);
/// Who has not looked for as long has seen nothing, of nobody: the database was away, perhaps for all.
const BLIND_AFTER: Duration = Duration::from_secs(5);

impl App {
    /// Whether this node hears others over the bus.
    #[must_use]
    pub fn is_among_others(&self) -> bool {
        self.inner.bus.node().is_some()
    }

    /// Whether what happens on other nodes is told to this one now; a node that is alone misses nothing.
    #[must_use]
    pub fn is_told_by_others(&self) -> bool {
        self.inner.bus.is_connected()
    }

    /// Enters among the nodes; before the first connection is taken. Who has the database for itself is not written down.
    ///
    /// # Errors
    /// Ours only.
    pub async fn enter_nodes(&self) -> Result<(), Failure> {
        if !self.store().is_alone() {
            self.beat().await?;
        }
        Ok(())
    }

    /// Lives among the nodes, for ever; whoever starts the server runs it and drops it at the end.
    pub async fn keep_among_nodes(&self) {
        if self.store().is_alone() {
            return std::future::pending().await;
        }
        let mut watched = Watched::default();
        let mut round = tokio::time::interval(EVERY);
        round.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            round.tick().await;
            if let Err(failure) = self.node_tick(&mut watched).await {
                tracing::warn!(error = %failure, "cannot say to the other nodes that this one lives");
            }
        }
    }

    /// Leaves the nodes at the end: what this one had is given up as if it had died a moment ago.
    pub async fn leave_nodes(&self) {
        if self.store().is_alone() {
            return;
        }
        let id = self.inner.node;
        let found = self.store().read::<_, Failure>(nodes::all).await.unwrap_or_default();
        if let Some(node) = found.into_iter().find(|node| node.id == id)
            && let Err(failure) = self.bury(node, self.now()).await
        {
            tracing::warn!(error = %failure, "the other nodes find out by themselves that this one is gone");
        }
    }

    async fn node_tick(&self, watched: &mut Watched) -> Result<(), Failure> {
        if !self.beat().await? {
            tracing::warn!("the other nodes took this one for dead");
            // Who is in a lobby here is asked anew, as after any loss.
            self.inner.bus.tell_here(Received::Missed);
        }
        let found = self.store().read::<_, Failure>(nodes::all).await?;
        let own = self.inner.node;
        for (node, silent) in watched.look(&found, self.inner.edges.clock.steady()) {
            if node.id != own && self.bury(node, self.now().minus(silent)).await? {
                tracing::warn!(node = node.id, "a node has died; what it had is given up");
            }
        }
        Ok(())
    }

    async fn beat(&self) -> Result<bool, Failure> {
        let node = self.inner.node;
        self.store().write(move |write| nodes::beat(write, node)).await
    }

    /// Takes a node away, and notes that its people vanished at `died`; whether it was this call that did.
    async fn bury(&self, node: Node, died: Timestamp) -> Result<bool, Failure> {
        self.decide(move |write, scene| {
            if !nodes::bury(write, node)? {
                return Ok(false);
            }
            let groups: BTreeSet<_> = nodes::vanish_places(write, node.id, died)?.into_iter().collect();
            for group in groups {
                scene.tell(LobbyNotice::Changed { group });
            }
            Ok(true)
        })
        .await
    }
}

/// What one node has seen of the others.
#[derive(Default)]
struct Watched {
    /// The beats of each, and since when they stand at that.
    nodes: HashMap<i64, (i64, Timestamp)>,
    looked: Option<Timestamp>,
}

impl Watched {
    /// Takes note, and answers which nodes are dead and for how long each has been silent.
    fn look(&mut self, found: &[Node], now: Timestamp) -> Vec<(Node, Duration)> {
        if self.looked.replace(now).is_none_or(|before| now.since(before) >= BLIND_AFTER) {
            self.nodes.clear();
        }
        self.nodes.retain(|id, _| found.iter().any(|node| node.id == *id));
        let mut dead = Vec::new();
        for node in found {
            let (beats, since) = self.nodes.entry(node.id).or_insert((node.beats, now));
            if *beats != node.beats {
                (*beats, *since) = (node.beats, now);
            } else if now.since(*since) >= DEAD_AFTER {
                dead.push((*node, now.since(*since)));
            }
        }
        dead
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_whose_beats_stand_still_is_dead() {
        let at = |seconds| Timestamp::from_millis(seconds * 1_000);
        let mut watched = Watched::default();
        let mut dead = Vec::new();
        for turn in 0..6 {
            // One beats, one has stopped, one comes later and stops at once.
            let mut found = vec![Node { id: 1, beats: turn }, Node { id: 2, beats: 40 }];
            if turn >= 2 {
                found.push(Node { id: 3, beats: 1 });
            }
            for (node, silent) in watched.look(&found, at(turn * 3)) {
                dead.push((turn, node.id, silent.as_secs()));
            }
        }
        assert_eq!(dead, [(3, 2, 9), (4, 2, 12), (5, 2, 15), (5, 3, 9)]);
        let last = [Node { id: 3, beats: 1 }];
        assert_eq!(watched.look(&last, at(18)), [(last[0], Duration::from_secs(12))]);
        assert_eq!(watched.nodes.len(), 1, "who is gone is forgotten");
        assert_eq!(watched.look(&last, at(40)), [], "nobody was seen meanwhile");
        assert_eq!(watched.look(&last, at(43)), []);
    }
}
