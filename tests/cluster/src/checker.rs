//! What was wrong with a run. Pure: a record in, a list of violations out, and the list is empty where every promise
//! was kept. Source: research on faults, conditions 1 to 6; the rest (7: what was acknowledged survives everything
//! dying at once; 8: the service answers soon after) is in how a run gathers its record.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use crate::record::{Client, History, Record, Stay, Stored};

/// A promise that was not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields' names say what they are")]
pub enum Violation {
    /// A node gave a log with a hole in it, or one that goes back.
    LogIsNotInOrder { node: usize, group: i64, after: u64, then: u64 },
    /// Two nodes gave different logs of one group.
    NodesDisagree { group: i64, nodes: (usize, usize), at: u64 },
    /// A message was acknowledged and is not in the log.
    Lost { group: i64, client_id: String, acked: u64 },
    /// A message is in the log more than once.
    StoredTwice { group: i64, client_id: String, times: usize },
    /// A message was acknowledged at another place than where it is.
    AckedElsewhere { group: i64, client_id: String, acked: u64, stored: u64 },
    /// A client did not hear what lies between two events that it heard, or heard the log of another life.
    HeardWithAHole { account: i64, group: i64, after: u64, then: u64 },
    /// A client heard an event again, or one that is before the last.
    HeardAgain { account: i64, group: i64, after: u64, then: u64 },
    /// A client heard something else than what the log says.
    HeardOtherwise { account: i64, group: i64, at: u64 },
    /// A client was told that its position is of another log, and there was only one.
    ToldToReload { account: i64, group: i64 },
    /// A client did not hear the end, though there was time.
    NotHeardToTheEnd { account: i64, group: i64, heard: u64, head: u64 },
    /// A client heard something after it was removed.
    HeardAfterRemoval { account: i64, group: i64, removed_at: u64, heard: u64 },
    /// A node counts other unread messages than there are after the read position.
    WrongUnread { node: usize, account: i64, group: i64, said: u64, really: u64 },
    /// A node's read position is not between what was acknowledged and what was asked for.
    WrongReadPosition { node: usize, account: i64, group: i64, said: u64, acked: u64, asked: u64 },
    /// Found by the run itself.
    Other(String),
}

/// Everything that is wrong, in the order of the conditions.
#[must_use]
pub fn check(record: &Record) -> Vec<Violation> {
    let mut found = Vec::new();
    logs(record, &mut found);
    let truth: BTreeMap<i64, &History> =
        record.histories.iter().rev().map(|history| (history.group, history)).collect();
    for client in &record.clients {
        for (group, stay) in &client.groups {
            let Some(history) = truth.get(group) else {
                found.push(Violation::Other(format!("nobody gave the log of group {group}")));
                continue;
            };
            sent(*group, stay, history, &mut found);
            heard(record, client, *group, stay, history, &mut found);
        }
    }
    unread(record, &truth, &mut found);
    found
}

/// Each log is in order without a hole, and the same from every node.
fn logs(record: &Record, found: &mut Vec<Violation>) {
    let mut first: BTreeMap<i64, &History> = BTreeMap::new();
    for history in &record.histories {
        let (node, group) = (history.node, history.group);
        let mut after = 0;
        for event in &history.events {
            if event.seq != after + 1 {
                found.push(Violation::LogIsNotInOrder { node, group, after, then: event.seq });
            }
            after = event.seq;
        }
        let other = first.entry(group).or_insert(history);
        if let Some(at) = first_difference(&other.events, &history.events) {
            found.push(Violation::NodesDisagree { group, nodes: (other.node, node), at });
        }
    }
}

fn first_difference(one: &[Stored], other: &[Stored]) -> Option<u64> {
    let differs = one.iter().zip(other).find(|(one, other)| one != other).map(|(one, _)| one.seq);
    let longer = if one.len() > other.len() { one } else { other };
    differs.or_else(|| longer.get(one.len().min(other.len())).map(|event| event.seq))
}

