//! One run: start everything, talk under faults, heal, look.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fastrand::Rng;
use parlor_testkit::{Group, Http, Person};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::checker::{Violation, check};
use crate::engines::{BusEngine, BusKind, Postgres};
use crate::faults::{Fault, Planned, plan};
use crate::node::Node;
use crate::record::{Client, History, Record, Removal, Stored, Unread};
use crate::talker::{Identity, Phase, Progress, Talker, lock, message_of};

/// After everything is whole again: so soon everything that was written must have been heard by everybody. The issue
/// asks for 5 s after a bus or a node is back; a database that recovers and clients that wait for an answer in vain
/// (6 s) come on top.
const SEEN_WITHIN: Duration = Duration::from_secs(15);
/// So soon counts must be right after that.
const COUNTED_WITHIN: Duration = Duration::from_secs(2);
/// So soon it must be known who is there (DESIGN, section 7).
const PRESENT_WITHIN: Duration = Duration::from_secs(15);
/// How often what is waited for is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// How far the clock of the last node is ahead.
const CLOCK_AHEAD_S: i32 = 4;

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

/// What runs: engines and nodes.
struct Town {
    // Dropped in this order: the nodes before what they stand on.
    nodes: Vec<Node>,
    bus: BusEngine,
    bus_is_up: bool,
    postgres: Postgres,
}

impl Town {
    async fn build(setup: &Setup) -> Result<Self, String> {
        let postgres = Postgres::start().await?;
        let bus = BusEngine::start(setup.bus).await?;
        let mut nodes = Vec::new();
        for number in 0..setup.nodes {
            let ahead = if number + 1 == setup.nodes && number > 0 { CLOCK_AHEAD_S } else { 0 };
            nodes.push(Node::start(&postgres, &bus, ahead).await?);
        }
        Ok(Self { nodes, bus, bus_is_up: true, postgres })
    }

    fn addresses(&self) -> Vec<std::net::SocketAddr> {
        self.nodes.iter().map(|node| node.address).collect()
    }

