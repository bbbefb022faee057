//! Those who talk, and waiting for what they must hear and see.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::cast::Cast;
use crate::checker::Violation;
use crate::record::Client;
use crate::talker::{Phase, Progress, lock};
use crate::town::Town;

/// After everything is whole again: so soon everything that was written must have been heard by everybody. The issue
/// asks for 5 s after a bus or a node is back; a database that recovers and clients that wait for an answer in vain
/// (6 s) come on top.
const SEEN_WITHIN: Duration = Duration::from_secs(15);
/// So soon it must be known who is there (DESIGN, section 7).
const PRESENT_WITHIN: Duration = Duration::from_secs(15);
/// How often what is waited for is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// Those who talk.
pub(crate) struct Crowd {
    pub(crate) members: Vec<Member>,
}

pub(crate) struct Member {
    pub(crate) account: i64,
    pub(crate) phase: watch::Sender<Phase>,
    pub(crate) progress: Arc<Mutex<Progress>>,
    pub(crate) task: JoinHandle<Client>,
}

impl Crowd {
    pub(crate) fn enter(&self, phase: Phase) {
        for member in &self.members {
            member.phase.send_replace(phase);
        }
    }

    /// Waits until everything is acknowledged, and heard by everybody.
    pub(crate) async fn hear_everything(
        &self,
        town: &Town,
        cast: &Cast,
        found: &mut Vec<Violation>,
    ) -> Result<Duration, String> {
        let began = Instant::now();
        let mut waits_for = String::new();
        while began.elapsed() < SEEN_WITHIN {
            let mut heads = BTreeMap::new();
            for (group, _) in &cast.groups {
                let shown = town.nodes[0].ask(&cast.owner.token, &format!("/groups/{}", group.id)).await?;
                heads.insert(group.id, shown["group"]["head"].as_u64().unwrap_or_default());
            }
            let mut late = Vec::new();
            for (number, member) in self.members.iter().enumerate() {
                let progress = lock(&member.progress).clone();
                if progress.unacknowledged > 0 {
                    late.push(format!("talker{number} has {} unacknowledged", progress.unacknowledged));
                }
                for (group, _, start) in &cast.starts[number] {
                    let heard = progress.positions.get(group).copied().unwrap_or(*start);
                    if (number, *group) != cast.removed && heard < heads[group] {
                        let head = heads[group];
                        late.push(format!("talker{number} in group {group}: {heard} of {head}"));
                    }
                }
            }
            if late.is_empty() {
                return Ok(began.elapsed());
            }
            waits_for = late.join(", ");
            tokio::time::sleep(LOOK).await;
        }
        found.push(Violation::Other(format!("after {SEEN_WITHIN:?} of wholeness: {waits_for}")));
        Ok(began.elapsed())
    }

    /// A node dies together with a client of its: the others must learn that it is gone, and see all others.
    pub(crate) async fn lose_one(
        &mut self,
        town: &mut Town,
        cast: &Cast,
        found: &mut Vec<Violation>,
    ) -> Result<Duration, String> {
        self.see_each_other(cast, None, found).await;
        let lost = self.members.len() - 1;
        let Some(node) = lock(&self.members[lost].progress).node else {
            found.push(Violation::Other(format!("talker{lost} is not connected")));
            return Ok(Duration::ZERO);
        };
        town.nodes[node].kill().await;
        let _ = self.members[lost].phase.send(Phase::End);
        let after = self.see_each_other(cast, Some(self.members[lost].account), found).await;
        town.heal().await?;
        Ok(after)
    }

    /// Waits until everybody sees exactly those who are there.
    pub(crate) async fn see_each_other(
        &self,
        cast: &Cast,
        without: Option<i64>,
        found: &mut Vec<Violation>,
    ) -> Duration {
        let began = Instant::now();
        loop {
            let mut wrong = Vec::new();
            for (number, member) in self.members.iter().enumerate() {
                let progress = lock(&member.progress).clone();
                for (group, _, _) in &cast.starts[number] {
                    let mut online = progress.online.get(group).cloned().unwrap_or_default();
                    // One knows of oneself.
                    online.insert(member.account);
                    let expected = cast.expected(*group, without);
                    if (number, *group) != cast.removed
                        && Some(member.account) != without
                        && online != expected
                    {
                        wrong.push(format!("talker{number} in group {group}: {online:?}, not {expected:?}"));
                    }
                }
            }
            if wrong.is_empty() {
                return began.elapsed();
            }
            if began.elapsed() > PRESENT_WITHIN {
                let wrong = wrong.join(", ");
                found.push(Violation::Other(format!("presence after {PRESENT_WITHIN:?}: {wrong}")));
                return began.elapsed();
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    pub(crate) async fn end(self) -> Result<(Vec<Client>, Vec<Progress>), String> {
        self.enter(Phase::End);
        let mut clients = Vec::new();
        let mut progress = Vec::new();
        for member in self.members {
            clients.push(member.task.await.map_err(|error| error.to_string())?);
            progress.push(lock(&member.progress).clone());
        }
        Ok((clients, progress))
    }
}
