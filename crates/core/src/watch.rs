//! What a group watches together: one player and one queue, the same for all, decided by the server alone.
//!
//! A [`Watch`] is what the log of the group says about it: [`decide()`] makes a [`Change`] of a viewer's command,
//! [`due()`] makes those that nobody asks for (all are ready, it is over, the host is gone), and [`Watch::apply`] makes
//! the next state of each. Replaying the changes gives exactly the same state. The position is never sent around: it is
//! reckoned from [`Play`] and the server's clock, which whoever plays knows to a few milliseconds.
//!
//! What players report goes into the [`Audience`], which is not kept. It says for whom to wait, within bounds, and is
//! shown to the others; it never becomes a command. This module must never know a clock, a socket, a table or JSON.
//!
//! Reading order: [`media_time`], [`source`], [`item`] and [`search_text`], where input becomes a value that cannot be
//! wrong; [`play`], the state of the player; [`queue`]; [`command`], what is asked for and what comes of it; [`control`],
//! who may; [`decide`](mod@decide); [`audience`] and [`report`], who is there; [`wait`], for whom and how long;
//! [`due`](mod@due), what is time for; [`pace`], how many commands are too many.

pub mod audience;
pub mod command;
pub mod control;
pub mod decide;
pub mod due;
pub mod item;
pub mod media_time;
mod named;
pub mod pace;
pub mod play;
#[cfg(test)]
mod properties;
pub mod queue;
pub mod report;
pub mod search_text;
pub mod source;
#[cfg(test)]
mod testing;
pub mod wait;

pub use audience::{Audience, Present};
pub use command::{Ask, Change, Command, Reason, Refused};
pub use control::{Control, Hands, Patience, Viewer, Who};
pub use decide::decide;
pub use due::{due, due_at};
pub use item::{Item, Kind, Length, Media, Title};
pub use media_time::{MediaTime, Rate};
pub use pace::CommandPace;
pub use play::{Phase, Play, Rev};
pub use queue::{Entry, Order, Queue};
pub use report::{PlayerState, Report};
pub use search_text::SearchText;
pub use source::{Pasted, Source, VideoId, WebAddress};
pub use wait::Waits;

use crate::{AccountId, Epoch, ItemId, Timestamp};
use std::collections::BTreeSet;

/// All that a group's log says about what it watches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The player.
    pub play: Play,
    /// What plays; its id is `play.item`.
    pub current: Option<Item>,
    /// The change that brought what plays: who has not seen it means another item.
    pub current_since: Rev,
    /// What comes next.
    pub queue: Queue,
    /// Who may do what.
    pub control: Control,
    /// Who leads, where the control leaves something to a host.
    pub host: Option<AccountId>,
    /// Who wants to leave what plays.
    pub skip_votes: BTreeSet<AccountId>,
    /// When all last waited for some.
    pub waits: Waits,
    /// When somebody last went to another place.
    pub sought_at: Option<Timestamp>,
    /// How many items there were so far.
    pub items: i64,
}

impl Watch {
    /// Nothing to watch, at `now`; everybody may do everything.
    #[must_use]
    pub fn new(epoch: Epoch, now: Timestamp) -> Self {
        Self {
            play: Play::new(epoch, now),
            current: None,
            current_since: Rev::START,
            queue: Queue::default(),
            control: Control::default(),
            host: None,
            skip_votes: BTreeSet::new(),
            waits: Waits::default(),
            sought_at: None,
            items: 0,
        }
    }

    /// The state after `change`. A change is always one that [`decide()`], [`due()`] or [`Watch::restart`] made of the
    /// state before.
    pub fn apply(&mut self, change: &Change) {
        if let Some(play) = change.play() {
            self.play = *play;
        }
        match change {
            Change::Loaded { item, .. } => {
                self.items = item.id.get();
                self.put_on(Some(item.clone()));
            }
            Change::Advanced { play, .. } => {
                let next = play.item.and_then(|id| self.queue.remove(id));
                self.put_on(next);
            }
            Change::Played { play, reason } => match reason {
                Reason::Seek => self.sought_at = Some(play.at),
                Reason::Skip | Reason::End | Reason::Next => self.skip_votes.clear(),
                _ => {}
            },
            Change::Waited { play, whom } => self.waits.add(play.at, whom),
            Change::Added { item } => {
                self.items = item.id.get();
                self.queue.add(item.clone());
            }
            Change::Removed { item } => {
                self.queue.remove(*item);
            }
            Change::Moved { item, before } => self.queue.move_before(*item, *before),
            Change::Voted { item, by, on } => self.queue.vote(*item, *by, *on),
            Change::SkipVoted { by, on } => {
                if *on {
                    self.skip_votes.insert(*by);
                } else {
                    self.skip_votes.remove(by);
                }
            }
            Change::Measured { length } => {
                if let Some(current) = &mut self.current {
                    current.media.length = Length::Measured(*length);
                }
            }
            Change::HandedOver { to } => self.host = *to,
            Change::ControlSet { control, host } => {
                self.control = *control;
                self.host = *host;
            }
        }
    }

    /// Where what plays is at `now`: never beyond its end, when that is known.
    #[must_use]
    pub fn position(&self, now: Timestamp) -> MediaTime {
        let position = self.play.position(now);
        self.length().map_or(position, |length| position.min(length))
    }

    /// How long what plays is, when that is known.
    #[must_use]
    pub fn length(&self) -> Option<MediaTime> {
        self.current.as_ref().and_then(|item| item.media.length.get())
    }

    /// After the server was away: what played stands where it was when the server was last seen alive, in the life of
    /// the clock that begins. To be applied before anything else. The moment is only good to how often it is noted.
    #[must_use]
    pub fn restart(&self, epoch: Epoch, last_alive: Timestamp, now: Timestamp) -> Change {
        let phase = match self.play.phase {
            Phase::Playing | Phase::Preparing { .. } => Phase::Paused,
            phase => phase,
        };
        let play = Play { epoch, ..self.play.then(phase, self.position(last_alive), now) };
        Change::Played { play, reason: Reason::Restart }
    }

    /// What decides which entry of the queue is next.
    #[must_use]
    pub fn order(&self) -> Order {
        if self.control.queue == Who::Vote { Order::ByVotes } else { Order::AsListed }
    }

    fn put_on(&mut self, item: Option<Item>) {
        self.current = item;
        self.current_since = self.play.rev;
        self.skip_votes.clear();
    }

    /// The id of an item that comes now; `None` after 2^53 of them.
    fn next_id(&self) -> Option<ItemId> {
        ItemId::new(self.items.saturating_add(1))
    }
}