    /// Lets the planned faults come and go until the talk is over.
    async fn suffer(
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

    async fn begin(&mut self, fault: Fault, found: &mut Vec<Violation>) -> Result<(), String> {
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

    async fn end(&mut self, fault: Fault) -> Result<(), String> {
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

    async fn start_bus(&mut self) -> Result<(), String> {
        if !self.bus_is_up {
            self.bus.start_anew().await?;
            self.bus_is_up = true;
        }
        Ok(())
    }

    /// Makes everything whole.
    async fn heal(&mut self) -> Result<(), String> {
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

/// Who there is, and in which groups.
#[derive(Clone)]
struct Cast {
    owner: Person,
    people: Vec<Person>,
    groups: Vec<(Group, Vec<usize>)>,
    starts: Vec<Vec<(i64, u64, u64)>>,
    /// Who is removed, and from which group.
    removed: (usize, i64),
}

impl Cast {
    async fn assemble(setup: &Setup, town: &Town, rng: &mut Rng) -> Result<Self, String> {
        let at = |number: usize| Http { address: town.nodes[number % town.nodes.len()].address };
        let owner = Person::register(at(0), "owner").await;
        let mut people = Vec::new();
        for number in 0..setup.clients {
            people.push(Person::register(at(number), &format!("talker{number}")).await);
        }
        let mut groups = Vec::new();
        for number in 0..setup.groups {
            let group = owner.makes_group(&format!("Group {number}")).await;
            let mut members: Vec<usize> = match setup.members {
                Some(count) => rng.choose_multiple(0..people.len(), count),
                // Everybody is in the first; in the others about two of three.
                None => (0..people.len()).filter(|_| number == 0 || rng.u8(..3) > 0).collect(),
            };
            if number == 0 && !members.contains(&0) {
                // Who will be removed from it.
                members.push(0);
            }
            for &member in &members {
                people[member].joins(&group).await;
            }
            groups.push((group, members));
        }
        let mut starts = vec![Vec::new(); people.len()];
        for (group, members) in &groups {
            let shown = town.nodes[0].ask(&owner.token, &format!("/groups/{}", group.id)).await?;
            let place = |name: &str| shown["group"][name].as_u64().ok_or(format!("no {name} in {shown}"));
            for &member in members {
                starts[member].push((group.id, place("epoch")?, place("head")?));
            }
        }
        let removed = (0, groups[0].0.id);
        Ok(Self { owner, people, groups, starts, removed })
    }

    fn begin(&self, setup: &Setup, town: &Town, rng: &mut Rng) -> Crowd {
        let nodes: Vec<_> = town.nodes.iter().map(|node| node.front.address).collect();
        let talkers = self.people.iter().zip(&self.starts).enumerate().map(|(number, (person, groups))| {
            let identity =
                Identity { account: person.id, token: person.token.clone(), groups: groups.clone() };
            let talker = Talker::new(identity, nodes.clone(), setup.pace, rng.fork());
            let progress = talker.progress();
            let (phase, watched) = watch::channel(Phase::Talk);
            let task = tokio::spawn(talker.run(number % nodes.len(), watched));
            Member { account: person.id, phase, progress, task }
        });
        Crowd { members: talkers.collect() }
    }

    /// Sends one away from one group, in the middle of the talk; whichever node answers.
    async fn remove_one(self, nodes: Vec<std::net::SocketAddr>, when: Duration) -> Result<(), String> {
        tokio::time::sleep(when).await;
        let (who, group) = self.removed;
        let path = format!("/api/v1/groups/{group}/members/{}", self.people[who].id);
        let bearer = format!("Bearer {}", self.owner.token);
        let began = Instant::now();
        loop {
            for &address in &nodes {
                let headers = [("authorization", bearer.as_str())];
                let http = Http { address };
                let asking = http.attempt("DELETE", &path, &headers, b"");
                // 404: an answer before was lost on its way.
                if let Ok(Ok(answer)) = tokio::time::timeout(Duration::from_secs(5), asking).await
                    && matches!(answer.status, 200 | 404)
                {
                    return Ok(());
                }
            }
            if began.elapsed() > Duration::from_secs(60) {
                return Err("nobody removes a member for a minute".to_owned());
            }
        }
    }

    /// What every node says of everybody's unread messages.
    async fn counts(&self, town: &Town) -> Result<Vec<Unread>, String> {
        let began = Instant::now();
        let mut counts = Vec::new();
        for (node, at) in town.nodes.iter().enumerate() {
            for person in &self.people {
                let me = at.ask(&person.token, "/me").await?;
                for mine in me["groups"].as_array().into_iter().flatten() {
                    let number = |value: &Value| value.as_u64().ok_or(format!("not a number: {value}"));
                    counts.push(Unread {
                        node,
                        account: person.id,
                        group: mine["group"]["id"].as_i64().unwrap_or_default(),
                        last_read: number(&mine["last_read"])?,
                        unread: number(&mine["unread"])?,
                    });
                }
            }
        }
        if began.elapsed() > COUNTED_WITHIN * 5 {
            return Err(format!("counting took {:?}", began.elapsed()));
        }
        Ok(counts)
    }

    /// Each group's log from each node.
    async fn histories(&self, town: &Town) -> Result<(Vec<History>, Vec<Removal>), String> {
        let mut histories = Vec::new();
        let mut removals = BTreeMap::new();
        for (number, node) in town.nodes.iter().enumerate() {
            for (group, _) in &self.groups {
                let events = self.log(node, group.id).await?;
                for event in events.iter().filter(|event| event["type"] == "member_left") {
                    let account = event["data"]["account"]["id"].as_i64().unwrap_or_default();
                    removals.insert((group.id, account), event["seq"].as_u64().unwrap_or_default());
                }
                let stored = |event: &Value| Stored {
                    seq: event["seq"].as_u64().unwrap_or_default(),
                    message: message_of(event),
                };
                let events = events.iter().map(stored).collect();
                histories.push(History { node: number, group: group.id, events });
            }
        }
        let removal = |((group, account), at)| Removal { group, account, at };
        Ok((histories, removals.into_iter().map(removal).collect()))
    }

    async fn log(&self, node: &Node, group: i64) -> Result<Vec<Value>, String> {
        let shown = node.ask(&self.owner.token, &format!("/groups/{group}")).await?;
        let epoch = shown["group"]["epoch"].clone();
        let mut events: Vec<Value> = Vec::new();
        loop {
            let after = events.last().map_or(json!(0), |event| event["seq"].clone());
            let path = format!("/groups/{group}/events?after={epoch}:{after}&limit=200");
            let page = node.ask(&self.owner.token, &path).await?;
            let more = page["events"].as_array().cloned().unwrap_or_default();
            if more.is_empty() {
                return Ok(events);
            }
            events.extend(more);
        }
    }

    /// Who is to be seen in a group while these talk.
    fn expected(&self, group: i64, without: Option<i64>) -> BTreeSet<i64> {
        let members = self.groups.iter().find(|(at, _)| at.id == group).map(|(_, members)| members);
        let members = members.into_iter().flatten().filter(|member| (**member, group) != self.removed);
        members.map(|member| self.people[*member].id).filter(|account| Some(*account) != without).collect()
    }
}

/// Those who talk.
struct Crowd {
    members: Vec<Member>,
}

struct Member {
    account: i64,
    phase: watch::Sender<Phase>,
    progress: Arc<Mutex<Progress>>,
    task: JoinHandle<Client>,
}

impl Crowd {
    fn enter(&self, phase: Phase) {
        for member in &self.members {
            member.phase.send_replace(phase);
        }
    }

    /// Waits until everything is acknowledged, and heard by everybody.
    async fn hear_everything(
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
    async fn lose_one(
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
    async fn see_each_other(
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

    async fn end(self) -> Result<(Vec<Client>, Vec<Progress>), String> {
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
