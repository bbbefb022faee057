//! Something ephemeral: true now, in no log, lost without harm. The socket event `signal` carries it.

use serde::{Deserialize, Serialize};

use crate::account::Author;
use crate::number::{Id, Seq};

/// `{group, type, …}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "signal.ts"))]
pub struct Signal {
    /// Where.
    pub group: Id,
    /// What.
    #[serde(flatten)]
    pub what: SignalWhat,
}

/// What a signal says. A client skips a `type` that it does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "signal.ts"))]
pub enum SignalWhat {
    /// Somebody writes, or stopped; forget it after six seconds without another.
    Typing {
        /// Who.
        by: Author,
        /// Writes, or stopped.
        on: bool,
    },
    /// Somebody's sockets came or went.
    Presence {
        /// Who.
        by: Author,
        /// Here with at least one socket.
        online: bool,
    },
    /// Who is here, in full: sent to a socket that opens the group.
    Here {
        /// The accounts with at least one socket.
        accounts: Vec<Id>,
    },
    /// An emoji floats over what the group watches.
    Cheer {
        /// Who.
        by: Author,
        /// Which.
        emoji: String,
    },
    /// Somebody waits in the group's lobby, or nobody does any more.
    Lobby {
        /// How many wait.
        waiting: u64,
    },
    /// The caller read on another device.
    Read {
        /// The last position that is read.
        last_read: Seq,
        /// Messages by others that are left.
        unread: u64,
    },
}
