//! A client as a careful programmer would write it: it talks, and when its connection is lost it goes to another node,
//! resumes each group where it was, and repeats what was not acknowledged. It writes down what it did and saw.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use crate::node::ask;
use crate::record::{Client, Heard, Sent, Stay};
use crate::session::{Lost, Session, Told};

/// An answer that does not come within this time will not come: another node is asked.
const PATIENCE: Duration = Duration::from_secs(6);
/// As long as a connection may take.
const CONNECTING: Duration = Duration::from_secs(3);
/// What was refused for the moment is tried again after this time.
const AGAIN: Duration = Duration::from_millis(500);
/// Messages on their way at most; nothing new is written beyond.
const UNACKNOWLEDGED: usize = 20;

/// What clients are to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Write and read.
    Talk,
    /// Repeat what was not acknowledged, listen, write nothing new.
    Finish,
    /// Disconnect and hand over what was written down.
    End,
}

/// Who a client is.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Its account.
    pub account: i64,
    /// Its session.
    pub token: String,
    /// Groups with the epoch and the position at which it begins.
    pub groups: Vec<(i64, u64, u64)>,
}

/// How far a client is, for whoever waits for it.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// The last position heard in each group.
    pub positions: BTreeMap<i64, u64>,
    /// Messages without an acknowledgement.
    pub unacknowledged: usize,
    /// The node that it is connected to.
    pub node: Option<usize>,
    /// Who is online in each group, as far as it was told.
    pub online: BTreeMap<i64, BTreeSet<i64>>,
    /// Refusals by their code.
    pub refused: BTreeMap<String, u64>,
    /// Connections that were lost.
    pub lost: u64,
}

/// A client.
pub struct Talker {
    identity: Identity,
    nodes: Vec<SocketAddr>,
    pace: Duration,
    rng: Rng,
    written: u64,
    stays: BTreeMap<i64, Group>,
    progress: Arc<Mutex<Progress>>,
}

struct Group {
    epoch: u64,
    position: u64,
    /// It was removed, and stays away.
    is_out: bool,
    stay: Stay,
}

/// What an answer is to.
enum Call {
    Open,
    Send { group: i64, index: usize },
    Read { group: i64, seq: u64 },
}

impl Talker {
    /// A client that writes a message about every `pace`. `nodes` are tried at random, the one at `home` first.
    #[must_use]
    pub fn new(identity: Identity, nodes: Vec<SocketAddr>, pace: Duration, rng: Rng) -> Self {
        let group = |&(group, epoch, position): &(i64, u64, u64)| {
            let stay = Stay { began_after: position, ..Stay::default() };
            (group, Group { epoch, position, is_out: false, stay })
        };
        let stays = identity.groups.iter().map(group).collect();
        Self { identity, nodes, pace, rng, written: 0, stays, progress: Arc::default() }
    }

    /// Where it says how far it is.
    #[must_use]
    pub fn progress(&self) -> Arc<Mutex<Progress>> {
        self.progress.clone()
    }

    /// Talks until the end of the last phase, beginning at one node.
    pub async fn run(mut self, home: usize, mut phase: watch::Receiver<Phase>) -> Client {
        let mut node = home;
        while *phase.borrow() != Phase::End {
            let connecting = Session::connect(self.nodes[node], &self.identity.token);
            if let Ok(Ok(session)) = timeout(CONNECTING, connecting).await {
                lock(&self.progress).node = Some(node);
                // Lost or ended: the loop looks.
                let _ = self.converse(session, node, &phase).await;
                let mut progress = lock(&self.progress);
                progress.node = None;
                progress.lost += 1;
            }
            node = self.rng.usize(..self.nodes.len());
            let back_off = Duration::from_millis(self.rng.u64(50..500));
            let _ = timeout(back_off, end_of(&mut phase)).await;
        }
        let groups = self.stays.into_iter().map(|(group, at)| (group, at.stay)).collect();
        Client { account: self.identity.account, groups }
    }

