//! What a viewer asks of a group's player.

use serde::{Deserialize, Serialize};

use super::{MediaKind, WatchControl};
use crate::number::Id;
use crate::parse;
use crate::problem::Problem;

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
