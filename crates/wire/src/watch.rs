//! Watching together: the player of a group, what viewers ask of it, what comes of it.
//!
//! Positions and lengths are milliseconds within an item; times that end in `_ms` and belong to the player are
//! milliseconds of the server's media clock, which a client measures with `time`.

mod command;
mod viewer;

pub use command::{
    AddAsk, Commanded, HandOverAsk, LoadAsk, MoveAsk, NewMedia, NextAsk, PlayerAsk, PlayerCommand, RateAsk,
    RemoveAsk, SeekAsk, SetControlAsk, VoteAsk,
};
pub use viewer::{
    AskTime, PlayerActivity, PlayerCheer, PlayerReady, PlayerReport, ShownViewer, TimeAnswer, Viewers,
};

use serde::{Deserialize, Serialize};

use crate::number::{Id, Seq};
use crate::time::Time;

/// `watch_open`, `watch_close`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct OfWatch {
    /// Whose player.
    pub group: Id,
}

/// A group's player, and up to which event of the group's log that holds: the events `player` after it change it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct Watch {
    /// Whose.
    pub group: Id,
    /// The life of the group's log.
    pub epoch: Seq,
    /// The last event that is in this.
    pub head: Seq,
    /// When this was, by the media clock.
    pub now_ms: i64,
    /// The state of the player.
    pub play: PlayState,
    /// What plays.
    pub item: Option<WatchItem>,
    /// The `rev` that brought what plays.
    pub item_since: u64,
    /// What comes next.
    pub queue: Vec<QueueEntry>,
    /// Who may do what.
    pub control: WatchControl,
    /// Who leads.
    pub host: Option<Id>,
    /// Who wants to leave what plays.
    pub skip_votes: Vec<Id>,
}

/// What every player is steered to: at `at_ms` it was, or will be, at `pos_ms`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct PlayState {
    /// The life of the media clock; another one means that it has to be measured anew.
    pub epoch: Seq,
    /// Grows by one with each change of the player.
    pub rev: u64,
    /// What plays.
    pub item: Option<Id>,
    /// What it does.
    pub phase: PlayPhase,
    /// Where.
    pub pos_ms: u32,
    /// When; ahead while a start is agreed upon: until then it stands.
    pub at_ms: i64,
    /// How fast, 0.25 to 2.
    pub rate: f64,
}

/// What the player does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub enum PlayPhase {
    /// There is nothing to play.
    Idle,
    /// All go to the position and say when they are ready.
    Preparing,
    /// It plays.
    Playing,
    /// Somebody stopped it.
    Paused,
    /// It is over.
    Ended,
}

/// One thing to watch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct WatchItem {
    /// Its number in the group.
    pub id: Id,
    /// `upload:<id>`, `youtube:<id>` or an address.
    pub source: String,
    /// What it is called.
    pub title: String,
    /// Whether there is something to see.
    pub kind: MediaKind,
    /// How long it is; null while nobody knows.
    pub length_ms: Option<u32>,
    /// Who brought it.
    pub added_by: Id,
}

/// Whether there is something to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub enum MediaKind {
    /// A film, a clip.
    Video,
    /// Sound.
    Music,
}

/// An item that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct QueueEntry {
    /// What.
    pub item: WatchItem,
    /// Who voted for it.
    pub votes: Vec<Id>,
}

/// Who may do what; owner and moderators always may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct WatchControl {
    /// Play, pause, seek, speed: `everyone` or `host`.
    pub playback: WatchHands,
    /// What plays: load, next, skip.
    pub choice: WatchWho,
    /// The queue.
    pub queue: WatchWho,
    /// Whether all wait for one who has no data, or each catches up alone.
    pub patience: WatchPatience,
}

/// Everybody, or the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub enum WatchHands {
    /// Everybody.
    Everyone,
    /// The host; where there is none, everybody.
    Host,
}

/// Everybody, the host, or a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub enum WatchWho {
    /// Everybody.
    Everyone,
    /// The host; where there is none, everybody.
    Host,
    /// A vote decides.
    Vote,
}

/// What happens when somebody's data does not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub enum WatchPatience {
    /// All wait, seldom and not for long.
    Together,
    /// Each catches up alone.
    Alone,
}

/// The data of the event `player`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub enum PlayerChange {
    /// Something else plays that was not in the queue.
    Loaded {
        /// What.
        item: WatchItem,
        /// The player from here on.
        play: PlayState,
    },
    /// An item of the queue plays, and is in it no more: `play.item`.
    Advanced {
        /// The player from here on.
        play: PlayState,
        /// Why.
        reason: PlayReason,
    },
    /// The player did something else with the same item.
    Played {
        /// The player from here on.
        play: PlayState,
        /// Why.
        reason: PlayReason,
    },
    /// All wait for some whose data does not come.
    Waited {
        /// The player from here on.
        play: PlayState,
        /// For whom.
        whom: Vec<Id>,
    },
    /// Something is in the queue, at its end.
    Added {
        /// What.
        item: WatchItem,
    },
    /// Something was taken out of the queue.
    Removed {
        /// Which.
        item: Id,
    },
    /// Something has another place in the queue.
    Moved {
        /// Which.
        item: Id,
        /// Before which other; null is the end.
        before: Option<Id>,
    },
    /// Somebody voted for something in the queue, or took it back.
    Voted {
        /// Which.
        item: Id,
        /// Who.
        by: Id,
        /// Voted, or took it back.
        on: bool,
    },
    /// Somebody voted to leave what plays, or took it back.
    SkipVoted {
        /// Who.
        by: Id,
        /// Voted, or took it back.
        on: bool,
    },
    /// The players agree on how long what plays is.
    Measured {
        /// How long.
        length_ms: u32,
    },
    /// Somebody else leads, or nobody.
    HandedOver {
        /// Who.
        to: Option<Id>,
    },
    /// Who may do what has changed.
    ControlSet {
        /// To what.
        control: WatchControl,
        /// Who leads now.
        host: Option<Id>,
    },
}

/// Why the player changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub enum PlayReason {
    /// Somebody pressed play.
    Play,
    /// Somebody pressed pause.
    Pause,
    /// Somebody went to another place.
    Seek,
    /// Somebody set another speed.
    Rate,
    /// Somebody asked for what comes next.
    Next,
    /// Half of the viewers did.
    Skip,
    /// All were ready, or had been waited for long enough.
    Start,
    /// It was over.
    End,
    /// Something came into a queue beside which nothing played.
    Queue,
    /// The server was away.
    Restart,
}

/// Something that a group has watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct Watched {
    /// What.
    pub item: WatchItem,
    /// When it was put on.
    pub at: Time,
    /// The event that put it on; what was said and done lies after it in the log …
    pub from: Seq,
    /// … and before this one, which put on the next; null while there is none.
    pub until: Option<Seq>,
}

/// `GET /groups/{id}/watched`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct WatchedList {
    /// The newest first.
    pub watched: Vec<Watched>,
    /// Where the next page begins; null is the end.
    pub next: Option<String>,
}
