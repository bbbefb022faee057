//! What happened in a run, as its clients and its nodes told it. Facts only: what they mean is the checker's.

use std::collections::BTreeMap;
use std::time::Instant;

/// Everything that the checker looks at.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// What each client did and saw.
    pub clients: Vec<Client>,
    /// Each group's whole log, as each node gave it afterwards.
    pub histories: Vec<History>,
    /// What each node answered afterwards about what is read and unread.
    pub unread: Vec<Unread>,
    /// Who was removed from a group.
    pub removals: Vec<Removal>,
}

/// One client.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its account.
    pub account: i64,
    /// What it did and saw in each of its groups.
    pub groups: BTreeMap<i64, Stay>,
}

/// A client in a group.
#[derive(Debug, Clone, Default)]
pub struct Stay {
    /// The position after which it began to listen.
    pub began_after: u64,
    /// What it wrote, in order.
    pub sent: Vec<Sent>,
    /// What it heard, in the order in which it came.
    pub heard: Vec<Heard>,
    /// The furthest read position that was acknowledged, and the furthest that was asked for.
    pub read: (u64, u64),
    /// How often a node said that its position was of another log.
    pub reloads: u32,
}

/// A message that a client wrote.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The client's own name for it, unique in the run.
    pub client_id: String,
    /// When it was sent first.
    pub at: Instant,
    /// Its position, once that was acknowledged.
    pub acked: Option<u64>,
}

/// An event that reached a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Its position.
    pub seq: u64,
    /// Who, where it is a message, and the name that they gave it.
    pub message: Option<(i64, String)>,
    /// When.
    pub at: Instant,
}

/// A group's log from its beginning.
#[derive(Debug, Clone)]
pub struct History {
    /// Who gave it.
    pub node: usize,
    /// Whose it is.
    pub group: i64,
    /// Positions, and what the messages among them are.
    pub events: Vec<Stored>,
}

/// An event in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its position.
    pub seq: u64,
    /// Who, where it is a message, and the name that they gave it.
    pub message: Option<(i64, String)>,
}

/// What a node says of a member's unread messages.
#[derive(Debug, Clone)]
pub struct Unread {
    /// Which node.
    pub node: usize,
    /// Whose.
    pub account: i64,
    /// Where.
    pub group: i64,
    /// Up to where it is read.
    pub last_read: u64,
    /// How many messages of others are left.
    pub unread: u64,
}

/// Somebody who was sent away.
#[derive(Debug, Clone)]
pub struct Removal {
    /// From where.
    pub group: i64,
    /// Who.
    pub account: i64,
    /// The position of the event that says so.
    pub at: u64,
}