    async fn converse(
        &mut self,
        mut session: Session,
        node: usize,
        phase: &watch::Receiver<Phase>,
    ) -> Result<(), Lost> {
        let mut ending = phase.clone();
        let mut calls: HashMap<u64, (Call, Instant)> = HashMap::new();
        self.open(&mut session, &mut calls, None).await?;
        let mut repeated = Instant::now();
        self.repeat(&mut session, &mut calls).await?;
        let mut turns = interval(self.pace);
        turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                told = session.told() => match told? {
                    Told::Event { name, body } => self.take(&mut session, &mut calls, &name, &body).await?,
                    Told::Answer { call, body } => {
                        let Some((call, _)) = calls.remove(&call) else { return Err(Lost) };
                        self.take_answer(&mut session, &mut calls, node, call, &body).await?;
                    }
                },
                _ = turns.tick() => {
                    if calls.values().any(|(_, since)| since.elapsed() > PATIENCE) {
                        return Err(Lost);
                    }
                    if repeated.elapsed() > AGAIN {
                        repeated = Instant::now();
                        self.repeat(&mut session, &mut calls).await?;
                    }
                    if *phase.borrow() == Phase::Talk {
                        self.speak(&mut session, &mut calls).await?;
                    }
                }
                () = end_of(&mut ending) => {
                    session.close().await;
                    return Ok(());
                }
            }
        }
    }

    /// Opens all groups, or one, where they were left.
    async fn open(
        &self,
        session: &mut Session,
        calls: &mut HashMap<u64, (Call, Instant)>,
        only: Option<i64>,
    ) -> Result<(), Lost> {
        let wanted = |(id, group): &(&i64, &Group)| !group.is_out && only.is_none_or(|only| only == **id);
        let groups: Vec<Value> = self
            .stays
            .iter()
            .filter(wanted)
            .map(|(id, at)| json!({ "id": id, "after": { "epoch": at.epoch, "seq": at.position } }))
            .collect();
        let call = session.call("open", &json!({ "groups": groups })).await?;
        calls.insert(call, (Call::Open, Instant::now()));
        Ok(())
    }

    /// Writes a message somewhere, and now and then moves a read position.
    async fn speak(
        &mut self,
        session: &mut Session,
        calls: &mut HashMap<u64, (Call, Instant)>,
    ) -> Result<(), Lost> {
        let there: Vec<i64> =
            self.stays.iter().filter(|(_, at)| !at.is_out).map(|(group, _)| *group).collect();
        let Some(&group) = self.rng.choice(&there) else { return Ok(()) };
        if self.rng.u8(..8) == 0 {
            let at = self.stays.get_mut(&group).expect("it was chosen from them");
            let seq = at.position.saturating_sub(self.rng.u64(..3));
            at.stay.read.1 = at.stay.read.1.max(seq);
            let call = session.call("read", &json!({ "group": group, "seq": seq })).await?;
            calls.insert(call, (Call::Read { group, seq }, Instant::now()));
        }
        if self.unacknowledged() >= UNACKNOWLEDGED {
            return Ok(());
        }
        self.written += 1;
        let client_id = format!("{}-{}", self.identity.account, self.written);
        let at = self.stays.get_mut(&group).expect("it was chosen from them");
        at.stay.sent.push(Sent { client_id, at: Instant::now(), acked: None });
        let index = at.stay.sent.len() - 1;
        self.send(session, calls, group, index).await
    }

    /// Sends everything that was not acknowledged, and for which no answer is awaited, once more under the same names.
    async fn repeat(
        &mut self,
        session: &mut Session,
        calls: &mut HashMap<u64, (Call, Instant)>,
    ) -> Result<(), Lost> {
        let awaited: HashSet<(i64, usize)> = calls
            .values()
            .filter_map(|(call, _)| match call {
                Call::Send { group, index } => Some((*group, *index)),
                _ => None,
            })
            .collect();
        let open = self.stays.iter().filter(|(_, at)| !at.is_out).flat_map(|(group, at)| {
            let left = at.stay.sent.iter().enumerate().filter(|(_, sent)| sent.acked.is_none());
            left.map(move |(index, _)| (*group, index))
        });
        for (group, index) in open.filter(|place| !awaited.contains(place)).collect::<Vec<_>>() {
            self.send(session, calls, group, index).await?;
        }
        Ok(())
    }

    async fn send(
        &mut self,
        session: &mut Session,
        calls: &mut HashMap<u64, (Call, Instant)>,
        group: i64,
        index: usize,
    ) -> Result<(), Lost> {
        let client_id = &self.stays[&group].stay.sent[index].client_id;
        let body = json!({ "group": group, "client_id": client_id, "text": format!("I am {client_id}.") });
        lock(&self.progress).unacknowledged = self.unacknowledged();
        let call = session.call("send", &body).await?;
        calls.insert(call, (Call::Send { group, index }, Instant::now()));
        Ok(())
    }

    async fn take(
        &mut self,
        session: &mut Session,
        calls: &mut HashMap<u64, (Call, Instant)>,
        name: &str,
        body: &Value,
    ) -> Result<(), Lost> {
        match name {
            "event" => self.hear(body),
            "signal" => self.notice(body),
            "resume" => match (body["group"].as_i64(), body["in_ms"].as_u64()) {
                (Some(group), _) => self.open(session, calls, Some(group)).await?,
                (_, Some(in_ms)) => {
                    sleep(Duration::from_millis(in_ms)).await;
                    return Err(Lost);
                }
                _ => return Err(Lost),
            },
            _ => {}
        }
        Ok(())
    }

    async fn take_answer(
        &mut self,
        session: &mut Session,
        calls: &mut HashMap<u64, (Call, Instant)>,
        node: usize,
        call: Call,
        body: &Value,
    ) -> Result<(), Lost> {
        if body["ok"] != true {
            let code = body["error"]["code"].as_str().unwrap_or("nothing").to_owned();
            if let (Call::Send { group, .. }, "not_found" | "forbidden") = (&call, code.as_str()) {
                self.stays.get_mut(group).expect("it was called for").is_out = true;
                lock(&self.progress).unacknowledged = self.unacknowledged();
            }
            *lock(&self.progress).refused.entry(code).or_default() += 1;
            // What was not opened is opened by coming back.
            return if matches!(call, Call::Open) { Err(Lost) } else { Ok(()) };
        }
        match call {
            Call::Send { group, index } => {
                let at = self.stays.get_mut(&group).expect("it was called for");
                at.stay.sent[index].acked = body["event"]["seq"].as_u64();
                lock(&self.progress).unacknowledged = self.unacknowledged();
            }
            Call::Read { group, seq } => {
                let at = self.stays.get_mut(&group).expect("it was called for");
                at.stay.read.0 = at.stay.read.0.max(seq);
            }
            Call::Open => {
                for opened in body["groups"].as_array().into_iter().flatten() {
                    self.opened(session, calls, node, opened).await?;
                }
            }
        }
        Ok(())
    }

    async fn opened(
        &mut self,
        session: &mut Session,
        calls: &mut HashMap<u64, (Call, Instant)>,
        node: usize,
        opened: &Value,
    ) -> Result<(), Lost> {
        let Some(group) = opened["id"].as_i64() else { return Err(Lost) };
        let Some(at) = self.stays.get_mut(&group) else { return Err(Lost) };
        if opened["reload"] == true {
            at.stay.reloads += 1;
            at.epoch = opened["epoch"].as_u64().ok_or(Lost)?;
            at.position = 0;
            return self.open(session, calls, Some(group)).await;
        }
        if opened["behind"] == true {
            self.catch_up(node, group).await?;
            return self.open(session, calls, Some(group)).await;
        }
        match opened["error"]["code"].as_str() {
            Some("not_found") => at.is_out = true,
            Some(_) => return Err(Lost),
            None => opened["events"].as_array().into_iter().flatten().for_each(|event| self.hear(event)),
        }
        Ok(())
    }

    /// Page by page, over REST.
    async fn catch_up(&mut self, node: usize, group: i64) -> Result<(), Lost> {
        loop {
            let at = &self.stays[&group];
            let path = format!("/groups/{group}/events?after={}:{}&limit=200", at.epoch, at.position);
            let asking = timeout(PATIENCE, ask(self.nodes[node], &self.identity.token, &path));
            let page = asking.await.map_err(|_| Lost)?.map_err(|_| Lost)?;
            let events = page["events"].as_array().ok_or(Lost)?;
            events.iter().for_each(|event| self.hear(event));
            if page["head"].as_u64().ok_or(Lost)? <= self.stays[&group].position || events.is_empty() {
                return Ok(());
            }
        }
    }

    fn hear(&mut self, event: &Value) {
        let (Some(group), Some(seq)) = (event["group"].as_i64(), event["seq"].as_u64()) else { return };
        let Some(at) = self.stays.get_mut(&group) else { return };
        let message = message_of(event);
        at.stay.heard.push(Heard { seq, message, at: Instant::now() });
        at.position = at.position.max(seq);
        if event["type"] == "member_left" && event["data"]["account"]["id"] == self.identity.account {
            at.is_out = true;
        }
        let position = at.position;
        let mut progress = lock(&self.progress);
        progress.positions.insert(group, position);
        progress.unacknowledged = self.unacknowledged();
    }

    fn notice(&self, signal: &Value) {
        let Some(group) = signal["group"].as_i64() else { return };
        let mut progress = lock(&self.progress);
        let online = progress.online.entry(group).or_default();
        match signal["type"].as_str() {
            Some("here") => {
                let accounts = signal["accounts"].as_array().into_iter().flatten();
                *online = accounts.filter_map(Value::as_i64).collect();
            }
            Some("presence") => {
                let Some(account) = signal["by"]["id"].as_i64() else { return };
                if signal["online"] == true {
                    online.insert(account);
                } else {
                    online.remove(&account);
                }
            }
            _ => {}
        }
    }

    fn unacknowledged(&self) -> usize {
        let there = self.stays.values().filter(|at| !at.is_out);
        there.map(|at| at.stay.sent.iter().filter(|sent| sent.acked.is_none()).count()).sum()
    }
}

async fn end_of(phase: &mut watch::Receiver<Phase>) {
    // Whoever would say so is gone: that is an end, too.
    let _ = phase.wait_for(|phase| *phase == Phase::End).await;
}

/// Who wrote a message and what they called it; nothing for other events.
#[must_use]
pub fn message_of(event: &Value) -> Option<(i64, String)> {
    (event["type"] == "message").then_some(())?;
    Some((event["by"]["id"].as_i64()?, event["data"]["client_id"].as_str()?.to_owned()))
}

/// A client's progress, which nobody holds while waiting.
pub fn lock(progress: &Mutex<Progress>) -> MutexGuard<'_, Progress> {
    progress.lock().unwrap_or_else(PoisonError::into_inner)
}
