//! Watching together: the player of a group, what viewers ask of it, what comes of it.
//!
//! Positions and lengths are milliseconds within an item; times that end in `_ms` and belong to the player are
//! milliseconds of the server's media clock, which a client measures with `time`.

use serde::{Deserialize, Serialize};

use crate::number::{Id, Seq};
use crate::parse;
use crate::problem::Problem;
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

/// `player_command`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct PlayerCommand {
    /// Whose player.
    pub group: Id,
    /// 1–64 visible ASCII characters, chosen by the client: a repeat with the same one does nothing.
    pub client_id: String,
    /// The newest `rev` that the client had when its user acted.
    pub seen: u64,
    /// What.
    #[serde(flatten)]
    pub ask: PlayerAsk,
}

/// What a viewer asks for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub enum PlayerAsk {
    /// Play this now, whatever plays.
    Load(LoadAsk),
    /// Go on; from the beginning after the end.
    Play,
    /// Stop.
    Pause,
    /// Go to a place.
    Seek(SeekAsk),
    /// Watch at another speed.
    Rate(RateAsk),
    /// Go on to what comes next.
    Next(NextAsk),
    /// Put something at the end of the queue.
    Add(AddAsk),
    /// Take something out of the queue.
    Remove(RemoveAsk),
    /// Move something within the queue.
    Move(MoveAsk),
    /// Vote for something in the queue, or take it back.
    Vote(VoteAsk),
    /// Vote to leave what plays, or take it back.
    VoteSkip(VoteAsk),
    /// Make somebody else the host.
    HandOver(HandOverAsk),
    /// Change who may do what.
    SetControl(SetControlAsk),
}

impl PlayerCommand {
    /// Reads a command. Done by hand in two steps, so that what is wrong is named by its field: serde forgets the names
    /// inside of a choice.
    ///
    /// # Errors
    /// As [`parse::object`].
    pub fn parse(json: &[u8]) -> Result<Self, Problem> {
        let Head { group, client_id, seen, act } = parse::object(json)?;
        let ask = match act {
            Act::Load => PlayerAsk::Load(parse::object(json)?),
            Act::Play => PlayerAsk::Play,
            Act::Pause => PlayerAsk::Pause,
            Act::Seek => PlayerAsk::Seek(parse::object(json)?),
            Act::Rate => PlayerAsk::Rate(parse::object(json)?),
            Act::Next => PlayerAsk::Next(parse::object(json)?),
            Act::Add => PlayerAsk::Add(parse::object(json)?),
            Act::Remove => PlayerAsk::Remove(parse::object(json)?),
            Act::Move => PlayerAsk::Move(parse::object(json)?),
            Act::Vote => PlayerAsk::Vote(parse::object(json)?),
            Act::VoteSkip => PlayerAsk::VoteSkip(parse::object(json)?),
            Act::HandOver => PlayerAsk::HandOver(parse::object(json)?),
            Act::SetControl => PlayerAsk::SetControl(parse::object(json)?),
        };
        Ok(Self { group, client_id, seen, ask })
    }
}

/// What every command has.
#[derive(Deserialize)]
struct Head {
    group: Id,
    client_id: String,
    seen: u64,
    #[serde(rename = "do")]
    act: Act,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    Load,
    Play,
    Pause,
    Seek,
    Rate,
    Next,
    Add,
    Remove,
    Move,
    Vote,
    VoteSkip,
    HandOver,
    SetControl,
}

/// `do: "load"`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "watch.ts", optional_fields)
)]
pub struct LoadAsk {
    /// What.
    pub media: NewMedia,
    /// From where; where the address says so, or from its start, when it is missing.
    #[serde(default)]
    pub start_ms: Option<f64>,
}

/// `do: "seek"`
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct SeekAsk {
    /// Where.
    pub to_ms: f64,
}

/// `do: "rate"`
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct RateAsk {
    /// How fast, 0.25 to 2.
    pub rate: f64,
}

/// `do: "next"`
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct NextAsk {
    /// What plays, so that two who press at once skip one item, not two.
    pub leaving: Id,
}

