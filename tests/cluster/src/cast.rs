//! Who there is and in which groups, and what the nodes say of them afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use fastrand::Rng;
use parlor_testkit::{Group, Http, Person};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::crowd::{Crowd, Member};
use crate::node::Node;
use crate::record::{History, Removal, Stored, Unread};
use crate::run::Setup;
use crate::talker::{Identity, Phase, Talker, message_of};
use crate::town::Town;

/// So soon counts must be right after everything was heard.
const COUNTED_WITHIN: Duration = Duration::from_secs(2);

/// Who there is, and in which groups.
#[derive(Clone)]
pub(crate) struct Cast {
    pub(crate) owner: Person,
    pub(crate) people: Vec<Person>,
    pub(crate) groups: Vec<(Group, Vec<usize>)>,
    pub(crate) starts: Vec<Vec<(i64, u64, u64)>>,
    /// Who is removed, and from which group.
    pub(crate) removed: (usize, i64),
}

impl Cast {
    pub(crate) async fn assemble(setup: &Setup, town: &Town, rng: &mut Rng) -> Result<Self, String> {
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

    pub(crate) fn begin(&self, setup: &Setup, town: &Town, rng: &mut Rng) -> Crowd {
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
    pub(crate) async fn remove_one(
        self,
        nodes: Vec<std::net::SocketAddr>,
        when: Duration,
    ) -> Result<(), String> {
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
    pub(crate) async fn counts(&self, town: &Town) -> Result<Vec<Unread>, String> {
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
    pub(crate) async fn histories(&self, town: &Town) -> Result<(Vec<History>, Vec<Removal>), String> {
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

    pub(crate) async fn log(&self, node: &Node, group: i64) -> Result<Vec<Value>, String> {
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
    pub(crate) fn expected(&self, group: i64, without: Option<i64>) -> BTreeSet<i64> {
        let members = self.groups.iter().find(|(at, _)| at.id == group).map(|(_, members)| members);
        let members = members.into_iter().flatten().filter(|member| (**member, group) != self.removed);
        members.map(|member| self.people[*member].id).filter(|account| Some(*account) != without).collect()
    }
}
