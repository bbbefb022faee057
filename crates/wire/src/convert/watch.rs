//! Watching together, from `core` to the wire and what of it is only a choice back again.

use parlor_core as core;
use parlor_core::watch as rules;

use crate::number::Id;
use crate::watch::{
    MediaKind, PlayPhase, PlayReason, PlayState, PlayerActivity, PlayerChange, QueueEntry, WatchControl,
    WatchHands, WatchItem, WatchPatience, WatchWho,
};

impl From<&rules::Change> for PlayerChange {
    fn from(change: &rules::Change) -> Self {
        use rules::Change as Made;
        match change {
            Made::Loaded { item, play } => Self::Loaded { item: item.into(), play: play.into() },
            Made::Advanced { play, reason } => Self::Advanced { play: play.into(), reason: (*reason).into() },
            Made::Played { play, reason } => Self::Played { play: play.into(), reason: (*reason).into() },
            Made::Waited { play, whom } => {
                Self::Waited { play: play.into(), whom: whom.iter().copied().map(Id::from).collect() }
            }
            Made::Added { item } => Self::Added { item: item.into() },
            Made::Removed { item } => Self::Removed { item: (*item).into() },
            Made::Moved { item, before } => {
                Self::Moved { item: (*item).into(), before: before.map(Id::from) }
            }
            Made::Voted { item, by, on } => Self::Voted { item: (*item).into(), by: (*by).into(), on: *on },
            Made::SkipVoted { by, on } => Self::SkipVoted { by: (*by).into(), on: *on },
            Made::Measured { length } => Self::Measured { length_ms: length.as_millis() },
            Made::HandedOver { to } => Self::HandedOver { to: to.map(Id::from) },
            Made::ControlSet { control, host } => {
                Self::ControlSet { control: (*control).into(), host: host.map(Id::from) }
            }
        }
    }
}

impl From<&rules::Play> for PlayState {
    fn from(play: &rules::Play) -> Self {
        Self {
            epoch: play.epoch.into(),
            rev: play.rev.get(),
            item: play.item.map(Id::from),
            phase: play.phase.into(),
            pos_ms: play.pos.as_millis(),
            at_ms: play.at.as_millis(),
            rate: play.rate.as_factor(),
        }
    }
}

impl From<rules::Phase> for PlayPhase {
    fn from(phase: rules::Phase) -> Self {
        match phase {
            rules::Phase::Idle => Self::Idle,
            rules::Phase::Preparing { .. } => Self::Preparing,
            rules::Phase::Playing => Self::Playing,
            rules::Phase::Paused => Self::Paused,
            rules::Phase::Ended => Self::Ended,
        }
    }
}

impl From<&rules::Item> for WatchItem {
    fn from(item: &rules::Item) -> Self {
        Self {
            id: item.id.into(),
            source: item.media.source.to_string(),
            title: item.media.title.to_string(),
            kind: item.media.kind.into(),
            length_ms: item.media.length.get().map(rules::MediaTime::as_millis),
            added_by: item.added_by.into(),
        }
    }
}

impl From<&rules::Entry> for QueueEntry {
    fn from(entry: &rules::Entry) -> Self {
        Self { item: (&entry.item).into(), votes: entry.votes.iter().copied().map(Id::from).collect() }
    }
}

/// Two enums with the same choices, both ways.
macro_rules! same {
    ($core:ty => $wire:ident: $($choice:ident),+) => {
        impl From<$core> for $wire {
            fn from(choice: $core) -> Self {
                match choice { $(<$core>::$choice => Self::$choice),+ }
            }
        }

        impl From<$wire> for $core {
            fn from(choice: $wire) -> Self {
                match choice { $($wire::$choice => Self::$choice),+ }
            }
        }
    };
}

same!(rules::Kind => MediaKind: Video, Music);
same!(rules::Hands => WatchHands: Everyone, Host);
same!(rules::Who => WatchWho: Everyone, Host, Vote);
same!(rules::Patience => WatchPatience: Together, Alone);
same!(rules::PlayerState => PlayerActivity: Idle, Playing, Paused, Buffering, Interrupted, Blocked, Failed);
same!(rules::Reason => PlayReason: Play, Pause, Seek, Rate, Next, Skip, Start, End, Queue, Restart);

impl From<rules::Control> for WatchControl {
    fn from(control: rules::Control) -> Self {
        Self {
            playback: control.playback.into(),
            choice: control.choice.into(),
            queue: control.queue.into(),
            patience: control.patience.into(),
        }
    }
}

impl From<WatchControl> for rules::Control {
    fn from(control: WatchControl) -> Self {
        Self {
            playback: control.playback.into(),
            choice: control.choice.into(),
            queue: control.queue.into(),
            patience: control.patience.into(),
        }
    }
}

impl From<core::ItemId> for Id {
    fn from(item: core::ItemId) -> Self {
        Self(item.get())
    }
}