/// Conditions 1 and 2: what was acknowledged is there once, at its place; what was not is there at most once.
fn sent(group: i64, stay: &Stay, history: &History, found: &mut Vec<Violation>) {
    let mut places: HashMap<&str, Vec<u64>> = HashMap::new();
    for event in &history.events {
        if let Some((_, client_id)) = &event.message {
            places.entry(client_id).or_default().push(event.seq);
        }
    }
    for message in &stay.sent {
        let client_id = message.client_id.clone();
        let places = places.get(client_id.as_str()).map_or(&[][..], Vec::as_slice);
        match (message.acked, places) {
            (_, [_, _, ..]) => {
                found.push(Violation::StoredTwice { group, client_id, times: places.len() });
            }
            (Some(acked), []) => found.push(Violation::Lost { group, client_id, acked }),
            (Some(acked), [stored]) if acked != *stored => {
                found.push(Violation::AckedElsewhere { group, client_id, acked, stored: *stored });
            }
            _ => {}
        }
    }
}

/// Conditions 3, 4 and 6: catching up and live together are the log, for who was removed up to that.
fn heard(
    record: &Record,
    client: &Client,
    group: i64,
    stay: &Stay,
    history: &History,
    found: &mut Vec<Violation>,
) {
    let account = client.account;
    if stay.reloads > 0 {
        found.push(Violation::ToldToReload { account, group });
    }
    let removed_at = record
        .removals
        .iter()
        .find(|removal| (removal.group, removal.account) == (group, account))
        .map(|removal| removal.at);
    let stored: HashMap<u64, &Stored> = history.events.iter().map(|event| (event.seq, event)).collect();
    let mut after = stay.began_after;
    for event in &stay.heard {
        if event.seq <= after {
            found.push(Violation::HeardAgain { account, group, after, then: event.seq });
            continue;
        }
        if event.seq > after + 1 {
            found.push(Violation::HeardWithAHole { account, group, after, then: event.seq });
        }
        if stored.get(&event.seq).is_none_or(|stored| stored.message != event.message) {
            found.push(Violation::HeardOtherwise { account, group, at: event.seq });
        }
        if let Some(removed_at) = removed_at
            && event.seq > removed_at
        {
            found.push(Violation::HeardAfterRemoval { account, group, removed_at, heard: event.seq });
        }
        after = event.seq;
    }
    let head = history.events.last().map_or(0, |event| event.seq);
    if removed_at.is_none() && after < head {
        found.push(Violation::NotHeardToTheEnd { account, group, heard: after, head });
    }
}

/// Condition 5: unread are the messages of others after the read position, and that has not gone back.
fn unread(record: &Record, truth: &BTreeMap<i64, &History>, found: &mut Vec<Violation>) {
    for answer in &record.unread {
        let (node, account, group) = (answer.node, answer.account, answer.group);
        let Some(history) = truth.get(&group) else { continue };
        let stay = record
            .clients
            .iter()
            .find(|client| client.account == account)
            .and_then(|client| client.groups.get(&group));
        let Some(stay) = stay else { continue };
        let own = |event: &&Stored| event.message.as_ref().is_some_and(|(by, _)| *by == account);
        // Sending reads up to what is sent.
        let own_acked = stay.sent.iter().filter_map(|message| message.acked).max().unwrap_or(0);
        let own_stored = history.events.iter().filter(own).map(|event| event.seq).max().unwrap_or(0);
        let (acked, asked) = (stay.read.0.max(own_acked), stay.read.1.max(own_stored));
        if answer.last_read < acked || answer.last_read > asked {
            let said = answer.last_read;
            found.push(Violation::WrongReadPosition { node, account, group, said, acked, asked });
        }
        let is_left = |event: &&Stored| {
            event.seq > answer.last_read && event.message.as_ref().is_some_and(|(by, _)| *by != account)
        };
        let really = history.events.iter().filter(is_left).count() as u64;
        if answer.unread != really {
            found.push(Violation::WrongUnread { node, account, group, said: answer.unread, really });
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(what) => f.write_str(what),
            other => write!(f, "{other:?}"),
        }
    }
}

#[cfg(test)]
mod tests;