/// `do: "add"`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct AddAsk {
    /// What.
    pub media: NewMedia,
}

/// `do: "remove"`
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct RemoveAsk {
    /// Which.
    pub item: Id,
}

/// `do: "move"`
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "watch.ts", optional_fields)
)]
pub struct MoveAsk {
    /// Which.
    pub item: Id,
    /// Before which other; to the end when it is missing.
    #[serde(default)]
    pub before: Option<Id>,
}

/// `do: "vote"`, `do: "vote_skip"`
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct VoteAsk {
    /// Which; to skip, what plays.
    pub item: Id,
    /// Vote, or take it back.
    pub on: bool,
}

/// `do: "hand_over"`
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct HandOverAsk {
    /// Whom.
    pub to: Id,
}

/// `do: "set_control"`
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct SetControlAsk {
    /// To what.
    pub control: WatchControl,
}

/// Something that somebody wants to be watched.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "watch.ts", optional_fields)
)]
pub struct NewMedia {
    /// An address as people paste it, `youtube:<id>` or `upload:<id>`.
    pub source: String,
    /// 1–300 characters; made of the address when it is missing.
    #[serde(default)]
    pub title: Option<String>,
    /// `video` when it is missing.
    #[serde(default)]
    pub kind: Option<MediaKind>,
}

/// The answer of `player_command`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct Commanded {
    /// The event, which comes as `event`, too; null where it was so already.
    pub event: Option<crate::event::Event>,
}

/// `player_report`: one every two seconds, and at once when something changes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "watch.ts", optional_fields)
)]
pub struct PlayerReport {
    /// With which group.
    pub group: Id,
    /// The newest `rev` that the player follows.
    pub rev: u64,
    /// What it does.
    pub state: PlayerActivity,
    /// How far it is behind (above zero) or ahead.
    pub drift_ms: f64,
    /// How much more than it shows it has.
    #[serde(default)]
    pub buffered_ms: Option<f64>,
    /// Half a round trip to the server.
    #[serde(default)]
    pub delay_ms: Option<f64>,
    /// How long it finds the item to be.
    #[serde(default)]
    pub length_ms: Option<f64>,
    /// Whether its page is out of sight.
    #[serde(default)]
    pub hidden: bool,
    /// Whether its user chose to be ahead or behind.
    #[serde(default)]
    pub solo: bool,
}

/// What somebody's player does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub enum PlayerActivity {
    /// Nothing yet.
    Idle,
    /// It plays.
    Playing,
    /// It stands, as it should.
    Paused,
    /// It would play and has no data.
    Buffering,
    /// Something else is shown, such as an advertisement.
    Interrupted,
    /// The browser wants its user to do something first.
    Blocked,
    /// It cannot play this.
    Failed,
}

/// `player_ready`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct PlayerReady {
    /// With which group.
    pub group: Id,
    /// For which change of the player.
    pub rev: u64,
}

/// `player_cheer`: an emoji floats over what is watched.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct PlayerCheer {
    /// In which group.
    pub group: Id,
    /// One emoji.
    pub emoji: String,
}

/// `time`: nothing to say.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct AskTime {}

/// The answer of `time`, by the media clock, in milliseconds with a fraction.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct TimeAnswer {
    /// When the question came.
    pub received_ms: f64,
    /// When the answer left.
    pub answered_ms: f64,
}

/// The event `viewers`: who watches, at most once a second, whenever that has changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct Viewers {
    /// With which group.
    pub group: Id,
    /// All of them, by account id.
    pub viewers: Vec<ShownViewer>,
}

/// Somebody who watches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "watch.ts"))]
pub struct ShownViewer {
    /// Who.
    pub account: Id,
    /// What their player does; null while nothing was heard of it lately.
    pub state: Option<PlayerActivity>,
    /// How far it is behind (above zero) or ahead.
    pub drift_ms: Option<i32>,
    /// Whether their page is out of sight.
    pub hidden: bool,
    /// Whether they chose to be ahead or behind.
    pub solo: bool,
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
