//! What viewers ask for, what comes of it, and how they are refused.

use super::named::named;
use super::{Control, Item, Media, MediaTime, Play, Rate, Rev, Source};
use crate::{AccountId, Code, ItemId, Refusal, UploadId};
use std::time::Duration;

/// What a viewer asks for, with the state of the player that they saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The newest change of the player that the client had when its user acted.
    pub seen: Rev,
    /// What.
    pub ask: Ask,
}

/// What a viewer asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Play this now, whatever plays.
    Load {
        /// What.
        media: Media,
        /// From where.
        start: MediaTime,
    },
    /// Go on; from the beginning after the end.
    Play,
    /// Stop.
    Pause,
    /// Go to a place of the item that was seen.
    Seek {
        /// Where.
        to: MediaTime,
    },
    /// Watch at another speed.
    SetRate {
        /// How fast.
        rate: Rate,
    },
    /// Go on to what comes next. Names what is left, so that two who press at once skip one item, not two.
    Next {
        /// What plays.
        leaving: ItemId,
    },
    /// Put something at the end of the queue.
    Add {
        /// What.
        media: Media,
    },
    /// Take something out of the queue.
    Remove {
        /// Which.
        item: ItemId,
    },
    /// Move something within the queue.
    Move {
        /// Which.
        item: ItemId,
        /// Before which other; to the end when `None`.
        before: Option<ItemId>,
    },
    /// Vote for something in the queue, or take the vote back.
    Vote {
        /// Which.
        item: ItemId,
        /// Vote (true) or take back.
        on: bool,
    },
    /// Vote to leave what plays, or take the vote back.
    VoteSkip {
        /// What plays.
        item: ItemId,
        /// Vote (true) or take back.
        on: bool,
    },
    /// Make somebody else the host. That they are a member, and there, is known to the caller: the lead of one who is not
    /// there goes on to another at once.
    HandOver {
        /// Whom.
        to: AccountId,
    },
    /// Change who may do what.
    SetControl {
        /// To what.
        control: Control,
    },
}

impl Ask {
    /// The file of this group's that it would have watched: that there is one is for the caller to see.
    #[must_use]
    pub fn upload(&self) -> Option<UploadId> {
        match self {
            Self::Load { media, .. } | Self::Add { media } => match media.source {
                Source::Upload(upload) => Some(upload),
                Source::YouTube(_) | Source::Direct(_) => None,
            },
            _ => None,
        }
    }
}

/// What happened: one entry of the group's log. [`Watch::apply`](super::Watch::apply) makes the next state of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Something else plays that was not in the queue.
    Loaded {
        /// What.
        item: Item,
        /// The player from here on.
        play: Play,
    },
    /// What came next in the queue plays; `play.item` names it.
    Advanced {
        /// The player from here on.
        play: Play,
        /// Why.
        reason: Reason,
    },
    /// The player did something else with the same item.
    Played {
        /// The player from here on.
        play: Play,
        /// Why.
        reason: Reason,
    },
    /// All wait for some whose data does not come.
    Waited {
        /// The player from here on.
        play: Play,
        /// For whom.
        whom: Vec<AccountId>,
    },
    /// Something is in the queue, at its end.
    Added {
        /// What.
        item: Item,
    },
    /// Something was taken out of the queue.
    Removed {
        /// Which.
        item: ItemId,
    },
    /// Something has another place in the queue.
    Moved {
        /// Which.
        item: ItemId,
        /// Before which other; at the end when `None`.
        before: Option<ItemId>,
    },
    /// Somebody voted for something in the queue, or took it back.
    Voted {
        /// Which.
        item: ItemId,
        /// Who.
        by: AccountId,
        /// Voted (true) or took back.
        on: bool,
    },
    /// Somebody voted to leave what plays, or took it back.
    SkipVoted {
        /// Who.
        by: AccountId,
        /// Voted (true) or took back.
        on: bool,
    },
    /// The players agree on how long what plays is.
    Measured {
        /// How long.
        length: MediaTime,
    },
    /// Somebody else is host, or nobody.
    HandedOver {
        /// Who.
        to: Option<AccountId>,
    },
    /// Who may do what has changed.
    ControlSet {
        /// To what.
        control: Control,
        /// Who is host now: the one who set it, when a host is needed and there was none.
        host: Option<AccountId>,
    },
}

/// Why the player changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
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
    /// A majority did.
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

named!(Reason: Play = "play", Pause = "pause", Seek = "seek", Rate = "rate", Next = "next", Skip = "skip",
    Start = "start", End = "end", Queue = "queue", Restart = "restart");

/// How a command is refused. Nothing changes then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The group's settings leave it to others.
    #[error("who may do that is set otherwise in this group")]
    NotAllowed,
    /// It is about an item that has gone meanwhile.
    #[error("something else plays by now")]
    Stale,
    /// It claims to have seen a change that there was not.
    #[error("the player has not come so far")]
    NeverSeen,
    /// There is nothing to play.
    #[error("there is nothing to play")]
    NothingLoaded,
    /// No such item in the queue.
    #[error("no such item in the queue")]
    NoSuchItem,
    /// The queue has 500 items.
    #[error("the queue is full")]
    QueueFull,
    /// It lies beyond the end of the item.
    #[error("position lies beyond the end")]
    BeyondEnd,
    /// Somebody sought a moment ago. The caller keeps its last wish and asks again then.
    #[error("somebody moved the player a moment ago")]
    SoughtJustNow {
        /// When to ask again.
        retry_after: Duration,
    },
    /// One viewer's commands come too fast.
    #[error("too many commands")]
    TooManyCommands {
        /// When to ask again.
        retry_after: Duration,
    },
}

impl Refusal for Refused {
    fn code(&self) -> Code {
        match self {
            Self::NotAllowed => Code::Forbidden,
            Self::Stale | Self::NeverSeen | Self::NothingLoaded => Code::Conflict,
            Self::NoSuchItem => Code::NotFound,
            Self::QueueFull => Code::TooLarge,
            Self::BeyondEnd => Code::Invalid,
            Self::SoughtJustNow { .. } | Self::TooManyCommands { .. } => Code::RateLimited,
        }
    }

    fn field(&self) -> Option<&'static str> {
        (*self == Self::BeyondEnd).then_some("position")
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::SoughtJustNow { retry_after } | Self::TooManyCommands { retry_after } => Some(*retry_after),
            _ => None,
        }
    }
}

impl Change {
    /// The player from here on, when this changed it.
    #[must_use]
    pub const fn play(&self) -> Option<&Play> {
        match self {
            Self::Loaded { play, .. }
            | Self::Advanced { play, .. }
            | Self::Played { play, .. }
            | Self::Waited { play, .. } => Some(play),
            _ => None,
        }
    }
}
